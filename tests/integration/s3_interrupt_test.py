#!/usr/bin/env python3
"""usage: s3_interrupt_test.py KSV [TEST...]

What a signal leaves behind: nothing of an upload in parts, and a word about the write that was under way. Runs under
run.py rgw."""

import json
import os
import signal
import subprocess
import threading
import time

from s3_case import ETAG, OK, SCRIPTED_KEYS, STORE_ID, GatewayCase, KsvCase, main

UPLOAD_BYTES = 200_000_000


def await_true(what, seconds=20):
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        time.sleep(0.01)


class Uploads(GatewayCase):
    def uploads(self):
        return self.client.require("GET", f"/{self.bucket}", {"uploads": ""}).decode().count("<UploadId>")

    def start_upload(self):
        """ksv, which reads from a pipe, and what writes into it: 50 MB, and the rest when it is told to."""
        reader, writer = os.pipe()
        process = self.start_with(reader, "bassoc", ":big", "-", "-s", self.store, "--timeout", "60s")
        os.close(reader)
        go_on = threading.Event()

        def feed():
            try:
                block = b"x" * 1_000_000
                for count in range(UPLOAD_BYTES // len(block)):
                    if count == 50:
                        go_on.wait(30)
                    view = memoryview(block)
                    while view:
                        view = view[os.write(writer, view):]
            except BrokenPipeError:
                pass  # ksv is gone
            os.close(writer)
        feeder = threading.Thread(target=feed)
        feeder.start()
        return process, go_on, feeder

    def start_with(self, stdin, *words):
        return subprocess.Popen([os.environ["KSV"], *words], env=self.variables(self.env), stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def interrupt(self, number):
        self.ksv("create-store", "-s", self.store, env=self.env)
        process, go_on, feeder = self.start_upload()
        await_true(lambda: self.uploads() == 1)
        process.send_signal(number)
        go_on.set()
        _, err = process.communicate(timeout=30)
        feeder.join()
        return process.returncode, err.decode()

    def assert_nothing_is_left(self):
        self.assertEqual(self.uploads(), 0)
        self.assertEqual(self.object_names(), [f"{STORE_ID}_.konserve-metadata"])

    def test_an_interrupted_upload_leaves_nothing(self):
        status, err = self.interrupt(signal.SIGINT)
        # By the signal itself: a shell says 130.
        self.assertEqual(status, -signal.SIGINT, err)
        self.assertIn("interrupted", err)
        self.assert_nothing_is_left()

    def test_a_terminated_upload_leaves_nothing(self):
        status, err = self.interrupt(signal.SIGTERM)
        self.assertEqual(status, -signal.SIGTERM, err)
        self.assert_nothing_is_left()

    def test_an_upload_that_is_not_interrupted_arrives(self):
        self.ksv("create-store", "-s", self.store, env=self.env)
        process, go_on, feeder = self.start_upload()
        go_on.set()
        _, err = process.communicate(timeout=60)
        feeder.join()
        self.assertEqual(process.returncode, OK, err)
        self.assertEqual(self.uploads(), 0)
        self.ksv("bget", ":big", self.folder / "out", "-s", self.store, env=self.env)
        self.assertEqual((self.folder / "out").stat().st_size, UPLOAD_BYTES)


class Writes(KsvCase):
    """A plain PUT whose answer comes after the signal."""

    def setUp(self):
        super().setUp()
        self.stored = {f"/bucket/{STORE_ID}_.konserve-metadata": b"konserve"}
        self.arrived, self.answer_it = threading.Event(), threading.Event()
        self.server = self.serve(self.answer)

    def answer(self, request):
        name = request.target.partition("?")[0]
        if request.method == "PUT":
            self.stored[name] = request.body
            self.arrived.set()
            self.answer_it.wait(20)
            return 200, {"ETag": ETAG}, b""
        if name in self.stored:
            return 200, {"ETag": ETAG}, self.stored[name]
        return 404, {}, b"<Error><Code>NoSuchKey</Code></Error>"

    def write(self, *words):
        env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": self.server.url}
        process = self.start(*words, "-s", f"s3://bucket/{STORE_ID}", env=env)
        self.addCleanup(process.kill)
        self.assertTrue(self.arrived.wait(10), "nothing was written")
        return process

    def test_a_terminated_write_tells_its_outcome(self):
        process = self.write("assoc", ":a", "1", "--json")
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        self.assertIsNone(process.poll(), "it did not wait for the answer")
        self.answer_it.set()
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, -signal.SIGTERM, err)
        self.assertIn("applied", err.decode())
        self.assertNotIn("not-applied", err.decode())

    def test_a_write_whose_answer_never_comes_is_unknown_or_read_back(self):
        process = self.write("assoc", ":a", "1", "--json", "--timeout", "3s")
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        self.answer_it.set()
        self.assertEqual(process.returncode, -signal.SIGTERM, err)
        # It landed: what ksv says of it must not be that it did not.
        outcome = json.loads(err.decode().strip().splitlines()[-1])["outcome"]
        self.assertIn(outcome, ("applied", "unknown"))


if __name__ == "__main__":
    main()
