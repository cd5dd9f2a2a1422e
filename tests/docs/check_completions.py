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


def complete(shell, ksv, folder, line, where):
    """What the shell offers for the last word of the line, and what it had to complain."""
    environment = {"PATH": f"{ksv.parent}:/usr/local/bin:/usr/bin:/bin", "HOME": where, "TERM": "xterm",
                   "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": f"{where}/.config", "XDG_DATA_HOME": f"{where}/.data"}
    done = subprocess.run([*COMPLETERS[shell], folder / FILES[shell], line], cwd=where, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=60)
    if shell == "bash":  # the whole line with all candidates in place of the last word
        candidates = done.stdout.split()[len(line.split(" ")) - 1:]
    else:
        candidates = done.stdout.splitlines()
    trouble = done.stderr.strip() if done.returncode == 0 else f"status {done.returncode} {done.stderr.strip()}"
    return {bare(text) for text in candidates}, trouble


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
        for line, wanted, unwanted in CASES:
            offered, trouble = complete(shell, ksv, folder, line, where)
            missing, excess = wanted - offered, unwanted & offered
            if missing or excess or trouble:
                failed += 1
                print(f"{shell}: `{line}`: missing {sorted(missing)}, should not be offered {sorted(excess)}, "
                      f"offered {sorted(offered)[:20]} {trouble}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
