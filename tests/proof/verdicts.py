#!/usr/bin/env python3
# Runs ksv through a proxy that harms its writes, and holds its verdict against what the server then has.
"""usage: verdicts.py --ksv PATH [--without PATH] [--long] [--only WORD] [--workers N]

To be run by tests/servers/run.py rgw. For each kind of write and each fault: one process of ksv, whose exit status says
written (0), unknown (4) or not written (the others); then all that was held back is delivered, and the server is asked
directly. A verdict is wrong if it says written and is not there, or not written and is there, or if it is there twice,
or if a rival's write is gone. --without names a ksv that does not settle; what it says under the same faults, at fewer
places of each message, is set beside."""

import argparse
import collections
import itertools
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from fault_proxy import Fault, FaultProxy, answer_of
from s3_client import S3Client

BUCKET = "proof"
STORE = "550e8400-e29b-41d4-a716-446655440000"
# A key is used for so many cases, as its value grows.
CASES_A_KEY = 30
# How long ksv waits where nothing will come, and elsewhere.
PATIENCE, PATIENCE_LONG = "1200ms", "8s"

Operation = collections.namedtuple("Operation", "name method base arguments rivals",
                                   defaults=("PUT", "old", None, True))
OPERATIONS = [
    Operation("assoc", arguments=lambda c: ["assoc", c.key, c.value]),
    Operation("assoc --if-absent", base="absent", arguments=lambda c: ["assoc", c.key, c.value, "--if-absent"]),
    Operation("assoc --if-match", arguments=lambda c: ["assoc", c.key, c.value, "--if-match", c.version]),
    Operation("update", arguments=lambda c: ["update", c.key, "str", c.value]),
    Operation("update, absent", base="absent", arguments=lambda c: ["update", c.key, "str", c.value]),
    Operation("swap", arguments=lambda c: ["swap", c.key, "str", c.value]),
    Operation("cas", arguments=lambda c: ["cas", c.key, '"old"', c.value]),
    Operation("bassoc", arguments=lambda c: ["bassoc", c.key, "-"], rivals=False),
    Operation("dissoc", method="DELETE", arguments=lambda c: ["dissoc", c.key], rivals=False),
    Operation("create-store", base="store", arguments=lambda c: ["create-store"], rivals=False),
]

# What is sent without a condition, so that much of it cannot be settled: the gateway removes whatever the condition.
UNCONDITIONAL = ("assoc", "bassoc", "dissoc")

# Forged answers: those of the service, and those of things on the way, which have no code.
FORGED = {
    "412": answer_of(412, "Precondition Failed", "PreconditionFailed"),
    "409": answer_of(409, "Conflict", "ConditionalRequestConflict"),
    "500": answer_of(500, "Internal Server Error", "InternalError"),
    "502, bare": answer_of(502, "Bad Gateway"),
    "503, bare": answer_of(503, "Service Unavailable"),
    "503": answer_of(503, "Slow Down", "SlowDown"),
    "429, bare": answer_of(429, "Too Many Requests"),
    "403": answer_of(403, "Forbidden", "AccessDenied"),
    "400": answer_of(400, "Bad Request", "InvalidRequest"),
    "404, bare": answer_of(404, "Not Found"),
    "200, no ETag": answer_of(200, "OK"),
}
FORGED_SHORT = ("412", "500", "503", "503, bare", "403")
SLOW_KINDS = ("stall", "slow", "half-request", "half-answer")
# By kind: its name, and whether it strikes the answer. Each byte of the message is a place.
AT_EACH_BYTE = {
    "cut-request": ("request cut", False), "cut-answer": ("answer cut", True),
    "twice-cut": ("twice, second answer cut", True), "slow-request": ("request in two pieces", False),
    "slow-answer": ("answer in two pieces", True), "half-request": ("rest of the request swallowed", False),
    "half-answer": ("rest of the answer swallowed", True),
}
PLACES_SHORT, PLACES_COMPARED = 3, 30
# So many more wait at once than are busy at once.
WAITING_MORE = 6


class Plan:
    """The faults of the writes of one run, in order; then what happens to every request after the first of them."""

    def __init__(self, name, *faults, dark=False):
        self.name, self.faults, self.dark = name, faults, dark
        self.patience = PATIENCE if any(f[0] in SLOW_KINDS for f in faults) else PATIENCE_LONG


def spread(length, count):
    return range(length) if count is None else sorted({round(i * (length - 1) / (count - 1)) for i in range(count)})


def plans_of(operation, lengths, count):
    request, answer = lengths
    for kind, (name, in_answer) in AT_EACH_BYTE.items():
        for at in spread(answer if in_answer else request, count):
            yield Plan(name, (kind, at, b"", False))
    for rival in (False, True)[:1 + operation.rivals]:
        ending = ", rival" if rival else ""
        for name, kind in (("silence, no effect", "stall"), ("silence, effect", "slow"),
                           ("twice, first answer", "twice-first"), ("twice, second answer", "twice-second"),
                           ("late, after the next try", "late"), ("late, after the end", "at-last"),
                           ("answer lost", "cut-answer")):
            yield Plan(name + ending, (kind, 0, b"", rival))
        for name, answer in FORGED.items():
            if count == PLACES_SHORT and name not in FORGED_SHORT:
                continue
            yield Plan("forged refusal, no effect" + ending, ("forged", name, answer, rival))
            yield Plan("forged refusal, effect" + ending, ("forged-done", name, answer, rival))
    yield Plan("every answer lost", *[("cut-answer", 0, b"", False)] * 20)
    yield Plan("answer lost, then no network", ("cut-answer", 0, b"", False), dark=True)
    yield Plan("every write late", *[("at-last", 0, b"", False)] * 20)


class Case:
    def __init__(self, operation, plan, key, value, version):
        self.operation, self.plan = operation, plan
        self.key, self.token, self.version = key, value, version
        self.value = f'"{value}"'


def rival_token(case):
    return case.token[:-1] + "r>"


class Worker:
    """One proxy and the keys used through it."""

    def __init__(self, number, ksv, client_environment):
        self.ksv, self.number = ksv, number
        self.environment = client_environment
        self.client = S3Client()
        self.proxy = FaultProxy(self.client.host, self.choose)
        self.case = None
        self.target = ""
        self.writes = 0
        self.trouble = ""
        self.count = itertools.count()
        self.keys = {}

    def store(self, endpoint, store_id=STORE):
        return f"s3://{BUCKET}/{store_id}?endpoint=http://{endpoint}&path-style=true"

    def run(self, arguments, endpoint, store_id=STORE, timeout=PATIENCE_LONG, given=""):
        command = [self.ksv, "-s", self.store(endpoint, store_id), *arguments, "--timeout", timeout]
        done = subprocess.run(command, env=self.environment, input=given, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def direct(self, *arguments):
        status, out, err = self.run(arguments, self.client.host)
        if status != 0:
            raise RuntimeError(f"ksv {' '.join(arguments)}: {status} {err}")
        return out

    def through(self, arguments, **options):
        return self.run(arguments, f"127.0.0.1:{self.proxy.port}", **options)

    def choose(self, method, target):
        case = self.case
        if case is None:
            return None
        if method != case.operation.method or "uploads" in target:
            return Fault("cut-answer") if case.plan.dark and self.writes > 0 else None
        self.target = target
        self.writes += 1
        if self.writes > len(case.plan.faults):
            return Fault("cut-answer") if case.plan.dark else None
        kind, at, answer, rival = case.plan.faults[self.writes - 1]
        if kind == "none":
            return None
        return Fault(kind, at, answer, (lambda: self.rival(case)) if rival else None)

    def rival(self, case):
        try:
            self.direct("update", case.key, "str", f'"{rival_token(case)}"')
        except RuntimeError as why:
            self.trouble = str(why)

    def prepare(self, operation, plan):
        number = next(self.count)
        token = f"<{self.number}.{number}>"
        if operation.base == "store":
            return Case(operation, plan, str(uuid.uuid4()), token, "")
        if operation.base == "absent" or operation.name == "cas":
            key = f":k{self.number}-{number}"
        else:
            key = f":{operation.name.split()[0]}{self.number}-{number // CASES_A_KEY}"
        version = ""
        # Each of these needs a state to begin with; assoc and bassoc take what there is.
        if operation.base == "old" and operation.name not in ("assoc", "bassoc") and not self.has(operation, key):
            version = self.direct("assoc", key, '"old"', "--print-version")
        elif operation.name == "assoc --if-match":
            version = self.direct("get", key, "--meta").split(':version "')[1].split('"')[0]
        return Case(operation, plan, key, token, version)

    def has(self, operation, key):
        """Whether the key is there, from a case before."""
        seen = self.keys.get(operation.name) == key
        self.keys[operation.name] = key
        return seen and operation.name != "dissoc"

    def state(self):
        path = self.target.split("?")[0]
        status, body = self.client.request("GET", path)
        if status not in (200, 404):
            raise RuntimeError(f"GET {path}: {status}")
        return body if status == 200 else None

    def judge(self, operation, plan):
        """The verdict, whether it is right, and what happened."""
        case = self.prepare(operation, plan)
        self.writes, self.target, self.trouble = 0, "", ""
        self.case = case
        options = {"store_id": case.key} if operation.base == "store" else {}
        status, out, err = self.through(operation.arguments(case), timeout=plan.patience, given=case.token, **options)
        self.case = None
        self.proxy.release()
        story = f"{operation.name}, {plan.name} {plan.faults[0][:2]}: status {status}, {out} {err}"
        if not self.target or self.trouble or status >= 70:
            return "broken", False, f"{story} {self.trouble}"
        body = self.state()
        if operation.name == "dissoc":
            times = 1 if body is None else 0
        elif operation.base == "store":
            times = 0 if body is None else 1
        else:
            times = 0 if body is None else body.count(case.token.encode())
        verdict = {0: "written", 4: "unknown"}.get(status, "not written")
        right = times == {"written": 1, "not written": 0}.get(verdict, times) and times <= 1
        # Said of a removal: whether the key was there, and it was.
        if operation.name == "dissoc" and verdict == "written" and out != "true":
            right = False
        rival_is_there = body is not None and rival_token(case).encode() in body
        if plan.faults[0][3] and operation.name not in ("assoc", "bassoc") and not rival_is_there:
            right = False
        return verdict, right, f"{story}; there {times} times"


def measure(worker, operation):
    """The lengths of an unharmed write and of its answer."""
    verdict, right, story = worker.judge(operation, Plan("no fault", ("none", 0, b"", False)))
    if verdict != "written" or not right:
        raise RuntimeError(f"without a fault: {story}")
    return worker.proxy.lengths[operation.method]


def work(worker, tasks, results):
    while True:
        try:
            operation, plan = tasks.get_nowait()
        except queue.Empty:
            return
        try:
            results.append((operation.name, plan, *worker.judge(operation, plan)))
        except (RuntimeError, OSError) as why:
            results.append((operation.name, plan, "broken", False, str(why)))


def run_all(options, folder, ksv, places, first):
    """Of workers whose keys begin with the number `first`."""
    environment = os.environ | {"XDG_CACHE_HOME": folder, "HOME": folder}
    workers = [Worker(first + n, ksv, environment) for n in range(options.workers * WAITING_MORE)]
    workers[0].direct("create-store", "--if-absent")
    for worker in workers:
        # Each address is proven once; not under fire.
        worker.through(["update", ":warm", "str", '"x"'])
    chosen = [op for op in OPERATIONS if options.only in op.name]
    plans = [(op, plan) for op in chosen for plan in plans_of(op, measure(workers[0], op), places)]
    return run_plans(plans, workers)


def run_plans(plans, workers):
    """Those that wait first, by all workers; then those that are busy, by as few as the machine bears."""
    results = []
    for crew, patience in ((workers, PATIENCE), (workers[:len(workers) // WAITING_MORE], PATIENCE_LONG)):
        tasks = queue.Queue()
        for each in plans:
            if each[1].patience == patience:
                tasks.put(each)
        threads = [threading.Thread(target=work, args=(worker, tasks, results)) for worker in crew]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return results


def table(results, column):
    rows = {}
    for result in results:
        row = rows.setdefault(column(result), collections.Counter())
        row["runs"] += 1
        row["wrong" if not result[3] else result[2]] += 1
    return rows


def by_fault(result):
    return result[1].name.removesuffix(", rival")


def by_operation(result):
    return result[0]


def rows_and_sum(results, column):
    rows = table(results, column)
    return [*rows.items(), ("all", sum(rows.values(), collections.Counter()))]


def show(title, results, column):
    heads = ["runs", "written", "not written", "unknown", "wrong"]
    print(f"\n| {title} | {' | '.join(heads)} |\n|---{'|---' * len(heads)}|")
    for name, row in rows_and_sum(results, column):
        print(f"| {name} | {' | '.join(str(row[head]) for head in heads)} |")
    return row


def compare(title, results, without, column):
    """The shares of what is unknown and of what is wrong, with settling and without."""
    print(f"\n| {title} | runs | unknown | wrong | without settling: unknown | wrong |\n|---|---|---|---|---|---|")
    for (name, row), (other_name, other) in zip(rows_and_sum(results, column), rows_and_sum(without, column)):
        if name != other_name:
            raise RuntimeError(f"{name} is beside {other_name}")
        shares = [f"{100 * each[head] / each['runs']:.1f} %" for each in (row, other) for head in ("unknown", "wrong")]
        print(f"| {name} | {row['runs']} | {' | '.join(shares)} |")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--ksv", required=True)
    parser.add_argument("--without")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ksv-proof-") as folder:
        runs = {"with": run_all(options, folder, options.ksv, None if options.long else PLACES_SHORT, 0)}
        if options.without:
            places = PLACES_COMPARED if options.long else PLACES_SHORT
            runs["without"] = run_all(options, folder, options.without, places, 1000)
            runs["compared"] = run_all(options, folder, options.ksv, places, 2000)
    for name in ("with", "compared"):
        for result in runs.get(name, ()):
            if not result[3]:
                print(f"WRONG: {result[4]}", file=sys.stderr)
    for results in runs.values():
        results.sort(key=lambda result: (result[1].name, result[0]))
    show("fault", runs["with"], by_fault)
    total = show("operation", runs["with"], by_operation)
    if options.without:
        settled, unsettled = ([run for run in runs[name] if run[0] not in UNCONDITIONAL]
                              for name in ("compared", "without"))
        compare("fault, of writes under a condition", settled, unsettled, by_fault)
        total = total + rows_and_sum(runs["compared"], by_operation)[-1][1]
        compare("operation", runs["compared"], runs["without"], by_operation)
    results = runs["with"]
    return 0 if results and total["wrong"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
