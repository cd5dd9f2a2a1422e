#!/usr/bin/env python3
# What ksv says of a write during which it is asked to end, against what became of the write.
"""usage: endings_test.py KSV [TEST...]

The write is held by a server that honours conditions: it was done and its answer comes after the signal, or it was done and
no answer comes, or it was not done and no answer comes. Meanwhile ksv gets a signal, loses its standard output, or runs
out of time. It must say what became of the write, or that it does not know, and then end by that signal."""

import concurrent.futures
import hashlib
import json
import pathlib
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from s3_case import SCRIPTED_KEYS, STORE_ID, KsvCase, ksv_program, main, refusal

PATIENCE = "2s"
MARKER = f"/bucket/{STORE_ID}_.konserve-metadata"
# By name: the method of the write, whether a value is there before, and the words.
OPERATIONS = {
    "assoc": ("PUT", True, ["assoc", ":k", "2"]),
    "assoc --if-absent": ("PUT", False, ["assoc", ":k", "2", "--if-absent"]),
    "update": ("PUT", True, ["update", ":k", "inc"]),
    "swap": ("PUT", True, ["swap", ":k", "inc"]),
    "cas": ("PUT", True, ["cas", ":k", "1", "2"]),
    "dissoc": ("DELETE", True, ["dissoc", ":k"]),
    "create-store": ("PUT", False, ["create-store"]),
}
FATES = ("done, answered late", "done, never answered", "not done, never answered")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class HoldingStore:
    """A bucket in memory. While it is told to hold, the next request of that method waits."""

    def __init__(self):
        self.objects, self.lock = {MARKER: (b"konserve", {})}, threading.Lock()
        self.held_method, self.counted, self.fate = None, None, None
        self.arrived, self.go_on, self.over = threading.Event(), threading.Event(), threading.Event()
        self.done = 0

    def hold(self, method, fate):
        self.held_method, self.counted, self.fate = method, method, fate

    def answer(self, request):
        with self.lock:
            held, name = request.method == self.held_method, request.target.partition("?")[0]
            if held:
                self.held_method = None
            if held and self.fate.startswith("not done"):
                answer = 500, {}, b""
            else:
                answer = self.carry_out(request, name)
                # What ksv sends again counts, too.
                self.done += request.method == self.counted and answer[0] < 300
        if held:
            self.arrived.set()
            (self.go_on if self.fate.endswith("late") else self.over).wait(20)
        return answer

    def carry_out(self, request, name):
        there = self.objects.get(name)
        etag = hashlib.md5(there[0] + str(there[1]).encode()).hexdigest() if there else None
        if request.method in ("GET", "HEAD"):
            if name == "/bucket":
                return 200, {}, b""
            return (200, {"ETag": f'"{etag}"'} | there[1], there[0]) if there else refusal(404, "NoSuchKey")
        if request.headers.get("if-none-match") and there:
            return refusal(412, "PreconditionFailed")
        match = request.headers.get("if-match")
        if match and match.strip('"') != etag:
            return refusal(412, "PreconditionFailed")
        if request.method == "DELETE":
            self.objects.pop(name, None)
            return 204, {}, b""
        kept = {key: value for key, value in request.headers.items() if key.startswith("x-amz-meta-")}
        self.objects[name] = request.body, kept
        return 200, {"ETag": '"' + hashlib.md5(request.body + str(kept).encode()).hexdigest() + '"'}, b""


class Endings(KsvCase):
    def start_held(self, operation, fate):
        """ksv, whose write is held, and the store."""
        method, present, words = OPERATIONS[operation]
        store = HoldingStore()
        self.addCleanup(store.over.set)
        self.addCleanup(store.go_on.set)
        server = self.serve(store.answer)
        place = f"s3://bucket/{STORE_ID}"
        env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url}
        # Also proves the service, so that the next PUT is the write itself.
        self.ksv("assoc", ":warm", "1", "--if-absent", "-s", place, env=env)
        if present:
            self.ksv("assoc", ":k", "1", "-s", place, env=env)
        if operation == "create-store":
            del store.objects[MARKER]
        store.hold(method, fate)
        command = [ksv_program(), *words, "-s", place, "--json", "--timeout", PATIENCE]
        process = subprocess.Popen(command, env=self.variables(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        self.assertTrue(store.arrived.wait(10), f"{operation}: nothing was written")
        return process, store

    def end(self, process, store):
        """What ksv says at last; its status stays in the process."""
        time.sleep(0.2)
        store.go_on.set()
        said = process.stderr.read().decode()
        process.wait(30)
        return said

    def judge(self, operation, fate, outcome, store, said):
        if outcome == "applied":
            self.assertGreaterEqual(store.done, 1, said)
        if outcome == "not-applied":
            self.assertEqual(store.done, 0, said)
        self.assertIn(outcome, ("applied", "not-applied", "unknown"), said)
        # Where an answer came, or the state can be told apart, nothing stays in doubt.
        if fate.startswith("done"):
            self.assertEqual(outcome, "applied", f"{operation}, {fate}: {said}")

    def each(self, check, *more):
        cases = [(operation, fate, *extra) for operation in OPERATIONS for fate in FATES for extra in more or [()]]
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            for case, found in zip(cases, [pool.submit(check, *case) for case in cases]):
                with self.subTest(" ".join(map(str, case))):
                    found.result()

    def signalled(self, operation, fate, number):
        process, store = self.start_held(operation, fate)
        process.send_signal(number)
        said = self.end(process, store)
        process.stdout.close()
        self.assertEqual(process.returncode, -number, f"{operation}, {fate}: {said}")
        self.judge(operation, fate, json.loads(said.strip().splitlines()[-1])["outcome"], store, said)

    def unread(self, operation, fate):
        process, store = self.start_held(operation, fate)
        process.stdout.close()
        said = self.end(process, store)
        if process.returncode != -signal.SIGPIPE:
            # It had nothing to print; then its status tells.
            self.judge(operation, fate, self.outcome_of(process.returncode), store, said)
            return
        self.judge(operation, fate, json.loads(said.strip().splitlines()[-1])["outcome"], store, said)

    def out_of_time(self, operation, fate):
        process, store = self.start_held(operation, fate)
        said = self.end(process, store) if fate.endswith("late") else process.stderr.read().decode()
        process.stdout.close()
        process.wait(30)
        self.judge(operation, fate, self.outcome_of(process.returncode), store, said)

    @staticmethod
    def outcome_of(status):
        return {0: "applied", 4: "unknown"}.get(status, "not-applied")

    def test_a_signal_is_obeyed_when_the_write_is_settled_or_told(self):
        self.each(self.signalled, *[(number,) for number in SIGNALS])

    def test_a_closed_pipe_ends_it_when_the_write_is_settled_and_told(self):
        self.each(self.unread)

    def test_a_deadline_leaves_time_to_settle(self):
        self.each(self.out_of_time)


if __name__ == "__main__":
    main()
