# The writes of a store in konserve's layout, and the keys that a proof uses for them.
import re

import verdict_runs
from verdict_runs import NOT_WRITTEN, UNKNOWN, WRITTEN, Case, Operation

# A key is used for so many cases, as its value grows.
CASES_A_KEY = 30
SEVERAL = 3


def words_of_keys(case, status, out, err):
    """The verdicts on writes that are done each for itself: keys that failed are told one by one."""
    told = {}
    for line in err.splitlines():
        if failure := re.match(r'\{:key "([^"]+)".*:outcome "([a-z-]+)"', line):
            told[failure[1]] = UNKNOWN if failure[2] == "unknown" else NOT_WRITTEN
    words = [told.get(key, WRITTEN) for key in case.keys]
    agreed = {0: not told, 4: UNKNOWN in told.values()}.get(status, bool(told) and UNKNOWN not in told.values())
    removed = not case.operation.removes or all(f"{key} true" in out for key in case.keys if key not in told)
    return words if agreed and removed else []


def words_of_all(case, status, out, err):
    """The verdicts on writes that are done together or not at all."""
    return verdict_runs.words_of_status(case, status, out, err) * len(case.keys)


def pairs(case):
    return [word for key in case.keys for word in (key, case.value)]


KONSERVE_OPERATIONS = [
    Operation("assoc", lambda c: ["assoc", c.key, c.value], keeps_rival=False),
    Operation("assoc --if-absent", lambda c: ["assoc", c.key, c.value, "--if-absent"], base="absent"),
    Operation("assoc --if-match", lambda c: ["assoc", c.key, c.value, "--if-match", c.version]),
    Operation("update", lambda c: ["update", c.key, "str", c.value]),
    Operation("update, absent", lambda c: ["update", c.key, "str", c.value], base="absent"),
    Operation("swap", lambda c: ["swap", c.key, "str", c.value]),
    Operation("cas", lambda c: ["cas", c.key, '"old"', c.value]),
    Operation("bassoc", lambda c: ["bassoc", c.key, "-"], rivals=()),
    Operation("dissoc", lambda c: ["dissoc", c.key], method="DELETE", rivals=(), says="true"),
    # The element itself, then the link to it, which is what adds it to the log.
    Operation("append", lambda c: ["append", c.key, c.value], base="log"),
    Operation("append, link", lambda c: ["append", c.key, c.value], base="log", skip=1),
    Operation("create-store", lambda c: ["create-store"], base="store", rivals=()),
    Operation("delete-store", lambda c: ["delete-store", "--yes"], method="", base="whole store", rivals=()),
]


class KonserveWorker(verdict_runs.Worker):
    """A kind of store says further: `new_store(number)`, a name for one; `state()`, the bytes of what was struck, or None;
    and `is_gone(case)` of a store."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.keys = {}

    def rival_arguments(self, case):
        word = ["append", case.key] if case.operation.base == "log" else ["update", case.key, "str"]
        return [*word, f'"{case.rival_token}"']

    def prepare(self, operation, plan):
        number, token = self.next_token()
        name = f":{operation.word}{self.number}-{number}"
        if operation.base in ("store", "whole store"):
            case = Case(operation, plan, self.new_store(number), token)
            if operation.base == "whole store":
                self.direct("create-store", case=case)
                self.direct("multi-assoc", ":a", "1", ":b", "2", case=case)
            return case
        if operation.base == "several":
            case = Case(operation, plan, name, token, keys=tuple(f"{name}-{n}" for n in range(SEVERAL)))
            if operation.removes:
                self.direct("multi-assoc", *(word for key in case.keys for word in (key, '"old"')))
            return case
        if operation.base == "log":
            self.direct("append", name, '"old"')
        elif operation.base == "old" and operation.name != "cas":
            name = f":{operation.word}{self.number}-{number // CASES_A_KEY}"
        version = ""
        # Each of these needs a state to begin with; assoc and bassoc take what there is.
        if operation.base == "old" and operation.name not in ("assoc", "bassoc") and not self.has(operation, name):
            version = self.direct("assoc", name, '"old"', "--print-version")
        elif "--if-match" in operation.name:
            version = self.direct("get", name, "--meta").split(':version "')[1].split('"')[0]
        return Case(operation, plan, name, token, version)

    def has(self, operation, key):
        """Whether the key is there, from a case before."""
        seen = self.keys.get(operation.name) == key
        self.keys[operation.name] = key
        return seen and not operation.removes

    def times(self, case):
        operation = case.operation
        if operation.base == "whole store":
            return [int(self.is_gone(case))]
        if operation.base == "log":
            return [self.direct("log", case.key).count(case.token)]
        if operation.base == "several":
            values = [self.direct("get", key, good=(0, 1)) for key in case.keys]
            return [int(value == "") if operation.removes else value.count(case.token) for value in values]
        body = self.state(case)
        if operation.base == "store":
            return [int(body is not None)]
        if operation.removes:
            return [int(body is None or b"old" not in body)]
        return [0 if body is None else body.count(case.token.encode())]

    def is_rival_there(self, case):
        if case.operation.base == "log":
            return case.rival_token in self.direct("log", case.key)
        body = self.state(case)
        return body is not None and case.rival_token.encode() in body
