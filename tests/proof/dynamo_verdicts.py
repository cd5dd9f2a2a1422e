#!/usr/bin/env python3
# Runs ksv on DynamoDB through a proxy that harms its writes, and holds its verdict against what the table then has.
"""usage: dynamo_verdicts.py --ksv PATH [--store konserve|items|version-attr|exactly-once]
           [--long|--places N] [--every N] [--only WORD] [--workers N]

To be run by tests/servers/run.py dynamodb. As verdicts.py, for tables of konserve's layout and of items: these plain, with
an attribute that counts versions, and by transactions. What is asked of the service by expressions belongs to plain items.
Nothing names a write of an item but the token of its transaction, so that elsewhere no request is delivered twice with the
second answer passed on."""

import argparse
import base64
import datetime
import http.client
import json
import os
import re
import sys
import time

sys.dont_write_bytecode = True
import verdict_runs
from konserve_operations import KONSERVE_OPERATIONS, KonserveWorker, pairs, words_of_all
from verdict_runs import NOT_WRITTEN, UNKNOWN, WRITTEN, Case, Operation

OF_ADDRESS = {"konserve": "layout=konserve&", "items": "", "version-attr": "version-attr=v&",
              "exactly-once": "exactly-once=true&"}
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "CreateTable", "DeleteTable")



def words_of_table(_case, status, _out, _err):
    """What was taken up, and not waited for to its end, is done."""
    return [{0: WRITTEN, 4: UNKNOWN, 11: WRITTEN}.get(status, NOT_WRITTEN)]


# Nothing names a table. Several blobs are one transaction.
BLOB_OPERATIONS = [*(operation for operation in KONSERVE_OPERATIONS if not operation.name.endswith("-store")),
                   Operation("create-store", lambda c: ["create-store"], base="store", rivals=(), is_named=False,
                             verdicts=words_of_table),
                   Operation("delete-store", lambda c: ["delete-store", "--yes"], base="whole store", rivals=(),
                             is_named=False, verdicts=words_of_table),
                   Operation("dissoc --if-match", lambda c: ["dissoc", c.key, "--if-match", c.version],
                             rivals=("before",), says="true"),
                   Operation("multi-assoc", lambda c: ["multi-assoc", *pairs(c)], base="several", rivals=(),
                             verdicts=words_of_all),
                   Operation("multi-dissoc", lambda c: ["multi-dissoc", *c.keys], base="several", rivals=(),
                             verdicts=words_of_all)]


def words_of_two(case, status, out, err):
    return verdict_runs.words_of_status(case, status, out, err) * 2


def key_of(name):
    return f'{{:id "{name}"}}'


def appending(token):
    return f'(fn [item] (update item :t str "{token}"))'


def item_operations(store):
    """Those of expressions and of several items belong to plain items."""
    named = store == "exactly-once"

    def operation(name, arguments, is_named=named, **more):
        return Operation(name, lambda c: arguments(c, key_of(c.key), f'{{:t "{c.token}"}}'), is_named=is_named, **more)
    of_all = [
        operation("assoc", lambda c, key, item: ["assoc", key, item], keeps_rival=False),
        operation("assoc --if-absent", lambda c, key, item: ["assoc", key, item, "--if-absent"], base="absent"),
        operation("assoc --if-match", lambda c, key, item: ["assoc", key, item, "--if-match", c.version]),
        operation("update", lambda c, key, _: ["update", key, appending(c.token)]),
        operation("update, absent", lambda c, key, _: ["update", key, appending(c.token)], base="absent"),
        operation("swap", lambda c, key, _: ["swap", key, appending(c.token)]),
        operation("cas", lambda c, key, item: ["cas", key, c.version, item]),
        operation("dissoc", lambda c, key, _: ["dissoc", key], rivals=(), says="true", is_named=False),
        operation("dissoc --if-match", lambda c, key, _: ["dissoc", key, "--if-match", c.version], is_named=False,
                  rivals=("before",), says="true"),
    ]
    if store != "items":
        return of_all
    old = ["--condition", 't = "old"']
    return of_all + [
        operation("dissoc --condition", lambda c, key, _: ["dissoc", key, *old], rivals=("before",)),
        operation("assoc --condition", lambda c, key, item: ["assoc", key, item, *old]),
        # Neither of these can be sent a second time.
        operation("update, by SET", lambda c, key, _: [
            "update", key, "--update", f'SET seen = list_append(seen, ["{c.token}"])'], adds=True),
        operation("update, by ADD", lambda c, key, _: ["update", key, "--update", "ADD n 1"], adds=True),
        operation("update, by ADD, if 0", lambda c, key, _: [
            "update", key, "--update", "ADD n 1", "--condition", "n = 0", "--return", "new"],
            rivals=("after",)),
        # Under its token it is done once, and the service says so as often as it is asked.
        operation("transact", lambda c, *_: ["transact", *transaction_of(c)], base="two", rivals=(), is_named=True,
                  verdicts=words_of_two),
        operation("batch-write", lambda c, *_: ["batch-write", *(
            f'{{:id "{name}" :t "{c.token}"}}' for name in c.keys)], base="two", rivals=(), verdicts=words_of_two),
        operation("create-store", lambda *_: ["create-store", "--hash-key", "id:s"], base="store", rivals=(),
                  verdicts=words_of_table),
        operation("delete-store", lambda *_: ["delete-store", "--yes"], base="whole store", rivals=(),
                  verdicts=words_of_table),
    ]


def transaction_of(case):
    first, second = case.keys
    return (f'[:put {{:item {{:id "{first}" :t "{case.token}"}}}}]',
            f'[:update {{:key {{:id "{second}"}} :update "SET t = :t" :values {{:t "{case.token}"}}}}]')


def answer(status, reason, kind="", more=""):
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": "forged"}) if kind else more
    return (f"HTTP/1.1 {status} {reason}\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-amz-json-1.0\r\n\r\n{body}").encode()


# What says nothing of what became of the request.
FORGED = {
    "500": answer(500, "Internal Server Error", "InternalServerError"),
    "503": answer(503, "Service Unavailable", "ServiceUnavailable"),
    "500, bare": answer(500, "Internal Server Error"),
    "502, bare": answer(502, "Bad Gateway"),
    "503, bare": answer(503, "Service Unavailable"),
    "200, empty": answer(200, "OK"),
    "200, a page": answer(200, "OK", more="<html>captive</html>"),
    "200, wrong checksum": answer(200, "OK", more="{}").replace(b"\r\n\r\n", b"\r\nx-amz-crc32: 1\r\n\r\n"),
}
# What a service says that did nothing.
REFUSALS = {
    "403": answer(403, "Forbidden", "AccessDeniedException"),
    "403, bare": answer(403, "Forbidden"),
    "400": answer(400, "Bad Request", "ValidationException"),
    "throttled": answer(400, "Bad Request", "ProvisionedThroughputExceededException"),
    "expired": answer(400, "Bad Request", "ExpiredTokenException"),
    "429, bare": answer(429, "Too Many Requests"),
}
SHORT = ("500", "503, bare", "200, empty", "200, wrong checksum", "403", "throttled", "expired")


class Table:
    """The tables as the service has them, asked without ksv."""

    def __init__(self):
        self.host = os.environ["KSV_TEST_DYNAMODB_ENDPOINT"].removeprefix("http://")
        day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d")
        scope = f"{os.environ['KSV_TEST_DYNAMODB_ACCESS_KEY']}/{day}/{os.environ['KSV_TEST_DYNAMODB_REGION']}"
        self.headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Date": f"{day}T000000Z",
                        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}/dynamodb/aws4_request, "
                                         "SignedHeaders=host;x-amz-date, Signature=" + 64 * "0"}
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def ask(self, operation, good=(200,), **body):
        headers = self.headers | {"X-Amz-Target": f"DynamoDB_20120810.{operation}"}
        try:
            self.connection.request("POST", "/", json.dumps(body), headers)
            reply = self.connection.getresponse()
        except (OSError, http.client.HTTPException):
            # It was idle for too long.
            self.connection.close()
            self.connection.request("POST", "/", json.dumps(body), headers)
            reply = self.connection.getresponse()
        text = reply.read()
        if reply.status not in good:
            raise RuntimeError(f"{operation} {body}: {reply.status} {text[:300]}")
        return reply.status, json.loads(text)

    def item(self, table, **key):
        """The attributes, each as text; nothing where the item is absent."""
        found = self.ask("GetItem", TableName=table, Key={name: {"S": value} for name, value in key.items()},
                         ConsistentRead=True)[1]
        return found.get("Item")

    def is_there(self, table):
        return self.ask("DescribeTable", (200, 400), TableName=table)[0] == 200

    def drop(self, table):
        # The server fails where several tables come and go at once.
        while self.ask("DeleteTable", (200, 400, 500), TableName=table)[0] == 500:
            time.sleep(0.1)


class OfTable:
    """What workers on blobs and on items share."""

    more = ("--format", "edn")

    def store(self, endpoint, case=None):
        name = case.key if case is not None and case.operation.base in ("store", "whole store") else self.name
        return f"dynamodb://{name}?{OF_ADDRESS[self.kind]}endpoint=http://{endpoint}"

    def is_write(self, _method, _target, request):
        found = re.search(rb"\r\nx-amz-target: *[\w.]+\.(\w+)\r\n", request, re.IGNORECASE)
        return found is not None and found[1].decode() in WRITES

    def new_store(self, number):
        return f"proof-{self.number}-{number}"

    def is_gone(self, case):
        is_there = self.table.is_there(case.key)
        self.table.drop(case.key)
        return not is_there


class BlobWorker(OfTable, KonserveWorker):
    name = "proof-blobs"

    def __init__(self, number, options, environment):
        self.kind, self.table = options.store, Table()
        super().__init__(number, options.ksv, environment, self.table.host)

    def create(self):
        self.direct("create-store")

    def state(self, case):
        if case.operation.base == "store":
            return None if self.is_gone(case) else b""
        key = re.search(rb'"Key":\{"S":"([^"]+)"', self.struck[0][1])[1].decode()
        item = self.table.item(self.name, Key=key)
        return None if item is None else base64.b64decode(item["Value"]["B"])


class ItemWorker(OfTable, verdict_runs.Worker):
    name = "proof-items"

    def __init__(self, number, options, environment):
        self.kind, self.table = options.store, Table()
        super().__init__(number, options.ksv, environment, self.table.host)

    def create(self):
        self.direct("create-store", "--hash-key", "id:s")

    def rival_arguments(self, case):
        return ["update", key_of(case.key), appending(case.rival_token)]

    def prepare(self, operation, plan):
        number, token = self.next_token()
        name = f"{operation.word}{self.number}-{number}"
        version = ""
        if operation.base in ("store", "whole store"):
            case = Case(operation, plan, self.new_store(number), token)
            if operation.base == "whole store":
                self.direct("create-store", "--hash-key", "id:s", case=case)
            return case
        if operation.base == "two":
            return Case(operation, plan, name, token, keys=(f"{name}-a", f"{name}-b"))
        if operation.base == "old":
            version = self.direct("assoc", key_of(name), '{:t "old" :n 0 :seen []}', "--print-version")
            if operation.name == "cas":
                version = self.direct("get", key_of(name))
        return Case(operation, plan, name, token, version)

    def times(self, case):
        operation = case.operation
        if operation.base in ("store", "whole store"):
            return [int(self.is_gone(case) == (operation.base == "whole store"))]
        items = [self.table.item(self.name, id=key) for key in case.keys]
        if operation.removes:
            return [int(item is None or "old" not in item["t"]["S"]) for item in items]
        if "ADD" in operation.name:
            return [int(item["n"]["N"]) for item in items]
        return [json.dumps(item or {}).count(case.token) for item in items]

    def is_rival_there(self, case):
        return case.rival_token in json.dumps(self.table.item(self.name, id=case.key))


def run_all(options, folder):
    environment = verdict_runs.environment_in(folder)
    is_blobs = options.store == "konserve"
    count = options.workers * verdict_runs.WAITING_MORE
    workers = [(BlobWorker if is_blobs else ItemWorker)(n, options, environment) for n in range(count)]
    workers[0].create()
    operations = BLOB_OPERATIONS if is_blobs else item_operations(options.store)
    forged, refusals = ({name: text for name, text in answers.items()
                         if name in SHORT or not verdict_runs.is_short(options)} for answers in (FORGED, REFUSALS))

    def answers(operation):
        # What names its write is not deceived by any refusal.
        return forged | refusals if is_blobs and operation.is_named else forged, refusals
    return verdict_runs.run_plans(verdict_runs.plans_for(operations, workers[0], options, answers), workers)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    verdict_runs.add_options(parser)
    parser.add_argument("--store", choices=tuple(OF_ADDRESS), default="konserve")
    options = parser.parse_args()
    return verdict_runs.run_and_show(lambda folder: run_all(options, folder))


if __name__ == "__main__":
    sys.exit(main())
