#!/usr/bin/env python3
"""usage: tests/servers/run.py etcd -- peers_etcd.py KSV [--static KSV] [--small]

Times ksv on etcd against what a user would take instead, as whole processes on the one node that the environment names, and
prints medians and ratios; asserts nothing. --small does it with a tenth of the data and few runs, to try the script."""

import argparse
import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
from turns import Turns

# A counter's increment as it is written with etcdctl: read, then a transaction on the value, until one wins. Prints the
# number of transactions.
CAS_LOOP = r"""
attempts=0
while :; do
  value=$(etcdctl get /bench/counter --print-value-only)
  attempts=$((attempts + 1))
  answer=$(printf 'value("/bench/counter") = "%s"\n\nput /bench/counter "%s"\n\n\n' "$value" "$((value + 1))" |
    etcdctl txn | head -n 1)
  [ "$answer" = SUCCESS ] && break
  sleep 0.0$((attempts % 9 + 1))
done
echo "$attempts"
"""


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Bench(Turns):
    def __init__(self, arguments, folder):
        self.folder = pathlib.Path(folder)
        self.small = arguments.small
        self.endpoint = os.environ["KSV_TEST_ETCD_ENDPOINTS"].split(",")[0]
        self.store = f"etcd://{self.endpoint}/bench"
        self.environment = dict(os.environ, HOME=folder, XDG_CONFIG_HOME=folder, XDG_CACHE_HOME=folder,
                                XDG_DATA_HOME=folder, KSV_STORE=self.store, ETCDCTL_API="3",
                                ETCDCTL_ENDPOINTS=self.endpoint)
        self.ksvs = {"ksv": os.path.abspath(arguments.ksv)}
        if arguments.static and os.access(arguments.static, os.X_OK):
            self.ksvs["ksv, static"] = os.path.abspath(arguments.static)
        self.etcdctl = shutil.which("etcdctl")

    # -- requests and commands

    def post(self, path, body):
        request = urllib.request.Request(f"http://{self.endpoint}/v3{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def ksv(self, *words):
        """The same command of each ksv, by its name in the table."""
        return {name: [path, *words] for name, path in self.ksvs.items()}

    def curl(self, path, body):
        return {"curl, JSON gateway": [shutil.which("curl"), "-sSf", "-X", "POST", "-d", json.dumps(body),
                                       f"http://{self.endpoint}/v3{path}"]}

    def ctl(self, *words):
        return {"etcdctl": [self.etcdctl, *words]} if self.etcdctl else {}

    # -- what is measured

    def one_value(self):
        value = "x" * 100
        self.post("/kv/put", {"key": b64("/bench/value"), "value": b64(value)})
        self.compare("get, 100 bytes", self.ksv("get", "/value") |
                     self.curl("/kv/range", {"key": b64("/bench/value")}) |
                     self.ctl("get", "/bench/value"), 60)
        self.compare("put, 100 bytes", self.ksv("assoc", "/value", value) |
                     self.curl("/kv/put", {"key": b64("/bench/value"), "value": b64(value)}) |
                     self.ctl("put", "/bench/value", value), 60)

    def race(self, title, command, count, attempts_in):
        """So many processes on one counter at once; wall time, and how often they wrote or tried to."""
        self.post("/kv/put", {"key": b64("/bench/counter"), "value": b64("0")})
        start = time.perf_counter()
        processes = [subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      stdin=subprocess.DEVNULL) for _ in range(count)]
        attempts, failures = 0, 0
        for process in processes:
            out, err = process.communicate()
            failures += process.returncode != 0
            attempts += attempts_in(out.decode(), err.decode())
        seconds = time.perf_counter() - start
        kvs = self.post("/kv/range", {"key": b64("/bench/counter")})["kvs"]
        final = base64.b64decode(kvs[0]["value"]).decode()
        print(f"  {title:<44} {seconds:9.2f} s    attempts {attempts}, counter {final}" +
              (f", {failures} FAILED" if failures else ""), flush=True)
        return seconds

    def races(self):
        count = 10 if self.small else 100
        print(f"\n{count} processes, each of which increments one counter once", flush=True)

        def written(_, err):
            found = re.search(r"attempts (\d+)", err)
            return int(found.group(1)) if found else 0

        took = {}
        for name, path in self.ksvs.items():
            took[name] = self.race(f"{name}: swap", [path, "swap", "/counter", "(comp inc read-string)", "--stats",
                                                     "--timeout", "5m"], count, written)
        if not self.etcdctl:
            return
        peer = self.race("etcdctl: get and txn in a loop of sh", ["/bin/sh", "-c", CAS_LOOP], count,
                         lambda out, _: int(out or 0))
        for name, seconds in took.items():
            print(f"  {name} is {peer / seconds:.1f} times as fast", flush=True)

    def one_process(self, etcd_bench):
        """The increments of many threads, of one process."""
        if not etcd_bench:
            return
        print("\none process, 100 threads, each of which increments one counter once", flush=True)
        for _ in range(self.runs(30) if self.small else 3):
            done = subprocess.run([etcd_bench, self.endpoint], env=self.environment, capture_output=True, text=True,
                                  check=False)
            print("  " + (done.stdout.strip() or "FAILED: " + done.stderr.strip()), flush=True)

    def fill(self, count):
        """Keys /bench/many/0 ... in transactions of 128."""
        for begin in range(0, count, 128):
            puts = [{"request_put": {"key": b64(f"/bench/many/{i:05}"), "value": b64(f"value number {i}")}}
                    for i in range(begin, min(count, begin + 128))]
            self.post("/kv/txn", {"success": puts})

    def bulk(self):
        """Many keys: listed, read, removed."""
        count = 1_000 if self.small else 10_000
        self.fill(count)
        below = {"key": b64("/bench/many/"), "range_end": b64("/bench/many0")}
        self.compare(f"list {count} keys with their values", self.ksv("ls", "/many") |
                     self.curl("/kv/range", below) | self.ctl("get", "--prefix", "/bench/many/"), 10)
        self.compare(f"names of {count} keys", self.ksv("keys") |
                     self.curl("/kv/range", below | {"keys_only": True}) |
                     self.ctl("get", "--prefix", "--keys-only", "/bench/many/"), 10)
        some = [f"/many/{i:05}" for i in range(count // 10)]
        ranges = {"success": [{"request_range": {"key": b64("/bench" + key)}} for key in some[:128]]}
        self.compare(f"multi-get of {len(some)} keys", self.ksv("multi-get", *some) | {
            f"{name} for 128 of them in a transaction": command
            for name, command in self.curl("/kv/txn", ranges).items()}, 10)
        self.compare(f"remove {count} keys", self.ksv("delete-all", "/many") |
                     self.curl("/kv/deleterange", below) | self.ctl("del", "--prefix", "/bench/many/"), 3,
                     prepare=lambda _: self.fill(count))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("ksv")
    parser.add_argument("--static")
    parser.add_argument("--threads", help="the program of one process with many threads")
    parser.add_argument("--small", action="store_true")
    arguments = parser.parse_args()
    if "KSV_TEST_ETCD_ENDPOINTS" not in os.environ:
        sys.exit("peers_etcd: run it under tests/servers/run.py etcd --")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments, folder)
        print("whole processes on one node: medians, and the median of the ratios turn by turn")
        bench.one_value()
        bench.races()
        bench.one_process(arguments.threads)
        bench.bulk()


if __name__ == "__main__":
    main()
