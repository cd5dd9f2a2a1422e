#!/usr/bin/env python3
"""usage: s3_listing_test.py KSV LIST_SERVER [TEST...]
       s3_listing_test.py --measure KSV LIST_SERVER KEYS...

How much memory a store with many keys takes: no more than one with few. With --measure, figures for larger ones."""

import os
import subprocess
import sys
import time

from s3_case import SCRIPTED_KEYS, STORE_ID, KsvCase, golden_bucket, main

# A key must add less than this to the peak: a name that is kept takes more, with what is around it.
NAME_BYTES = 120
STORE = f"s3://bucket/{STORE_ID}"


class ListServer:
    def __init__(self, folder, keys):
        blob = folder / "blob"
        blob.write_bytes(next(row["body"] for row in golden_bucket()["rows"] if row["key"] == ":nm"))
        self.process = subprocess.Popen([os.environ["KSV_LIST_SERVER"], str(keys), str(blob)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


def peak_of(process):
    """The peak of resident memory so far, in bytes; 0 of a process that has ended. (What wait4 tells is no less than
    the peak of the process that started it.)"""
    try:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def run_measured(words, env, out):
    """The exit status, the peak of resident memory in bytes and the seconds."""
    begun, peak = time.monotonic(), 0
    process = subprocess.Popen([os.environ["KSV"], *words], env=env, stdin=subprocess.DEVNULL, stdout=out)
    while process.poll() is None:
        peak = max(peak, peak_of(process))
        time.sleep(0.01)
    return process.returncode, peak, time.monotonic() - begun


class Measuring(KsvCase):
    def measure(self, keys, *words):
        """The lines that ksv prints and its peak of memory, for a store of so many keys."""
        server = ListServer(self.folder, keys)
        try:
            with open(self.folder / "out", "wb") as out:
                # One heap for all threads: with many, how they share them makes more of a difference than leaks would.
                env = self.variables(SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url, "MALLOC_ARENA_MAX": "1"})
                status, peak, seconds = run_measured([*words, "-s", STORE, "--timeout", "1h"], env, out)
        finally:
            server.stop()
        self.assertEqual(status, 0)
        print(f"{words[0]} of {keys} keys: {peak / 2**20:.1f} MiB, {seconds:.1f} s", file=sys.stderr)
        return (self.folder / "out").read_bytes().count(b"\n"), peak


class Listings(Measuring):
    def assert_flat(self, few, many, keys):
        self.assertLess(many - few, keys * NAME_BYTES)

    def test_keys(self):
        # Both have more than a page for each of the walks that run at once.
        lines, few = self.measure(16_000, "keys")
        self.assertEqual(lines, 16_000)
        lines, many = self.measure(96_000, "keys")
        self.assertEqual(lines, 96_000)
        self.assert_flat(few, many, 80_000)

    def test_delete_store(self):
        _, few = self.measure(16_000, "delete-store", "--yes")
        _, many = self.measure(160_000, "delete-store", "--yes")
        self.assert_flat(few, many, 144_000)

    def test_describe_store(self):
        _, few = self.measure(3_200, "describe-store")
        _, many = self.measure(32_000, "describe-store")
        self.assert_flat(few, many, 28_800)
        self.assertIn(":keys 32000", (self.folder / "out").read_text())


class Figures(Measuring):
    """--measure."""

    def print_all(self):
        for keys in map(int, sys.argv[1:]):
            for words in (["describe-store"], ["delete-store", "--yes"], ["keys"]):
                self.measure(keys, *words)


if __name__ == "__main__":
    measuring = sys.argv[1:2] == ["--measure"]
    if measuring:
        del sys.argv[1]
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    os.environ["KSV_LIST_SERVER"] = os.path.abspath(sys.argv.pop(2))
    if measuring:
        os.environ["KSV"] = os.path.abspath(sys.argv.pop(1))
        Figures("print_all").debug()
    else:
        main()
