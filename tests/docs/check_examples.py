#!/usr/bin/env python3
# Runs the examples of the command table, and checks that the man pages show just these.
"""usage: check_examples.py KSV KSV_GENDOCS MAN-FOLDER [SERVER]

With SERVER (etcd, dynamodb) those that need one, which is up; the pages are not compared then."""
import pathlib
import subprocess
import sys
import tempfile

CLI = pathlib.Path(__file__).resolve().parent.parent / "cli"
sys.dont_write_bytecode = True
sys.path.insert(0, str(CLI))
from transcript import parse_test, rendered_examples


def check_page(page, transcripts):
    """Each example on the page is in one of the transcripts, with the same answer."""
    shown = [(step.command, step.out) for step in rendered_examples(page)]
    ran = [(step.command, step.out + step.err) for transcript in transcripts if transcript.exists()
           for session in parse_test(transcript) for step in session.steps]
    if ran and not shown:
        yield f"{page}: shows no example"
    for command, answer in shown:
        if (command, answer) not in ran:
            yield f"{page}: is in no transcript: $ {command} {answer}"


def main():
    ksv, gendocs, man = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    server = sys.argv[4:]
    with tempfile.TemporaryDirectory() as name:
        folders = {kind: pathlib.Path(name) / (kind or "none") for kind in ("", "etcd", "dynamodb")}
        for kind, folder in folders.items():
            folder.mkdir()
            subprocess.run([gendocs, "examples", folder, *([kind] if kind else [])], check=True)
        transcripts = sorted(folders[server[0] if server else ""].glob("*.test"))
        ran = subprocess.run([sys.executable, CLI / "run_transcripts.py", "--ksv", ksv, *transcripts])
        findings = []
        for page in [] if server else sorted(man.glob("ksv*.1")):
            name_of_test = page.stem.removeprefix("ksv-") + ".test"
            findings += check_page(page, [folder / name_of_test for folder in folders.values()])
    print("\n".join(findings))
    sys.exit(1 if findings or ran.returncode != 0 else 0)


if __name__ == "__main__":
    main()
