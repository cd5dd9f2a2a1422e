#!/usr/bin/env python3
# Real ksv processes write into a cluster of etcd whose members are paused and killed, and must know what they wrote.
"""usage: etcd_cluster.py --ksv PATH [--api v3|v2] [--settle history|sidecar] [--seconds N] [--workers N]

To be run by tests/servers/run.py etcd3. Each worker appends tokens of its own to one of a few values, some of its runs are
killed; meanwhile a follower is paused, then two members (no quorum), then the leader is paused, and at last killed. In the
end each token is held against the exit status of the run that was to write it: said to be written and not there, said not
to be written and there, or there twice, is wrong."""

import argparse
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

KEYS = 4
PATIENCE = "4s"
QUIET, TROUBLE = 0.7, 1.6  # seconds


def spawn(command, environment):
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)


class Cluster:
    """The members by number; those of the endpoints and of the processes are in the same order."""

    def __init__(self):
        self.endpoints = os.environ["KSV_TEST_ETCD_ENDPOINTS"].split(",")
        self.processes = [int(text) for text in os.environ["KSV_TEST_ETCD_PIDS"].split(",")]

    def leader(self):
        for endpoint in self.endpoints:
            try:
                with urllib.request.urlopen(urllib.request.Request(
                        f"http://{endpoint}/v3/maintenance/status", b"{}"), timeout=1) as answer:
                    leader = json.load(answer).get("leader")
                with urllib.request.urlopen(urllib.request.Request(
                        f"http://{endpoint}/v3/cluster/member/list", b"{}"), timeout=1) as answer:
                    names = {member["ID"]: member["name"] for member in json.load(answer)["members"]}
                return int(names[leader][1:])
            except (OSError, KeyError, ValueError):
                continue
        return 0

    def strike(self, members, kind):
        for member in members:
            os.kill(self.processes[member], kind)

    def trouble(self, number):
        """A follower stops, two members do, the leader does; then all go on."""
        leader = self.leader()
        others = [member for member in range(3) if member != leader]
        members = ([others[0]], others, [leader])[number % 3]
        self.strike(members, signal.SIGSTOP)
        time.sleep(TROUBLE)
        self.strike(members, signal.SIGCONT)


class Worker(threading.Thread):
    def __init__(self, number, options, store, environment, until):
        super().__init__()
        self.number, self.options, self.store = number, options, store
        self.environment, self.until = environment, until
        self.dice = random.Random(number)
        self.said = []  # key, token, verdict, story

    def run(self):
        turn = 0
        while time.monotonic() < self.until:
            turn += 1
            key, token = f"/k{self.dice.randrange(KEYS)}", f"<{self.number}.{turn}>"
            command = [self.options.ksv, "-s", self.store, "swap", key, "str", f'"{token}"', "--timeout", PATIENCE]
            process = spawn(command, self.environment)
            killed = self.dice.random() < 0.1
            if killed:
                time.sleep(self.dice.random() * 0.03)
                process.kill()
            _, error = process.communicate()
            verdict = "killed" if process.returncode < 0 else {0: "written", 4: "unknown"}.get(
                process.returncode, "not written")
            self.said.append((key, token, verdict, f"status {process.returncode} {error.strip()}"))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--ksv", required=True)
    parser.add_argument("--api", choices=("v3", "v2"), default="v3")
    parser.add_argument("--settle", choices=("history", "sidecar"), default="history")
    parser.add_argument("--seconds", type=float, default=9)
    parser.add_argument("--workers", type=int, default=6)
    options = parser.parse_args()
    cluster = Cluster()
    query = f"?api={options.api}&settle={options.settle}"
    store = f"etcd://{','.join(cluster.endpoints)}/cluster{query}"
    with tempfile.TemporaryDirectory(prefix="ksv-proof-") as folder:
        environment = os.environ | {"XDG_CACHE_HOME": folder, "HOME": folder}
        for number in range(KEYS):
            subprocess.run([options.ksv, "-s", store, "assoc", f"/k{number}", ""], env=environment, check=True)
        until = time.monotonic() + options.seconds
        workers = [Worker(n, options, store, environment, until) for n in range(options.workers)]
        for worker in workers:
            worker.start()
        troubles = 0
        while time.monotonic() < until - TROUBLE:
            time.sleep(QUIET)
            cluster.trouble(troubles)
            troubles += 1
        leader = cluster.leader()
        cluster.strike([leader], signal.SIGKILL)
        for worker in workers:
            worker.join()
        left = [endpoint for member, endpoint in enumerate(cluster.endpoints) if member != leader]
        values = {}
        for number in range(KEYS):
            command = [options.ksv, "-s", f"etcd://{','.join(left)}/cluster{query}", "get", f"/k{number}",
                       "--timeout", "30s"]
            values[f"/k{number}"] = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True,
                                                   text=True).stdout
    verdicts, wrong = collections.Counter(), 0
    for key, token, verdict, story in (each for worker in workers for each in worker.said):
        verdicts[verdict] += 1
        times = values[key].count(token)
        if times > 1 or times != {"written": 1, "not written": 0}.get(verdict, times):
            wrong += 1
            print(f"WRONG: {key} {token} {verdict}, there {times} times: {story}", file=sys.stderr)
    heads = ("written", "not written", "unknown", "killed")
    print(f"| runs | {' | '.join(heads)} | wrong | troubles |\n|{'---|' * (len(heads) + 3)}")
    print(f"| {sum(verdicts.values())} | {' | '.join(str(verdicts[head]) for head in heads)} | {wrong} | {troubles} |")
    return 0 if verdicts["written"] > 0 and wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
