#!/usr/bin/env python3
# What ksv makes of answers that no server of the tests gives: items put off, tables that stay in transition, damage.
"""usage: dynamo_scripts_test.py KSV

The script of a case says for each operation what is answered, the last again and again; LOST breaks the connection."""

import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

LOST = "lost"
ACTIVE = {"Table": {"TableStatus": "ACTIVE", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}}
CREATING = {"Table": {"TableStatus": "CREATING"}}
DELETING = {"Table": {"TableStatus": "DELETING"}}
MADE = {"TableDescription": {"TableStatus": "CREATING"}}
MISSING = 400, {"__type": "x#ResourceNotFoundException", "message": "no table"}
DENIED = 403, {"__type": "x#AccessDeniedException", "message": "no"}
THROTTLED = 400, {"__type": "x#ProvisionedThroughputExceededException", "message": "slow down"}


def put_off(*names):
    return {"UnprocessedItems": {"items": [{"PutRequest": {"Item": {"id": {"S": name}}}} for name in names]}}


def damaged(answer):
    return 200, answer, {"x-amz-crc32": "1"}


TWO = ["batch-write", '{:id "a"}', '{:id "b"}']
PLAIN = ["assoc", '{:id "a"}', "{:n 1}"]
CREATE = ["create-store", "--hash-key", "id:s"]
DELETE = ["delete-store", "--yes"]
# The case, ksv's arguments, the script, then the status, how often what is written was sent (None: time decides), and words
# that are printed.
CASES = [
    ("put off for a while", TWO, {"BatchWriteItem": [put_off("a", "b"), put_off("b"), {}]}, 0, 3, ()),
    ("put off until the time is up", TWO, {"BatchWriteItem": [put_off("b")]}, 11, None, ('{:id "b"}', "1 of 2")),
    ("the answer about some was lost", TWO, {"BatchWriteItem": [put_off("b"), LOST]}, 4, 2, ('{:id "b"}',)),
    ("throttled until the time is up", PLAIN, {"PutItem": [THROTTLED], "GetItem": [{}]}, 5, None, ()),
    ("damaged, and there", PLAIN, {"PutItem": [damaged({})], "GetItem": [
        {"Item": {"id": {"S": "a"}, "n": {"N": "1"}}}]}, 4, 1, ("ksv get",)),
    ("lost, and reading is denied", PLAIN, {"PutItem": [LOST], "GetItem": [DENIED]}, 4, 1, ("ksv get",)),
    ("denied, and so is reading", PLAIN, {"PutItem": [DENIED], "GetItem": [DENIED]}, 6, 1, ()),
    ("an expression, lost", ["update", '{:id "a"}', "--update", "ADD n 1"], {"UpdateItem": [LOST]}, 4, 1, ("ksv get",)),
    ("a transaction, lost", ["transact", '[:put {:item {:id "a"}}]'], {"TransactWriteItems": [LOST]}, 4, None,
     ("--token",)),
    ("made, and never ready", CREATE, {"CreateTable": [MADE], "DescribeTable": [CREATING]}, 11, 1, ("is being created",)),
    ("made, and not to be seen", CREATE, {"CreateTable": [MADE], "DescribeTable": [DENIED]}, 11, 1,
     ("is being created",)),
    ("making it lost, and not to be seen", CREATE, {"CreateTable": [LOST], "DescribeTable": [DENIED]}, 4, None, ()),
    ("deleted, and never gone", DELETE, {"DeleteTable": [MADE], "DescribeTable": [ACTIVE, ACTIVE, ACTIVE, DELETING]}, 11, 1,
     ("is being deleted",)),
    ("deleting it lost, and not to be seen", DELETE, {"DeleteTable": [LOST], "DescribeTable": [
        ACTIVE, ACTIVE, ACTIVE, DENIED]}, 4, 1, ("may have been deleted",)),
    ("deleting it lost, and gone", DELETE, {"DeleteTable": [LOST], "DescribeTable": [
        ACTIVE, ACTIVE, ACTIVE, MISSING]}, 0, 1, ()),
    ("deleting it denied", DELETE, {"DeleteTable": [DENIED], "DescribeTable": [ACTIVE]}, 6, 1, ()),
]


class Script(http.server.ThreadingHTTPServer):
    def __init__(self, answers):
        self.answers, self.asked = {name: list(given) for name, given in answers.items()}, []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].split(".")[1]
        self.server.asked.append(operation)
        given = self.server.answers.get(operation, [ACTIVE])
        answer = given[0] if len(given) == 1 else given.pop(0)
        if answer == LOST:
            self.close_connection = True
            return
        status, body, headers = (*answer, {})[:3] if isinstance(answer, tuple) else (200, answer, {})
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(text))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def run(ksv, folder, case):
    name, arguments, answers, status, sent, words = case
    server = Script(answers)
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK",
                   "AWS_REGION": "eu-west-1"}
    store = f"dynamodb://items?endpoint=http://127.0.0.1:{server.server_address[1]}"
    done = subprocess.run([ksv, "-s", store, "--timeout", "1500ms", *arguments], env=environment, capture_output=True,
                          text=True, check=False)
    server.shutdown()
    server.server_close()
    told = done.stdout + done.stderr
    writes = sum(operation in list(answers)[0] for operation in server.asked)
    good = done.returncode == status and sent in (None, writes) and all(word in told for word in words)
    if not good:
        print(f"{name}: status {done.returncode}, not {status}; sent {writes} times: {told}", file=sys.stderr)
    return good


def main():
    with tempfile.TemporaryDirectory(prefix="ksv-scripts-") as folder:
        results = [run(sys.argv[1], folder, case) for case in CASES]
    print(f"{sum(results)} of {len(results)} cases")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
