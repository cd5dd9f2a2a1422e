# What every server of the tests shares: ports of its own, child processes that die with us, readiness, an end.
import contextlib
import ctypes
import http.client
import os
import pathlib
import random
import shutil
import signal
import socket
import ssl
import subprocess
import time

# Below the range that the kernel hands out for outgoing connections, so that none of them takes a port of ours.
PORT_FIRST, PORT_LAST = 20000, 32000
PORTS_A_BLOCK = 16
PR_SET_PDEATHSIG = 1


class ServerError(Exception):
    """Why a server is not there, as a sentence for the person who ran the test."""


class Ports:
    """Sixteen neighbouring ports of the loopback device that no other run of the tests uses."""

    def __init__(self):
        self._lock = None
        blocks = list(range(PORT_FIRST, PORT_LAST - PORTS_A_BLOCK, PORTS_A_BLOCK))
        random.shuffle(blocks)
        for first in blocks:
            if self._take(first):
                self.first = first
                return
        raise ServerError("no sixteen neighbouring ports of 127.0.0.1 are free")

    def _take(self, first):
        # A name in the abstract space is a lock that goes with its process and leaves no file behind.
        lock = socket.socket(socket.AF_UNIX)
        try:
            lock.bind(f"\0ksv-test-ports-{first}")
        except OSError:
            lock.close()
            return False
        for port in range(first, first + PORTS_A_BLOCK):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    lock.close()
                    return False
        self._lock = lock
        return True

    def __getitem__(self, index):
        if not 0 <= index < PORTS_A_BLOCK:
            raise IndexError(index)
        return self.first + index

    def release(self):
        if self._lock is not None:
            self._lock.close()


def die_with_parent():
    """In the child: should the parent be killed, and not get to stop its servers, the kernel does."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def tail(path, lines=5):
    with contextlib.suppress(OSError):
        text = pathlib.Path(path).read_text(errors="replace").strip().split("\n")
        return "\n".join(text[-lines:])
    return ""


class Server:
    """One server, of one or more processes, that lives in `folder` and on ports of 127.0.0.1."""

    name = ""
    packages = ""
    programs = ()

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ports = Ports()
        self.children = {}

    def start(self):
        """Returns once the server answers; raises ServerError if it does not get there."""
        raise NotImplementedError

    def environment(self):
        """What the tests need to know of it."""
        raise NotImplementedError

    def require_programs(self):
        missing = [name for name in self.programs if shutil.which(name) is None]
        if missing:
            raise ServerError(f"{self.name}: {', '.join(missing)} not found; install the package"
                              f"{'s' if ' ' in self.packages else ''} {self.packages} "
                              "(scripts/install-deps.sh test does)")

    def log(self, name):
        return self.folder / f"{name}.log"

    def spawn(self, name, *command, **options):
        """Starts a process that stays until stop()."""
        with open(self.log(name), "wb") as log:
            self.children[name] = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent, **options)
        return self.children[name]

    def run(self, name, *command, seconds=60, **options):
        """Runs a command to its end."""
        self.finish(name, self.spawn(name, *command, **options), seconds)

    def finish(self, name, child, seconds=60):
        try:
            status = child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise ServerError(f"{self.name}: {name} took over {seconds} s\n{tail(self.log(name))}") from None
        del self.children[name]
        if status != 0:
            raise ServerError(f"{self.name}: {name} failed ({status})\n{tail(self.log(name))}")

    def await_answer(self, port, path="/", tls=False, seconds=30):
        """Polls until something that speaks HTTP answers there."""
        deadline = time.monotonic() + seconds
        while not self.answers(port, path, tls):
            if why := self.trouble():
                raise ServerError(why)
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name}: no answer within {seconds} s\n" + self.all_logs())
            time.sleep(0.02)

    @staticmethod
    def answers(port, path, tls):
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def trouble(self):
        """Which process ended though nobody asked it to, or nothing."""
        for name, child in self.children.items():
            if child.poll() is not None:
                return f"{self.name}: {name} ended by itself ({child.returncode})\n{tail(self.log(name))}"
        return ""

    def all_logs(self):
        return "\n".join(f"-- {name}\n{tail(self.log(name))}" for name in self.children)

    def stop(self):
        """Ends the processes, the youngest first. They have nothing that is worth a farewell."""
        for child in reversed(self.children.values()):
            if child.poll() is None:
                child.kill()
        for child in self.children.values():
            child.wait()
        self.children.clear()
        self.ports.release()


def credentials(access_key, secret, region="us-east-1"):
    """The same account for our tests and for whatever follows the conventions of AWS's own tools."""
    return {"KSV_TEST_S3_ACCESS_KEY": access_key, "KSV_TEST_S3_SECRET": secret,
            "KSV_TEST_S3_REGION": region, "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": region, "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
