#!/usr/bin/env python3
# Tests of the checker: histories that are known to be good or bad.
import pathlib
import random
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from linearizable import Event, is_linearizable, weaken


def ok(invoked, returned, operation, *arguments, result=None):
    return Event(0, operation, arguments, invoked, returned, "ok", result)


def lost(invoked, operation, *arguments):
    return Event(0, operation, arguments, invoked, None, "unknown")


def weak(invoked, returned, operation, *arguments):
    return Event(0, operation, arguments, invoked, returned, "weak")


def failed(invoked, returned, operation, *arguments):
    return Event(0, operation, arguments, invoked, returned, "fail")


def plus(invoked, returned, old):
    return ok(invoked, returned, "add", result=(old, (old or 0) + 1))


GOOD = {
    "one after the other": ("register", [
        ok(1, 2, "write", 1), ok(3, 4, "read", result=1), ok(5, 6, "cas", 1, 2, result=True),
        ok(7, 8, "cas", 1, 3, result=False), ok(9, 10, "read", result=2)]),
    "a read during a write sees either": ("register", [
        ok(1, 2, "write", 1), ok(3, 9, "write", 2), ok(4, 5, "read", result=1), ok(6, 7, "read", result=2)]),
    "an unknown write that is seen late": ("register", [
        ok(1, 2, "write", 1), lost(3, "write", 2), ok(4, 5, "read", result=1), ok(6, 7, "read", result=2)]),
    "an unknown write that is never seen": ("register", [
        ok(1, 2, "write", 1), lost(3, "write", 2), ok(4, 5, "read", result=1)]),
    "a failed write that is never seen": ("register", [
        ok(1, 2, "write", 1), failed(3, 4, "write", 2), ok(5, 6, "read", result=1)]),
    "a weak write that is never seen": ("register", [
        ok(1, 2, "write", 1), weak(3, 6, "write", 2), ok(4, 5, "cas", 1, 3, result=True), ok(7, 8, "read", result=3)]),
    "a weak write that is seen": ("register", [
        ok(1, 2, "write", 1), weak(3, 6, "write", 2), ok(4, 5, "cas", 1, 3, result=True), ok(7, 8, "read", result=2)]),
    "counters that overlap": ("counter", [plus(1, 9, 1), plus(2, 8, None), ok(10, 11, "read", result=2)]),
    "an unknown increment between two": ("counter", [plus(1, 2, None), lost(3, "add"), plus(4, 5, 2)]),
    "sets": ("set", [
        ok(1, 5, "conj", 1, result=(frozenset({2}), frozenset({1, 2}))),
        ok(2, 4, "conj", 2, result=(None, frozenset({2})))]),
}
BAD = {
    "a lost update": ("counter", [plus(1, 4, 5), plus(2, 3, 5)], 5),
    "a lost update that nobody was told of": ("counter", [
        plus(1, 2, None), plus(3, 4, 1), ok(5, 6, "read", result=1)]),
    "a doubled increment": ("counter", [plus(1, 2, None), ok(3, 4, "read", result=2)]),
    "an increment that is unknown and counts twice": ("counter", [
        plus(1, 2, None), lost(3, "add"), ok(4, 5, "read", result=3)]),
    "a stale read": ("register", [
        ok(1, 2, "write", 1), ok(3, 4, "write", 2), ok(5, 6, "read", result=1)]),
    "a read that goes back": ("register", [
        ok(1, 2, "write", 1), ok(3, 9, "write", 2), ok(4, 5, "read", result=2), ok(6, 7, "read", result=1)]),
    "a failed write that took effect": ("register", [
        ok(1, 2, "write", 1), failed(3, 4, "write", 2), ok(5, 6, "read", result=2)]),
    "a compare-and-set that won and says it lost": ("register", [
        ok(1, 2, "write", 1), ok(3, 4, "cas", 1, 2, result=False), ok(5, 6, "read", result=2)]),
    "two that compare and set the same, and both won": ("register", [
        ok(1, 2, "write", 0), ok(3, 8, "cas", 0, 1, result=True), ok(4, 7, "cas", 0, 1, result=True)]),
    "an unknown write that comes and goes": ("register", [
        ok(1, 2, "write", 1), lost(3, "write", 2), ok(4, 5, "read", result=2), ok(6, 7, "read", result=1)]),
    "an unknown write before it was made": ("register", [
        ok(1, 2, "write", 1), ok(3, 4, "read", result=2), lost(5, "write", 2)]),
    "a weak write that comes after it was acknowledged": ("register", [
        ok(1, 2, "write", 1), weak(3, 6, "write", 2), ok(4, 5, "cas", 1, 3, result=True), ok(7, 8, "read", result=3),
        ok(9, 10, "read", result=2)]),
    "a plain write that is lost to one that compares and sets": ("mixed", [
        ok(1, 2, "write", 1), ok(3, 6, "write", 2), ok(4, 5, "cas", 1, 3, result=True), ok(7, 8, "read", result=3)]),
    "an element that is lost": ("set", [
        ok(1, 2, "conj", 1, result=(None, frozenset({1}))), ok(3, 4, "read", result=frozenset())]),
}


def random_history(dice, count):
    """Of a register that is a register: events around the moments at which they happen."""
    value, events = None, []
    for moment in range(1, count + 1):
        invoked, returned = moment - dice.random() * 4, moment + dice.random() * 4
        kind = dice.choice(("write", "read", "cas"))
        if kind == "write":
            value = dice.randrange(3)
            events.append(ok(invoked, returned, "write", value))
        elif kind == "read":
            events.append(ok(invoked, returned, "read", result=value))
        else:
            old, new = dice.randrange(3), dice.randrange(3)
            won = value == old
            events.append(ok(invoked, returned, "cas", old, new, result=won))
            value = new if won else value
        if dice.random() < 0.2 and kind != "read":
            events[-1] = events[-1]._replace(outcome="unknown", returned=None, result=None)
    return events


class Checker(unittest.TestCase):
    def test_good(self):
        for name, (kind, events, *initial) in GOOD.items():
            with self.subTest(name):
                self.assertTrue(is_linearizable(kind, events, *initial))

    def test_bad(self):
        for name, (kind, events, *initial) in BAD.items():
            with self.subTest(name):
                self.assertFalse(is_linearizable(kind, events, *initial))

    def test_weakened_are_the_plain_writes_beside_one_that_set(self):
        beside = ok(3, 6, "write", 2), ok(4, 5, "cas", 1, 3, result=True)
        alone = ok(7, 8, "write", 2), ok(7, 8, "cas", 1, 3, result=False)
        self.assertEqual([e.outcome for e in weaken([*beside, *alone])], ["weak", "ok", "ok", "ok"])
        self.assertEqual(weaken([alone[0], lost(1, "cas", 1, 3)])[0].outcome, "weak")
        self.assertEqual(weaken([beside[0], failed(4, 5, "cas", 1, 3)])[0].outcome, "ok")

    def test_true_histories_pass_and_forged_reads_do_not(self):
        dice = random.Random(1)
        for _ in range(100):
            self.assertTrue(is_linearizable("register", random_history(dice, 60)))
            events = random_history(dice, 15)
            events.append(ok(200, 201, "read", result=9))
            self.assertFalse(is_linearizable("register", events))


if __name__ == "__main__":
    unittest.main()
