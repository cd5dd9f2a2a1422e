# What the verdicts on S3, etcd and DynamoDB share: operations, the faults that strike them, runs of ksv, and tables.
import collections
import http.client
import itertools
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time

from fault_proxy import Fault, FaultProxy

# How long ksv waits where nothing will come, elsewhere, and where no fault is; milliseconds.
PATIENCE, PATIENCE_LONG, PATIENCE_DIRECT = 1200, 8000, 60000
# Runs that a busy machine left no time to write in are done once more, with more of it.
UNAVAILABLE = 5  # nothing was done
TRIES, OUT_OF_TIME = 3, (4, UNAVAILABLE)
SLOW_KINDS = ("stall", "slow", "half-request", "half-answer")
# By kind: its name, and whether it strikes the answer. Each byte of the message is a place.
AT_EACH_BYTE = {
    "cut-request": ("request cut", False), "cut-answer": ("answer cut", True),
    "twice-cut": ("twice, second answer cut", True), "slow-request": ("request in two pieces", False),
    "slow-answer": ("answer in two pieces", True), "half-request": ("rest of the request swallowed", False),
    "half-answer": ("rest of the answer swallowed", True),
}
KINDS = (("silence, no effect", "stall"), ("silence, effect", "slow"), ("twice, first answer", "twice-first"),
         ("twice, second answer", "twice-second"), ("late, after the next try", "late"),
         ("late, after the end", "at-last"), ("answer lost", "cut-answer"))
# What a rival does to a write that comes after its own; the first of these harms nothing else.
KINDS_BEATEN = (("no fault", "plain"), *KINDS)
PLACES_SHORT = 3
# So many more wait at once than are busy at once.
WAITING_MORE = 6
TOLD_EVERY = 60  # seconds, of how far the runs are
# What becomes of each write by itself.
WRITTEN, NOT_WRITTEN, UNKNOWN = "written", "not written", "unknown"


def words_of_status(_case, status, _out, _err):
    """The verdicts on each write of a run: of one alone, or of several that are done together."""
    return [{0: WRITTEN, 4: UNKNOWN}.get(status, NOT_WRITTEN)]


class Operation:
    """A kind of write. `arguments(case)` are ksv's. `base` is what there is before: "old", "absent", or what the store's
    own file makes of the word. `rivals` says when a rival may write, "after" and "before" the write itself; `keeps_rival`
    that its write must stay. `is_named`: a refusal by its own success can be told from another's win; `adds`: what is
    delivered twice is done twice. `says` is what is printed of a write that took effect; `skip` how many requests go
    before the one that is struck. `verdicts(case, status, out, err)` and the worker's `times(case)` are of as many writes
    each."""

    def __init__(self, name, arguments, method="PUT", base="old", rivals=("after", "before"), keeps_rival=True,
                 is_named=True, adds=False, says=None, skip=0, verdicts=words_of_status):
        self.name, self.arguments, self.method, self.base = name, arguments, method, base
        self.rivals, self.keeps_rival, self.is_named, self.adds = rivals, keeps_rival, is_named, adds
        self.says, self.skip, self.verdicts = says, skip, verdicts

    @property
    def removes(self):
        return "dissoc" in self.name

    @property
    def word(self):
        return self.name.split()[0].strip(",")


class Strike(collections.namedtuple("Strike", "kind at answer rival label", defaults=(0, b"", "", ""))):
    """The fault of one request, and when a rival writes."""


class Plan:
    """The faults of the writes of one run, in order; then what happens to every request after the first of them."""

    def __init__(self, name, *strikes, dark=False):
        self.name, self.strikes, self.dark = name, strikes, dark
        self.patience = PATIENCE if any(strike.kind in SLOW_KINDS for strike in strikes) else PATIENCE_LONG


NO_FAULT = Plan("no fault", Strike("plain"))


def spread(length, count):
    return range(length) if count is None else sorted({round(i * (length - 1) / (count - 1)) for i in range(count)})


def plans_of(operation, lengths, count, forged, refusals=()):
    """`forged` are answers that say nothing of what became of the request; `refusals` those of a service that did nothing.
    Both by their names. Where nothing names a write, it is not delivered twice with the second answer passed on."""
    request, answer = lengths
    for kind, (name, in_answer) in AT_EACH_BYTE.items():
        if kind == "twice-cut" and not operation.is_named:
            continue
        for at in spread(answer if in_answer else request, count):
            yield Plan(name, Strike(kind, at))
    for rival in ("", *operation.rivals):
        ending = {"": "", "after": ", rival", "before": ", beaten"}[rival]
        for name, kind in KINDS_BEATEN if rival == "before" else KINDS:
            is_twice = kind.startswith("twice")
            # Both are refused alike where the rival was first.
            is_told = kind != "twice-second" or operation.is_named or rival == "before"
            if is_told and not (is_twice and operation.adds):
                yield Plan(name + ending, Strike(kind, rival=rival))
        if rival == "before":
            continue
        for name, text in forged.items():
            yield Plan("forged refusal, no effect" + ending, Strike("forged", 0, text, rival, name))
            yield Plan("forged refusal, effect" + ending, Strike("forged-done", 0, text, rival, name))
        for name, text in dict(refusals).items():
            yield Plan("refused, no effect" + ending, Strike("forged", 0, text, rival, name))
    yield Plan("every answer lost", *[Strike("cut-answer")] * 20)
    yield Plan("answer lost, then no network", Strike("cut-answer"), dark=True)
    yield Plan("every write late", *[Strike("at-last")] * 20)


def plans_for(operations, worker, options, answers):
    """`answers(operation)` are the forged ones and the refusals."""
    plans = []
    for number, operation in enumerate(op for op in operations if options.only in op.name):
        lengths = measure(worker, operation)
        of_operation = list(plans_of(operation, lengths, None if options.long else options.places, *answers(operation)))
        plans += [(operation, plan) for plan in of_operation[number % options.every::options.every]]
    return plans


class Case:
    """`value` is the token as EDN; `keys` are all that the run writes to, where they are several."""

    def __init__(self, operation, plan, key, token, version="", keys=()):
        self.operation, self.plan = operation, plan
        self.key, self.token, self.version, self.keys = key, token, version, keys or (key,)
        self.value = f'"{token}"'

    @property
    def rival_token(self):
        return self.token[:-1] + "r>"


class Worker:
    """One proxy and the keys used through it. Each kind of store says how it is named: `store(endpoint, case)`; what is a
    write: `is_write(method, target, request)`; what comes before a run: `prepare(operation, plan)`; and what is there then:
    `times(case)`, how often each of its writes, and `is_rival_there(case)`."""

    more = ()  # arguments of every run through the proxy

    def __init__(self, number, ksv, environment, server):
        self.number, self.ksv, self.environment, self.server = number, ksv, environment, server
        self.lock = threading.Lock()
        self.proxy = FaultProxy(server, self.choose)
        self.case = None
        self.struck = []  # the target and the request of each write
        self.trouble = ""
        self.count = itertools.count()

    def next_token(self):
        number = next(self.count)
        return number, f"<{self.number}.{number}>"

    def run(self, arguments, endpoint, case=None, timeout=PATIENCE_LONG, given=""):
        command = [self.ksv, "-s", self.store(endpoint, case), *arguments, "--timeout", f"{timeout}ms"]
        done = subprocess.run(command, env=self.environment, input=given, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def direct(self, *arguments, case=None, good=(0,)):
        for _ in range(TRIES):
            status, out, err = self.run(arguments, self.server, case, PATIENCE_DIRECT)
            if status != UNAVAILABLE:
                break
        if status not in good:
            raise RuntimeError(f"ksv {' '.join(arguments)}: {status} {err}")
        return out

    def through(self, arguments, **options):
        return self.run([*arguments, *self.more], f"127.0.0.1:{self.proxy.port}", **options)

    def choose(self, method, target, request):
        case = self.case
        if case is None:
            return None
        with self.lock:
            dark = Fault("cut-answer") if case.plan.dark and len(self.struck) > case.operation.skip else None
            if not self.is_write(method, target, request):
                return dark
            self.struck.append((target, request))
            number = len(self.struck) - 1 - case.operation.skip
            if not 0 <= number < len(case.plan.strikes):
                return dark if number > 0 else None
            strike = case.plan.strikes[number]
        meanwhile = (lambda: self.rival(case)) if strike.rival else None
        return Fault(strike.kind, strike.at, strike.answer, meanwhile, strike.rival == "before")

    def rival_arguments(self, case):
        return ["update", case.key, "str", f'"{case.rival_token}"']

    def rival(self, case):
        try:
            self.direct(*self.rival_arguments(case), case=case)
        except RuntimeError as why:
            self.trouble = str(why)

    def judge(self, operation, plan):
        """The verdict, whether it is right, and what happened."""
        for number in range(TRIES):
            case = self.prepare(operation, plan)
            self.struck, self.trouble = [], ""
            self.case = case
            status, out, err = self.through(operation.arguments(case), case=case, timeout=plan.patience * 4 ** number,
                                            given=case.token)
            self.case = None
            self.proxy.release()
            if len(self.struck) > operation.skip or status not in OUT_OF_TIME:
                break
        strike = plan.strikes[0]
        story = f"{operation.name}, {plan.name} {strike.kind} {strike.label or strike.at}: status {status}, {out} {err}"
        if len(self.struck) <= operation.skip or self.trouble or status >= 70:
            return "broken", False, f"{story} {self.trouble}"
        verdicts, times = operation.verdicts(case, status, out, err), self.times(case)
        right = len(verdicts) == len(times) and all(
            there in {WRITTEN: (1,), NOT_WRITTEN: (0,), UNKNOWN: (0, 1)}[word] for word, there in zip(verdicts, times))
        if status == 0 and operation.says is not None and out != operation.says:
            right = False
        # What is printed for programs is no other than the status.
        told = re.search(r'^\{:error .*:outcome "([a-z-]+)"', err, re.MULTILINE)
        if told and (told[1] == "unknown") != (status == 4):
            right = False
        if strike.rival and operation.keeps_rival and not self.is_rival_there(case):
            right = False
        verdict = next((word for word in (UNKNOWN, NOT_WRITTEN) if word in verdicts), WRITTEN)
        return verdict, right, f"{story}; there {', '.join(map(str, times))} times"


def measure(worker, operation):
    """The lengths of an unharmed write and of its answer."""
    for _ in range(TRIES):
        verdict, right, story = worker.judge(operation, NO_FAULT)
        if verdict == WRITTEN:
            break
    if verdict != WRITTEN or not right:
        raise RuntimeError(f"without a fault: {story}")
    return worker.proxy.lengths


def tell_wrong(result):
    if not result[3]:
        print(f"WRONG: {result[4]}", file=sys.stderr, flush=True)


def work(worker, tasks, results, tell):
    while True:
        try:
            operation, plan = tasks.get_nowait()
        except queue.Empty:
            return
        try:
            result = (operation.name, plan, *worker.judge(operation, plan))
        except (RuntimeError, OSError, ValueError, http.client.HTTPException) as why:
            result = (operation.name, plan, "broken", False, f"{operation.name}, {plan.name}: {why!r}")
        tell(result)
        results.append(result)


def run_plans(plans, workers, tell=tell_wrong):
    """Those that wait first, by all workers; then those that are busy, by as few as the machine bears."""
    results, told = [], time.monotonic()
    for crew, patience in ((workers, PATIENCE), (workers[:len(workers) // WAITING_MORE], PATIENCE_LONG)):
        tasks = queue.Queue()
        for each in plans:
            if each[1].patience == patience:
                tasks.put(each)
        threads = [threading.Thread(target=work, args=(worker, tasks, results, tell)) for worker in crew]
        for thread in threads:
            thread.start()
        while alive := [thread for thread in threads if thread.is_alive()]:
            alive[0].join(TOLD_EVERY)
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                print(f"{len(results)} of {len(plans)} runs, {sum(not result[3] for result in results)} wrong",
                      file=sys.stderr, flush=True)
    if len(results) != len(plans):
        raise RuntimeError(f"{len(plans) - len(results)} runs ended without a verdict")
    return results


def environment_in(folder):
    return os.environ | {"XDG_CACHE_HOME": folder, "HOME": folder}


def add_options(parser):
    parser.add_argument("--ksv", required=True)
    parser.add_argument("--long", action="store_true", help="each byte is a place")
    parser.add_argument("--places", type=int, default=PLACES_SHORT, help="of each message, without --long")
    parser.add_argument("--every", type=int, default=1, help="of the faults each Nth, another with each operation")
    parser.add_argument("--only", default="", help="the operations whose names have this in them")
    parser.add_argument("--workers", type=int, default=8)


def is_short(options):
    return not options.long and options.places == PLACES_SHORT


def table(results, column):
    rows = {}
    for result in results:
        row = rows.setdefault(column(result), collections.Counter())
        row["runs"] += 1
        row["wrong" if not result[3] else result[2]] += 1
    return rows


def by_fault(result):
    return result[1].name.removesuffix(", rival").removesuffix(", beaten")


def by_operation(result):
    return result[0]


def rows_and_sum(results, column):
    rows = table(results, column)
    return [*rows.items(), ("all", sum(rows.values(), collections.Counter()))]


def show(title, results, column):
    heads = ["runs", WRITTEN, NOT_WRITTEN, UNKNOWN, "wrong"]
    print(f"\n| {title} | {' | '.join(heads)} |\n|---{'|---' * len(heads)}|")
    for name, row in rows_and_sum(results, column):
        print(f"| {name} | {' | '.join(str(row[head]) for head in heads)} |")
    return row


def sort(results):
    results.sort(key=lambda result: (result[1].name, result[0]))


def run_and_show(run_all):
    """The exit status of a proof. `run_all(folder)` gives the results."""
    with tempfile.TemporaryDirectory(prefix="ksv-proof-") as folder:
        results = run_all(folder)
    sort(results)
    show("fault", results, by_fault)
    total = show("operation", results, by_operation)
    return 0 if results and total["wrong"] == 0 else 1
