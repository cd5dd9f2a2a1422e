#!/usr/bin/env python3
# Takes the guards of exact outcomes out of a copy of the sources, one at a time, and shows that named tests fail.
"""usage: mutations.py BUILD-FOLDER

BUILD-FOLDER is made, and kept: a second run costs little. Only what the named tests need is built, without optimisation."""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SIM, FAULTS, CURL = "sim_update_test", "proof_fault_table", "ksv_net_test"
FOLDERS = {SIM: "sim", FAULTS: "proof", CURL: "unit/net"}
PARTS = ("CMakeLists.txt", "cmake", "include", "src", "tests", "man", "completions", "doc", "scripts")

# What is taken out: the file, the text, what stands there instead, and the tests that must notice.
MUTATIONS = {
    "settling": ("src/core/settle.cpp",
                 "    if (!hold) hold.emplace(env);\n",
                 "    if (attempts.doubtful) return unknown(write, attempts.why);\n"
                 "    if (attempts.refusal) return *attempts.refusal;\n"
                 "    return PutOutcome(Refused{});\n", (SIM, FAULTS)),
    "settling after a clean refusal": ("src/core/settle.cpp",
                                       "    if (!hold) hold.emplace(env);\n",
                                       "    if (!attempts.doubtful) return PutOutcome(Refused{});\n", (SIM, FAULTS)),
    "reading back after an error": ("src/core/settle.cpp",
                                    "    if (!is_refused_write(error)) return", "    return", (FAULTS,)),
    "the condition on first writes": ("src/backend/s3/s3_conditions.cpp",
                                      "return {Condition::Kind::kAbsent, {}, true};", "return {};", (FAULTS,)),
    "the rule that keeps libcurl from resending": ("src/net/curl_exchange.cpp",
                                                    "if (exchange.may_have_left()) {", "if (false) {", (CURL,)),
    "the lineage": ("src/core/lineage.cpp",
                    "  const auto& ids = lineage->items();\n  const auto is_ours",
                    "  return Trace::kNone;\n  const auto& ids = lineage->items();\n  const auto is_ours", (SIM,)),
}


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)


def build(folder, targets):
    done = run("cmake", "--build", folder, "--parallel", "2", "--target", *targets)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(targets)} cannot be built:\n{done.stdout[-3000:]}")


def failures(folder, tests):
    """Which of the tests fail, after they were built."""
    build(folder, tests)
    environment = os.environ | {"KSV_SEEDS": "2000"}
    return [test for test in tests
            if run(folder / "tests" / FOLDERS[test] / test, env=environment).returncode != 0]


def check(source, folder):
    """Whether the tests pass as it is, and each mutation is noticed by all the tests that are named for it."""
    good = True
    failed = failures(folder, list(FOLDERS))
    print(f"| taken out | tests that fail | tests that should |\n|---|---|---|\n"
          f"| nothing | {' '.join(failed) or '-'} | - |", flush=True)
    good = not failed
    for name, (path, text, instead, tests) in MUTATIONS.items():
        file = source / path
        original = file.read_text()
        if text not in original:
            raise RuntimeError(f"{name}: {path} does not have that text any more")
        try:
            file.write_text(original.replace(text, instead))
            failed = failures(folder, tests)
        finally:
            file.write_text(original)
        print(f"| {name} | {' '.join(failed) or '-'} | {' '.join(tests)} |", flush=True)
        good = good and failed == list(tests)
    return good


def copy_sources(source):
    for part in PARTS:
        path = ROOT / part
        if path.is_dir():
            shutil.copytree(path, source / part, dirs_exist_ok=True)
        elif path.exists():
            source.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, source / part)


def configure(source, folder):
    options = ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -Wno-error", "-DKSV_TESTS=ON"]
    if shutil.which("ccache"):
        options += ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
    done = run("cmake", "-S", source, "-B", folder, *options)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[1]).resolve()
    try:
        copy_sources(folder / "source")
        configure(folder / "source", folder / "build")
        return 0 if check(folder / "source", folder / "build") else 1
    except RuntimeError as why:
        print(f"mutations.py: {why}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
