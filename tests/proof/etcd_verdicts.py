#!/usr/bin/env python3
# Runs ksv on etcd through a proxy that harms its writes, and holds its verdict against what the server then has.
"""usage: etcd_verdicts.py --ksv PATH [--api v3|v2] [--settle history|sidecar] [--long|--places N] [--every N]
           [--only WORD] [--workers N]

To be run by tests/servers/run.py etcd. As verdicts.py, for native stores. Without settle=sidecar a refusal that says "the
condition was not met" is believed, so that nothing is delivered twice there, nor forged after it was done."""

import argparse
import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

sys.dont_write_bytecode = True
import verdict_runs
from verdict_runs import Case, Operation

PREFIX = "/proof"


def words_of_two(case, status, out, err):
    return verdict_runs.words_of_status(case, status, out, err) * 2


def operations(options):
    # Without a sidecar nothing names a write.
    named = options.settle == "sidecar"

    def operation(name, arguments, **more):
        return Operation(name, arguments, is_named=named, **{"rivals": ("after", "before")} | more)
    both = [
        operation("assoc", lambda c: ["assoc", c.key, c.token], keeps_rival=False),
        operation("assoc --if-absent", lambda c: ["assoc", c.key, c.token, "--if-absent"], base="absent"),
        operation("assoc --if-match", lambda c: ["assoc", c.key, c.token, "--if-match", c.version]),
        operation("update", lambda c: ["update", c.key, "str", c.value]),
        operation("update, absent", lambda c: ["update", c.key, "str", c.value], base="absent"),
        operation("swap", lambda c: ["swap", c.key, "str", c.value]),
        operation("cas", lambda c: ["cas", c.key, "old", c.token]),
        operation("cas --version", lambda c: ["cas", c.key, c.token, "--version", c.version]),
        operation("bassoc", lambda c: ["bassoc", c.key, "-"], rivals=()),
        operation("dissoc", lambda c: ["dissoc", c.key], method="DELETE", rivals=(), says="true"),
        operation("dissoc --if-match", lambda c: ["dissoc", c.key, "--if-match", c.version], method="DELETE",
                  rivals=("before",), says="true"),
        # What is delivered twice is there twice, under a key of its own each time.
        operation("create", lambda c: ["create", c.key, c.token], method="POST", base="queue", rivals=(), adds=True),
    ]
    if options.api == "v2":
        return both
    return both + [operation("txn", lambda c: [
        "txn", f'{{:if [[= [:mod-revision "{c.key}"] {c.version}]] :then [[:put "{c.key}" "{c.token}"] '
        f'[:put "{c.key}-b" "{c.token}"]]}}'], base="two", verdicts=words_of_two)]


def answer(status, reason, body=""):
    return (f"HTTP/1.1 {status} {reason}\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/json\r\n\r\n{body}").encode()


def grpc(code, message):
    return json.dumps({"error": message, "message": message, "code": code})


def v2_error(code, message):
    return json.dumps({"errorCode": code, "message": message, "cause": "", "index": 5})


# What something on the way says, and what etcd says without knowing what became of the request.
BARE = {
    "502, bare": answer(502, "Bad Gateway"),
    "503, bare": answer(503, "Service Unavailable"),
    "403, bare": answer(403, "Forbidden"),
    "500, bare": answer(500, "Internal Server Error"),
    "200, empty": answer(200, "OK"),
}
FORGED = {
    "v3": BARE | {
        "504, code 4": answer(504, "Gateway Timeout", grpc(4, "context deadline exceeded")),
        "503, code 14": answer(503, "Service Unavailable", grpc(14, "etcdserver: request timed out")),
        "500, code 2": answer(500, "Internal Server Error", grpc(2, "context deadline exceeded")),
    },
    "v2": BARE | {
        "500, 300": answer(500, "Internal Server Error", v2_error(300, "Raft Internal Error")),
        "500, 301": answer(500, "Internal Server Error", v2_error(301, "During election")),
    },
}
# Nothing was done, and the answer says so.
REFUSALS = {
    "v3": {"403, code 7": answer(403, "Forbidden", grpc(7, "etcdserver: permission denied")),
           "503, no leader": answer(503, "Service Unavailable", grpc(14, "etcdserver: no leader"))},
    "v2": {"401, 110": answer(401, "Unauthorized", v2_error(110, "The request requires user authentication"))},
}


# A request of v3 is a POST; one that has any of these writes.
WRITES = (b"request_put", b"request_delete_range", b"requestPut", b"requestDeleteRange")


class Worker(verdict_runs.Worker):
    more = ("--format", "edn")

    def __init__(self, number, options, environment):
        self.options = options
        super().__init__(number, options.ksv, environment, os.environ["KSV_TEST_ETCD_ENDPOINTS"].split(",")[0])

    def store(self, endpoint, case=None):
        return f"etcd://{endpoint}{PREFIX}?api={self.options.api}&settle={self.options.settle}"

    def is_write(self, method, _target, request):
        return method != "GET" and (self.options.api == "v2" or any(word in request for word in WRITES))

    def prepare(self, operation, plan):
        number, token = self.next_token()
        key = f"/{operation.word}{self.number}-{number}"
        version = ""
        if operation.base in ("old", "two"):
            version = self.direct("assoc", key, "old", "--print-version")
        return Case(operation, plan, key, token, version, (key, f"{key}-b") if operation.base == "two" else ())

    def times(self, case):
        if case.operation.base == "queue":
            return [self.direct("ls", case.key, good=(0, 1)).count(case.token)]
        bodies = [self.value(PREFIX + key) for key in case.keys]
        if case.operation.removes:
            return [int(body is None or b"old" not in body) for body in bodies]
        return [0 if body is None else body.count(case.token.encode()) for body in bodies]

    def is_rival_there(self, case):
        return case.rival_token.encode() in (self.value(PREFIX + case.key) or b"")

    def value(self, path):
        """As the server has it, asked without ksv."""
        if self.options.api == "v2":
            url = f"http://{self.server}/v2/keys{urllib.parse.quote(path)}?quorum=true"
            try:
                with urllib.request.urlopen(url, timeout=30) as got:
                    return json.load(got)["node"]["value"].encode()
            except urllib.error.HTTPError as why:
                if why.code != 404:
                    raise RuntimeError(f"GET {path}: {why.code}") from None
                return None
        body = json.dumps({"key": base64.b64encode(path.encode()).decode()}).encode()
        request = urllib.request.Request(f"http://{self.server}/v3/kv/range", body)
        with urllib.request.urlopen(request, timeout=30) as got:
            kvs = json.load(got).get("kvs", [])
        return base64.b64decode(kvs[0].get("value", "")) if kvs else None


def run_all(options, folder):
    environment = verdict_runs.environment_in(folder)
    workers = [Worker(n, options, environment) for n in range(options.workers * verdict_runs.WAITING_MORE)]
    answers = FORGED[options.api], REFUSALS[options.api]
    plans = verdict_runs.plans_for(operations(options), workers[0], options, lambda _: answers)
    return verdict_runs.run_plans(plans, workers)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    verdict_runs.add_options(parser)
    parser.add_argument("--api", choices=("v3", "v2"), default="v3")
    parser.add_argument("--settle", choices=("history", "sidecar"), default="history")
    options = parser.parse_args()
    return verdict_runs.run_and_show(lambda folder: run_all(options, folder))


if __name__ == "__main__":
    sys.exit(main())
