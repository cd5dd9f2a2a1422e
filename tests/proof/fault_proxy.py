# A proxy that stands between ksv and a server of the tests, and does to chosen requests what networks do.
import contextlib
import select
import socket
import struct
import threading
import time

# What a request may wait for the server, stopped as it may be.
SERVER_SECONDS = 30
LISTEN_BACKLOG = 128
# Between two pieces of a message.
PIECE_SECONDS = 0.01


class Fault:
    """What happens to one request. `kind` is one of

    cut-request   the server gets the first `at` bytes, then both connections break
    cut-answer    the request is carried out; the first `at` bytes of the answer come back
    slow-request  the request comes in two pieces, the first of `at` bytes
    slow-answer   the answer comes in two pieces, the first of `at` bytes
    half-request  the server gets the first `at` bytes and waits; the connections stay
    half-answer   the client gets the first `at` bytes and waits; the connections stay
    twice-cut     delivered twice, and the first `at` bytes of the second answer come back
    stall         nothing is delivered and nothing comes back
    slow          the request is carried out, and the answer never comes back
    twice-first   delivered twice, the first answer comes back
    twice-second  delivered twice, the second answer comes back
    late          nothing comes back; delivered after the client's next try was answered
    at-last       nothing comes back; delivered when release() is called
    forged        `answer` comes back, nothing is delivered
    forged-done   the request is carried out, and `answer` comes back
    plain         nothing else

    `meanwhile` is called before the client hears of it: a rival's chance; with `before`, also before the server does."""

    def __init__(self, kind, at=0, answer=b"", meanwhile=None, before=False):
        self.kind, self.at, self.answer = kind, at, answer
        self.meanwhile, self.before = meanwhile, before

    def let_rival(self, before=False):
        if self.meanwhile is not None and self.before == before:
            self.meanwhile()


def answer_of(status, reason, code="", extra=""):
    """An answer as S3 gives it, or without a body as something on the way would."""
    body = f"<Error><Code>{code}</Code><Message>forged</Message></Error>" if code else ""
    return (f"HTTP/1.1 {status} {reason}\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/xml\r\n{extra}\r\n{body}").encode()


class Link:
    """A connection on which whole HTTP messages are read."""

    def __init__(self, connected):
        self.socket = connected
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def fill(self):
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("closed")
        self.buffer += got

    def take(self, length):
        while len(self.buffer) < length:
            self.fill()
        taken, self.buffer = self.buffer[:length], self.buffer[length:]
        return taken

    def take_until(self, mark):
        while (end := self.buffer.find(mark)) < 0:
            self.fill()
        return self.take(end + len(mark))

    def chunks(self):
        raw = b""
        while True:
            line = self.take_until(b"\r\n")
            size = int(line.split(b";")[0], 16)
            raw += line + self.take(size + 2)
            if size == 0:
                return raw

    def message(self, bodiless=False):
        """The next message as it stands: its head, and all of it."""
        head = self.take_until(b"\r\n\r\n")
        fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
        if bodiless or head.split(b" ")[1] in (b"204", b"304"):
            return head, head
        if fields.get(b"transfer-encoding", b"").strip() == b"chunked":
            return head, head + self.chunks()
        return head, head + self.take(int(fields.get(b"content-length", b"0")))

    def forget(self):
        """Drops what came after the last message: Swift ends the body of an answer to HEAD, which has none."""
        self.buffer = b""
        if select.select([self.socket], [], [], 0)[0]:
            self.socket.recv(65536)

    def close(self, reset=False):
        with contextlib.suppress(OSError):
            if reset:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.socket.close()

    def await_end(self):
        with contextlib.suppress(OSError):
            while self.socket.recv(65536):
                pass


class FaultProxy:
    """Listens on `port` of 127.0.0.1. `choose(method, target, request)` gives the Fault of a request, or None."""

    def __init__(self, upstream, choose):
        self.upstream, self.choose = upstream, choose
        self.lock = threading.Lock()
        self.idle = threading.Condition(self.lock)
        self.served = 0  # connections
        self.mark = 0  # the port of one of our own, which comes after all that are waiting
        self.held, self.late = [], []
        self.lengths = 0, 0  # of the last request that was chosen and not harmed, and of its answer
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=LISTEN_BACKLOG)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept_all, daemon=True).start()

    def accept_all(self):
        while True:
            try:
                connected, (_, port) = self.listener.accept()
            except OSError:
                return
            with self.idle:
                if port == self.mark:
                    self.mark = 0
                    self.idle.notify_all()
                    connected.close()
                    continue
                self.served += 1
            threading.Thread(target=self.serve, args=(Link(connected),), daemon=True).start()

    def close(self):
        self.listener.close()

    def connect(self):
        host, port = self.upstream.split(":")
        link = Link(socket.create_connection((host, int(port)), timeout=SERVER_SECONDS))
        return link

    def serve(self, client):
        server = None
        reset = False
        try:
            server = self.connect()
            while True:
                head, request = client.message()
                method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
                fault = self.choose(method, target, request)
                if fault is None and target.endswith("/watch"):
                    return self.relay(client, server, request)
                if fault is None:
                    answer = self.exchange(server, request)
                    client.socket.sendall(answer)
                    self.deliver_late()
                elif not self.apply(fault, client, server, request):
                    reset = True
                    return
        except (OSError, ValueError):
            pass
        finally:
            client.close(reset)
            if server is not None:
                server.close()
            with self.idle:
                self.served -= 1
                self.idle.notify_all()

    @staticmethod
    def relay(client, server, request):
        """An answer without an end, as it comes, until either goes away."""
        server.socket.sendall(request)
        while True:
            for ready in select.select([client.socket, server.socket], [], [])[0]:
                piece = ready.recv(65536)
                if not piece:
                    return
                (server if ready is client.socket else client).socket.sendall(piece)

    @staticmethod
    def send_in_two(link, message, at):
        link.socket.sendall(message[:at])
        time.sleep(PIECE_SECONDS)
        link.socket.sendall(message[at:])

    @classmethod
    def exchange(cls, server, request, at=0):
        server.forget()
        if at > 0:
            cls.send_in_two(server, request, at)
        else:
            server.socket.sendall(request)
        while True:
            head, answer = server.message(bodiless=request.startswith(b"HEAD "))
            if not head.startswith(b"HTTP/1.1 100"):
                return answer

    def apply(self, fault, client, server, request):
        """Whether the connections go on."""
        fault.let_rival(before=True)
        if fault.kind == "cut-request" and fault.at < len(request):
            server.socket.sendall(request[:fault.at])
            server.socket.shutdown(socket.SHUT_WR)
            server.await_end()
            return False
        if fault.kind == "half-request" and fault.at < len(request):
            server.socket.sendall(request[:fault.at])
            client.await_end()
            return False
        if fault.kind in ("stall", "late", "at-last", "forged"):
            fault.let_rival()
            with self.lock:
                if fault.kind == "late":
                    self.late.append(request)
                if fault.kind == "at-last":
                    self.held.append(request)
            if fault.kind == "stall":
                client.await_end()
            if fault.kind != "forged":
                return False
            client.socket.sendall(fault.answer)
            return True
        answer = self.exchange(server, request, fault.at if fault.kind == "slow-request" else 0)
        fault.let_rival()
        if fault.kind in ("slow-request", "slow-answer"):
            self.send_in_two(client, answer, fault.at if fault.kind == "slow-answer" else len(answer))
            return True
        if fault.kind == "twice-cut":
            answer = self.exchange(server, request)
        if fault.kind in ("twice-first", "twice-second"):
            second = self.exchange(server, request)
            client.socket.sendall(answer if fault.kind == "twice-first" else second)
            return True
        if fault.kind == "plain":
            self.lengths = len(request), len(answer)
        if fault.kind in ("forged-done", "plain"):
            client.socket.sendall(fault.answer if fault.kind == "forged-done" else answer)
            return True
        if fault.kind == "slow":
            client.await_end()
        elif fault.kind == "half-answer":
            client.socket.sendall(answer[:fault.at])
            client.await_end()
        elif fault.kind in ("cut-answer", "twice-cut"):
            client.socket.sendall(answer[:fault.at])
            if fault.at > 0:
                # A reset would take back what is still on its way to the client.
                client.socket.shutdown(socket.SHUT_WR)
                client.await_end()
        return False

    def deliver_late(self):
        with self.lock:
            waiting, self.late = self.late, []
        for request in waiting:
            self.deliver(request)

    def deliver(self, request):
        server = self.connect()
        with contextlib.suppress(OSError):
            self.exchange(server, request)
        server.close()

    def release(self):
        """When all clients are gone: sees what they asked for to its end, and delivers all that is still held back."""
        with socket.socket() as own:
            own.bind(("127.0.0.1", 0))
            self.mark = own.getsockname()[1]
            own.connect(("127.0.0.1", self.port))
            with self.idle:
                self.idle.wait_for(lambda: self.mark == 0, SERVER_SECONDS)
        with self.idle:
            self.idle.wait_for(lambda: self.served == 0, SERVER_SECONDS)
            waiting, self.held = self.held, []
        for request in waiting:
            self.deliver(request)
        self.deliver_late()
