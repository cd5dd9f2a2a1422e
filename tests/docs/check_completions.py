#!/usr/bin/env python3
# Completes command lines in a real bash, zsh or fish: check_completions.py SHELL KSV COMPLETIONS-FOLDER.
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FILES = {"bash": "ksv.bash", "zsh": "_ksv", "fish": "ksv.fish"}
COMPLETERS = {"bash": [sys.executable, HERE / "complete_bash.py"], "zsh": ["zsh", HERE / "complete.zsh"],
              "fish": ["fish", HERE / "complete.fish"]}
CONFIG = '[stores.prod]\nstore = "./prod"\n[stores."test 1"]\nstore = "./test"\n'

# What is typed, what must be offered, what must not.
CASES = [
    ("ksv upd", {"update", "update-in"}, {"get", "--json"}),
    ("ksv ", {"get", "assoc", "create-store", "help"}, set()),
    ("ksv create-", {"create-store"}, {"list-stores"}),
    ("ksv nonsen", set(), {"get"}),
    ("ksv --j", {"--json"}, {"--raw"}),
    ("ksv get --js", {"--json"}, {"--raw"}),
    ("ksv get :a --js", {"--json"}, {"--raw"}),
    ("ksv get '[:a b' --js", {"--json"}, {"--raw"}),
    ("ksv assoc --if-", {"--if-absent", "--if-match"}, {"--json"}),
    ("ksv get --if-", set(), {"--if-absent"}),
    ("ksv --json get --r", {"--raw"}, {"--json"}),
    ("ksv -s memory: upd", {"update", "update-in"}, {"get"}),
    ("ksv completion ", {"bash", "zsh", "fish"}, {"get"}),
    ("ksv get --color ", {"auto", "always", "never"}, {"get"}),
    ("ksv get --color=a", {"auto", "always"}, {"never"}),
    ("ksv help exit", {"exit-status"}, {"get"}),
    ("ksv help upd", {"update", "update-in"}, {"get"}),
    ("ksv inspect blo", {"blob.ksv"}, {"other"}),
    ("ksv assoc :a @blo", {"@blob.ksv"}, {"@other", "blob.ksv"}),
    ("ksv -s pro", {"prod"}, {"memory"}),
    ("ksv get --store pro", {"prod"}, {"get"}),
    ("ksv -s mem", {"memory:"}, {"prod"}),
    ("ksv -s ./fol", {"folder"}, {"prod", "other"}),
    ("ksv -s file:./fol", {"folder"}, {"other"}),
    ("ksv update :a redu", {"reduce"}, {"get"}),
    ("ksv update :a inc ", set(), {"inc", "blob.ksv"}),
]


def complete(shell, ksv, folder, lines, where):
    """What the shell offers for the last word of each line; ends the test when it has to complain."""
    environment = {"PATH": f"{ksv.parent}:/usr/local/bin:/usr/bin:/bin", "HOME": where, "TERM": "xterm",
                   "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": f"{where}/.config", "XDG_DATA_HOME": f"{where}/.data"}
    done = subprocess.run([*COMPLETERS[shell], folder / FILES[shell], *lines], cwd=where, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=200)
    answers = done.stdout.split("=next=\n")
    if done.stderr or done.returncode != 0 or len(answers) != len(lines) + 1:
        sys.exit(f"{shell}: status {done.returncode}: {done.stdout} {done.stderr}")
    return [offers(shell, line, answer) for line, answer in zip(lines, answers)]


def offers(shell, line, answer):
    candidates = answer.splitlines()
    if shell == "bash":  # the whole line with all candidates in place of the last word
        candidates = answer.split()[len(line.split(" ")) - 1:]
    return {bare(candidate) for candidate in candidates}


def bare(candidate):
    """The shells differ in whether they name an option with its argument, or a folder with its path."""
    return re.sub(r"^(--\w+=)?(file:)?(\./)?(?=.)", "", candidate.strip()).rstrip("/")


def main():
    shell, ksv, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()
    failed = 0
    with tempfile.TemporaryDirectory() as where:
        pathlib.Path(where, "blob.ksv").touch()
        pathlib.Path(where, "other").touch()
        os.makedirs(f"{where}/folder")
        os.makedirs(f"{where}/.config/ksv")
        pathlib.Path(where, ".config/ksv/config.toml").write_text(CONFIG)
        answers = complete(shell, ksv, folder, [line for line, _, _ in CASES], where)
    for (line, wanted, unwanted), offered in zip(CASES, answers):
        missing, excess = wanted - offered, unwanted & offered
        if missing or excess:
            failed += 1
            print(f"{shell}: `{line}`: missing {sorted(missing)}, should not be offered {sorted(excess)}, "
                  f"offered {sorted(offered)[:20]}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
