#!/usr/bin/env python3
"""usage: s3_scripted_test.py KSV [TEST...]

ksv against answers that no gateway gives on demand: skewed clocks, other regions, errors inside of successes, proxies,
hosts of AWS, client certificates. Servers are on loopback."""

import email.utils
import hashlib
import json
import ssl
import time

from s3_case import (DENIED, ETAG, OK, SCRIPTED_KEYS, UNAVAILABLE, KsvCase, golden_bucket,
                     make_certificate, one_after_another, refusal, main)

GOLDEN = golden_bucket()
STORE = f"s3://bucket/{GOLDEN['store_id']}"
BLOB = next(row["body"] for row in GOLDEN["rows"] if row["key"] == ":nm")
FOUND = (200, {"ETag": ETAG}, BLOB)
WRITTEN = (200, {"ETag": ETAG}, b"")
HOUR = 3600
AWS_HOSTS = "DNS:*.s3.eu-west-1.amazonaws.com,DNS:*.s3.dualstack.eu-west-1.amazonaws.com," \
    "DNS:*.s3-fips.us-east-2.amazonaws.com,DNS:*.s3.cn-north-1.amazonaws.com.cn"


def date_in(seconds):
    return {"Date": email.utils.formatdate(time.time() + seconds, usegmt=True)}


class ScriptedCase(KsvCase):
    def get(self, server, status=OK, options="", **variables):
        env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url if server else None} | variables
        out, err = self.ksv("get", ":nm", "-s", STORE + options, env=env, status=status)
        self.assertEqual(out, "74\n" if status == OK else "")
        return err


class Answers(ScriptedCase):
    def test_a_skewed_clock_is_corrected_once(self):
        for ahead in (HOUR, -HOUR):
            skewed = refusal(403, "RequestTimeTooSkewed", date_in(ahead))
            server = self.serve(one_after_another(skewed, FOUND))
            self.get(server)
            first, second = (time.mktime(time.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ"))
                             for request in server.requests)
            self.assertAlmostEqual(second - first, ahead, delta=60)
            self.assertEqual(len({request.headers["authorization"] for request in server.requests}), 2)

    def test_a_clock_that_no_date_mends_is_an_error(self):
        server = self.serve(lambda _: refusal(403, "RequestTimeTooSkewed", date_in(0)))
        err = self.get(server, DENIED)
        self.assertIn("RequestTimeTooSkewed", err)
        self.assertLessEqual(len(server.requests), 2)

    def test_a_bucket_of_another_region_is_asked_there(self):
        elsewhere = self.serve(lambda _: FOUND)
        answers = {
            301: refusal(301, "PermanentRedirect", {"x-amz-bucket-region": "eu-west-1", "Location": elsewhere.url}),
            307: refusal(307, "TemporaryRedirect", {"x-amz-bucket-region": "eu-west-1", "Location": elsewhere.url}),
            400: refusal(400, "AuthorizationHeaderMalformed", {"x-amz-bucket-region": "eu-west-1"}),
        }
        for status, answer in answers.items():
            with self.subTest(status=status):
                server = self.serve(one_after_another(answer, FOUND))
                self.get(server)
                self.assertEqual([request.scope()[1] for request in server.requests], ["us-east-1", "eu-west-1"])
        self.assertEqual(elsewhere.requests, [])

    def test_a_redirect_is_never_followed_blindly(self):
        elsewhere = self.serve(lambda _: FOUND)
        for headers in ({}, {"x-amz-bucket-region": "us-east-1"}, {"x-amz-bucket-region": "evil.example/"}):
            with self.subTest(headers=headers):
                server = self.serve(lambda _, headers=headers: refusal(
                    301, "PermanentRedirect", {"Location": elsewhere.url + "/"} | headers))
                env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url}
                process = self.start("get", ":nm", "-s", STORE, env=env)
                out, err = process.communicate(timeout=30)
                self.assertEqual(out, b"")
                self.assertNotEqual(process.returncode, OK)
                self.assertIn(b"301", err)
                self.assertLessEqual(len(server.requests), 2)
        self.assertEqual(elsewhere.requests, [])

    def test_regions_that_point_at_each_other_come_to_an_end(self):
        def answer(request):
            other = "eu-west-1" if request.scope()[1] == "us-east-1" else "us-east-1"
            return refusal(400, "AuthorizationHeaderMalformed", {"x-amz-bucket-region": other})
        server = self.serve(answer)
        process = self.start("get", ":nm", "-s", STORE, env=SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url})
        self.assertEqual(process.communicate(timeout=30)[0], b"")
        self.assertEqual(len(server.requests), 2)

    def test_an_error_inside_a_success_is_an_error(self):
        # What S3 does to batches of removals, completions and copies.
        inside = refusal(200, "InternalError")

        def answer(request):
            if request.method == "POST":
                return inside
            if request.method == "GET":
                name = f"{GOLDEN['store_id']}_183934b5-5553-556d-8db7-fb74bcdaab50.ksv"
                return 200, {}, (f"<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>{name}</Key>"
                                 f"<ETag>{ETAG}</ETag><Size>74</Size></Contents></ListBucketResult>").encode()
            return WRITTEN
        server = self.serve(answer)
        env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url, "AWS_MAX_ATTEMPTS": "2"}
        process = self.start("delete-store", "--yes", "--timeout", "2s", "-s", STORE, env=env)
        _, err = process.communicate(timeout=30)
        self.assertNotEqual(process.returncode, OK)
        self.assertIn(b"InternalError", err)
        # The marker goes last: with a key left, the store is still there.
        self.assertEqual([line for line in server.lines() if line.startswith("DELETE")], [])

    def test_one_deadline_for_all(self):
        server = self.serve(lambda _: refusal(503, "SlowDown", {"Retry-After": "1"}))
        begun = time.monotonic()
        env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url}
        self.ksv("get", ":nm", "-s", STORE, "--timeout", "3s", env=env, status=UNAVAILABLE)
        self.assertLess(time.monotonic() - begun, 10)
        self.assertGreater(len(server.requests), 1)

    def test_options_of_requests_reach_the_service_signed(self):
        server = self.serve(lambda _: FOUND)
        self.get(server, options="?request-payer=true&expected-bucket-owner=123456789012")
        request = server.requests[0]
        self.assertEqual(request.headers["x-amz-request-payer"], "requester")
        self.assertEqual(request.headers["x-amz-expected-bucket-owner"], "123456789012")
        signed = request.headers["authorization"].split("SignedHeaders=")[1].split(",")[0]
        self.assertIn("x-amz-expected-bucket-owner;x-amz-request-payer", signed)

    def test_headers_are_logged_without_secrets(self):
        server = self.serve(lambda request: (200, {"ETag": ETAG, "X-Echo": request.headers["x-amz-security-token"],
                                                   "Set-Cookie": "session=0123456789"}, BLOB))
        env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url, "AWS_SESSION_TOKEN": "scripted/token+kept"}
        _, err = self.ksv("get", ":nm", "-v", "-s", STORE, env=env)
        self.assertNotIn("ksv: >", err)
        _, err = self.ksv("get", ":nm", "-vv", "-s", STORE, env=env)
        for line in ("> x-amz-security-token: ...", "> authorization: ...", "< set-cookie: ...", "< x-echo: ...",
                     f"< etag: {ETAG}", f"> x-amz-date: {server.requests[-1].headers['x-amz-date']}"):
            self.assertIn(f"ksv: {line}\n", err)
        signature = server.requests[-1].headers["authorization"].rpartition("=")[2]
        for secret in (signature, "0123456789"):
            self.assertNotIn(secret, err)

    def test_a_body_is_signed_by_its_digest(self):
        server = self.serve(lambda _: WRITTEN)
        self.ksv("assoc", ":a", "1", "-s", STORE, env=SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url})
        put = next(request for request in server.requests if request.method == "PUT")
        self.assertEqual(put.headers["x-amz-content-sha256"], hashlib.sha256(put.body).hexdigest())

    def test_ipv6(self):
        try:
            server = self.serve(lambda _: FOUND, "::1")
        except OSError:
            self.skipTest("this machine has no ::1")
        self.get(server)
        self.assertEqual(server.requests[0].headers["host"], server.authority)


class Proxies(ScriptedCase):
    def test_a_plain_request_goes_through_the_proxy(self):
        proxy = self.serve(lambda _: FOUND)
        self.get(None, AWS_ENDPOINT_URL_S3="http://s3.invalid:9000", http_proxy=proxy.url)
        self.assertRegex(proxy.lines()[0], "^GET http://s3\\.invalid:9000/bucket/")

    def test_a_tunnel_leads_through_the_proxy(self):
        ca, context = make_certificate(self.folder, "IP:127.0.0.1")
        server = self.serve(lambda _: FOUND, context=context)
        for variable in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
            proxy = self.serve(lambda _: (500, {}, b""))
            self.get(server, AWS_CA_BUNDLE=ca, **{variable: proxy.url})
            self.assertEqual(proxy.lines(), [f"CONNECT {server.authority}"])
            # The proxy sees none of what is inside.
            self.assertNotIn("authorization", proxy.requests[0].headers)

    def test_a_proxy_that_wants_a_password_gets_it_and_nobody_else(self):
        ca, context = make_certificate(self.folder, "IP:127.0.0.1")
        server, proxy = self.serve(lambda _: FOUND, context=context), self.serve(lambda _: FOUND)
        err = self.get(server, AWS_CA_BUNDLE=ca, https_proxy=proxy.url.replace("//", "//user:pass-of-proxy@"))
        self.assertTrue(proxy.requests[0].headers["proxy-authorization"].startswith("Basic "))
        self.assertNotIn("proxy-authorization", server.requests[0].headers)
        self.assertNotIn("pass-of-proxy", err)

    def test_no_proxy_is_respected(self):
        server = self.serve(lambda _: FOUND)
        for name in ("NO_PROXY", "no_proxy"):
            proxy = self.serve(lambda _: (500, {}, b""))
            self.get(server, http_proxy=proxy.url, **{name: "example.com,127.0.0.1"})
            self.assertEqual(proxy.requests, [])
        proxy = self.serve(lambda _: FOUND)
        self.get(server, http_proxy=proxy.url, NO_PROXY="example.com")
        self.assertEqual(len(proxy.requests), 1)

    def test_the_machine_s_own_services_are_never_asked_through_it(self):
        proxy = self.serve(lambda _: FOUND)
        keys = {"Code": "Success", "AccessKeyId": "A", "SecretAccessKey": "machine/secret", "Token": "machine-token",
                "Expiration": "2099-01-01T00:00:00Z"}

        def machine(request):
            if request.target == "/latest/meta-data/iam/security-credentials/":
                return 200, {}, b"role"
            return 200, {}, b"metadata-token" if request.method == "PUT" else json.dumps(keys).encode()
        for variable, path in (("AWS_CONTAINER_CREDENTIALS_FULL_URI", "/c"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "")):
            with self.subTest(variable=variable):
                server = self.serve(machine)
                env = {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_S3": "http://s3.far.invalid",
                       "AWS_EC2_METADATA_DISABLED": None, "http_proxy": proxy.url, "all_proxy": proxy.url,
                       variable: server.url + path}
                proxy.requests.clear()
                out, err = self.ksv("get", ":nm", "-vv", "-s", STORE, env=env)
                self.assertEqual(out, "74\n")
                self.assertGreater(len(server.requests), 0)
                self.assertEqual([line.partition("?")[0].rpartition("/")[0] for line in proxy.lines()],
                                 ["GET http://s3.far.invalid/bucket"])
                for secret in ("machine/secret", "machine-token", "metadata-token\n"):
                    self.assertNotIn(secret, err)

    def test_a_proxy_that_is_not_there_is_an_error_before_anything_was_sent(self):
        env = SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": "http://s3.invalid", "http_proxy": "http://127.0.0.1:1"}
        _, err = self.ksv("assoc", ":a", "1", "-s", STORE, "--json", "--timeout", "1s", env=env, status=UNAVAILABLE)
        self.assertIn('"outcome":"not-applied"', err)


class HostsOfAws(ScriptedCase):
    """AWS's own host names, by a proxy whose tunnels all end at one server."""

    def setUp(self):
        super().setUp()
        self.ca, context = make_certificate(self.folder, AWS_HOSTS)
        self.server = self.serve(lambda _: FOUND, context=context)
        self.proxy = self.serve(lambda _: (500, {}, b""))

    def ask(self, options, **variables):
        # Every name leads to the server's address, on the port of HTTPS: the proxy must lead to another.
        self.proxy.tunnel = self.server.server_address
        self.get(None, options=options, AWS_CA_BUNDLE=self.ca, HTTPS_PROXY=self.proxy.url, **variables)
        return self.server.requests[-1]

    def test_regional_dual_stack_fips_and_china(self):
        hosts = {
            "?region=eu-west-1": "bucket.s3.eu-west-1.amazonaws.com",
            "?region=eu-west-1&dualstack=true": "bucket.s3.dualstack.eu-west-1.amazonaws.com",
            "?region=us-east-2&fips=true": "bucket.s3-fips.us-east-2.amazonaws.com",
            "?region=cn-north-1": "bucket.s3.cn-north-1.amazonaws.com.cn",
        }
        for options, host in hosts.items():
            with self.subTest(options=options):
                request = self.ask(options)
                self.assertEqual(self.proxy.lines()[-1], f"CONNECT {host}:443")
                self.assertEqual(request.headers["host"], host)
                self.assertIn(request.scope()[1], options)

    def test_the_environment_asks_for_dual_stack_and_fips(self):
        self.ask("?region=eu-west-1", AWS_USE_DUALSTACK_ENDPOINT="true")
        self.assertEqual(self.proxy.lines()[-1], "CONNECT bucket.s3.dualstack.eu-west-1.amazonaws.com:443")
        self.ask("?region=us-east-2", AWS_USE_FIPS_ENDPOINT="true")
        self.assertEqual(self.proxy.lines()[-1], "CONNECT bucket.s3-fips.us-east-2.amazonaws.com:443")

    def test_a_redirect_to_another_region_leads_to_its_host(self):
        # From China to Ireland, since the certificate has both.
        self.server.answer = one_after_another(
            refusal(301, "PermanentRedirect", {"x-amz-bucket-region": "eu-west-1"}), FOUND)
        self.ask("?region=cn-north-1")
        self.assertEqual(self.proxy.lines(), ["CONNECT bucket.s3.cn-north-1.amazonaws.com.cn:443",
                                              "CONNECT bucket.s3.eu-west-1.amazonaws.com:443"])


class ClientCertificates(ScriptedCase):
    def test_a_server_that_wants_a_certificate_gets_it(self):
        ca, context = make_certificate(self.folder, "IP:127.0.0.1")
        (self.folder / "client").mkdir()
        certificate, _ = make_certificate(self.folder / "client", "DNS:client")
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificate)
        server = self.serve(lambda _: FOUND, context=context)
        key = certificate.replace(".pem", ".key")
        self.get(server, options=f"?ca-bundle={ca}&client-certificate={certificate}&client-key={key}")
        asked = len(server.requests)
        process = self.start("get", ":nm", "-s", f"{STORE}?ca-bundle={ca}", "--timeout", "2s",
                             env=SCRIPTED_KEYS | {"AWS_ENDPOINT_URL_S3": server.url})
        self.assertEqual(process.communicate(timeout=30)[0], b"")
        self.assertNotEqual(process.returncode, OK)
        self.assertEqual(len(server.requests), asked)


if __name__ == "__main__":
    main()
