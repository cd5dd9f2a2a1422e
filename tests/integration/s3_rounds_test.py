#!/usr/bin/env python3
"""usage: s3_rounds_test.py KSV [TEST...]

Lost races, troubles that pass and troubles that do not, as ksv meets them on a small S3 whose answers a test may
replace. All on loopback."""

import hashlib
import json
import re
import threading
import time

from s3_case import DENIED, NO, OK, SCRIPTED_KEYS, STATE, STORE_ID, UNAVAILABLE, KsvCase, main, refusal

STORE = f"s3://bucket/{STORE_ID}"
CONFLICT, PARTIAL = 3, 11


class SmallS3:
    """Objects under conditions, by their ETags. `meddle` sees each request first, and its answer, if any, is sent."""

    def __init__(self):
        self.objects = {f"/bucket/{STORE_ID}_.konserve-metadata": b"konserve"}
        self.lock = threading.Lock()
        self.meddle = lambda request: None

    @staticmethod
    def etag(body):
        return f'"{hashlib.md5(body).hexdigest()}"'

    def answer(self, request):
        with self.lock:
            return self.meddle(request) or self.honest(request)

    def honest(self, request):
        name, _, query = request.target.partition("?")
        present = self.objects.get(name)
        if request.method == "PUT":
            return self.put(name, request, present)
        if request.method == "DELETE":
            self.objects.pop(name, None)
            return 204, {}, b""
        if request.method == "POST":
            for key in re.findall("<Key>(.*?)</Key>", request.body.decode()):
                self.objects.pop(f"/bucket/{key}", None)
            return 200, {}, b"<DeleteResult></DeleteResult>"
        if "list-type=2" in query:
            return self.list()
        if present is None:
            return refusal(404, "NoSuchKey")
        return 200, {"ETag": self.etag(present)}, present

    def put(self, name, request, present):
        wanted = request.headers.get("if-match")
        if wanted and (present is None or wanted.strip('"') != self.etag(present).strip('"')):
            return refusal(412, "PreconditionFailed")
        if request.headers.get("if-none-match") and present is not None:
            return refusal(412, "PreconditionFailed")
        self.objects[name] = request.body
        return 200, {"ETag": self.etag(request.body)}, b""

    def list(self):
        entries = "".join(f"<Contents><Key>{name.removeprefix('/bucket/')}</Key><Size>{len(body)}</Size></Contents>"
                          for name, body in sorted(self.objects.items()))
        return 200, {}, f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()


class SmallCase(KsvCase):
    def setUp(self):
        super().setUp()
        self.s3 = SmallS3()
        self.server = self.serve(self.s3.answer)
        self.env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": self.server.url}
        # From here on the service is known to honour conditions.
        self.run_ksv("update", ":n", "(fnil inc 0)")
        self.server.requests.clear()

    def run_ksv(self, *words, status=OK, store=STORE):
        return self.ksv(*words, "-s", store, env=self.env, status=status)

    def meddle_once(self, method, *answers):
        left = list(answers)
        self.s3.meddle = lambda request: left.pop(0) if left and request.method == method else None

    def sent(self, method):
        return [request for request in self.server.requests if request.method == method]


class LostRaces(SmallCase):
    def test_whatever_means_a_lost_race_goes_round_again(self):
        for refused in (refusal(412, "PreconditionFailed"), refusal(409, "ConditionalRequestConflict"),
                        refusal(409, "ConditionalRequestConflict", message="nonsense"), refusal(404, "NoSuchKey")):
            with self.subTest(refused=refused):
                before = int(self.run_ksv("get", ":n")[0])
                self.server.requests.clear()
                self.meddle_once("PUT", refused)
                self.assertEqual(self.run_ksv("update", ":n", "inc")[0], f"[{before} {before + 1}]\n")
                puts = self.sent("PUT")
                self.assertEqual(len(puts), 2)
                self.assertTrue(all("if-match" in put.headers for put in puts))

    def test_what_does_not_mean_one_ends_it(self):
        for refused, status in ((refusal(404, "NoSuchBucket"), STATE), (refusal(403, "AccessDenied"), DENIED)):
            with self.subTest(refused=refused):
                self.server.requests.clear()
                self.meddle_once("PUT", refused)
                self.run_ksv("update", ":n", "inc", status=status)
                self.assertEqual(len(self.sent("PUT")), 1)

    def test_the_first_write_is_conditional_too(self):
        self.run_ksv("update", ":new", "(fnil inc 0)")
        self.assertEqual(self.sent("PUT")[0].headers["if-none-match"], "*")

    def test_the_retries_of_a_config_map_bound_the_rounds(self):
        # Somebody else is always faster.
        def meddle(request):
            if request.method != "PUT":
                return None
            name = request.target.partition("?")[0]
            self.s3.objects[name] = self.s3.objects[name][:-1] + bytes([10 + len(self.sent("PUT"))])
            return refusal(412, "PreconditionFailed")
        for retries in (2, 5):
            with self.subTest(retries=retries):
                self.s3.meddle = meddle
                self.server.requests.clear()
                config = (f'{{:backend :s3 :bucket "bucket" :id #uuid "{STORE_ID}" '
                          f':config {{:optimistic-locking-retries {retries}}}}}')
                self.run_ksv("update", ":n", "inc", status=CONFLICT, store=config)
                self.assertEqual(len(self.sent("PUT")), retries + 1)


class Overtaken(SmallCase):
    """Writes that took effect, whose answer was lost, and that others have followed by the time of the reading back."""

    def setUp(self):
        super().setUp()
        self.lose = False
        self.server.answer = self.answer

    def answer(self, request):
        answer = self.s3.answer(request)
        if request.method == "PUT" and self.lose:
            self.lose = False
            self.run_ksv("update", ":n", "(constantly 7)")
            raise ConnectionResetError
        return answer

    def test_there_is_no_version_to_print(self):
        for words in (("update", ":n", "inc"), ("assoc", ":n", "5"), ("cas", ":n", "7", "8"), ("swap", ":n", "inc")):
            with self.subTest(words=words):
                self.lose = True
                out, err = self.run_ksv(*words, "--print-version", "--stats")
                self.assertEqual(out, "")
                self.assertIn("no version to print", err)
                self.assertIn("resolved by lineage", err)
                self.assertEqual(self.run_ksv("get", ":n")[0], "7\n")
                # What a script makes of it: the write is not the last one any more.
                self.run_ksv("assoc", ":n", "9", "--if-match", out.strip(), status=NO)

    def test_the_usual_answer_is_given(self):
        self.lose = True
        out, err = self.run_ksv("update", ":n", "inc", "--json", "--stats")
        self.assertEqual(out, "[1,2]\n")
        told = json.loads(err.splitlines()[-1])
        self.assertEqual((told["outcome"], told["resolved-by"]), ("applied", "lineage"))


class Figures(SmallCase):
    """What --stats says of how it is known that a write took effect."""

    def resolved_by(self, *words, status=OK):
        _, err = self.run_ksv(*words, "--json", "--stats", status=status)
        told = json.loads(err.splitlines()[-1])
        return told.get("outcome"), told.get("resolved-by")

    def test_every_command_that_writes_tells(self):
        for words in (("assoc", ":n", "1"), ("assoc-in", "[:m :a]", "1"), ("update", ":n", "inc"), ("swap", ":n", "inc"),
                      ("cas", ":n", "3", "1"), ("bassoc", ":b", "/etc/hostname"), ("append", ":log", "1"),
                      ("multi-assoc", ":n", "1", ":o", "2")):
            with self.subTest(words=words):
                self.assertEqual(self.resolved_by(*words), ("applied", "answer"))

    def test_what_writes_nothing_tells_nothing(self):
        self.assertEqual(self.resolved_by("get", ":n"), (None, None))
        self.assertEqual(self.resolved_by("assoc", ":n", "1", "--if-absent", status=NO), (None, None))
        self.assertEqual(self.resolved_by("cas", ":n", "5", "6", status=NO), (None, None))

    def test_what_failed_in_its_midst_is_not_told_as_applied(self):
        # The element is written, the log's head refused.
        puts = []

        def meddle(request):
            if request.method == "PUT":
                puts.append(request)
            return refusal(403, "AccessDenied") if len(puts) == 2 and request.method == "PUT" else None
        self.s3.meddle = meddle
        self.assertEqual(self.resolved_by("append", ":log", "1", status=DENIED), (None, None))


class Troubles(SmallCase):
    def test_a_service_that_asks_for_a_pause_gets_it(self):
        self.meddle_once("GET", refusal(503, "SlowDown", {"Retry-After": "1"}))
        self.run_ksv("get", ":n")
        first, second = self.sent("GET")
        self.assertGreaterEqual(second.time - first.time, 0.9)

    def test_a_passing_trouble_is_not_told(self):
        for answer in (refusal(500, "InternalError"), refusal(503, "ServiceUnavailable"),
                       refusal(400, "RequestTimeout")):
            with self.subTest(answer=answer):
                self.meddle_once("GET", answer)
                self.assertEqual(self.run_ksv("get", ":n"), ("1\n", ""))

    def test_a_write_under_a_condition_that_landed_though_it_failed_counts_once(self):
        left = [1]

        def meddle(request):
            if request.method == "PUT" and left:
                left.pop()
                self.s3.honest(request)
                return refusal(500, "InternalError")
            return None
        self.s3.meddle = meddle
        self.assertEqual(self.run_ksv("update", ":n", "inc")[0], "[1 2]\n")
        self.assertEqual(self.run_ksv("get", ":n")[0], "2\n")

    def test_one_connection_serves_a_command(self):
        self.run_ksv("update", ":n", "inc")
        self.assertEqual(len(self.server.requests), 2)
        self.assertEqual(len({request.connection for request in self.server.requests}), 1)

    def test_metadata_that_never_answers_does_not_hold_up_for_long(self):
        silent = self.serve(lambda _: (time.sleep(20), (500, {}, b""))[1])
        env = {"AWS_ENDPOINT_URL_S3": self.server.url, "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": None,
               "AWS_EC2_METADATA_SERVICE_ENDPOINT": silent.url}
        begun = time.monotonic()
        self.ksv("get", ":n", "-s", STORE, env=env, status=DENIED)
        # One second for the first of its requests, and no other follows.
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(silent.lines(), ["PUT /latest/api/token"])

    def test_the_region_auto_is_signed_as_it_is(self):
        self.run_ksv("get", ":n", store=STORE + "?region=auto")
        self.assertEqual(self.server.requests[-1].scope()[1:], ["auto", "s3"])


class Removals(SmallCase):
    def setUp(self):
        super().setUp()
        for key in (":a", ":b", ":c"):
            self.run_ksv("assoc", key, "1")
        self.server.requests.clear()

    def test_a_removal_that_fails_for_one_key_is_told_and_can_be_repeated(self):
        kept = sorted(name for name in self.s3.objects if name.endswith(".ksv"))[0].removeprefix("/bucket/")

        def meddle(request):
            if request.method != "POST":
                return None
            request.body = request.body.replace(f"<Key>{kept}</Key>".encode(), b"")
            self.s3.honest(request)
            return 200, {}, (f"<DeleteResult><Error><Key>{kept}</Key><Code>AccessDenied</Code><Message>no</Message>"
                             "</Error></DeleteResult>").encode()
        self.s3.meddle = meddle
        _, err = self.run_ksv("delete-store", "--yes", status=PARTIAL)
        self.assertIn(kept, err)
        self.assertIn("AccessDenied", err)
        # The store is still one, so that the command can be repeated.
        self.assertEqual(sorted(self.s3.objects), [f"/bucket/{STORE_ID}_.konserve-metadata", f"/bucket/{kept}"])
        self.s3.meddle = lambda request: None
        self.run_ksv("delete-store", "--yes")
        self.assertEqual(self.s3.objects, {})

    def test_objects_of_others_stay(self):
        others = {"/bucket/readme.txt": b"x", f"/bucket/{STORE_ID}_readme.txt": b"x",
                  "/bucket/650e8400-e29b-41d4-a716-446655440000_.konserve-metadata": b"konserve"}
        self.s3.objects |= others
        self.run_ksv("delete-store", "--yes")
        self.assertEqual(self.s3.objects, others)

    def test_a_thousand_objects_go_in_a_request(self):
        for number in range(1500):
            self.s3.objects[f"/bucket/{STORE_ID}_{number:08x}-0000-5000-8000-000000000000.ksv"] = b"x"
        names = sorted(self.s3.objects)
        pages = {"": (names[:1000], "next"), "next": (names[1000:], "")}

        def meddle(request):
            if "list-type=2" not in request.target:
                return None
            page, following = pages["next" if "continuation-token" in request.target else ""]
            entries = "".join(f"<Contents><Key>{name.removeprefix('/bucket/')}</Key><Size>1</Size></Contents>"
                              for name in page)
            more = f"<IsTruncated>true</IsTruncated><NextContinuationToken>{following}</NextContinuationToken>"
            return 200, {}, f"<ListBucketResult>{entries}{more if following else ''}</ListBucketResult>".encode()
        self.s3.meddle = meddle
        self.run_ksv("delete-store", "--yes")
        counts = sorted(request.body.count(b"<Key>") for request in self.sent("POST"))
        self.assertEqual(len(counts), 2)
        self.assertLessEqual(counts[-1], 1000)
        self.assertEqual(self.s3.objects, {})

    def test_dissoc_says_whether_it_was_there(self):
        self.assertEqual(self.run_ksv("dissoc", ":a")[0], "true\n")
        self.assertEqual(self.run_ksv("dissoc", ":a")[0], "false\n")
        self.meddle_once("DELETE", *[refusal(503, "SlowDown")] * 9)
        self.run_ksv("dissoc", ":b", "--timeout", "2s", status=UNAVAILABLE)


if __name__ == "__main__":
    main()
