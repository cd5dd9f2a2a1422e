#!/usr/bin/env python3
# Runs the examples of the command table, and checks that the man pages show just these.
"""usage: check_examples.py KSV KSV_GENDOCS MAN-FOLDER"""
import pathlib
import subprocess
import sys
import tempfile

CLI = pathlib.Path(__file__).resolve().parent.parent / "cli"
sys.dont_write_bytecode = True
sys.path.insert(0, str(CLI))
from transcript import parse_test, rendered_examples


def check_page(page, transcript):
    """Each example on the page is in the transcript, with the same answer."""
    shown = [(step.command, step.out) for step in rendered_examples(page)]
    ran = []
    if transcript.exists():
        ran = [(step.command, step.out + step.err)
               for session in parse_test(transcript) for step in session.steps]
    if ran and not shown:
        yield f"{page}: shows no example"
    for command, answer in shown:
        if (command, answer) not in ran:
            yield f"{page}: is in no transcript: $ {command} {answer}"


def main():
    ksv, gendocs, man = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([gendocs, "examples", folder], check=True)
        transcripts = sorted(folder.glob("*.test"))
        ran = subprocess.run([sys.executable, CLI / "run_transcripts.py", "--ksv", ksv, *transcripts])
        findings = []
        for page in sorted(man.glob("ksv*.1")):
            findings += check_page(page, folder / (page.stem.removeprefix("ksv-") + ".test"))
    print("\n".join(findings))
    sys.exit(1 if findings or ran.returncode != 0 else 0)


if __name__ == "__main__":
    main()
