#!/usr/bin/env python3
"""Times whole processes against their peers, in turn (A B A B ...), and prints medians and ratios."""
import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 60


def seconds(command, environment):
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def compare(what, ours, peer, environment, runs=RUNS):
    """The median of each, and the median of the ratios pair by pair."""
    pairs = []
    for _ in range(3):
        seconds(ours, environment), seconds(peer, environment)
    for _ in range(runs):
        pairs.append((seconds(ours, environment), seconds(peer, environment)))
    mine = statistics.median(a for a, _ in pairs) * 1000
    theirs = statistics.median(b for _, b in pairs) * 1000
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{what:<44} {mine:7.2f} ms  {theirs:7.2f} ms  ratio {ratio:.2f}")


def once(what, command, environment, runs=7):
    times = [seconds(command, environment) for _ in range(runs)]
    print(f"{what:<44} {statistics.median(times) * 1000:7.1f} ms")


def make_keys(ksv, environment, count):
    """Many keys through few processes: multi-assoc takes a thousand pairs at a time."""
    for start in range(0, count, 500):
        pairs = []
        for i in range(start, min(start + 500, count)):
            pairs += [f":key-{i}", f'{{:n {i} :text "value number {i}"}}']
        subprocess.run([ksv, "multi-assoc", "--no-sync", "-q", *pairs], env=environment, check=True)


def main():
    ksv = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, HOME=home, XDG_DATA_HOME=f"{home}/data", XDG_CONFIG_HOME=f"{home}/c")
        run = lambda *words: subprocess.run([ksv, *words], env=environment, check=True,
                                            capture_output=True, text=True).stdout.strip()
        run("create-store")
        run("assoc", ":a", '{:name "Alice"}')
        blob = f"{home}/data/ksv/default/" + run("hash", ":a")
        print("whole processes: ksv, the peer, the ratio")
        compare("ksv version / jq --version", [ksv, "version"], ["jq", "--version"], environment)
        compare("ksv get / cat FILE", [ksv, "get", ":a"], ["cat", blob], environment)
        compare("ksv get / jq . FILE", [ksv, "get", ":a"], ["jq", "-n", "1"], environment)
        run("assoc", ":n", "0")
        once("ksv assoc", [ksv, "assoc", ":b", "1"], environment)
        once("ksv swap :n inc", [ksv, "swap", ":n", "inc"], environment)
        swaps = f"seq 100 | xargs -P 100 -I{{}} {ksv} swap :n inc"
        once("100 ksv swap at once on one counter", ["sh", "-c", swaps], environment, runs=3)
        make_keys(ksv, environment, 10_500)
        once("ksv keys, 10,500 blobs", [ksv, "keys"], environment)


if __name__ == "__main__":
    main()
