#!/usr/bin/env python3
# Prints command lines as an interactive bash completes them: complete_bash.py COMPLETION-FILE LINE...
"""All candidates are put into the line (readline's insert-completions), and bash is asked for the line."""
import os
import pty
import select
import sys
import time

SETUP = r"""
bind 'set enable-bracketed-paste off'; bind 'set bell-style none'
bind '"\C-t": insert-completions'
bind -x '"\C-o": printf "=line=%s=end=\n" "$READLINE_LINE"'
PS1=; source "$COMPLETION_FILE"; printf '=rea%s=\n' dy
"""
SECONDS = 20


def read_until(terminal, mark):
    text, deadline = "", time.monotonic() + SECONDS
    while mark not in text:
        readable, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        if not readable:
            sys.exit(f"no answer from bash: {text!r}")
        text += os.read(terminal, 65536).decode("utf-8", "replace")
    return text


def main():
    file, lines = sys.argv[1], sys.argv[2:]
    child, terminal = pty.fork()
    if child == 0:
        os.environ["COMPLETION_FILE"] = file
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    os.write(terminal, SETUP.encode())
    read_until(terminal, "=ready=")
    for line in lines:
        os.write(terminal, (line + "\x14\x0f").encode())
        said = read_until(terminal, "=end=")
        print(said[said.rindex("=line=") + len("=line="):said.rindex("=end=")], "=next=", sep="\n")
        os.write(terminal, b"\x15")
    os.write(terminal, b"exit\n")
    os.close(terminal)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()
