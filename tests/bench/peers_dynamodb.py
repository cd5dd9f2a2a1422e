#!/usr/bin/env python3
"""usage: tests/servers/run.py dynamodb -- peers_dynamodb.py KSV BARE_HTTP [--static KSV] [--small]

Times ksv on DynamoDB against what a user would take instead, as whole processes on the local service that the environment
names, and prints medians and ratios; asserts nothing. BARE_HTTP sends requests made beforehand: what the service itself
takes. --small does it with a tenth of the data and few runs, to try the script."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from turns import Turns

TABLE, CONNECTIONS = "bench", 16


class Bench(Turns):
    def __init__(self, arguments, folder):
        self.folder, self.small = pathlib.Path(folder), arguments.small
        self.bare_http = os.path.abspath(arguments.bare_http)
        self.endpoint = os.environ["KSV_TEST_DYNAMODB_ENDPOINT"]
        self.environment = dict(os.environ, HOME=folder, XDG_CONFIG_HOME=folder, XDG_CACHE_HOME=folder,
                                KSV_STORE=f"dynamodb://{TABLE}")
        self.ksvs = {"ksv": os.path.abspath(arguments.ksv)}
        if arguments.static and os.access(arguments.static, os.X_OK):
            self.ksvs["ksv, static"] = os.path.abspath(arguments.static)
        self.first = next(iter(self.ksvs.values()))
        self.run("create-store", "--hash-key", "id:n", "--timeout", "60s")

    def run(self, *words, given=""):
        return subprocess.run([self.first, *words], env=self.environment, input=given, text=True, check=True,
                              stdout=subprocess.PIPE).stdout

    def ksv(self, *words):
        return {name: [path, *words] for name, path in self.ksvs.items()}

    def request(self, operation, body):
        """One request as BARE_HTTP takes it. The local service asks for a signature, and checks none."""
        text = json.dumps(dict(body, TableName=TABLE) if "RequestItems" not in body else body).encode()
        scope = "KSVTEST/20260101/us-east-1/dynamodb/aws4_request"
        lines = ["POST / HTTP/1.1", f"host: {self.endpoint.split('/')[2]}", "content-type: application/x-amz-json-1.0",
                 f"x-amz-target: DynamoDB_20120810.{operation}", "x-amz-date: 20260101T000000Z",
                 f"authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
                 f"content-length: {len(text)}", "", ""]
        whole = "\r\n".join(lines).encode() + text
        return b"%d\n" % len(whole) + whole

    def bare(self, requests, connections=CONNECTIONS):
        path = self.folder / f"requests-{len(list(self.folder.iterdir()))}"
        path.write_bytes(b"".join(requests))
        return [self.bare_http, self.endpoint.rsplit(":", 1)[1], str(connections), str(path)]

    def one_item(self):
        self.run("assoc", "{:id 0}", json.dumps({"text": "x" * 100}), "--json")
        body = json.dumps({"TableName": TABLE, "Key": {"id": {"N": "0"}}, "ConsistentRead": True})
        curl = ["curl", "-sS", "--aws-sigv4", "aws:amz:us-east-1:dynamodb", "--user",
                f"{os.environ['AWS_ACCESS_KEY_ID']}:{os.environ['AWS_SECRET_ACCESS_KEY']}", "-H",
                "content-type: application/x-amz-json-1.0", "-H", "x-amz-target: DynamoDB_20120810.GetItem", "-d", body,
                self.endpoint]
        bare = self.bare([self.request("GetItem", {"Key": {"id": {"N": "0"}}, "ConsistentRead": True})], 1)
        self.compare("get of an item of 100 bytes", self.ksv("get", "{:id 0}") | {
            "curl --aws-sigv4": curl, "bare request": bare}, 30)
        self.compare("get, the slower peer", {"ksv": self.ksv("get", "{:id 0}")["ksv"], "aws dynamodb": [
            "aws", "--endpoint-url", self.endpoint, "dynamodb", "get-item", "--table-name", TABLE, "--key",
            '{"id":{"N":"0"}}']}, 7)

    def bulk(self):
        count, some = (100_000, 10_000) if not self.small else (10_000, 1_000)
        path = self.folder / "items"
        path.write_text("".join(f'{{:id {i} :text "value number {i}"}}\n' for i in range(some)))
        puts = []
        for begin in range(0, some, 25):
            puts.append(self.request("BatchWriteItem", {"RequestItems": {TABLE: [
                {"PutRequest": {"Item": {"id": {"N": str(i)}, "text": {"S": f"value number {i}"}}}}
                for i in range(begin, min(some, begin + 25))]}}))
        self.compare(f"batch-write of {some} items", self.ksv("batch-write", f"@{path}", "--timeout", "5m") | {
            f"bare: {len(puts)} requests": self.bare(puts)}, 3)
        for begin in range(0, count, 20_000):
            lines = "".join(f'{{:id {i} :text "value number {i}"}}\n' for i in range(begin, min(count, begin + 20_000)))
            self.run("batch-write", "-", "--timeout", "10m", given=lines)
        scans = [self.request("Scan", {"Segment": i, "TotalSegments": 8}) for i in range(8)]
        self.compare(f"scan of {count} items in 8 segments", self.ksv("scan", "--segments", "8", "--timeout", "5m") | {
            "bare: the first page of each segment": self.bare(scans, 8)}, 3)
        for name, words in self.ksv("scan", "--segments", "8", "--timeout", "5m").items():
            process = subprocess.Popen(words, env=self.environment, stdout=subprocess.DEVNULL)
            peak = 0
            while process.poll() is None:
                try:
                    text = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
                except OSError:
                    break
                peak = max([peak, *(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM"))])
                time.sleep(0.005)
            process.wait()
            print(f"  {name}: {peak / 1024:.0f} MiB at its peak")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("ksv")
    parser.add_argument("bare_http")
    parser.add_argument("--static")
    parser.add_argument("--small", action="store_true")
    arguments = parser.parse_args()
    if "KSV_TEST_DYNAMODB_ENDPOINT" not in os.environ:
        sys.exit("peers_dynamodb: run it under tests/servers/run.py dynamodb --")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments, folder)
        print("whole processes on one local service: medians, and the median of the ratios turn by turn")
        bench.one_item()
        bench.bulk()


if __name__ == "__main__":
    main()
