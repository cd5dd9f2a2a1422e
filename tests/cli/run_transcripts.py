#!/usr/bin/env python3
# Runs transcripts of shell sessions with ksv and compares what they print; README.md next to it has the format.
"""usage: run_transcripts.py --ksv PATH [--update] [--jobs N] FILE...

FILE is a .test transcript or a Markdown file (its ```console blocks)."""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from transcript import NO_NEWLINE, Step, parse_markdown, parse_test

TIMEOUT_SECONDS = 120

# Each command is sourced by one shell, so that variables and folders carry on as they do for a person.
RUNNER = r"""
exec </dev/null
set -e
. "$KSV_STEPS/setup" >/dev/null
set +e
for ((ksv_step = 0; ksv_step < KSV_STEP_COUNT; ++ksv_step)); do
  { . "$KSV_STEPS/$ksv_step.cmd"; } >"$KSV_STEPS/$ksv_step.out" 2>"$KSV_STEPS/$ksv_step.err"
  echo $? >"$KSV_STEPS/$ksv_step.status"
done
"""


def line_matches(expected, actual):
    """`...` stands for any text in the line, `<<re>>` for what the regular expression matches."""
    if expected == actual:
        return True
    pattern = ""
    for piece in re.split(r"(<<.*?>>(?!>)|\.\.\.)", expected):
        if piece == "...":
            pattern += ".*"
        elif piece.startswith("<<") and piece.endswith(">>") and len(piece) > 4:
            pattern += "(?:" + piece[2:-2] + ")"
        else:
            pattern += re.escape(piece)
    return re.fullmatch(pattern, actual) is not None


def lines_match(expected, actual):
    """A line that is only `...` stands for any number of lines."""
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(lines_match(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and line_matches(expected[0], actual[0]) and lines_match(
        expected[1:], actual[1:])


def output_lines(path, root, needed):
    """What a command wrote, as lines; the temporary folder reads `$T`, an address its variable."""
    text = path.read_bytes().decode("utf-8", "surrogateescape").replace(str(root), "$T")
    for name, value in needed.items():
        if "://" in value:
            text = text.replace(value, f"${name}")
    if not text:
        return []
    lines = text.split("\n")
    if lines[-1] == "":
        return lines[:-1]
    return lines + [NO_NEWLINE]


def told_secret(path, needed):
    """The name of a secret that a command wrote out, if one did."""
    text = path.read_bytes()
    for name, value in needed.items():
        if "SECRET" in name and value.encode() in text:
            return name
    return ""


def environment(ksv, root, steps_folder, count):
    kept = {name: value for name, value in os.environ.items()
            if name.startswith(("ASAN_", "UBSAN_", "TSAN_", "LSAN_", "LLVM_PROFILE"))}
    folders = {"HOME": "home", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config",
               "XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state"}
    for name, folder in folders.items():
        (root / folder).mkdir()
        kept[name] = str(root / folder)
    (root / "tmp").mkdir()
    return kept | {"PATH": f"{root / 'bin'}:/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                   "TZ": "UTC", "TERM": "dumb", "T": str(root), "TMPDIR": str(root / "tmp"),
                   "KSV_STEPS": str(steps_folder), "KSV_STEP_COUNT": str(count)}


def run_session(session, ksv):
    """Runs all steps in one fresh folder; returns what each printed and, if it went wrong, why."""
    steps = session.steps
    if missing := [name for name in session.needs if name not in os.environ]:
        return [], f"it needs {' '.join(missing)}: run it under tests/servers/run.py\n"
    needed = {name: os.environ[name] for name in session.needs}
    with tempfile.TemporaryDirectory(prefix="ksv-cli-") as name:
        top = pathlib.Path(name).resolve()
        root, steps_folder = top / "t", top / "steps"
        for folder in (root, root / "work", root / "bin", steps_folder):
            folder.mkdir()
        (root / "bin" / "ksv").symlink_to(ksv)
        for number, step in enumerate(steps):
            text = step.command + "\n"
            (steps_folder / f"{number}.cmd").write_bytes(text.encode("utf-8", "surrogateescape"))
        setup = "\n".join(session.setup) + "\n"
        (steps_folder / "setup").write_bytes(setup.encode("utf-8", "surrogateescape"))
        shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-c", RUNNER], cwd=root / "work",
            env=environment(ksv, root, steps_folder, len(steps)) | needed, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        trouble = ""
        try:
            noise, _ = shell.communicate(timeout=TIMEOUT_SECONDS)
            trouble = noise.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            trouble = f"still running after {TIMEOUT_SECONDS} s\n"
        finally:
            try:  # whatever a transcript left in the background
                os.killpg(shell.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            shell.wait()
        results = []
        for number, _ in enumerate(steps):
            status = steps_folder / f"{number}.status"
            if not status.exists():
                trouble += "the shell ended or hung here\n"
                break
            written = [steps_folder / f"{number}.{end}" for end in ("out", "err")]
            if name := next(filter(None, (told_secret(path, needed) for path in written)), ""):
                trouble += f"${name} was written out here\n"
                break
            results.append((*(output_lines(path, root, needed) for path in written),
                            int(status.read_text())))
        for folder, _, _ in os.walk(root):  # a test may have made a folder unreadable
            os.chmod(folder, 0o700)
        return results, trouble


def step_passes(step, out, err, status):
    if step.is_screen:  # a document shows what a terminal does: both streams, no status
        shown = [line for line in out + err if line != NO_NEWLINE]
        may_fail = any(line.startswith("ksv: ") for line in err)
        return lines_match(step.out, shown) and (status in (0, 1) or may_fail)
    return lines_match(step.out, out) and lines_match(step.err, err) and step.status == status


def shown(out, err, status):
    text = [escape(line) for line in out] + ["! " + line for line in err]
    return text + ([f"? {status}"] if status else [])


def escape(line):
    if line == NO_NEWLINE:
        return line
    special = line == "" or line == "#" or line[0] == "\\" or line[:2] in ("$ ", "! ", "? ", "# ", "> ")
    return "\\" + line if special else line


def report(path, step, out, err, status):
    if step.is_screen:
        expected, actual = step.out, out + err + ([f"(status {status})"] if status > 1 else [])
    else:
        expected, actual = shown(step.out, step.err, step.status), shown(out, err, status)
    diff = list(difflib.unified_diff(expected, actual, "expected", "actual", lineterm="", n=20))[2:]
    head = f"{path}:{step.line}: $ {step.command}"
    return "\n".join([head] + ["    " + line for line in diff if not line.startswith("@@")]) + "\n"


def rewrite(path, steps, results):
    """Puts what was printed in place of each expectation that failed."""
    lines = path.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    for step, result in reversed(list(zip(steps, results))):
        if not step_passes(step, *result):
            lines[step.answer_begin:step.answer_end] = shown(*result)
    path.write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape")


def run_file(path, arguments):
    """Returns the text of what failed in this file, empty if nothing did."""
    sessions = parse_markdown(path) if path.suffix == ".md" else parse_test(path)
    if not any(session.steps for session in sessions):
        return f"{path}: there is no command in it\n"
    text = ""
    for session in sessions:
        results, trouble = run_session(session, arguments.ksv)
        if arguments.update and path.suffix != ".md" and not trouble:
            rewrite(path, session.steps, results)
            continue
        text += "".join(report(path, step, *result)
                        for step, result in zip(session.steps, results)
                        if not step_passes(step, *result))
        if trouble:
            at = (session.steps + [Step("", 0)])[len(results)]
            text += f"{path}:{at.line}: $ {at.command}\n    {trouble.strip()}\n"
    return text


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--ksv", required=True, type=lambda name: pathlib.Path(name).resolve())
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    if not os.access(arguments.ksv, os.X_OK):
        sys.exit(f"run_transcripts: {arguments.ksv} is no program")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for text in pool.map(lambda path: run_file(path, arguments), arguments.files):
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
            failed += text != ""
    if failed:
        sys.exit(f"{failed} of {len(arguments.files)} files failed")


if __name__ == "__main__":
    main()
