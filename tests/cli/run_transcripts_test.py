#!/usr/bin/env python3
# Tests the transcript runner itself: what must pass passes, and what must fail fails.
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from transcript import rendered_examples

RUNNER = pathlib.Path(__file__).resolve().parent / "run_transcripts.py"

# Stands in for ksv: prints its first argument, complains with its second, ends with its third.
FAKE_KSV = """#!/bin/sh
[ -z "$1" ] || printf "$1"
[ -z "$2" ] || printf '%s\\n' "$2" >&2
exit "${3:-0}"
"""


class Transcripts(unittest.TestCase):
    def run_text(self, text, name="case.test", *options, variables=None):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            ksv = root / "fake"
            ksv.write_text(FAKE_KSV)
            ksv.chmod(0o755)
            file = root / name
            file.write_text(text)
            done = subprocess.run(
                [sys.executable, RUNNER, "--ksv", ksv, *options, file],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env={"PATH": os.environ["PATH"]} | (variables or {}))
            self.said = done.stdout
            self.rewritten = file.read_text()
            return done.returncode == 0

    def test_the_right_answers_pass(self):
        self.assertTrue(self.run_text(
            "# what it does\n$ ksv 'a\\nb\\n'\na\nb\n\n$ ksv '' 'ksv: no' 3\n! ksv: no\n? 3\n"), self.said)

    def test_each_kind_of_wrong_answer_fails(self):
        self.assertFalse(self.run_text("$ ksv 'a\\n'\nb\n"))
        self.assertFalse(self.run_text("$ ksv 'a\\n'\n"))
        self.assertFalse(self.run_text("$ ksv ''\na\n"))
        self.assertFalse(self.run_text("$ ksv 'a\\nb\\n'\na\n"))
        self.assertFalse(self.run_text("$ ksv '' oops\n"))
        self.assertFalse(self.run_text("$ ksv ''\n! oops\n"))
        self.assertFalse(self.run_text("$ ksv '' oops\n! pardon\n"))
        self.assertFalse(self.run_text("$ ksv '' '' 1\n"))
        self.assertFalse(self.run_text("$ ksv ''\n? 1\n"))

    def test_a_file_without_commands_fails(self):
        self.assertFalse(self.run_text("# nothing\n"))
        self.assertFalse(self.run_text("An example:\n", "doc.md"))

    def test_patterns_match_only_what_they_say(self):
        self.assertTrue(self.run_text("$ ksv 'id 12 of {{1 2} 3}\\n'\nid <<[0-9]+>> of {{1 2} 3}\n"))
        self.assertFalse(self.run_text("$ ksv 'id x of 3\\n'\nid <<[0-9]+>> of 3\n"))
        self.assertTrue(self.run_text("$ ksv 'a (b) c\\n'\na (...) c\n"))
        self.assertFalse(self.run_text("$ ksv 'a (b) d\\n'\na (...) c\n"))
        self.assertTrue(self.run_text("$ ksv 'a\\nb\\nc\\n'\na\n...\nc\n"))
        self.assertFalse(self.run_text("$ ksv 'a\\nb\\nd\\n'\na\n...\nc\n"))

    def test_blank_lines_and_missing_newlines_count(self):
        self.assertTrue(self.run_text("$ ksv 'a\\n\\nb\\n\\n'\na\n\nb\n\\\n\n$ ksv 'x'\nx\n\\ no newline\n"),
                        self.said)
        self.assertFalse(self.run_text("$ ksv 'a\\n\\n'\na\n"))
        self.assertFalse(self.run_text("$ ksv 'a'\na\n"))
        self.assertTrue(self.run_text("$ ksv '? 1\\n'\n\\? 1\n"))

    def test_shell_state_carries_on(self):
        self.assertTrue(self.run_text("$ x=5; mkdir d; cd d\n$ echo $x; pwd\n5\n$T/work/d\n"), self.said)

    def test_only_what_a_transcript_names_comes_from_the_environment(self):
        text = "# why\n@ needs PLACE NUMBER\n\n$ echo $PLACE $NUMBER $OTHER; cat $NUMBER\n$PLACE 5\n! cat: 5: ...\n? 1\n"
        variables = {"PLACE": "http://a:80", "NUMBER": "5", "OTHER": "x"}
        self.assertTrue(self.run_text(text, variables=variables), self.said)
        self.assertFalse(self.run_text(text, variables={"PLACE": "http://a:80"}))
        self.assertIn("it needs NUMBER", self.said)
        self.assertFalse(self.run_text("$ echo $PLACE\nhttp://a:80\n", variables=variables))

    def test_a_secret_in_an_output_fails(self):
        text = "@ needs A_SECRET\n$ ksv '' \"$A_SECRET\"\n! ...\n"
        self.assertFalse(self.run_text(text, variables={"A_SECRET": "abc123"}))
        self.assertIn("$A_SECRET was written out", self.said)
        self.assertNotIn("abc123", self.said)

    def test_commands_may_span_lines(self):
        self.assertTrue(self.run_text("$ echo a \\\n  b\na b\n$ cat <<END\n> x\n> END\nx\n"), self.said)

    def test_a_shell_that_ends_early_fails(self):
        self.assertFalse(self.run_text("$ exit 0\n$ echo a\na\n"))
        self.assertIn("the shell ended", self.said)

    def test_update_rewrites_only_what_is_wrong(self):
        self.assertTrue(self.run_text(
            "# one\n$ ksv 'a1\\n'\na...\n\n# two\n$ ksv 'b\\n\\n' no 2\nwrong\n\n$ true\n", "case.test", "--update"))
        self.assertEqual(self.rewritten, "# one\n$ ksv 'a1\\n'\na...\n\n# two\n$ ksv 'b\\n\\n' no 2\nb\n\\\n! no\n? 2\n"
                                         "\n$ true\n")

    def test_markdown_blocks_are_one_session(self):
        text = "Text\n\n```console\n$ x=1\n```\n\n```sh\n$ false\n```\n\n```console\n$ ksv \"$x\\n\"\n1\n```\n"
        self.assertTrue(self.run_text(text, "doc.md"), self.said)
        self.assertFalse(self.run_text(text.replace("\n1\n", "\n2\n"), "doc.md"))

    def test_a_screen_shows_both_streams(self):
        self.assertTrue(self.run_text("```console\n$ ksv 'a\\n' 'ksv: no' 4\na\nksv: no\n```\n", "doc.md"), self.said)
        self.assertFalse(self.run_text("```console\n$ ksv 'a\\n' '' 4\na\n```\n", "doc.md"))

    def test_a_setup_runs_first_and_begins_a_new_session(self):
        text = ("```console\n$ v=1\n```\n<!-- setup: w=7 -->\n<!-- setup: echo unseen -->\n"
                "```console\n$ echo \"$v$w\"\n7\n```\n")
        self.assertTrue(self.run_text(text, "doc.md"), self.said)
        self.assertFalse(self.run_text(text.replace("w=7", "false"), "doc.md"))

    def test_examples_of_man_pages_are_read_as_they_are_rendered(self):
        page = (".TH X 1\n.SH NAME\nx \\- y\n.SH EXAMPLES\nSay it:\n.RS 4\n.nf\n"
                "$ ksv \\(aqa\\-b\\(aq\na\\-b\n$ ksv 2\n.fi\n.RE\n.PP\nAnd more.\n.SH SEE ALSO\n$ no\n")
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "x.1"
            file.write_text(page)
            steps = rendered_examples(file)
        self.assertEqual([("ksv 'a-b'", ["a-b"]), ("ksv 2", [])], [(step.command, step.out) for step in steps])


if __name__ == "__main__":
    unittest.main()
