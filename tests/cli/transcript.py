# Reads the commands and the answers they should give from transcripts, Markdown files and man pages.
import dataclasses
import re
import subprocess

# Stands after the last line of an output that does not end in a newline.
NO_NEWLINE = "\\ no newline"


@dataclasses.dataclass
class Step:
    """One command with what it should print; for a screen, `out` is all that a terminal shows."""
    command: str
    line: int
    out: list = dataclasses.field(default_factory=list)
    err: list = dataclasses.field(default_factory=list)
    status: int = 0
    is_screen: bool = False
    answer_begin: int = 0
    answer_end: int = 0


@dataclasses.dataclass
class Session:
    """Commands that follow each other in one shell, shell lines to run before them, unseen, and the
    names of what they need from the environment."""
    needs: list = dataclasses.field(default_factory=list)
    setup: list = dataclasses.field(default_factory=list)
    steps: list = dataclasses.field(default_factory=list)


def begin_session(sessions):
    """A session that has a setup and no commands yet; a new one if there is none."""
    if not sessions or sessions[-1].steps:
        sessions.append(Session())
    return sessions[-1]


def read_lines(path):
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    return text.split("\n")


def read_command(lines, index):
    """The command at `lines[index]` with its continuation lines, and the index after it."""
    command = lines[index][2:]
    index += 1
    while command.endswith("\\") and index < len(lines):
        following = lines[index]
        command += "\n" + (following[2:] if following.startswith("> ") else following)
        index += 1
    while index < len(lines) and lines[index].startswith("> "):
        command += "\n" + lines[index][2:]
        index += 1
    return command, index


def drop_blank_tail(lines):
    while lines and lines[-1] == "":
        lines.pop()


def is_comment(line):
    return line == "#" or line.startswith("# ")


def parse_test(path):
    """Lines `$ command`, `! standard error`, `? status`, `# comment`; any other is standard output.
    Ahead of the first command, `@ needs NAME...`."""
    lines = read_lines(path)
    needs, steps, index = [], [], 0
    while index < len(lines):
        if lines[index] == "" or is_comment(lines[index]):
            index += 1
            continue
        if not steps and lines[index].startswith("@ needs "):
            needs += lines[index].split()[2:]
            index += 1
            continue
        if not lines[index].startswith("$ "):
            raise SystemExit(f"{path}:{index + 1}: an answer without a command")
        command, begin = read_command(lines, index)
        end = begin
        while end < len(lines) and not lines[end].startswith("$ ") and not is_comment(lines[end]):
            end += 1
        answer = lines[begin:end]
        drop_blank_tail(answer)
        step = Step(command, index + 1, answer_begin=begin, answer_end=begin + len(answer))
        read_answer(step, answer)
        steps.append(step)
        index = end
    return [Session(needs=needs, steps=steps)]


def read_answer(step, answer):
    for line in answer:
        if line.startswith("! "):
            step.err.append(line[2:])
        elif re.fullmatch(r"\? \d+", line):
            step.status = int(line[2:])
        elif line.startswith("\\") and line != NO_NEWLINE:
            step.out.append(line[1:])
        else:
            step.out.append(line)


def parse_screen(lines, first_line):
    """A session as a terminal shows it: `$ command` and under it all that it prints."""
    steps, index = [], 0
    while index < len(lines):
        if lines[index].startswith("$ "):
            line = first_line + index
            command, index = read_command(lines, index)
            steps.append(Step(command, line, is_screen=True))
            continue
        if steps:
            steps[-1].out.append(lines[index])
        index += 1
    for step in steps:
        drop_blank_tail(step.out)
    return steps


def parse_markdown(path):
    """All fenced blocks marked `console`; `<!-- setup: LINE -->` begins a new session."""
    sessions, block, start, indent = [], None, 0, 0
    for number, line in enumerate(read_lines(path), 1):
        setup = re.fullmatch(r"<!-- setup: (.*) -->", line)
        if block is None and setup:
            begin_session(sessions).setup.append(setup.group(1))
        elif block is None:
            if re.fullmatch(r"\s*```console\s*", line):
                block, start, indent = [], number + 1, len(line) - len(line.lstrip())
        elif line.strip() == "```":
            if not sessions:
                sessions.append(Session())
            sessions[-1].steps += parse_screen(block, start)
            block = None
        else:
            block.append(line[indent:])
    if block is not None:
        raise SystemExit(f"{path}:{start}: the block is not closed")
    return sessions


def rendered_examples(path):
    """The EXAMPLES of a man page as mandoc shows them: what a reader copies."""
    rendered = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=1000", str(path)],
                              check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")
    plain = re.sub(".\b", "", rendered)
    section = re.search(r"^EXAMPLES\n(.*?)(?=^\S)", plain, re.MULTILINE | re.DOTALL)
    if section is None:
        return []
    steps, block, block_indent = [], [], 0
    for line in section.group(1).split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if block and line != "" and indent < block_indent:
            steps += parse_screen(block, 0)
            block = []
        if not block and line.lstrip(" ").startswith("$ "):
            block_indent = indent
        elif not block:
            continue
        block.append(line[block_indent:])
    return steps + parse_screen(block, 0)
