#!/usr/bin/env python3
"""usage: s3_stores_test.py KSV [TEST...]

Stores and buckets of a gateway: what looking at them costs, which rights it needs, buckets that cannot be trusted,
memory for large values. Runs under run.py rgw."""

import json
import os
import re
import signal
import subprocess
import threading
import time

from s3_case import DENIED, OK, STATE, STORE_ID, UNKNOWN, GatewayCase, S3Client, main

UNSAFE = 10
CONNECTIONS = 8
LARGE_BYTES = 200_000_000
# Of the parts in flight. A value that was kept whole would take more.
MEMORY_BYTES_MAX = 140_000_000


def requests_of(err):
    return int(re.search(r"requests (\d+)", err)[1])


class Stores(GatewayCase):
    def setUp(self):
        super().setUp()
        self.ksv("create-store", "-s", self.store, env=self.env)

    def put_all(self, names, body):
        """The same object under many names, over a few connections."""
        def put(some):
            client = S3Client()
            for name in some:
                client.require("PUT", f"/{self.bucket}/{name}", body=body)
            client.connection.close()
        threads = [threading.Thread(target=put, args=(names[first::CONNECTIONS],)) for first in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def test_a_listing_of_stores_costs_a_look_at_each(self):
        ids = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(7)]
        self.put_all([f"{store_id}_.konserve-metadata" for store_id in ids], b"konserve")
        self.put_all([f"{store_id}_{number:08x}-0000-5000-8000-000000000000.ksv"
                      for store_id in ids for number in range(40)], b"x")
        # Has blobs and no marker: it is no store. And what is nobody's.
        self.client.require("PUT", f"/{self.bucket}/{STORE_ID[:-1]}9_{ids[0]}.ksv", body=b"x")
        self.client.require("PUT", f"/{self.bucket}/readme.txt", body=b"x")
        out, err = self.ksv("list-stores", f"s3://{self.bucket}", "--stats", env=self.env)
        self.assertEqual(out.split(), sorted([*ids, STORE_ID]))
        # One listing, a look at each marker, and one at what has none: not one request more for the 280 objects.
        self.assertLessEqual(requests_of(err), 1 + len(ids) + 2)

    def test_a_store_in_a_bucket_without_rights_to_write_can_be_read(self):
        self.ksv("assoc", ":a", "1", "-s", self.store, env=self.env)
        policy = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject", "s3:DeleteObject"],
             "Resource": [f"arn:aws:s3:::{self.bucket}/*"]}]}
        self.client.require("PUT", f"/{self.bucket}", {"policy": ""}, body=json.dumps(policy).encode())
        # Nothing that an earlier command learnt helps: the cache is in another folder.
        fresh = self.env | {"HOME": str(self.folder / "other")}
        self.assertEqual(self.ksv("get", ":a", "-s", self.store, env=fresh)[0], "1\n")
        self.assertEqual(self.ksv("keys", "-s", self.store, env=fresh)[0], ":a\n")
        self.assertEqual(self.ksv("store-exists", "-s", self.store, env=fresh)[0], "true\n")
        self.ksv("describe-store", "-s", self.store, env=fresh)
        _, err = self.ksv("assoc", ":a", "2", "-s", self.store, env=fresh, status=DENIED)
        self.assertIn("403", err)
        self.ksv("update", ":a", "inc", "-s", self.store, env=fresh, status=DENIED)
        self.assertEqual(self.ksv("get", ":a", "-s", self.store, env=fresh)[0], "1\n")

    def test_a_bucket_with_versions_ignores_conditions_and_is_refused(self):
        self.ksv("assoc", ":n", "1", "-s", self.store, env=self.env)
        self.client.require("PUT", f"/{self.bucket}", {"versioning": ""}, body=b"<VersioningConfiguration>"
                            b"<Status>Enabled</Status></VersioningConfiguration>")
        fresh = self.env | {"HOME": str(self.folder / "other")}
        _, err = self.ksv("update", ":n", "inc", "-s", self.store, env=fresh, status=UNSAFE)
        self.assertIn("--allow-unsafe", err)
        self.assertEqual(self.ksv("get", ":n", "-s", self.store, env=fresh)[0], "1\n")
        self.ksv("update", ":n", "inc", "--allow-unsafe", "-s", self.store, env=fresh)
        self.assertEqual(self.ksv("get", ":n", "-s", self.store, env=fresh)[0], "2\n")

    def test_the_marker_is_written_under_a_condition(self):
        _, err = self.ksv("create-store", "-s", self.store, env=self.env, status=STATE)
        self.assertIn("exists already", err)

    def test_many_keys_are_listed_by_shards_and_deleted(self):
        # More than a page, so that the walk splits; the bodies are blobs of one key.
        self.ksv("assoc", ":k", "1", "-s", self.store, env=self.env)
        blob = self.body(next(name for name in self.object_names() if name.endswith(".ksv")))
        self.put_all([f"{STORE_ID}_{number * 3900000:08x}-0000-5000-8000-000000000000.ksv" for number in range(1100)],
                     blob)
        out, err = self.ksv("keys", "--stats", "-s", self.store, env=self.env)
        self.assertEqual(out.count(":k\n"), 1101)
        # A head for each, a first page, and one for each prefix: 00 to 3f, 4 to f.
        self.assertLessEqual(requests_of(err), 1101 + 1 + 64 + 12)
        self.ksv("delete-store", "--yes", "-s", self.store, env=self.env)
        self.assertEqual(self.object_names(), [])

    def peak_of(self, *words, **streams):
        """The peak of resident memory of a command that has to succeed."""
        command = [os.environ["KSV"], *words, "-s", self.store, "--timeout", "60s"]
        process = subprocess.Popen(command, env=self.variables(self.env), **streams)
        peak = 0
        while process.poll() is None:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                peak = max([peak, *(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))])
            time.sleep(0.01)
        self.assertEqual(process.returncode, OK)
        return peak

    def test_large_values_take_constant_memory(self):
        source, sink = self.folder / "in", self.folder / "out"
        block = os.urandom(1_000_000)
        with open(source, "wb") as file:
            for number in range(LARGE_BYTES // len(block)):
                file.write(number.to_bytes(8, "big") + block[8:])
        self.assertLess(self.peak_of("bassoc", ":big", str(source)), MEMORY_BYTES_MAX)
        with open(sink, "wb") as file:
            self.assertLess(self.peak_of("bget", ":big", stdout=file), MEMORY_BYTES_MAX)
        subprocess.run(["cmp", source, sink], check=True)


class DoubtfulWrites(GatewayCase):
    def test_a_write_that_lands_after_its_deadline_is_told_as_unknown(self):
        """The storage behind the gateway stands still while the write is under way, and takes it when it goes on."""
        self.ksv("create-store", "-s", self.store, env=self.env)
        self.ksv("update", ":n", "(fnil inc 0)", "-s", self.store, env=self.env)
        storage = int(os.environ["KSV_TEST_S3_STORAGE_PID"])
        # FN is slow, so that the storage is stopped between ksv's reading and its writing.
        mark = self.folder / "mark"
        process = self.start("update", ":n", "--exec", "-s", self.store, "--timeout", "4s", "--json", "--", "sh", "-c",
                             f"touch {mark}; sleep 0.5; read n; echo $((n + 1))", env=self.env)
        while not mark.exists():
            self.assertIsNone(process.poll())
            time.sleep(0.005)
        os.kill(storage, signal.SIGSTOP)
        goes_on = threading.Timer(12, os.kill, (storage, signal.SIGCONT))
        goes_on.start()
        try:
            _, err = process.communicate(timeout=11)
        finally:
            goes_on.cancel()
            os.kill(storage, signal.SIGCONT)
        self.assertEqual(process.returncode, UNKNOWN, err)
        self.assertEqual(json.loads(err)["outcome"], "unknown")
        # What was sent lands, or not; a second update sees one of both, and nothing comes after it.
        out, _ = self.ksv("update", ":n", "inc", "-s", self.store, env=self.env)
        self.assertIn(out, ("[1 2]\n", "[2 3]\n"))
        self.assertEqual(self.ksv("get", ":n", "-s", self.store, env=self.env)[0], out.split()[1].strip("]") + "\n")


if __name__ == "__main__":
    main()
