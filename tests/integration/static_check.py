#!/usr/bin/env python3
"""usage: static_check.py KSV

Checks that a ksv linked statically needs libc only, and that what a libcurl of our own could have lost is there: names,
IPv6, proxies, certificates. Servers are on loopback."""

import http.server
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

STORE = "s3://bucket/5e7ab4f2-0d0c-4a3e-9d0f-6a1b8c2d3e4f"
# libc and its parts; the dynamic loader is one.
MAY_NEED = re.compile(r"(libc|libm|ld-linux-[\w-]+)\.so\.\d+")
KSV = ""


class Handler(http.server.BaseHTTPRequestHandler):
    """Says yes to everything, as an S3 that has the store or as a proxy in front of one."""
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.server.asked.append(f"{self.command} {self.path}")
        self.send_response(200 if self.command != "CONNECT" else 502)
        self.send_header("ETag", '"0cc175b9c0f1b6a831c399e269772661"')
        self.send_header("Content-Length", "8" if self.command != "CONNECT" else "0")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"konserve")

    do_GET = do_HEAD = do_CONNECT = answer

    def log_message(self, *_):
        pass


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host="127.0.0.1", context=None):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), Handler)
        self.asked = []
        self.port = self.server_address[1]
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that does not like our certificate


def store_exists(endpoint, **variables):
    known = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1", "HOME": "/nonexistent",
             "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"}
    return subprocess.run([KSV, "store-exists", "-s", f"{STORE}?endpoint={endpoint}&path-style=true"],
                          env=known | variables, capture_output=True, text=True, timeout=100, check=False)


def make_authority(folder):
    """A certificate for 127.0.0.1 that is its own authority."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days",
                    "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key",
                    "-out", f"{folder}/certificate"], check=True, capture_output=True)


class Static(unittest.TestCase):
    def listen(self, *arguments, **options):
        listener = Listener(*arguments, **options)
        self.addCleanup(listener.server_close)
        self.addCleanup(listener.shutdown)
        return listener

    def assert_found(self, done):
        self.assertEqual((done.returncode, done.stdout), (0, "true\n"), done.stderr)

    def test_it_needs_libc_only(self):
        told = subprocess.run(["readelf", "-d", KSV], capture_output=True, text=True, check=True).stdout
        needed = re.findall(r"\(NEEDED\).*\[(.*)\]", told)
        self.assertIn("libc.so.6", needed)
        self.assertEqual([name for name in needed if not MAY_NEED.fullmatch(name)], [])
        self.assertNotIn("RUNPATH", told)

    def test_it_starts(self):
        done = subprocess.run([KSV, "version"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_speaks_http(self):
        server = self.listen()
        self.assert_found(store_exists(f"http://127.0.0.1:{server.port}"))
        self.assertTrue(server.asked)

    def test_names_are_resolved(self):
        # Through the resolver of the C library, for which libcurl has a thread: the file of hosts has this one.
        names = [words for line in pathlib.Path("/etc/hosts").read_text().split("\n")
                 if (words := line.split("#")[0].split()) and words[0] in ("127.0.0.1", "::1")]
        found = [(words[0], name) for words in names for name in words[1:] if not name.startswith("localhost")]
        for address, name in found[:1] or [("127.0.0.1", "localhost")]:
            server = self.listen(address)
            self.assert_found(store_exists(f"http://{name}:{server.port}"))
        done = store_exists("http://nowhere.invalid")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("nowhere.invalid", done.stderr)

    def test_ipv6(self):
        try:
            server = self.listen("::1")
        except OSError:
            self.skipTest("this machine has no ::1")
        self.assert_found(store_exists(f"http://[::1]:{server.port}"))

    def test_proxies_of_the_environment(self):
        proxy = self.listen()
        address = f"http://127.0.0.1:{proxy.port}"
        self.assert_found(store_exists("http://nowhere.invalid", http_proxy=address))
        self.assertRegex(proxy.asked[0], r"^\w+ http://nowhere\.invalid/bucket/")
        store_exists("https://nowhere.invalid", https_proxy=address)
        self.assertIn("CONNECT nowhere.invalid:443", proxy.asked)

    def test_no_proxy(self):
        proxy, server = self.listen(), self.listen()
        address = f"http://127.0.0.1:{proxy.port}"
        self.assert_found(store_exists(f"http://127.0.0.1:{server.port}", http_proxy=address, no_proxy="127.0.0.1"))
        self.assertEqual(proxy.asked, [])

    def test_certificates(self):
        with tempfile.TemporaryDirectory() as folder:
            make_authority(folder)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{folder}/certificate", f"{folder}/key")
            server = self.listen(context=context)
            endpoint = f"https://127.0.0.1:{server.port}"
            self.assertNotEqual(store_exists(endpoint).returncode, 0)
            self.assertEqual(server.asked, [])
            for variable in ("SSL_CERT_FILE", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE"):
                self.assert_found(store_exists(endpoint, **{variable: f"{folder}/certificate"}))

    def test_the_system_s_certificates_are_the_default(self):
        self.assertIn(b"/etc/ssl/certs/ca-certificates.crt", pathlib.Path(KSV).read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit(__doc__)
    KSV = os.path.abspath(sys.argv.pop())
    unittest.main()
