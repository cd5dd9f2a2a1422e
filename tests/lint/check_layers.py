#!/usr/bin/env python3
# Holds the tree to its rules: include directions, owners of libraries, banned words, lengths, first lines.
import pathlib
import re
import sys

sys.dont_write_bytecode = True
import rules

FOLDERS = ("src", "include", "tests", "scripts", "doc", "man", "completions", ".ci")
TOP_FILES = ("CMakeLists.txt", "CMakePresets.json", "Makefile", "README.md", "CHANGELOG.md", ".clang-tidy",
             ".clang-format", ".gitignore")
# Recorded data speaks of the machines it was recorded on.
DATA = re.compile(r"tests/(golden|fuzz/corpus)/|.*/__pycache__/")


def read_text(path):
    """The text of a file, or None if it is no text."""
    data = path.read_bytes()
    if b"\0" in data:
        return None
    return data.decode("utf-8", "replace")


def blank_out(match):
    """Keeps the lines of what is removed, so that numbers stay right."""
    return re.sub(r"[^\n]", " ", match.group(0))


TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|' r"(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)


def without_strings_and_comments(text):
    return TOKEN.sub(blank_out, text)


def layer_of(name):
    if name.startswith("include/ksv/"):
        return "ksv"
    match = re.match(r"src/(\w+)/", name)
    return match.group(1) if match else None


def check_includes(name, text):
    layer = layer_of(name)
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', line)
        if not match:
            continue
        ours, theirs = match.groups()
        if ours is not None:
            yield from check_our_include(name, number, layer, ours)
        elif f"<{theirs}>" in rules.UNPURE_HEADERS:
            if not re.fullmatch(rules.UNPURE_OWNERS, name):
                yield number, f"<{theirs}> is not for this layer; what is no pure function comes in through Env"
        elif "/" in theirs or "." in theirs:
            yield from check_third_party(name, number, theirs)


def check_our_include(name, number, layer, ours):
    target = ours.split("/")[0]
    if layer is None:  # a test may include what it likes
        return
    if target == "support":
        yield number, f'"{ours}" is for tests'
    elif "/" not in ours or ".." in ours:
        yield number, f'"{ours}": paths are from include/ or src/'
    elif target not in rules.LAYERS:
        yield number, f'"{ours}" is of no layer'
    elif target not in rules.LAYERS.get(layer, set()):
        yield number, f'{layer} may not include {target}: "{ours}"'
    elif ours in rules.CONTRACT_NOT_FOR.get(layer, set()):
        yield number, f"{layer} may not know {ours}"


def check_third_party(name, number, header):
    for pattern, owner in rules.OWNERS:
        if re.match(rf"(?:{pattern})", header):
            if not re.fullmatch(owner, name):
                yield number, f"<{header}> belongs to {owner}"
            return
    yield number, f"<{header}> has no owner in tests/lint/rules.py"


def check_words(name, text):
    plain = without_strings_and_comments(text)
    for expression, where, instead in rules.BANNED:
        if name.split("/")[0] not in where.split():
            continue
        if any(re.fullmatch(file, name) and expression.startswith(word) for file, word, _ in rules.ALLOWED):
            continue
        for match in re.finditer(expression, plain, re.MULTILINE):
            word = " ".join(match.group(0).split())
            yield plain.count("\n", 0, match.start()) + 1, f"`{word}` is not used here: {instead}"


def check_source(name, text):
    first = text.split("\n", 1)[0]
    if not re.match(r"// \S", first):
        yield 1, "the first line says in a comment what the file is for"
    if name.endswith(".h") and "#pragma once" not in text:
        yield 1, "a header has #pragma once"
    yield from check_includes(name, text)
    yield from check_words(name, text)


def check_text(name, text):
    lines = text.split("\n")
    length = len(lines) - (lines[-1] == "")
    if rules.LINES_MAX_PATHS.fullmatch(name) and length > rules.LINES_MAX:
        yield length, f"over {rules.LINES_MAX} lines: split by operation or by kind of value"
    for number, line in enumerate(lines, 1):
        if rules.UNFINISHED.search(line):
            yield number, "unfinished work belongs into an issue"
        match = rules.WORKPLACE.search(line)
        if match:
            yield number, f"`{match.group(0)}` is of one machine or one host"
    if text and not text.endswith("\n"):
        yield length, "the last line has no newline"


def check_tree(top):
    files = [top / name for name in TOP_FILES if (top / name).exists()]
    for folder in FOLDERS:
        files += sorted(path for path in (top / folder).rglob("*") if path.is_file())
    for path in files:
        name = path.relative_to(top).as_posix()
        if DATA.match(name):
            continue
        text = read_text(path)
        if text is None:
            yield f"{name}:1: is no text"
            continue
        findings = list(check_text(name, text))
        if re.fullmatch(r"(src|include|tests)/.*\.(cpp|h)", name):
            findings += check_source(name, text)
        elif re.fullmatch(r"(src|include)/.*", name) and path.name != "CMakeLists.txt":
            findings.append((1, "only .cpp, .h and CMakeLists.txt live here"))
        for number, finding in sorted(findings):
            yield f"{name}:{number}: {finding}"


def main():
    findings = list(check_tree(pathlib.Path(sys.argv[1])))
    print("\n".join(findings))
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
