#!/usr/bin/env python3
# Takes the guards of exact outcomes out of the sources, one at a time, and shows that the tests named for it fail.
"""usage: mutations.py write NAME SOURCE-ROOT TARGET-FOLDER
       mutations.py check BUILD-FOLDER

`write` puts the sources that NAME changes, changed, into the folder. The build links each of them into the tests that are
to notice (tests/proof/CMakeLists.txt), which `check` runs: each named case alone, in the test as it is, where it must pass,
and in the mutant, where it must fail by a check of its own."""

import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

# `changes`: by file, what is replaced and by what. `cases`: by test, those that must notice.
Mutation = collections.namedtuple("Mutation", "title changes cases")

FAULTS = "proof_fault_table"
SIM = "sim_update_test"
CURL = "ksv_net_test"
FOLDERS = {SIM: "sim", FAULTS: "proof", CURL: "unit/net"}

IN_TABLE = "under each fault what ksv says of an operation is true, and is what the table says"
COUNTER = "behind a network settling finds out: nothing is lost, doubled or misreported"
WINNER = "behind a network exactly one of those wins that compare and set, and it knows"
ONCE_READ = "a request leaves once when a kept connection dies after it was read"
ONCE_UNREAD = "a request leaves once when a kept connection is closed unread"

SETTLE = "src/core/settle.cpp"
UNSETTLED_WRITE = ("    if (!hold) hold.emplace(env);\n",
                   "    if (attempts.doubtful) return unknown(write, attempts.why);\n"
                   "    if (attempts.refusal) return *attempts.refusal;\n"
                   "    return PutOutcome(Refused{});\n")
UNSETTLED_REMOVAL = ("    if (!answer) why = answer.error().message();\n",
                     "    if (!answer) return answer.error();\n    return std::optional<Removal>();\n")
UNSETTLED_CREATION = ("    const auto info = head_object(wire_, name);\n    if (info && *info && (*info)->write_id",
                      "    if (!outcome) return outcome.error();\n    return CreateOutcome::kExisted;\n"
                      "    const auto info = head_object(wire_, name);\n    if (info && *info && (*info)->write_id")

MUTATIONS = {
    "settling": Mutation("settling, all of it", {
        SETTLE: UNSETTLED_WRITE, "src/backend/s3/s3_remove.cpp": UNSETTLED_REMOVAL,
        "src/backend/s3/s3_place.cpp": UNSETTLED_CREATION}, {SIM: (COUNTER, WINNER), FAULTS: (IN_TABLE,)}),
    "refusals": Mutation("settling after a clean refusal", {
        SETTLE: ("    if (!hold) hold.emplace(env);\n",
                 "    if (!attempts.doubtful) return PutOutcome(Refused{});\n")},
        {SIM: (COUNTER, WINNER), FAULTS: (IN_TABLE,)}),
    "errors": Mutation("reading back after an error", {
        SETTLE: ("    if (!error.is_refused_write()) return", "    return")}, {FAULTS: (IN_TABLE,)}),
    "removals": Mutation("settling of removals", {"src/backend/s3/s3_remove.cpp": UNSETTLED_REMOVAL},
                         {FAULTS: (IN_TABLE,)}),
    "creation": Mutation("settling of create-store", {"src/backend/s3/s3_place.cpp": UNSETTLED_CREATION},
                         {FAULTS: (IN_TABLE,)}),
    "first": Mutation("the condition on first writes", {
        "src/backend/s3/s3_conditions.cpp": ("return {Condition::Kind::kAbsent, {}, true};", "return {};")},
        {FAULTS: (IN_TABLE,)}),
    "plain": Mutation("the rule that a plain write in doubt is not sent again", {
        "src/net/request_loop.cpp": ("!(job_.repeat == Repeat::kOnce && doubtful_)", "true")}, {FAULTS: (IN_TABLE,)}),
    "resending": Mutation("the rule that keeps libcurl from resending", {
        "src/net/curl_exchange.cpp": ("if (exchange.may_have_left()) {", "if (false) {")},
        {CURL: (ONCE_READ, ONCE_UNREAD)}),
    "lineage": Mutation("the lineage", {
        "src/core/lineage.cpp": ("  const auto& ids = lineage->items();\n  const auto is_ours",
                                 "  return Trace::kNone;\n  const auto& ids = lineage->items();\n  const auto is_ours")},
        {SIM: (COUNTER,), FAULTS: (IN_TABLE,)}),
}


def write(name, root, target):
    """The changed sources, by their own names."""
    for path, (text, instead) in MUTATIONS[name].changes.items():
        original = (root / path).read_text()
        if text not in original:
            raise RuntimeError(f"mutations.py: {name}: {path} does not have that text any more: {text!r}")
        target.mkdir(parents=True, exist_ok=True)
        (target / pathlib.Path(path).name).write_text(original.replace(text, instead))


def failed_checks(program, case):
    """How many checks of the one case fail."""
    environment = os.environ | {"KSV_SEEDS": os.environ.get("KSV_SEEDS", "2000")}
    # In a filter, a backslash keeps a comma from beginning the next.
    done = subprocess.run([program, f"--test-case={case}".replace(",", "\\,")], env=environment, capture_output=True,
                          text=True, check=False)
    cases = re.search(r"test cases:\s+(\d+) \|\s+\d+ passed \|\s+(\d+) failed", done.stdout)
    checks = re.search(r"assertions:.*\|\s+(\d+) failed", done.stdout)
    if done.returncode not in (0, 1) or cases is None or checks is None or cases[1] != "1":
        raise RuntimeError(f"mutations.py: {program} {case!r}: status {done.returncode}\n{done.stdout[-800:]}")
    return int(checks[1])


def check(build):
    """Whether each case passes as it is and fails under each of its mutations."""
    whole = {(test, case) for mutation in MUTATIONS.values() for test, cases in mutation.cases.items() for case in cases}
    runs = [("", test, case, build / "tests" / FOLDERS[test] / test) for test, case in sorted(whole)]
    runs += [(name, test, case, build / "tests" / "proof" / f"without_{name}_{test}")
             for name, mutation in MUTATIONS.items() for test, cases in mutation.cases.items() for case in cases]
    # What must pass runs by itself: beside others its clients may run out of time.
    counts = [failed_checks(run[3], run[2]) for run in runs if not run[0]]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        counts += pool.map(lambda run: failed_checks(run[3], run[2]), runs[len(counts):])
    good = True
    print("| taken out | test that must fail | its failed checks |\n|---|---|---|")
    for (name, test, case, _), count in zip(runs, counts):
        title = MUTATIONS[name].title if name else "nothing"
        right = (count > 0) == (name != "")
        good = good and right
        print(f"| {title} | {test}: {case} | {count}{'' if right else ' WRONG'} |")
    return good


def main(arguments):
    try:
        if len(arguments) == 4 and arguments[0] == "write" and arguments[1] in MUTATIONS:
            write(arguments[1], pathlib.Path(arguments[2]), pathlib.Path(arguments[3]))
            return 0
        if len(arguments) == 2 and arguments[0] == "check":
            return 0 if check(pathlib.Path(arguments[1])) else 1
    except RuntimeError as why:
        print(why, file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
