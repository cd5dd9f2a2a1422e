#!/usr/bin/env python3
# Lets processes of ksv work on the same keys while faults happen, and checks what they saw for linearizability.
"""usage: histories.py --ksv PATH [--seconds N] [--seed N]

To be run by tests/servers/run.py rgw. Registers (assoc --if-absent, cas, get), counters (update), sets (update conj),
plain values (assoc, get) and mixed ones (assoc, cas, get); every fault by itself and all together.

Ceph acknowledges a plain write that lost a race against a conditional one, and then it is nowhere (gateway_race.py). In
mixed keys a plain write may therefore be lost if another compared and set during it; "by Ceph" counts the keys that no
order of events explains without that. Plain writes are left out where requests are delivered twice: nobody can keep the
second copy from taking effect."""

import argparse
import collections
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from fault_proxy import Fault, FaultProxy
from linearizable import Event, Undecided, is_linearizable, weaken
from s3_client import S3Client

BUCKET, STORE = "proof", "550e8400-e29b-41d4-a716-446655440000"
CLIENTS = 6
# Each key serves for so long, since the search takes long over long histories.
EVENTS_A_KEY = 40
# Few values, so that rivals often write the same.
VALUES = 3
FAULTS = {
    "none": (), "lost answers": ("cut-answer",), "lost requests": ("cut-request",),
    "delivered twice": ("twice-first", "twice-second"), "delivered late": ("late", "at-last"),
    "kill -9 of clients": ("kill",), "SIGSTOP of clients": ("stop",), "SIGSTOP of the storage": ("storage",),
    "all of these": ("cut-answer", "cut-request", "twice-first", "twice-second", "late", "at-last", "kill", "stop",
                     "storage"),
}
OF_REQUESTS = ("cut-answer", "cut-request", "twice-first", "twice-second", "late", "at-last")


class Keys:
    """Hands out the key to work on, and keeps what happened to each."""

    def __init__(self, name):
        self.name, self.lock = name, threading.Lock()
        self.events = collections.defaultdict(list)
        self.handed = collections.Counter()

    def choose(self, kind):
        with self.lock:
            self.handed[kind] += 1
            return kind, f":{kind}-{self.name}-{self.handed[kind] // EVENTS_A_KEY}"

    def record(self, key, event):
        with self.lock:
            self.events[key].append(event)


class Scenario:
    def __init__(self, name, options, environment):
        self.faults, self.options, self.environment = FAULTS[name], options, environment
        self.keys = Keys("".join(c if c.isalnum() else "-" for c in name))
        self.dice = random.Random(f"{options.seed} {name}")
        self.host = S3Client().host
        self.proxy = FaultProxy(self.host, self.choose)
        self.end = 0

    def choose(self, method, _target, _request):
        kinds = [kind for kind in self.faults if kind in OF_REQUESTS]
        if method != "PUT" or not kinds or self.dice.random() > 0.25 or time.monotonic() > self.end:
            return None
        return Fault(self.dice.choice(kinds), at=self.dice.randrange(600))

    def command(self, arguments, direct=False):
        endpoint = self.host if direct else f"127.0.0.1:{self.proxy.port}"
        return [self.options.ksv, "-s", f"s3://{BUCKET}/{STORE}?endpoint=http://{endpoint}&path-style=true",
                "--timeout", "20s" if direct else "4s", *arguments]

    def harm(self, child, dice):
        """Waits for the process, and perhaps kills or stops it."""
        wanted = [kind for kind in ("kill", "stop") if kind in self.faults]
        if wanted and dice.random() < 0.3:
            try:
                return child.communicate(timeout=dice.random() * 0.05)
            except subprocess.TimeoutExpired:
                pass
            if dice.choice(wanted) == "kill":
                child.kill()
            else:
                child.send_signal(signal.SIGSTOP)
                time.sleep(dice.random() * 0.5)
                child.send_signal(signal.SIGCONT)
        return child.communicate()

    def run(self, number, key, operation, values, arguments, dice, direct=False):
        invoked = time.monotonic()
        child = subprocess.Popen(self.command(arguments, direct), env=self.environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        out, err = child.communicate() if direct else self.harm(child, dice)
        returned = time.monotonic()
        status = child.returncode
        if status in (4, -signal.SIGKILL):
            outcome = "unknown"
        elif status in (0, 1):
            outcome = "ok"
        elif status in (3, 5):
            outcome = "fail"
        else:
            raise RuntimeError(f"{arguments}: {status} {out} {err}")
        result = self.result_of(operation, status, out) if outcome == "ok" else None
        self.keys.record(key, Event(number, operation, values, invoked, returned, outcome, result))

    @staticmethod
    def result_of(operation, status, out):
        def number(text):
            return None if text == "nil" else int(text)

        def members(text):
            return None if text == "nil" else frozenset(int(n) for n in re.findall(r"\d+", text))

        if operation == "cas":
            return status == 0
        if operation == "write":
            return None
        if operation == "read":
            if status == 1:
                return None
            return members(out) if out.startswith("#{") else number(out.strip())
        old, new = re.fullmatch(r"\[(nil|\d+|#\{[\d ]*\}) (\d+|#\{[\d ]*\})\]", out.strip()).groups()
        convert = number if operation == "add" else members
        return convert(old), convert(new)

    def work(self, number, troubles):
        dice = random.Random(f"{self.options.seed} {self.keys.name} {number}")
        kinds = ["register", "register", "counter", "set"] + ([] if "twice-first" in self.faults else ["plain", "mixed"])
        count = 0
        try:
            while time.monotonic() < self.end:
                kind, key = self.keys.choose(dice.choice(kinds))
                count += 1
                if dice.random() < 0.25:
                    step = "read", (), ["get", key]
                elif kind == "counter":
                    step = "add", (), ["update", key, "(fnil inc 0)"]
                elif kind == "set":
                    element = number * 100_000 + count
                    step = "conj", (element,), ["update", key, "(fnil conj #{})", str(element)]
                elif kind == "plain" or (kind == "mixed" and dice.random() < 0.4):
                    value = dice.randrange(VALUES)
                    step = "write", (value,), ["assoc", key, str(value)]
                elif dice.random() < 0.2:
                    value = dice.randrange(VALUES)
                    step = "cas", (None, value), ["assoc", key, str(value), "--if-absent"]
                else:
                    old, new = dice.randrange(VALUES), dice.randrange(VALUES)
                    step = "cas", (old, new), ["cas", key, str(old), str(new)]
                self.run(number, key, *step, dice)
        except (RuntimeError, AttributeError, ValueError, OSError) as why:
            troubles.append(str(why))

    def stop_storage(self):
        storage = int(os.environ["KSV_TEST_S3_STORAGE_PID"])
        while time.monotonic() < self.end:
            time.sleep(0.4)
            os.kill(storage, signal.SIGSTOP)
            time.sleep(0.3 + self.dice.random())
            os.kill(storage, signal.SIGCONT)

    def play(self):
        subprocess.run(self.command(["update", ":warm", "str", "x"]), env=self.environment, check=True,
                       capture_output=True)
        self.end = time.monotonic() + self.options.seconds
        troubles = []
        threads = [threading.Thread(target=self.work, args=(n, troubles)) for n in range(CLIENTS)]
        if "storage" in self.faults:
            threads.append(threading.Thread(target=self.stop_storage))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.proxy.release()
        for key in list(self.keys.events):
            self.run(CLIENTS, key, "read", (), ["get", key], self.dice, direct=True)
        self.proxy.close()
        return troubles


def judge(name, scenario, counts):
    for key, events in scenario.keys.events.items():
        counts["keys"] += 1
        for event in events:
            counts["operations"] += 1
            if event.operation != "read":
                counts["writes"] += 1
                counts["unknown"] += event.outcome == "unknown"
        kind = key[1:].split("-")[0]
        try:
            good = is_linearizable(kind, events)
            if not good and kind == "mixed":
                good = is_linearizable(kind, weaken(events))
                counts["by Ceph"] += good
        except Undecided as why:
            print(f"UNDECIDED: {name} {key}: {why}", file=sys.stderr)
            counts["undecided"] += 1
            continue
        if not good:
            counts["anomalies"] += 1
            print(f"ANOMALY: {name} {key}", *sorted(events, key=lambda e: e.invoked), sep="\n  ", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--ksv", required=True)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = False
    print("\n| fault | keys | operations | writes | unknown | anomalies | undecided | by Ceph |\n"
          "|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="ksv-proof-") as folder:
        environment = os.environ | {"XDG_CACHE_HOME": folder, "HOME": folder}
        first = Scenario("none", options, environment)
        subprocess.run(first.command(["create-store"], direct=True), env=environment, check=True)
        for name in FAULTS:
            scenario = Scenario(name, options, environment)
            counts = collections.Counter()
            for trouble in scenario.play():
                print(f"BROKEN: {name}: {trouble}", file=sys.stderr)
                failed = True
            judge(name, scenario, counts)
            share = 100 * counts["unknown"] / max(1, counts["writes"])
            print(f"| {name} | {counts['keys']} | {counts['operations']} | {counts['writes']} | "
                  f"{counts['unknown']} ({share:.1f} %) | {counts['anomalies']} | {counts['undecided']} | "
                  f"{counts['by Ceph']} |", flush=True)
            failed = failed or counts["anomalies"] > 0 or counts["undecided"] > 0 or counts["writes"] == 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
