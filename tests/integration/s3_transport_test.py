#!/usr/bin/env python3
"""usage: s3_transport_test.py KSV [TEST...]

The ways to a gateway: TLS, styles of addresses, the variables that name endpoints, a wrong secret. Runs under run.py
rgw."""

import json
import os
import ssl

from s3_case import DENIED, OK, STORE_ID, GatewayCase, main


class Endpoints(GatewayCase):
    def setUp(self):
        super().setUp()
        self.ksv("create-store", "-s", self.store, env=self.env)
        self.ksv("assoc", ":a", "1", "-s", self.store, env=self.env)
        self.ca = os.environ["KSV_TEST_S3_CA"]
        self.tls = os.environ["KSV_TEST_S3_TLS_ENDPOINT"]

    def get(self, options="", status=OK, **variables):
        """Reads :a, with the credentials and no more than what is given."""
        out, err = self.ksv("get", ":a", "-v", "-s", self.store + options, env=self.keys | variables, status=status)
        self.assertEqual(out, "1\n" if status == OK else "")
        return err

    def test_tls_with_the_bundle_of_the_address(self):
        self.assertIn(f"GET {self.tls}/", self.get(f"?endpoint={self.tls}&ca-bundle={self.ca}"))

    def test_tls_with_the_bundle_of_the_environment(self):
        for variable in ("AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            with self.subTest(variable=variable):
                self.assertIn(f"GET {self.tls}/", self.get(AWS_ENDPOINT_URL_S3=self.tls, **{variable: self.ca}))

    def test_tls_with_the_bundle_of_a_profile(self):
        (self.folder / "config").write_text(f"[default]\nca_bundle = {self.ca}\nendpoint_url = {self.tls}\n")
        self.assertIn(f"GET {self.tls}/", self.get(AWS_CONFIG_FILE=str(self.folder / "config")))

    def test_tls_without_the_authority_is_refused(self):
        err = self.get(f"?endpoint={self.tls}", status=DENIED)
        self.assertIn("no trusted TLS connection to " + self.tls.removeprefix("https://"), err)
        self.assertIn("AWS_CA_BUNDLE", err)

    def test_tls_with_a_bundle_that_is_not_there_is_refused(self):
        err = self.get(f"?endpoint={self.tls}&ca-bundle={self.folder}/none.pem", status=DENIED)
        self.assertIn("none.pem", err)

    def test_tls_to_a_host_of_another_name_is_refused(self):
        # The certificate is for 127.0.0.1 and names under localhost.
        server = self.serve(lambda _: (500, {}, b""), "127.0.0.2", context=self.gateway_context())
        err = self.get(f"?endpoint={server.url}&ca-bundle={self.ca}", status=DENIED)
        self.assertIn("no trusted TLS connection to 127.0.0.2", err)
        self.assertEqual(server.requests, [])

    def gateway_context(self):
        folder = os.path.dirname(self.ca)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{folder}/tls.pem", f"{folder}/tls.key")
        return context

    def test_the_bucket_in_the_host_name(self):
        endpoint = os.environ["KSV_TEST_S3_VHOST_ENDPOINT"]
        host = endpoint.removeprefix("http://")
        err = self.get(f"?endpoint={endpoint}&path-style=false")
        self.assertIn(f"GET http://{self.bucket}.{host}/{STORE_ID}_", err)
        self.ksv("update", ":a", "inc", "-s", f"{self.store}?endpoint={endpoint}&path-style=false", env=self.keys)
        out, _ = self.ksv("keys", "-s", f"{self.store}?endpoint={endpoint}&path-style=false", env=self.keys)
        self.assertEqual(out, ":a\n")

    def test_the_bucket_in_the_path(self):
        for options in ("", "&path-style=true"):
            self.assertIn(f"GET {self.endpoint}/{self.bucket}/{STORE_ID}_",
                          self.get(f"?endpoint={self.endpoint}{options}"))

    def test_the_variables_that_name_the_endpoint(self):
        nowhere = "http://127.0.0.1:1"
        self.get(AWS_ENDPOINT_URL=self.endpoint)
        self.get(AWS_ENDPOINT_URL_S3=self.endpoint, AWS_ENDPOINT_URL=nowhere)
        self.get(f"?endpoint={self.endpoint}", AWS_ENDPOINT_URL_S3=nowhere)

    def test_any_region_a_gateway_may_have(self):
        for region in ("auto", "default", "eu-west-1"):
            self.get(f"?endpoint={self.endpoint}&region={region}")

    def test_a_wrong_secret(self):
        err = self.get(status=DENIED, AWS_ENDPOINT_URL_S3=self.endpoint, AWS_SECRET_ACCESS_KEY="wrong/secret")
        self.assertIn("HTTP 403", err)
        self.assertNotIn("wrong/secret", err)
        words = ("assoc", ":a", "2", "-s", self.store, "--json")
        _, err = self.ksv(*words, env=self.env | {"AWS_SECRET_ACCESS_KEY": "wrong/secret"}, status=DENIED)
        told = json.loads(err)
        self.assertEqual((told["status"], told["outcome"]), (403, "not-applied"))
        self.get(AWS_ENDPOINT_URL_S3=self.endpoint)

    def test_an_unknown_access_key(self):
        err = self.get(status=DENIED, AWS_ENDPOINT_URL_S3=self.endpoint, AWS_ACCESS_KEY_ID="nobody")
        self.assertIn("HTTP 403", err)


if __name__ == "__main__":
    main()
