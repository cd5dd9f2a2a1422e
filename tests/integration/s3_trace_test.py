#!/usr/bin/env python3
"""usage: s3_trace_test.py KSV [TEST...]

--x-ray and :x-ray? end to end: the header of each request, and what a daemon gets on UDP. All on loopback."""

import json
import re
import socket
import time

from s3_case import ETAG, SCRIPTED_KEYS, STATE, UNAVAILABLE, KsvCase, golden_bucket, main, refusal

GOLDEN = golden_bucket()
ID = GOLDEN["store_id"]
ROW = next(row for row in GOLDEN["rows"] if row["key"] == ":nm")
HEADER = re.compile(r"Root=(1-([0-9a-f]{8})-[0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=([01])")
ROOT = "1-5759e988-bd862e3fe1be46a994272793"


class Traces(KsvCase):
    def setUp(self):
        super().setUp()
        self.daemon = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.daemon.close)
        self.daemon.bind(("127.0.0.1", 0))
        self.daemon.settimeout(10)
        self.address = "127.0.0.1:%d" % self.daemon.getsockname()[1]
        self.server = self.serve(lambda _: (200, {"ETag": ETAG, "x-amz-request-id": "ID1", "x-amz-id-2": "ID2"},
                                            ROW["body"]))
        self.env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": self.server.url, "AWS_XRAY_DAEMON_ADDRESS": self.address}

    def segment(self):
        """The one datagram: a line that names the format, and a document."""
        preamble, document = self.daemon.recv(65536).split(b"\n", 1)
        self.assertEqual(json.loads(preamble), {"format": "json", "version": 1})
        return json.loads(document)

    def assert_no_datagram(self):
        # ksv sent all before it ended, and loopback delivers at once.
        self.daemon.setblocking(False)
        with self.assertRaises(BlockingIOError):
            self.daemon.recv(65536)

    def test_a_get_is_a_segment_with_one_request(self):
        before = time.time()
        self.ksv("get", ":nm", "--x-ray", "-s", f"s3://bucket/{ID}", env=self.env)
        segment, after = self.segment(), time.time()
        self.assertEqual(segment["name"], "ksv")
        self.assertRegex(segment["id"], "^[0-9a-f]{16}$")
        self.assertRegex(segment["trace_id"], "^1-[0-9a-f]{8}-[0-9a-f]{24}$")
        self.assertNotIn("parent_id", segment)
        [part] = segment["subsegments"]
        times = [before - 1, segment["start_time"], part["start_time"], part["end_time"], segment["end_time"],
                 after + 1]
        self.assertEqual(times, sorted(times))
        self.assertEqual((part["name"], part["namespace"]), ("S3", "aws"))
        self.assertEqual(part["aws"] | {"retries": 0}, {
            "operation": "GetObject", "region": "us-east-1", "request_id": "ID1", "id_2": "ID2",
            "bucket_name": "bucket", "key": ROW["object"], "retries": 0})
        self.assertEqual(part["http"]["request"], {"method": "GET", "url": f"{self.server.url}/bucket/{ROW['object']}"})
        self.assertEqual(part["http"]["response"], {"status": 200, "content_length": len(ROW["body"])})
        root, seconds, parent, sampled = HEADER.fullmatch(self.server.requests[0].headers["x-amzn-trace-id"]).groups()
        self.assertEqual((root, parent, sampled), (segment["trace_id"], part["id"], "1"))
        self.assertAlmostEqual(int(seconds, 16), before, delta=60)
        signed = self.server.requests[0].headers["authorization"]
        self.assertNotIn("x-amzn-trace-id", signed)

    def test_a_config_map_may_ask_for_it(self):
        config = f'{{:backend :s3 :bucket "bucket" :id #uuid "{ID}" :x-ray? true}}'
        self.ksv("get", ":nm", "-s", config, env=self.env)
        self.assertEqual(len(self.segment()["subsegments"]), 1)

    def test_each_request_is_a_subsegment_and_faults_are_marked(self):
        troubles = [refusal(503, "ServiceUnavailable")] * 3

        def answer(request):
            if request.method != "PUT" and not request.target.endswith("_.konserve-metadata"):
                return troubles.pop() if troubles else refusal(404, "NoSuchKey")
            return 200, {"ETag": ETAG, "Content-Length": "0"}, b""
        self.server.answer = answer
        self.ksv("get", ":b", "nil", "--x-ray", "-s", f"s3://bucket/{ID}", env=self.env, status=UNAVAILABLE)
        [part] = self.segment()["subsegments"]
        self.assertEqual((part["fault"], part["aws"]["retries"], part["http"]["response"]["status"]), (True, 2, 503))
        self.server.requests.clear()
        self.ksv("assoc", ":b", "1", "--x-ray", "-s", f"s3://bucket/{ID}", env=self.env)
        parts = self.segment()["subsegments"]
        self.assertEqual([part["aws"]["operation"] for part in parts][-1], "PutObject")
        ids = {HEADER.fullmatch(request.headers["x-amzn-trace-id"])[3] for request in self.server.requests}
        self.assertEqual(ids, {part["id"] for part in parts})

    def test_a_store_that_is_not_there_is_an_error_of_the_client(self):
        self.server.answer = lambda _: refusal(404, "NoSuchBucket")
        self.ksv("get", ":nm", "--x-ray", "-s", f"s3://bucket/{ID}", env=self.env, status=STATE)
        part = self.segment()["subsegments"][0]
        self.assertEqual((part["error"], part["http"]["response"]["status"]), (True, 404))
        self.assertNotIn("fault", part)

    def test_the_trace_that_ksv_runs_in_goes_on(self):
        env = self.env | {"_X_AMZN_TRACE_ID": f"Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=1"}
        self.ksv("get", ":nm", "--x-ray", "-s", f"s3://bucket/{ID}", env=env)
        segment = self.segment()
        self.assertEqual((segment["trace_id"], segment["parent_id"]), (ROOT, "53995c3f42cd8ad8"))
        self.assertIn(f"Root={ROOT};", self.server.requests[0].headers["x-amzn-trace-id"])

    def test_what_is_not_sampled_says_so_and_sends_nothing(self):
        env = self.env | {"_X_AMZN_TRACE_ID": f"Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=0"}
        self.ksv("get", ":nm", "--x-ray", "-s", f"s3://bucket/{ID}", env=env)
        self.assertTrue(self.server.requests[0].headers["x-amzn-trace-id"].endswith(";Sampled=0"))
        self.assert_no_datagram()

    def test_without_it_there_is_neither(self):
        self.ksv("get", ":nm", "-s", f"s3://bucket/{ID}", env=self.env)
        self.assertNotIn("x-amzn-trace-id", self.server.requests[0].headers)
        self.assert_no_datagram()

    def test_no_daemon_is_no_error(self):
        self.daemon.close()
        out, err = self.ksv("get", ":nm", "--x-ray", "-s", f"s3://bucket/{ID}", env=self.env)
        self.assertEqual((out, err), ("74\n", ""))


if __name__ == "__main__":
    main()
