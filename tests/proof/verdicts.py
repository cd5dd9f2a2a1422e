#!/usr/bin/env python3
# Runs ksv through a proxy that harms its writes, and holds its verdict against what the server then has.
"""usage: verdicts.py --ksv PATH [--without PATH] [--long|--places N] [--every N]
           [--only WORD] [--workers N]

To be run by tests/servers/run.py rgw; by swift, without rivals and with --allow-unsafe. For each kind of write and each
fault: one process of ksv, whose exit status says written (0), unknown (4) or not written (the others); then all that was
held back is delivered, and the server is asked directly. A verdict is wrong if it says written and is not there, or not
written and is there, or if it is there twice, or if a rival's write is gone. --without names a ksv that does not settle;
what it says under the same faults, at fewer places of each message, is set beside."""

import argparse
import os
import pathlib
import sys
import tempfile
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
import verdict_runs
from fault_proxy import answer_of
from konserve_operations import KONSERVE_OPERATIONS, KonserveWorker, pairs, words_of_keys
from s3_client import S3Client
from verdict_runs import Operation

BUCKET = "proof"
STORE = "550e8400-e29b-41d4-a716-446655440000"
# What is sent without a condition, so that much of it cannot be settled: the gateway removes whatever the condition.
UNCONDITIONAL = ("assoc", "bassoc", "dissoc", "multi-assoc", "multi-dissoc", "delete-store", "delete-store, marker")
# Several keys are each written for itself; of a store its keys go first, and then what marks it.
OPERATIONS = [*KONSERVE_OPERATIONS,
              Operation("multi-assoc", lambda c: ["multi-assoc", *pairs(c)], base="several", rivals=(),
                        verdicts=words_of_keys),
              Operation("multi-dissoc", lambda c: ["multi-dissoc", *c.keys], method="DELETE", base="several", rivals=(),
                        verdicts=words_of_keys),
              Operation("delete-store, marker", lambda c: ["delete-store", "--yes"], method="", base="whole store",
                        rivals=(), skip=1)]

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
PLACES_COMPARED = 30
# Of stores without conditions there is a promise only where nobody else writes.
UNSAFE = ["--allow-unsafe"] if os.environ.get("KSV_TEST_S3_KIND", "rgw") != "rgw" else []


class Worker(KonserveWorker):
    more = ("--format", "edn")

    def __init__(self, number, ksv, environment):
        self.client = S3Client()
        super().__init__(number, ksv, environment, self.client.host)

    def store(self, endpoint, case=None):
        is_store = case is not None and case.operation.base in ("store", "whole store")
        return f"s3://{BUCKET}/{case.key if is_store else STORE}?endpoint=http://{endpoint}&path-style=true"

    def run(self, arguments, *more, **options):
        return super().run([*arguments, *UNSAFE], *more, **options)

    def is_write(self, method, target, _request):
        wanted = self.case.operation.method
        return "uploads" not in target and (method == wanted if wanted else method not in ("GET", "HEAD"))

    def new_store(self, _number):
        return str(uuid.uuid4())

    def state(self, _case):
        path = self.struck[0][0].split("?")[0]
        status, body = self.client.request("GET", path)
        if status not in (200, 404):
            raise RuntimeError(f"GET {path}: {status}")
        return body if status == 200 else None

    def is_gone(self, case):
        listed = self.client.require("GET", f"/{BUCKET}", {"list-type": "2", "prefix": case.key})
        return b"<Key>" not in listed


def run_all(options, folder, ksv, first):
    """Of workers whose keys begin with the number `first`."""
    environment = verdict_runs.environment_in(folder)
    count = options.workers * verdict_runs.WAITING_MORE
    workers = [Worker(first + n, ksv, environment) for n in range(count)]
    workers[0].direct("create-store", "--if-absent")
    for worker in workers:
        # Each address is proven once; not under fire.
        worker.through(["update", ":warm", "str", '"x"'])
    forged = {name: FORGED[name] for name in (FORGED_SHORT if verdict_runs.is_short(options) else FORGED)}
    if UNSAFE:
        for operation in OPERATIONS:
            operation.rivals = ()
    plans = verdict_runs.plans_for(OPERATIONS, workers[0], options, lambda _: (forged, {}))
    # What is wrong without settling is what the comparison is for.
    tell = verdict_runs.tell_wrong if ksv == options.ksv else lambda _: None
    return verdict_runs.run_plans(plans, workers, tell)


def compare(title, results, without, column):
    """The shares of what is unknown and of what is wrong, with settling and without."""
    print(f"\n| {title} | runs | unknown | wrong | without settling: unknown | wrong |\n|---|---|---|---|---|---|")
    rows, others = verdict_runs.rows_and_sum(results, column), verdict_runs.rows_and_sum(without, column)
    for (name, row), (other_name, other) in zip(rows, others):
        if name != other_name:
            raise RuntimeError(f"{name} is beside {other_name}")
        shares = [f"{100 * each[head] / each['runs']:.1f} %" for each in (row, other) for head in ("unknown", "wrong")]
        print(f"| {name} | {row['runs']} | {' | '.join(shares)} |")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    verdict_runs.add_options(parser)
    parser.add_argument("--without")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ksv-proof-") as folder:
        runs = {"with": run_all(options, folder, options.ksv, 0)}
        if options.without:
            options.long, options.places = False, PLACES_COMPARED if options.long else options.places
            runs["without"] = run_all(options, folder, options.without, 1000)
            runs["compared"] = run_all(options, folder, options.ksv, 2000)
    for results in runs.values():
        verdict_runs.sort(results)
    verdict_runs.show("fault", runs["with"], verdict_runs.by_fault)
    total = verdict_runs.show("operation", runs["with"], verdict_runs.by_operation)
    if options.without:
        settled, unsettled = ([run for run in runs[name] if run[0] not in UNCONDITIONAL]
                              for name in ("compared", "without"))
        compare("fault, of writes under a condition", settled, unsettled, verdict_runs.by_fault)
        total = total + verdict_runs.rows_and_sum(runs["compared"], verdict_runs.by_operation)[-1][1]
        compare("operation", runs["compared"], runs["without"], verdict_runs.by_operation)
    return 0 if runs["with"] and total["wrong"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
