#!/usr/bin/env python3
"""usage: s3_as_files.py KSV RUN_TRANSCRIPTS

The transcripts of file stores, word for word, on stores in a bucket. Runs under run.py rgw."""

import pathlib
import subprocess
import sys
import tempfile
import uuid

# Those that are about keys and values; the others are about folders.
TOPICS = ("conditions", "exec", "functions", "logs-and-bytes", "races", "reading-and-writing", "updates")
NEEDS = ("@ needs AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE "
         "KSV_TEST_S3_ENDPOINT")


def without_folders(lines):
    """Leaves out the steps that look into the store's folder."""
    kept, skipping = [], False
    for line in lines:
        if line.startswith("$ "):
            skipping = "$XDG_DATA_HOME" in line
        if not skipping:
            kept.append(line)
    return kept


def in_a_bucket(text):
    """The transcript, of which the default store is another one."""
    lines = without_folders(text.split("\n"))
    first = next(number for number, line in enumerate(lines) if line.startswith(("$ ", "@ ")))
    store = f"s3://as-files/{uuid.uuid4()}"
    lines[first:first] = [NEEDS, f"$ export AWS_ENDPOINT_URL_S3=$KSV_TEST_S3_ENDPOINT KSV_STORE={store}"]
    return "\n".join(lines)


def main(ksv, runner):
    transcripts = pathlib.Path(runner).parent
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for topic in TOPICS:
            copies.append(pathlib.Path(folder) / f"{topic}.test")
            copies[-1].write_text(in_a_bucket((transcripts / f"{topic}.test").read_text()))
        return subprocess.run([sys.executable, runner, "--ksv", ksv, *copies], check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
