# What the tests of ksv on S3 share: a bare client, an HTTP server that answers as a test says, and how ksv is started.
import base64
import http.server
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True
TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "servers"))
from s3_client import S3Client  # noqa: E402  (the path above leads to it)

STORE_ID = "550e8400-e29b-41d4-a716-446655440000"
ETAG = '"0cc175b9c0f1b6a831c399e269772661"'
# The account of the scripted servers. No output of ksv may hold the secret.
SCRIPTED_KEYS = {"AWS_ACCESS_KEY_ID": "scriptedaccess", "AWS_SECRET_ACCESS_KEY": "scripted/secret+kept",
                 "AWS_REGION": "us-east-1"}

# Exit statuses, as ksv's manual lists them.
OK, NO, UNKNOWN, UNAVAILABLE, DENIED, STATE = 0, 1, 4, 5, 6, 8


def ksv_program():
    return os.environ["KSV"]


def golden_bucket():
    """The objects that konserve-s3 itself put into a bucket, as bytes, and what they hold."""
    golden = json.loads((TESTS / "golden/s3-bucket/bucket.json").read_text())
    for row in golden["rows"] + [golden["marker"]]:
        row["body"] = base64.b64decode(row["body"])
    return golden


class Request:
    """What came over the wire."""

    def __init__(self, handler, body):
        self.method, self.target = handler.command, handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = body
        self.connection, self.time = handler.client_address, time.monotonic()

    @property
    def line(self):
        return f"{self.method} {self.target}"

    def scope(self):
        """Date, region, service of the signature."""
        return self.headers["authorization"].split("Credential=")[1].split(",")[0].split("/")[1:4]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def serve(self):
        request = Request(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))
        with self.server.lock:
            self.server.requests.append(request)
        status, headers, body = self.server.answer(request)
        self.send_response_only(status)
        if "Date" not in headers:
            self.send_header("Date", self.date_time_string())
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = serve

    def do_CONNECT(self):
        """A tunnel, as a proxy makes one."""
        with self.server.lock:
            self.server.requests.append(Request(self, b""))
        host, _, port = self.path.rpartition(":")
        with socket.create_connection(self.server.tunnel or (host, int(port)), 10) as there:
            self.send_response_only(200)
            self.end_headers()
            back = threading.Thread(target=pump, args=(there, self.connection), daemon=True)
            back.start()
            pump(self.connection, there)
            back.join(10)
        self.close_connection = True

    def log_message(self, *_):
        pass


def pump(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # either side may be gone already


class Scripted(http.server.ThreadingHTTPServer):
    """Answers each request with what `answer` makes of it: status, headers, body."""
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer, host="127.0.0.1", context=None):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), Handler)
        self.answer, self.requests, self.lock, self.tunnel = answer, [], threading.Lock(), None
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        shown = f"[{host}]" if ":" in host else host
        self.authority = f"{shown}:{self.server_address[1]}"
        self.url = f"http{'s' if context else ''}://{self.authority}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def lines(self):
        with self.lock:
            return [request.line for request in self.requests]

    def handle_error(self, *_):
        pass  # a client that went away


def refusal(status, code, headers=None, message=""):
    """An error as S3 words it."""
    body = f"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return status, {"Content-Type": "application/xml"} | (headers or {}), body.encode()


def make_certificate(folder, names):
    """A server's certificate for `names`, which is its own authority: its file, and a TLS context for a server."""
    files = [str(folder / "server.key"), str(folder / "server.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                    "-days", "2", "-subj", "/CN=test", "-addext", f"subjectAltName={names}", "-keyout", files[0],
                    "-out", files[1]], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[0])
    return files[1], context


def one_after_another(*answers):
    """A script: each request gets the next answer, the last of them for ever."""
    left = list(answers)
    lock = threading.Lock()

    def answer(_request):
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]
    return answer


class KsvCase(unittest.TestCase):
    """Runs ksv with nothing of this machine's settings but what a test gives."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ksv-s3-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def variables(self, given):
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "AWS_EC2_METADATA_DISABLED": "true"}
        return {name: value for name, value in (known | given).items() if value is not None}

    def start(self, *words, env, **options):
        command = [ksv_program(), *map(str, words)]
        return subprocess.Popen(command, env=self.variables(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **options)

    def ksv(self, *words, env, status=OK, stdin=None):
        """Standard output and standard error of a command that must end with `status`."""
        command = [ksv_program(), *map(str, words)]
        done = subprocess.run(command, env=self.variables(env), capture_output=True, timeout=60, check=False,
                              input=stdin or b"")
        out, err = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
        self.assertEqual(done.returncode, status, f"{words}\n{out}\n{err}")
        for secret in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "KSV_TEST_S3_SECRET"):
            if hidden := env.get(secret) or os.environ.get(secret):
                self.assertNotIn(hidden, out + err)
        return out, err

    def serve(self, *arguments, **options):
        server = Scripted(*arguments, **options)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server


class GatewayCase(KsvCase):
    """Tests against the gateway that run.py started."""

    def setUp(self):
        super().setUp()
        self.client = S3Client()
        self.addCleanup(self.client.connection.close)
        self.endpoint = os.environ["KSV_TEST_S3_ENDPOINT"]
        self.access_key, self.secret = self.client.access_key, self.client.secret
        self.keys = {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret,
                     "AWS_REGION": self.client.region}
        self.env = self.keys | {"AWS_ENDPOINT_URL_S3": self.endpoint}
        # A bucket for each test.
        self.bucket = "b-" + self.id().rpartition(".")[2].replace("test_", "").replace("_", "-")[:60].strip("-")
        self.store = f"s3://{self.bucket}/{STORE_ID}"

    def object_names(self, prefix=""):
        answer = self.client.require("GET", f"/{self.bucket}", {"list-type": "2", "prefix": prefix}).decode()
        return sorted(part.split("</Key>")[0] for part in answer.split("<Key>")[1:])

    def body(self, name):
        return self.client.require("GET", f"/{self.bucket}/{name}")


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit(f"usage: {sys.argv[0]} KSV [TEST...]")
    os.environ["KSV"] = os.path.abspath(sys.argv.pop(1))
    unittest.main(module="__main__", verbosity=1)
