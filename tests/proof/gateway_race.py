#!/usr/bin/env python3
# Shows without ksv what a gateway does with a plain write that races a conditional one.
"""usage: gateway_race.py [--races N]

To be run by tests/servers/run.py rgw. An object is written, and then again by two at once: one plainly, one under
If-Match of the first version. If both are acknowledged, the conditional one came first, since its condition held, and the
plain one must be there at the end. Prints how often it is not. Ends with status 0 whatever it finds, and with 1 if the
two never met, so that nothing was shown."""

import argparse
import collections
import pathlib
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from s3_client import S3Client

BUCKET = "race"
# The one that begins later, by up to so much: neither is always the first.
STAGGER_SECONDS, STAGGERS = 0.0005, 7


def put(client, name, body, pause, answers, headers=None):
    time.sleep(pause)
    answers[body] = client.exchange("PUT", f"/{BUCKET}/{name}", headers=headers, body=body.encode())[0]


def race(clients, number):
    """What each was told, and who is there."""
    judge, plain, conditional = clients
    name, answers = f"k{number}", {}
    status, headers, _ = judge.exchange("PUT", f"/{BUCKET}/{name}", body=b"first")
    if status != 200:
        raise RuntimeError(f"PUT: {status}")
    condition = {"If-Match": headers["etag"].strip('"')}
    pauses = number % STAGGERS * STAGGER_SECONDS, number // STAGGERS % STAGGERS * STAGGER_SECONDS
    threads = [threading.Thread(target=put, args=(plain, name, "plain", pauses[0], answers)),
               threading.Thread(target=put, args=(conditional, name, "conditional", pauses[1], answers, condition))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers["plain"], answers["conditional"], judge.require("GET", f"/{BUCKET}/{name}").decode()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--races", type=int, default=2000)
    options = parser.parse_args()
    clients = [S3Client() for _ in range(3)]
    clients[0].require("PUT", f"/{BUCKET}")
    counts = collections.Counter(race(clients, number) for number in range(options.races))
    print("\n| plain write | conditional write | then there | races |\n|---|---|---|---|")
    for (plain, conditional, there), count in sorted(counts.items()):
        print(f"| {plain} | {conditional} | {there} | {count} |")
    lost = counts[200, 200, "conditional"]
    print(f"\nplain writes that were acknowledged and then nowhere: {lost} of {options.races}")
    return 0 if counts[200, 200, "plain"] + lost > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
