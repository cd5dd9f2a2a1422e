#!/usr/bin/env python3
# Tests run.py and what it starts: that the servers are what the tests take them for, and that nothing of them stays.
"""usage: servers_test.py [Rgw|Swift|S3rver|Etcds|Dynamos|Runner]"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
from s3_client import S3Client

RUN = pathlib.Path(__file__).resolve().parent / "run.py"
SAY_ENVIRONMENT = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)), flush=True)"]
SAY_AND_WAIT = [sys.executable, "-c", SAY_ENVIRONMENT[2] + "; import time; time.sleep(60)"]
PATIENCE_SECONDS = 10


def start(server, command, **options):
    return subprocess.Popen([sys.executable, RUN, server, "--", *command], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **options)


def listens(endpoint):
    host, port = endpoint.split("//")[1].split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def goes(condition):
    """Whether it stops being true soon."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class ServerFacts:
    """What one server is to answer to a plain write and to writes whose condition does not hold."""
    server = ""
    if_none_match = if_match = 0

    @classmethod
    def setUpClass(cls):
        cls.child = start(cls.server, SAY_AND_WAIT)
        line = cls.child.stdout.readline()
        if not line:
            raise AssertionError(cls.child.communicate()[1])
        cls.environment = json.loads(line)
        cls.client = S3Client(cls.environment)

    @classmethod
    def tearDownClass(cls):
        cls.client.connection.close()
        cls.child.terminate()
        cls.child.communicate()

    def test_its_kind_is_told(self):
        self.assertEqual(self.environment["KSV_TEST_S3_KIND"], self.server)

    def test_conditions_that_do_not_hold(self):
        bucket = "/facts"
        self.client.require("PUT", bucket)
        self.client.require("PUT", f"{bucket}/a", body=b"1")
        status, _ = self.client.request("PUT", f"{bucket}/a", headers={"If-None-Match": "*"}, body=b"2")
        self.assertEqual(status, self.if_none_match)
        stale = {"If-Match": '"00000000000000000000000000000000"'}
        status, _ = self.client.request("PUT", f"{bucket}/a", headers=stale, body=b"3")
        self.assertEqual(status, self.if_match)
        expected = b"1" if self.if_match != 200 else b"3"
        self.assertEqual(self.client.request("GET", f"{bucket}/a"), (200, expected))


class Rgw(ServerFacts, unittest.TestCase):
    server, if_none_match, if_match = "rgw", 412, 412

    def test_a_wrong_signature_is_refused(self):
        stranger = S3Client(self.environment | {"KSV_TEST_S3_SECRET": "wrong"})
        self.assertEqual(stranger.request("GET", "/")[0], 403)
        stranger.connection.close()

    def curl(self, url, *options):
        return subprocess.run(["curl", "-sS", "-o", os.devnull, "-w", "%{http_code}", *options, url],
                              capture_output=True, text=True, check=False).stdout

    def test_tls_is_trusted_through_its_authority_only(self):
        known = self.environment
        self.assertEqual(self.curl(known["KSV_TEST_S3_TLS_ENDPOINT"], "--cacert", known["KSV_TEST_S3_CA"]), "200")
        self.assertEqual(self.curl(known["KSV_TEST_S3_TLS_ENDPOINT"]), "000")

    def test_a_bucket_may_be_a_host(self):
        self.client.require("PUT", "/hosted")
        self.client.require("PUT", "/hosted/a", body=b"here")
        client = S3Client(self.environment)
        client.host = "hosted." + self.environment["KSV_TEST_S3_VHOST_ENDPOINT"].removeprefix("http://")
        self.assertEqual(client.request("GET", "/a"), (200, b"here"))
        client.connection.close()


class Swift(ServerFacts, unittest.TestCase):
    server, if_none_match, if_match = "swift", 501, 501


class S3rver(ServerFacts, unittest.TestCase):
    server, if_none_match, if_match = "s3rver", 200, 200


class Etcds(unittest.TestCase):
    """Each kind of etcd answers as its environment says, and is gone with its command."""

    @staticmethod
    def ask(kind, *words):
        curl = ["sh", "-c", 'first=${KSV_TEST_ETCD_ENDPOINTS%%,*}; echo "$first"; ' + "; ".join(words)]
        said, errors = start(kind, curl).communicate()
        endpoint, _, answer = said.partition("\n")
        return endpoint, answer, errors

    def test_one_node_has_both_versions(self):
        endpoint, answer, errors = self.ask("etcd", 'curl -sS "http://$first/v2/keys/"',
                                            """curl -sS "http://$first/v3/kv/range" -d '{"key":"YQ=="}'""")
        self.assertIn('"dir":true', answer, errors)
        self.assertIn('"revision"', answer, errors)
        self.assertFalse(listens("http://" + endpoint))

    def test_three_nodes_know_each_other(self):
        _, answer, errors = self.ask("etcd3", """curl -sS "http://$first/v3/cluster/member/list" -d '{}'""",
                                     'kill -0 $(echo "$KSV_TEST_ETCD_PIDS" | tr , " ") && echo alive')
        for word in ('"m0"', '"m1"', '"m2"', "alive"):
            self.assertIn(word, answer, errors)

    def test_clients_with_a_certificate_are_taken_and_no_others(self):
        _, answer, _ = self.ask(
            "etcd-tls", 'tls="curl -sS --cacert $KSV_TEST_ETCD_CA"',
            '$tls --cert "$KSV_TEST_ETCD_CERT" --key "$KSV_TEST_ETCD_KEY" "https://$first/v2/keys/"',
            '$tls "https://$first/v2/keys/" || echo refused')
        self.assertIn('"dir":true', answer)
        self.assertIn("refused", answer)

    def test_users_are_asked_for(self):
        _, answer, errors = self.ask(
            "etcd-auth", """curl -sS "http://$first/v3/kv/range" -d '{"key":"YQ=="}'""",
            'curl -sS "http://$first/v2/keys/a"', 'echo',
            'curl -sS -u "$KSV_TEST_ETCD_USER:$KSV_TEST_ETCD_PASSWORD" "http://$first/v2/keys${KSV_TEST_ETCD_ALLOWED}a"')
        self.assertIn("user name is empty", answer, errors)
        self.assertIn('"errorCode":110', answer, errors)
        self.assertIn('"errorCode":100', answer, errors)


class Dynamos(unittest.TestCase):
    """Both answer on the loopback device alone, and dynalite's tables are in transition for a while."""

    CURL = """ask() { curl -sS -H "x-amz-target: DynamoDB_20120810.$1" -H 'content-type: application/x-amz-json-1.0' \
        -H 'x-amz-date: 20260101T000000Z' -H "authorization: AWS4-HMAC-SHA256 Credential=$KSV_TEST_DYNAMODB_ACCESS_KEY/20260101/$AWS_REGION/dynamodb/aws4_request, SignedHeaders=host, Signature=0" \
        -d "$2" "$KSV_TEST_DYNAMODB_ENDPOINT"; echo; }; echo "$KSV_TEST_DYNAMODB_ENDPOINT"; """
    TABLE = ('{"TableName":"facts","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],'
             '"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"}')

    def ask(self, kind, words):
        said, errors = start(kind, ["sh", "-c", self.CURL + words]).communicate()
        endpoint, _, answer = said.partition("\n")
        self.assertTrue(answer, errors)
        self.assertFalse(listens(endpoint))
        return answer

    def test_dynamodb_local_knows_transactions(self):
        answer = self.ask("dynamodb", f"""ask CreateTable '{self.TABLE}'; ask TransactGetItems \
            '{{"TransactItems":[{{"Get":{{"TableName":"facts","Key":{{"id":{{"S":"a"}}}}}}}}]}}'""")
        self.assertIn('"ACTIVE"', answer)
        self.assertIn('{"Responses":[{}]}', answer)

    def test_no_other_machine_reaches_dynamodb_local(self):
        answer = self.ask("dynamodb", "port=${KSV_TEST_DYNAMODB_ENDPOINT##*:}; "
                          """awk -v port="$(printf %04X "$port")" '$4 == "0A" && $2 ~ ":" port "$" {print $2}' """
                          "/proc/net/tcp /proc/net/tcp6")
        self.assertEqual([line.split(":")[0] for line in answer.split()], ["0100007F"])

    def test_a_table_of_dynalite_is_created_for_a_while(self):
        self.assertIn('"CREATING"', self.ask("dynalite", f"ask CreateTable '{self.TABLE}'"))


class Runner(unittest.TestCase):
    def test_the_status_is_the_command_s_and_nothing_stays(self):
        with tempfile.TemporaryDirectory() as folder:
            child = start("rgw", ["sh", "-c", 'ls -d "$TMPDIR"/ksv-rgw-* && echo "$KSV_TEST_S3_ENDPOINT" && '
                                  'echo "$KSV_TEST_S3_STORAGE_PID" && exit 7'], env=os.environ | {"TMPDIR": folder})
            (_, endpoint, pid), errors = child.stdout.read().split(), child.communicate()[1]
            self.assertEqual((child.returncode, errors), (7, ""))
            self.assertFalse(listens(endpoint))
            self.assertFalse(pathlib.Path("/proc", pid).exists())
            self.assertEqual(os.listdir(folder), [])

    def test_the_status_of_a_command_that_a_signal_ended(self):
        child = start("s3rver", ["sh", "-c", "kill -9 $$"])
        child.communicate()
        self.assertEqual(child.returncode, 128 + signal.SIGKILL)

    def test_a_signal_ends_command_and_server(self):
        child = start("s3rver", ["sh", "-c", 'trap "echo told; exit" TERM; echo "$KSV_TEST_S3_ENDPOINT"; '
                                 'while :; do sleep 0.05; done'])
        endpoint = child.stdout.readline().strip()
        self.assertTrue(listens(endpoint))
        child.send_signal(signal.SIGTERM)
        said, _ = child.communicate()
        self.assertEqual((child.returncode, said), (128 + signal.SIGTERM, "told\n"))
        self.assertFalse(listens(endpoint))

    def test_servers_end_with_a_runner_that_was_killed(self):
        with tempfile.TemporaryDirectory() as folder:
            child = start("s3rver", ["sh", "-c", 'echo "$KSV_TEST_S3_ENDPOINT"; exec >&- 2>&-; read never'],
                          env=os.environ | {"TMPDIR": folder}, stdin=subprocess.PIPE)
            endpoint = child.stdout.readline().strip()
            self.assertTrue(listens(endpoint))
            child.kill()
            child.communicate()
            self.assertTrue(goes(lambda: listens(endpoint)))

    def test_a_missing_server_fails_and_names_its_packages(self):
        with tempfile.TemporaryDirectory() as nowhere:
            for server, package in (("rgw", "radosgw"), ("swift", "swift-proxy"), ("s3rver", "nodejs"),
                                    ("etcd", "etcd-server"), ("etcd-tls", "openssl"), ("dynamodb", "default-jre"),
                                    ("dynalite", "nodejs")):
                child = start(server, ["true"], env={"PATH": nowhere})
                _, errors = child.communicate()
                self.assertEqual(child.returncode, 125)
                self.assertIn(package, errors)

    def test_a_command_that_is_not_there_fails(self):
        child = start("s3rver", ["/nowhere/at/all"])
        _, errors = child.communicate()
        self.assertEqual(child.returncode, 125)
        self.assertIn("/nowhere/at/all", errors)

    def test_two_at_once_do_not_meet(self):
        children = [start("s3rver", SAY_ENVIRONMENT) for _ in range(2)]
        endpoints = {json.loads(child.communicate()[0])["KSV_TEST_S3_ENDPOINT"] for child in children}
        self.assertEqual(len(endpoints), 2)


if __name__ == "__main__":
    unittest.main()
