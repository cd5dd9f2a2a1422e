#!/usr/bin/env python3
"""Times update functions beside the same ones in jq and in Clojure on a warm JVM, in one run."""
import os
import subprocess
import sys
import tempfile
import time

import processes

# The function of ksv and Clojure, its argument, the filter of jq, and its input ($i: the round).
CASES = [
    ("inc", "41", ". + 1", "$i"),  # jq would fold 41 + 1 away
    ("(fnil inc 0)", "nil", "(. // 0) + 1", "null"),
    ("#(-> % (assoc :seen true) (update :visits inc) (dissoc :tmp))",
     '{:visits 1 :tmp 2 :name "Alice"}',
     ".seen = true | .visits += 1 | del(.tmp)", '{"visits":1,"tmp":2,"name":"Alice"}'),
]
JQ_TIMES = 300_000
CLOJURE_JAR = "/usr/share/java/clojure.jar"

# The volatile keeps the results from being thought away; the rounds before the last warm up.
CLOJURE_LOOP = """
(let [hole (volatile! nil) n 1000000]
  (doseq [[f value] [%s]]
    (let [round #(let [start (System/nanoTime)]
                   (dotimes [_ n] (vreset! hole (f value)))
                   (- (System/nanoTime) start))]
      (dotimes [_ 8] (round))
      (println (/ (* n 1e9) (round))))))
"""


def ksv_rates(ksv_bench):
    """Evaluations a second by function, from the lines of the benchmark itself."""
    lines = subprocess.run([ksv_bench, "functions"], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    return {" ".join(words[:-2]): float(words[-2]) for words in map(str.split, lines)}


def jq_seconds(program):
    start = time.perf_counter()
    subprocess.run(["jq", "-n", program], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def jq_rate(program, text):
    """A loop inside one jq, less the same loop that only makes the input."""
    loop = f"reduce range({JQ_TIMES}) as $i (null; {text}%s)"
    empty = min(jq_seconds(loop % "") for _ in range(3))
    whole = min(jq_seconds(loop % f" | {program}") for _ in range(3))
    return JQ_TIMES / max(whole - empty, 1e-9)


def clojure_rates():
    calls = " ".join(f"[{function} {value}]" for function, value, _, _ in CASES)
    jars = ":".join([CLOJURE_JAR] + [f"/usr/share/java/{name}.jar"
                                     for name in ("spec.alpha", "core.specs.alpha")])
    if not os.path.exists(CLOJURE_JAR):
        return None
    output = subprocess.run(["java", "-cp", jars, "clojure.main", "-e", CLOJURE_LOOP % calls],
                            check=True, capture_output=True, text=True).stdout
    return [float(line) for line in output.splitlines()]


def evaluations(ksv_bench):
    ours = ksv_rates(ksv_bench)
    clojure = clojure_rates()
    print("evaluations a second: ksv, jq, Clojure (warm); the ratios of ksv to each")
    for i, (function, _, program, text) in enumerate(CASES):
        mine, jq = ours[function], jq_rate(program, text)
        line = f"{function[:40]:<40} {mine:12,.0f} {jq:12,.0f}"
        if clojure is None:
            print(f"{line}  no {CLOJURE_JAR}  {mine / jq:6.2f}")
        else:
            print(f"{line} {clojure[i]:13,.0f}  {mine / jq:6.2f} {mine / clojure[i]:6.3f}")


def whole_processes(ksv):
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, HOME=home, XDG_DATA_HOME=f"{home}/data",
                           XDG_CONFIG_HOME=f"{home}/c")
        file = f"{home}/value.json"
        with open(file, "w", encoding="utf-8") as out:
            out.write(CASES[2][3])
        subprocess.run([ksv, "create-store"], env=environment, check=True)
        subprocess.run([ksv, "assoc", ":v", CASES[2][1]], env=environment, check=True)
        replace = f"jq '{CASES[2][2]}' {file} > {file}.new && mv {file}.new {file}"
        durable = f"jq '{CASES[2][2]}' {file} > {file}.new && sync {file}.new && mv {file}.new {file}"
        update = [ksv, "update", ":v", "#(-> % (assoc :seen true) (update :visits inc))"]
        print("whole processes: ksv, the peer, the ratio")
        processes.compare("ksv update --no-sync / jq FILE > NEW; mv", update + ["--no-sync"],
                          ["sh", "-c", replace], environment)
        processes.compare("ksv update / jq FILE > NEW; sync; mv", update, ["sh", "-c", durable],
                          environment)


def main():
    ksv, ksv_bench = (os.path.abspath(path) for path in sys.argv[1:3])
    evaluations(ksv_bench)
    whole_processes(ksv)


if __name__ == "__main__":
    main()
