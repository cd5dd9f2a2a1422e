#!/usr/bin/env python3
"""usage: refused_certificate_test.py KSV [TEST...]

A server that wants a certificate of its clients refuses them, with TLS 1.3, after they have begun to send. Its alert says
so, if it arrives; a reset of the connection may come instead. What ksv says then must be true: refused in the
handshake, a write was not applied; lost, it may have been."""

import base64
import json
import os
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

KSV = None
APPLIED, UNKNOWN, UNAVAILABLE, DENIED = 0, 4, 5, 6
QUIET_SECONDS = 0.3
KEY = base64.b64encode(b"/k").decode()

# What becomes of one connection.
TOLD = "the handshake is refused, and the alert arrives"
RESET = "the handshake is refused, and the connection is reset without an alert"
ENDED = "the handshake is refused, and the connection is closed without an alert"
TAKEN = "the request is taken, and the connection is reset before an answer"
SERVED = "the request is answered"


def make_certificate(folder, name):
    """A certificate that is its own authority, and its key."""
    files = [str(folder / f"{name}.{kind}") for kind in ("pem", "key")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                    "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0],
                    "-keyout", files[1]], check=True, capture_output=True)
    return files


class Server:
    """Does with its connections, one after the other, what the script says; the last of it for ever."""

    def __init__(self, folder, script, newest=ssl.TLSVersion.TLSv1_3):
        self.script, self.newest, self.puts, self.connections = list(script), newest, 0, 0
        self.authority, self.key = make_certificate(folder, "server")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def context(self, wants_certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = self.newest
        context.load_cert_chain(self.authority, self.key)
        if wants_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.authority)
        return context

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            fate = self.script[min(self.connections, len(self.script) - 1)]
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection, fate), daemon=True).start()

    def serve(self, connection, fate):
        connection.settimeout(20)
        try:
            if fate in (TOLD, RESET, ENDED):
                self.refuse(connection, fate)
            else:
                self.take(connection, fate)
        except OSError:
            pass  # a client that went away
        finally:
            connection.close()

    def refuse(self, connection, fate):
        """The handshake between buffers, so that nothing leaves but what is meant to."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self.context(True).wrap_bio(incoming, outgoing, server_side=True)
        while True:
            try:
                tls.do_handshake()
                raise AssertionError("the client had a certificate")
            except ssl.SSLWantReadError:
                connection.sendall(outgoing.read())
                data = connection.recv(65536)
                if not data:
                    return
                incoming.write(data)
            except ssl.SSLError:
                break
        if fate == TOLD:
            connection.sendall(outgoing.read())
        drain(connection)
        if fate == RESET:
            reset(connection)

    def take(self, connection, fate):
        with self.context(False).wrap_socket(connection, server_side=True) as stream:
            while request := read_request(stream):
                if fate == TAKEN:
                    drain(stream)
                    reset(stream)
                    return
                answer = self.answer(*request)
                stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))

    def answer(self, path, body):
        """An etcd in which the key /k has the version 5, and every condition holds."""
        header = {"cluster_id": "1", "member_id": "2", "revision": "5", "raft_term": "2"}
        if path == "/version":
            return b'{"etcdserver":"3.5.9","etcdcluster":"3.5.0"}'
        if path.endswith("/kv/range"):
            return json.dumps({"header": header} | found(body)).encode()
        responses = []
        for operation in body.get("success", []):
            if "request_put" in operation:
                self.puts += 1
                responses.append({"response_put": {}})
            else:
                responses.append({"response_range": found(operation["request_range"])})
        return json.dumps({"header": header, "succeeded": True, "responses": responses}).encode()

    def close(self):
        self.listener.close()


def found(query):
    if query["key"] != KEY:
        return {}
    return {"kvs": [{"key": KEY, "create_revision": "5", "mod_revision": "5", "version": "1", "value": "MQ=="}],
            "count": "1"}


def drain(connection):
    """Takes what the client still sends, until it has nothing more to say."""
    connection.settimeout(QUIET_SECONDS)
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def read_request(stream):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = stream.recv(1)
        if not byte:
            return None
        head += byte
    lines = head.decode().split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    body = b""
    while len(body) < length:
        body += stream.recv(length - len(body))
    return lines[0].split(" ")[1], json.loads(body or b"{}")


class RefusedCertificate(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ksv-tls-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def ksv(self, server, *words, status, options=""):
        """What the command says of its error, as JSON."""
        store = f"etcd://127.0.0.1:{server.port}/?tls=true&ca={server.authority}{options}"
        done = subprocess.run([KSV, *words, "-s", store, "--json", "--timeout", "60s"], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=120, check=False,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.folder)})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        if status == APPLIED:
            return {}
        error = json.loads(done.stderr)
        error["text"] = done.stderr
        return error

    def serve(self, *script, **options):
        server = Server(self.folder, script, **options)
        self.addCleanup(server.close)
        return server

    def test_a_write_that_was_refused_in_the_handshake_was_not_applied(self):
        for api in ("v3", "v2"):
            with self.subTest(api=api):
                error = self.ksv(self.serve(TOLD), "assoc", "/k", "1", status=DENIED, options=f"&api={api}")
                self.assertEqual(error["outcome"], "not-applied")
                self.assertIn("certificate", error["text"])

    def test_so_it_is_with_a_certificate_of_another_authority(self):
        certificate, key = make_certificate(self.folder, "client")
        options = f"&cert={certificate}&key={key}"
        error = self.ksv(self.serve(TOLD), "assoc", "/k", "1", status=DENIED, options=options)
        self.assertEqual(error["outcome"], "not-applied")
        error = self.ksv(self.serve(RESET, TOLD), "assoc", "/k", "1", status=UNKNOWN, options=options)
        self.assertEqual(error["outcome"], "unknown")
        self.assertIn("certificate", error["text"])

    def test_before_tls_1_3_the_handshake_ends_before_anything_is_sent(self):
        for fate in (TOLD, RESET, ENDED):
            with self.subTest(fate=fate):
                server = self.serve(fate, newest=ssl.TLSVersion.TLSv1_2)
                error = self.ksv(server, "assoc", "/k", "1", status=UNAVAILABLE)
                self.assertEqual(error["outcome"], "not-applied")

    def test_a_write_whose_alert_was_lost_is_unknown_and_the_certificate_is_named(self):
        for api in ("v3", "v2"):
            for lost in (RESET, ENDED):
                with self.subTest(api=api, lost=lost):
                    server = self.serve(lost, TOLD)
                    error = self.ksv(server, "assoc", "/k", "1", status=UNKNOWN, options=f"&api={api}")
                    self.assertEqual(error["outcome"], "unknown")
                    self.assertIn("refuses our certificate", error["text"])

    def test_where_every_alert_is_lost_the_certificate_is_a_guess(self):
        for lost in (RESET, ENDED):
            with self.subTest(lost=lost):
                error = self.ksv(self.serve(lost), "assoc", "/k", "1", status=UNKNOWN)
                self.assertEqual(error["outcome"], "unknown")
                self.assertNotIn("refuses our certificate", error["text"])
                error = self.ksv(self.serve(lost), "get", "/k", status=UNAVAILABLE)
                self.assertIn("may want a certificate", error["text"])

    def test_a_read_is_asked_again_until_the_alert_arrives(self):
        for api in ("v3", "v2"):
            for script in ((TOLD,), (RESET, TOLD), (ENDED, RESET, TOLD)):
                with self.subTest(api=api, script=script):
                    error = self.ksv(self.serve(*script), "get", "/k", status=DENIED, options=f"&api={api}")
                    self.assertIn("certificate", error["text"])

    def test_a_request_that_was_taken_says_nothing_of_certificates(self):
        server = self.serve(TAKEN)
        error = self.ksv(server, "assoc", "/k", "1", status=UNKNOWN)
        self.assertEqual(error["outcome"], "unknown")
        self.assertNotIn("refuses our certificate", error["text"])

    def test_a_lost_write_is_settled_where_the_server_can_be_asked(self):
        for lost in (RESET, ENDED, TAKEN):
            with self.subTest(lost=lost):
                server = self.serve(lost, SERVED)
                # The server's history has no write, so it is done again, under the same condition.
                self.ksv(server, "assoc", "/k", "2", "--if-match", "5", status=APPLIED)
                self.assertEqual(server.puts, 1)


if __name__ == "__main__":
    KSV = os.path.abspath(sys.argv.pop(1))
    unittest.main()
