#!/usr/bin/env python3
# Tests check_layers.py itself: each rule finds what is planted, and nothing is found in a clean tree.
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import check_layers

CLEAN = "// A file.\n"
SLASH = "/"


class CheckLayers(unittest.TestCase):
    def findings(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / name
            file.parent.mkdir(parents=True)
            file.write_text(text)
            return list(check_layers.check_tree(pathlib.Path(folder)))

    def check_found(self, name, text, line):
        found = self.findings(name, text)
        self.assertEqual([f"{name}:{line}"], [":".join(each.split(":")[:2]) for each in found], found)

    def test_a_clean_tree_is_clean(self):
        self.assertEqual([], self.findings(
            "src/core/a.cpp", CLEAN + '#include <string>\n\n#include "codec/edn.h"\n#include "ksv/store.h"\n'
            '// never throw\nconst char* text = "throw // not";\nchar c = \'"\'; int n = 1\'000;\n'))

    def test_includes_go_downwards(self):
        self.check_found("src/data/a.cpp", CLEAN + '#include "core/update.h"\n', 2)
        self.check_found("src/backend/a.cpp", CLEAN + '#include "data/value_path.h"\n', 2)
        self.check_found("src/base/a.cpp", CLEAN + '#include "a.h"\n', 2)
        self.check_found("src/base/a.cpp", CLEAN + '#include "support/a.h"\n', 2)
        self.check_found("include/ksv/a.h", CLEAN + '#pragma once\n#include "base/hex.h"\n', 3)

    def test_backends_know_no_values(self):
        self.check_found("src/backend/a.cpp", CLEAN + '#include "ksv/value.h"\n', 2)

    def test_libraries_have_owners(self):
        self.check_found("src/codec/a.cpp", CLEAN + "#include <openssl/evp.h>\n", 2)
        self.check_found("src/cli/a.cpp", CLEAN + "#include <CLI/CLI.hpp>\n", 2)
        self.check_found("src/core/a.cpp", CLEAN + "#include <unistd.h>\n", 2)
        self.check_found("src/core/a.cpp", CLEAN + "#include <filesystem>\n", 2)
        self.check_found("src/core/a.cpp", CLEAN + "#include <unheard/of.hpp>\n", 2)
        self.assertEqual([], self.findings("src/codec/lz4.cpp", CLEAN + "#include <lz4.h>\n"))

    def test_banned_words(self):
        for text in ("throw 1;", "x.at(1);", "std::stoi(s);", "using namespace std;", "std::get<0>(v);",
                     "dynamic_cast<T*>(p);", "steady_clock::now();",
                     "f(a, KSV_TRY(b()));", "T t{.a = KSV_TRY(b())};", "T t{KSV_TRY(b())};", "x = 1'000; throw 2;"):
            self.check_found("src/core/a.cpp", CLEAN + "\n" + text + "\n", 3)
        self.assertEqual([], self.findings("src/core/a.cpp", CLEAN + "A& operator=(const A&) = delete;\n"))
        self.assertEqual([], self.findings("src/core/a.cpp", CLEAN + "x.y = KSV_TRY(b());\nf(KSV_TRY(b()));\n"))

    def test_length_first_line_and_guard(self):
        self.check_found("src/core/a.cpp", CLEAN + "int a;\n" * 450, 451)
        self.check_found("src/core/a.cpp", "int a;\n", 1)
        self.check_found("src/core/a.h", CLEAN, 1)
        self.check_found("src/core/a.txt", "x\n", 1)

    def test_words_of_one_machine(self):
        self.check_found("doc/a.md", "see " + SLASH + "work/main\n", 1)
        self.check_found("doc/a.md", "from deb.debian" + ".org\n", 1)
        self.check_found("tests/unit/a.cpp", CLEAN + "// TO" + "DO\n", 2)
        self.assertEqual([], self.findings("tests/golden/a.txt", SLASH + "root/x\n"))


if __name__ == "__main__":
    unittest.main()
