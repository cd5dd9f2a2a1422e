#!/usr/bin/env python3
"""usage: tests/servers/run.py rgw -- peers_s3.py KSV BARE_HTTP [--static KSV] [--connections N] [--small]

Times ksv on S3 against what a user would take instead, as whole processes, in turn on the gateway that the environment
names, and prints medians and ratios; asserts nothing. BARE_HTTP sends requests signed beforehand: what the server itself
takes. --small does it with a tenth of the data and few runs, to try the script."""

import argparse
import base64
import contextlib
import hashlib
import os
import pathlib
import shutil
import sys
import tempfile
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from s3_client import S3Client
from turns import Turns, spawn

BUCKET = "bench"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


class Bench(Turns):
    def __init__(self, arguments, folder):
        self.folder = pathlib.Path(folder)
        self.connections = arguments.connections
        self.small = arguments.small
        self.bare_http = str(pathlib.Path(arguments.bare_http).resolve())
        self.client = S3Client()
        self.port = self.client.host.split(":")[1]
        self.endpoint = os.environ["KSV_TEST_S3_ENDPOINT"]
        self.environment = dict(os.environ, HOME=folder, XDG_CONFIG_HOME=folder, XDG_CACHE_HOME=folder,
                                XDG_DATA_HOME=folder)
        self.ksvs = {"ksv": os.path.abspath(arguments.ksv)}
        if arguments.static and os.access(arguments.static, os.X_OK):
            self.ksvs["ksv, static"] = os.path.abspath(arguments.static)
        self.files = 0

    def file(self, data):
        self.files += 1
        path = self.folder / f"{self.files}"
        path.write_bytes(data)
        return str(path)

    # -- commands

    def store(self, store_id=""):
        place = f"{BUCKET}/{store_id}" if store_id else BUCKET
        return f"s3://{place}?endpoint={self.endpoint}&path-style=true&region={os.environ['KSV_TEST_S3_REGION']}"

    def ksv(self, *words, store_id=""):
        """The same command of each ksv, by its name in the table."""
        return {name: [path, *words, "-s", self.store(store_id)] for name, path in self.ksvs.items()}

    def signed(self, method, path, query=None, headers=None, body=b""):
        """The bytes of one request, as BARE_HTTP takes them."""
        target, fields = self.client.signed(method, path, query or {}, headers, body)
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()),
                 f"content-length: {len(body)}", "", ""]
        request = "\r\n".join(lines).encode() + body
        return b"%d\n" % len(request) + request

    def bare(self, requests, connections=None):
        return [self.bare_http, self.port, str(connections or self.connections), self.file(b"".join(requests))]

    def curl(self, url, *options, digest=EMPTY_SHA256):
        key, secret = os.environ["KSV_TEST_S3_ACCESS_KEY"], os.environ["KSV_TEST_S3_SECRET"]
        return [shutil.which("curl"), "-sSf", "--aws-sigv4", "aws:amz:us-east-1:s3", "-u", f"{key}:{secret}",
                "-H", f"x-amz-content-sha256: {digest}", *options, self.endpoint + url]

    # -- what is measured

    def one_value(self):
        """Whole processes for one value of 100 bytes."""
        value = "x" * 100
        store_id = str(uuid.uuid4())
        data = value.encode()
        self.client.require("PUT", f"/{BUCKET}/value", body=data)
        source = self.file(data)
        for command in [*self.ksv("create-store", store_id=store_id).values()][:1]:
            spawn(command, self.environment)
        self.assoc_first(store_id, value)
        rclone, s3cmd = self.rclone(), self.s3cmd()
        get = self.ksv("get", ":value", store_id=store_id) | {
            "curl --aws-sigv4": self.curl(f"/{BUCKET}/value"),
            "bare request": self.bare([self.signed("GET", f"/{BUCKET}/value")]),
        }
        put = self.ksv("assoc", ":value", f'"{value}"', store_id=store_id) | {
            "curl --aws-sigv4": self.curl(f"/{BUCKET}/value", "-T", source, digest=hashlib.sha256(data).hexdigest()),
            "bare request": self.bare([self.signed("PUT", f"/{BUCKET}/value", body=data)]),
        }
        if rclone:
            get["rclone"] = [*rclone, "cat", f"gateway:{BUCKET}/value"]
            put["rclone"] = [*rclone, "copyto", "--ignore-times", source, f"gateway:{BUCKET}/value"]
        if s3cmd:
            get["s3cmd"] = [*s3cmd, "get", "--force", f"s3://{BUCKET}/value", str(self.folder / "got")]
            put["s3cmd"] = [*s3cmd, "put", source, f"s3://{BUCKET}/value"]
        # Debian's own first: a version manager's stand-in would cost as much again.
        if aws := shutil.which("aws", path="/usr/bin:" + os.environ["PATH"]):
            common = [aws, "--endpoint-url", self.endpoint, "s3api"]
            what = ["--bucket", BUCKET, "--key", "value"]
            get["aws s3api"] = [*common, "get-object", *what, str(self.folder / "got")]
            put["aws s3api"] = [*common, "put-object", *what, "--body", source]
        slow = {name for name in get if name in ("rclone", "s3cmd", "aws s3api")}
        for title, commands in (("get, 100 bytes", get), ("assoc, 100 bytes", put)):
            quick = {name: command for name, command in commands.items() if name not in slow}
            self.compare(title, quick, 60)
            first = next(iter(commands))
            self.compare(title + ", the slower peers", {first: commands[first]} | {
                name: commands[name] for name in commands if name in slow}, 10)

    def assoc_first(self, store_id, value):
        command = next(iter(self.ksv("assoc", ":value", f'"{value}"', store_id=store_id).values()))
        spawn(command, self.environment)

    def rclone(self):
        program = shutil.which("rclone")
        known = os.environ
        self.environment |= {
            "RCLONE_CONFIG": str(self.folder / "rclone.conf"), "RCLONE_CONFIG_GATEWAY_TYPE": "s3",
            "RCLONE_CONFIG_GATEWAY_PROVIDER": "Ceph", "RCLONE_CONFIG_GATEWAY_ENDPOINT": self.endpoint,
            "RCLONE_CONFIG_GATEWAY_ACCESS_KEY_ID": known["KSV_TEST_S3_ACCESS_KEY"],
            "RCLONE_CONFIG_GATEWAY_SECRET_ACCESS_KEY": known["KSV_TEST_S3_SECRET"]}
        return [program] if program else None

    def s3cmd(self):
        program = shutil.which("s3cmd")
        host = self.client.host
        conf = self.file(f"[default]\naccess_key = {os.environ['KSV_TEST_S3_ACCESS_KEY']}\n"
                         f"secret_key = {os.environ['KSV_TEST_S3_SECRET']}\nhost_base = {host}\n"
                         f"host_bucket = {host}\nuse_https = False\n".encode())
        return [program, "-c", conf, "-q"] if program else None

    def list_stores(self):
        """A bucket that many stores share."""
        stores, objects = (100, 200) if not self.small else (10, 20)
        names, requests = [], []
        for _ in range(stores):
            store_id = str(uuid.uuid4())
            names.append(f"{store_id}_.konserve-metadata")
            names += [f"{store_id}_{uuid.uuid4()}.ksv" for _ in range(objects)]
        for name in names:
            requests.append(self.signed("PUT", f"/{BUCKET}/{name}", body=b"konserve"))
        self.fill(requests)
        names.sort()
        pages = [self.signed("GET", f"/{BUCKET}", {"list-type": "2", "start-after": after})
                 for after in ["", *names[999::1000]]]
        markers = [self.signed("HEAD", f"/{BUCKET}/{name}") for name in names if "konserve" in name]
        groups = self.signed("GET", f"/{BUCKET}", {"list-type": "2", "delimiter": "_"})
        self.compare(f"list-stores, {stores} stores of {objects} objects", self.ksv("list-stores") | {
            f"bare: {len(pages)} pages, one after the other": self.bare(pages, 1),
            "bare: one page of groups, and every marker": self.bare([groups, *markers])}, 10)

    def fill(self, requests):
        seconds, fine = spawn(self.bare(requests), self.environment)
        print(f"\n({len(requests)} objects written in {seconds:.1f} s{'' if fine else ', NOT ALL OF THEM'})")

    def bulk(self):
        """One store of many keys: keys, multi-get, delete-store."""
        count, some = (10_000, 1_000) if not self.small else (1_000, 100)
        store_id = str(uuid.uuid4())
        first = next(iter(self.ksvs.values()))
        tail = ["-s", self.store(store_id)]
        spawn([first, "create-store", *tail], self.environment)
        for begin in range(0, count, 500):
            pairs = [word for i in range(begin, min(count, begin + 500)) for word in (f":k{i}", f'"value number {i}"')]
            spawn([first, "multi-assoc", "-q", *pairs, *tail], self.environment)
        self.client.connection.close()  # idle for so long that the gateway has closed it
        names = self.names(store_id)
        if len(names) < count:
            print(f"\nbulk work: ksv wrote {len(names)} of {count} objects")
            names = names or [f"{store_id}_{uuid.uuid4()}.ksv" for _ in range(count)]
            self.fill([self.signed("PUT", f"/{BUCKET}/{name}", body=b"x" * 150) for name in names])
        gets = [self.signed("GET", f"/{BUCKET}/{name}") for name in names if name.endswith(".ksv")]
        pages = [self.signed("GET", f"/{BUCKET}", {"list-type": "2", "prefix": store_id + "_", "start-after": after})
                 for after in ["", *names[999::1000]]]
        heads = [self.signed("GET", f"/{BUCKET}/{name}", headers={"range": "bytes=0-4095"})
                 for name in names if name.endswith(".ksv")]
        self.compare(f"keys, {count} keys", self.ksv("keys", store_id=store_id) | {
            f"bare: {len(pages)} pages, {len(heads)} heads": self.bare(pages + heads),
            f"bare: {len(pages)} pages, one after the other": self.bare(pages, 1)}, 5)
        wanted = [f":k{i}" for i in range(some)]
        self.compare(f"multi-get, {some} keys", self.ksv("multi-get", *wanted, store_id=store_id) | {
            f"bare: {some} objects": self.bare(gets[:some])}, 10)
        self.delete_store(store_id, names)

    def names(self, store_id):
        """All objects of a store, page by page."""
        names, after = [], ""
        while True:
            answer = self.client.require("GET", f"/{BUCKET}", {
                "list-type": "2", "prefix": store_id + "_", "start-after": after}).decode()
            page = [piece.split("</Key>")[0] for piece in answer.split("<Key>")[1:]]
            names += page
            if len(page) < 1000:
                return names
            after = page[-1]

    def delete_store(self, store_id, names):
        data = self.signed  # the objects' contents do not matter to those who delete them
        fill = [data("PUT", f"/{BUCKET}/{name}", body=b"konserve") for name in names]
        fill_command = self.bare(fill)
        deletes = []
        for begin in range(0, len(names), 1000):
            body = ("<Delete><Quiet>true</Quiet>" + "".join(
                f"<Object><Key>{name}</Key></Object>" for name in names[begin:begin + 1000]) + "</Delete>").encode()
            md5 = base64.b64encode(hashlib.md5(body).digest()).decode()
            deletes.append(self.signed("POST", f"/{BUCKET}", {"delete": ""}, {"content-md5": md5}, body))
        self.compare(f"delete-store, {len(names)} objects",
                     self.ksv("delete-store", "--yes", store_id=store_id) | {
                         f"bare: {len(deletes)} requests, one after the other": self.bare(deletes, 1),
                         f"bare: {len(deletes)} requests at once": self.bare(deletes)},
                     3, prepare=lambda name: spawn(fill_command, self.environment))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("ksv")
    parser.add_argument("bare_http")
    parser.add_argument("--static")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--small", action="store_true")
    arguments = parser.parse_args()
    if "KSV_TEST_S3_ENDPOINT" not in os.environ:
        sys.exit("peers_s3: run it under tests/servers/run.py rgw --")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments, folder)
        bench.client.require("PUT", f"/{BUCKET}")
        print("whole processes on one gateway: medians, and the median of the ratios turn by turn")
        with contextlib.closing(bench.client.connection):
            bench.one_value()
            bench.list_stores()
            bench.bulk()


if __name__ == "__main__":
    main()
