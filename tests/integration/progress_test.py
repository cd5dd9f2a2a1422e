#!/usr/bin/env python3
"""usage: progress_test.py KSV [TEST...]

The line of progress: on a terminal, and nowhere else. A pseudo terminal stands for one. All on loopback."""

import os
import pty
import subprocess
import threading
import time

from s3_case import SCRIPTED_KEYS, STORE_ID, KsvCase, main
from s3_rounds_test import SmallS3

STORE = f"s3://bucket/{STORE_ID}"
WIPE = "\r\x1b[K"
# Work is shown from its second second on.
SLOW_SECONDS = 1.5


class Progress(KsvCase):
    def setUp(self):
        super().setUp()
        self.s3 = SmallS3()
        self.env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": self.serve(self.answer).url}

    def answer(self, request):
        if request.method == "POST":
            time.sleep(SLOW_SECONDS)
        return self.s3.answer(request)

    def shown(self, *words, feed=None, drain=None, terminal=True):
        """What a command shows on its standard error. `feed` writes its input, `drain` reads its output."""
        mine, theirs = pty.openpty() if terminal else os.pipe()
        command = [os.environ["KSV"], *words]
        child = subprocess.Popen(command, env=self.variables(self.env), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=theirs)
        os.close(theirs)
        pieces = []
        reader = threading.Thread(target=self.read_all, args=(mine, pieces))
        reader.start()
        if feed:
            feed(child.stdin)
        child.stdin.close()
        (drain or (lambda pipe: pipe.read()))(child.stdout)
        child.stdout.close()
        self.assertEqual(child.wait(timeout=60), 0)
        reader.join(10)
        os.close(mine)
        return b"".join(pieces).decode()

    @staticmethod
    def read_all(descriptor, pieces):
        try:
            while piece := os.read(descriptor, 65536):
                pieces.append(piece)
        except OSError:
            pass  # a terminal says so of its end

    def check(self, verb, unit, show):
        """`show` runs the command with further options, on a terminal or not."""
        text = show()
        self.assertRegex(text, rf"^\r\x1b\[K{verb}  [0-9.]+ {unit}  [0-9.]+{'/s' if unit == 'keys' else ' MB/s'}")
        # At the end nothing of it is left.
        self.assertTrue(text.endswith(WIPE), repr(text))
        self.assertEqual(show("-q"), "")
        self.assertEqual(show(terminal=False), "")

    def test_bassoc(self):
        def feed(pipe):
            for _ in range(5):
                pipe.write(b"x" * 1000)
                pipe.flush()
                time.sleep(SLOW_SECONDS / 4)
        self.check("writing", "MB", lambda *options, **how: self.shown("bassoc", ":b", "-s", STORE, *options, feed=feed,
                                                                       **how))

    def test_bget(self):
        def drain(pipe):
            time.sleep(SLOW_SECONDS)
            pipe.read()
        store = str(self.folder / "store")
        self.ksv("create-store", "-s", store, env={})
        self.ksv("bassoc", ":b", "-s", store, env={}, stdin=b"x" * 5_000_000)
        self.check("reading", "MB", lambda *options, **how: self.shown("bget", ":b", "-s", store, *options, drain=drain,
                                                                       **how))

    def test_delete_store(self):
        def show(*options, **how):
            self.s3.objects = {f"/bucket/{STORE_ID}_.konserve-metadata": b"konserve"}
            self.s3.objects |= {f"/bucket/{STORE_ID}_k{number}.ksv": b"" for number in range(20)}
            text = self.shown("delete-store", "--yes", "-s", STORE, *options, **how)
            self.assertEqual(self.s3.objects, {})
            return text
        self.check("deleting", "keys", show)


if __name__ == "__main__":
    main()
