# etcd: one node with v2 and v3, three nodes, one with TLS and client certificates, one with users.
import base64 as codec
import json
import os
import pathlib
import subprocess
import time
import urllib.error
import urllib.request

from server import Server, ServerError

READY_SECONDS = 60
USER, PASSWORD, ROOT_PASSWORD = "bob", "bob's password", "root's password"
# What the user may do: all below the one, nothing else.
ALLOWED = "/pub/"
TOKEN_SECONDS = 2


def base64(text):
    return codec.b64encode(text.encode()).decode()


def post(url, body, **headers):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"} | headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except (OSError, urllib.error.URLError) as why:
        raise ServerError(f"etcd: POST {url}: {why}") from None


class Etcd(Server):
    name = "etcd"
    packages = "etcd-server etcd-client"
    programs = ("etcd",)
    scheme = "http"

    def endpoint(self, member=0):
        return f"127.0.0.1:{self.ports[3 * member]}"

    def options(self):
        return ["--enable-v2=true"]

    def start_member(self, member=0):
        """Its ports: for clients, for the other members, and one that tells how it is, always without TLS."""
        client = f"{self.scheme}://{self.endpoint(member)}"
        peer = f"http://127.0.0.1:{self.ports[3 * member + 1]}"
        return self.spawn(
            f"etcd{member}", "etcd", "--name", f"m{member}", "--data-dir", self.folder / f"data{member}",
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--listen-metrics-urls", f"http://127.0.0.1:{self.ports[3 * member + 2]}",
            "--initial-cluster", ",".join(self.cluster()), "--initial-cluster-token", self.folder.name,
            "--logger", "zap", "--log-level", "warn", *self.options(), env=self.own_environment())

    def cluster(self):
        return [f"m0=http://127.0.0.1:{self.ports[1]}"]

    @staticmethod
    def own_environment():
        """Without the variables of etcd's own, each of which is one of its flags."""
        return {name: value for name, value in os.environ.items() if not name.startswith("ETCD")}

    def start(self):
        self.require_programs()
        self.start_member()
        self.await_answer(self.ports[2], "/health", seconds=READY_SECONDS)

    def environment(self):
        return {"KSV_TEST_ETCD_KIND": self.name, "KSV_TEST_ETCD_ENDPOINTS": self.endpoint()}


class Etcd3(Etcd):
    """Three nodes. Their processes are the tests' to stop, to let go on, and to kill."""
    name = "etcd3"
    members = 3

    def cluster(self):
        return [f"m{member}=http://127.0.0.1:{self.ports[3 * member + 1]}" for member in range(self.members)]

    def start(self):
        self.require_programs()
        for member in range(self.members):
            self.start_member(member)
        for member in range(self.members):
            self.await_answer(self.ports[3 * member + 2], "/health", seconds=READY_SECONDS)

    def trouble(self):
        return ""

    def environment(self):
        return {"KSV_TEST_ETCD_KIND": self.name,
                "KSV_TEST_ETCD_ENDPOINTS": ",".join(self.endpoint(member) for member in range(self.members)),
                "KSV_TEST_ETCD_PIDS": ",".join(str(child.pid) for child in self.children.values())}


class EtcdV2(Etcd):
    """Has v2 alone: v3's gateway is switched off, as it is not there in servers before 3.0."""
    name = "etcd-v2"

    def options(self):
        return [*super().options(), "--enable-grpc-gateway=false"]


class EtcdTls(Etcd):
    """Takes clients only with a certificate of its own authority."""
    name = "etcd-tls"
    packages = "etcd-server etcd-client openssl"
    programs = ("etcd", "openssl")
    scheme = "https"

    def file(self, name):
        return self.folder / name

    def openssl(self, *words):
        done = subprocess.run(["openssl", *[str(word) for word in words]], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"openssl {words[0]}: {done.stdout[-500:]}")

    def make_certificate(self, name, extension):
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                     f"/CN={name}", "-keyout", self.file(f"{name}.key"), "-out", self.file(f"{name}.csr"))
        self.file(f"{name}.ext").write_text(extension)
        self.openssl("x509", "-req", "-in", self.file(f"{name}.csr"), "-CA", self.file("ca.pem"), "-CAkey",
                     self.file("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", self.file(f"{name}.ext"),
                     "-out", self.file(f"{name}.pem"))

    def start(self):
        self.require_programs()
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                     "2", "-subj", "/CN=ksv-test-ca", "-keyout", self.file("ca.key"), "-out", self.file("ca.pem"))
        # The gateway is a client of its own server, and shows it the server's certificate.
        self.make_certificate("server", "subjectAltName=IP:127.0.0.1,DNS:localhost\n"
                              "extendedKeyUsage=serverAuth,clientAuth\n")
        self.make_certificate("client", "extendedKeyUsage=clientAuth\n")
        super().start()

    def options(self):
        return [*super().options(), "--client-cert-auth", "--trusted-ca-file", self.file("ca.pem"),
                "--cert-file", self.file("server.pem"), "--key-file", self.file("server.key")]

    def environment(self):
        return super().environment() | {"KSV_TEST_ETCD_CA": str(self.file("ca.pem")),
                                        "KSV_TEST_ETCD_CERT": str(self.file("client.pem")),
                                        "KSV_TEST_ETCD_KEY": str(self.file("client.key"))}


class EtcdAuth(Etcd):
    """Knows root and one user, who may do anything below one key; v3's tokens last two seconds."""
    name = "etcd-auth"
    packages = "etcd-server etcd-client openssl"
    programs = ("etcd", "openssl")

    def options(self):
        token = (f"jwt,pub-key={self.folder}/token.pub,priv-key={self.folder}/token.key,sign-method=RS256,"
                 f"ttl={TOKEN_SECONDS}s")
        return [*super().options(), "--auth-token", token]

    def start(self):
        self.require_programs()
        key = pathlib.Path(self.folder, "token.key")
        for words in (("genrsa", "-traditional", "-out", key, "2048"),
                      ("rsa", "-in", key, "-pubout", "-out", key.with_suffix(".pub"))):
            subprocess.run(["openssl", *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=True)
        super().start()
        self.switch_on_v3()
        self.switch_on_v2()

    def switch_on_v3(self):
        def call(path, **body):
            post(f"http://{self.endpoint()}/v3/auth/{path}", body)

        call("user/add", name="root", password=ROOT_PASSWORD)
        call("user/add", name=USER, password=PASSWORD)
        call("role/add", name="root")
        call("role/add", name="pub")
        end = ALLOWED[:-1] + chr(ord(ALLOWED[-1]) + 1)
        call("role/grant", name="pub", perm={"permType": "READWRITE", "key": base64(ALLOWED), "range_end": base64(end)})
        call("user/grant", user="root", role="root")
        call("user/grant", user=USER, role="pub")
        call("enable")

    def switch_on_v2(self):
        def put(path, body, **headers):
            request = urllib.request.Request(f"http://{self.endpoint()}/v2/auth/{path}", json.dumps(body).encode(),
                                             {"Content-Type": "application/json"} | headers, method="PUT")
            try:
                urllib.request.urlopen(request, timeout=30).close()
            except (OSError, urllib.error.URLError) as why:
                raise ServerError(f"etcd: PUT {request.full_url}: {why}") from None

        # v2's users come to be before v2 can be asked for them.
        time.sleep(0.1)
        allowed = {"kv": {"read": [ALLOWED + "*"], "write": [ALLOWED + "*"]}}
        put("users/root", {"user": "root", "password": ROOT_PASSWORD})
        put("roles/pub", {"role": "pub", "permissions": allowed})
        put(f"users/{USER}", {"user": USER, "password": PASSWORD, "roles": ["pub"]})
        put("enable", {})
        # Who names no user is a guest, who may do everything until it is taken away.
        everything = {"kv": {"read": ["/*"], "write": ["/*"]}}
        login = {"Authorization": "Basic " + base64(f"root:{ROOT_PASSWORD}")}
        put("roles/guest", {"role": "guest", "revoke": everything}, **login)

    def environment(self):
        return super().environment() | {
            "KSV_TEST_ETCD_USER": USER, "KSV_TEST_ETCD_PASSWORD": PASSWORD,
            "KSV_TEST_ETCD_ROOT_PASSWORD": ROOT_PASSWORD,
            "KSV_TEST_ETCD_ALLOWED": ALLOWED, "KSV_TEST_ETCD_TOKEN_SECONDS": str(TOKEN_SECONDS)}
