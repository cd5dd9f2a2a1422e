#!/usr/bin/env python3
# Runs ksv on etcd through a proxy that harms its writes, and holds its verdict against what the server then has.
"""usage: etcd_verdicts.py --ksv PATH [--api v3|v2] [--settle history|sidecar] [--long] [--only WORD] [--workers N]

To be run by tests/servers/run.py etcd. As verdicts.py, for native stores. Without settle=sidecar a refusal that says "the
condition was not met" is believed, so that nothing is delivered twice there, nor forged after it was done."""

import argparse
import base64
import itertools
import json
import os
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

sys.dont_write_bytecode = True
import verdicts
from fault_proxy import Fault, FaultProxy
from verdicts import Case, Operation, Plan

PREFIX = "/proof"


def operations():
    def quoted(case):
        return f'"{case.token}"'
    return [
        Operation("assoc", arguments=lambda c: ["assoc", c.key, c.token]),
        Operation("assoc --if-absent", base="absent", arguments=lambda c: ["assoc", c.key, c.token, "--if-absent"]),
        Operation("assoc --if-match", arguments=lambda c: ["assoc", c.key, c.token, "--if-match", c.version]),
        Operation("update", arguments=lambda c: ["update", c.key, "str", quoted(c)]),
        Operation("update, absent", base="absent", arguments=lambda c: ["update", c.key, "str", quoted(c)]),
        Operation("swap", arguments=lambda c: ["swap", c.key, "str", quoted(c)]),
        Operation("cas", arguments=lambda c: ["cas", c.key, "old", c.token]),
        Operation("bassoc", arguments=lambda c: ["bassoc", c.key, "-"], rivals=False),
        Operation("dissoc", method="DELETE", arguments=lambda c: ["dissoc", c.key], rivals=False),
    ]


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
KINDS = (("silence, no effect", "stall"), ("silence, effect", "slow"), ("late, after the next try", "late"),
         ("late, after the end", "at-last"), ("answer lost", "cut-answer"))
TWICE = (("twice, first answer", "twice-first"), ("twice, second answer", "twice-second"))


def plans_of(operation, lengths, count, options):
    exact = options.settle == "sidecar"
    request, reply = lengths
    for kind, (name, in_answer) in verdicts.AT_EACH_BYTE.items():
        if kind == "twice-cut" and not exact:
            continue
        for at in verdicts.spread(reply if in_answer else request, count):
            yield Plan(name, (kind, at, b"", False))
    for rival in (False, True)[:1 + operation.rivals]:
        ending = ", rival" if rival else ""
        for name, kind in KINDS + (TWICE if exact else TWICE[:1]):
            yield Plan(name + ending, (kind, 0, b"", rival))
        for name, forged in FORGED[options.api].items():
            yield Plan("forged, no effect" + ending, ("forged", name, forged, rival))
            yield Plan("forged, effect" + ending, ("forged-done", name, forged, rival))
        for name, forged in REFUSALS[options.api].items():
            yield Plan("refused, no effect" + ending, ("forged", name, forged, rival))
    yield Plan("every answer lost", *[("cut-answer", 0, b"", False)] * 20)
    yield Plan("answer lost, then no network", ("cut-answer", 0, b"", False), dark=True)
    yield Plan("every write late", *[("at-last", 0, b"", False)] * 20)


def is_write(method, request):
    """Of v3, whose requests are all POSTs."""
    return method != "GET" and (method != "POST" or b"request_put" in request or b"request_delete_range" in request
                                or b"requestPut" in request or b"requestDeleteRange" in request)


class Worker(verdicts.Worker):
    def __init__(self, number, options, environment):
        self.options, self.number, self.ksv, self.environment = options, number, options.ksv, environment
        self.server = os.environ["KSV_TEST_ETCD_ENDPOINTS"].split(",")[0]
        self.proxy = FaultProxy(self.server, self.choose)
        self.case, self.last, self.target, self.trouble, self.writes = None, None, "", "", 0
        self.count = itertools.count()
        self.keys = {}
        # What verdicts.Worker names the server by.
        self.client = type("Server", (), {"host": self.server})

    def store(self, endpoint, store_id=None):
        return f"etcd://{endpoint}{PREFIX}?api={self.options.api}&settle={self.options.settle}"

    def choose(self, method, target):
        case = self.case
        if case is None:
            return None
        if not is_write(method, self.proxy.request):
            return Fault("cut-answer") if case.plan.dark and self.writes > 0 else None
        self.target = target
        self.writes += 1
        if self.writes > len(case.plan.faults):
            return Fault("cut-answer") if case.plan.dark else None
        kind, at, forged, has_rival = case.plan.faults[self.writes - 1]
        if kind == "none":
            return None
        return Fault(kind, at if isinstance(at, int) else 0, forged, self.rival if has_rival else None)

    def rival(self):
        try:
            self.direct("update", self.case.key, "str", f'"{verdicts.rival_token(self.case)}"')
        except RuntimeError as why:
            self.trouble = str(why)

    def prepare(self, operation, plan):
        number = next(self.count)
        token = f"<{self.number}.{number}>"
        key = f"/{operation.name.split()[0]}{self.number}-{number}"
        version = ""
        if operation.base == "old":
            version = self.direct("assoc", key, "old", "--print-version")
        self.last = Case(operation, plan, key, token, version)
        return self.last

    def state(self):
        path = PREFIX + self.last.key
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
    environment = os.environ | {"XDG_CACHE_HOME": folder, "HOME": folder}
    method = "POST" if options.api == "v3" else None
    chosen = [op._replace(method=method or op.method) for op in operations() if options.only in op.name]
    workers = [Worker(n, options, environment) for n in range(options.workers * verdicts.WAITING_MORE)]
    count = None if options.long else verdicts.PLACES_SHORT
    plans = [(op, plan) for op in chosen
             for plan in plans_of(op, verdicts.measure(workers[0], op), count, options)]
    return verdicts.run_plans(plans, workers)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--ksv", required=True)
    parser.add_argument("--api", choices=("v3", "v2"), default="v3")
    parser.add_argument("--settle", choices=("history", "sidecar"), default="history")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ksv-proof-") as folder:
        results = run_all(options, folder)
    for _, _, _, right, story in results:
        if not right:
            print(f"WRONG: {story}", file=sys.stderr)
    results.sort(key=lambda result: (result[1].name, result[0]))
    verdicts.show("fault", results, verdicts.by_fault)
    total = verdicts.show("operation", results, verdicts.by_operation)
    return 0 if results and total["wrong"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
