// The texts of help and manual: how they are read, set on a screen, and written as roff.
#include "cli/prose.h"

#include <doctest/doctest.h>

#include "cli/man_roff.h"

namespace ksv::cli {
namespace {

TEST_CASE("a text is read as headings, paragraphs, bullets, verbatim lines and tables") {
  const auto blocks = parse_prose(
      "# T\n\n## H\none\ntwo\n\n- a\n  b\n- c\n\n    x\n\n      y\n\nz\n```\n# raw\n```\n"
      "| A | B |\n|---|---|\n| 1 | a \\| b |\n");
  REQUIRE(blocks.size() == 8);
  CHECK(blocks[0].kind == Block::Kind::kTitle);
  CHECK(blocks[1].kind == Block::Kind::kHeading);
  CHECK(blocks[2].text == "one two");
  CHECK(blocks[3].lines == std::vector<std::string>{"a b", "c"});
  CHECK(blocks[4].lines == std::vector<std::string>{"x", "", "  y"});
  CHECK(blocks[5].text == "z");
  CHECK(blocks[6].lines == std::vector<std::string>{"# raw"});
  CHECK(blocks[7].has_head);
  CHECK(blocks[7].rows[1] == std::vector<std::string>{"1", "a | b"});
}

TEST_CASE("a table without heads keeps its rows alone") {
  const auto blocks = parse_prose("| | |\n|---|---|\n| a | b |\n");
  REQUIRE(blocks.size() == 1);
  CHECK_FALSE(blocks[0].has_head);
  CHECK(blocks[0].rows.size() == 1);
}

TEST_CASE("lines are broken at spaces and by columns, not bytes") {
  CHECK(wrap_words("aa bb cc", 5) == std::vector<std::string>{"aa bb", "cc"});
  CHECK(wrap_words("toolongword b", 4) == std::vector<std::string>{"toolongword", "b"});
  CHECK(wrap_words("\xc3\xa4\xc3\xa4 b", 4) == std::vector<std::string>{"\xc3\xa4\xc3\xa4 b"});
  CHECK(wrap_words("", 10).empty());
}

TEST_CASE("columns line up, and the last one is wrapped under itself") {
  CHECK(render_columns({{"a", "one"}, {"bbb", "two three four five six seven"}}, 2, 31) ==
        "  a    one\n  bbb  two three four five six\n       seven\n");
}

TEST_CASE("what roff would take for its own is escaped") {
  CHECK(roff_text("a\\b 'c' \"d\" ^~") == "a\\(rsb \\(aqc\\(aq \\(dqd\\(dq \\(ha\\(ti");
  CHECK(roff_text("use `--x`") == "use \\fB\\-\\-x\\fR");
  CHECK(roff_text("\xc2\xb7") == "\\[u00B7]");
}

TEST_CASE("a dot at the start of a line is no request") {
  ManPage page("x", "1", "y");
  page.heading("EXAMPLES");
  page.paragraph(".TH is text");
  page.verbatim({".x", "", "y"});
  const std::string text = page.text();
  CHECK(text.find("\n\\&.TH is text\n") != std::string::npos);
  CHECK(text.find("\n\\&.x\n\\&\ny\n") != std::string::npos);
}

TEST_CASE("a page with a table asks for the preprocessor in its first line") {
  ManPage page("x", "1", "y");
  page.table({{"a", "b"}}, false);
  CHECK(page.text().starts_with("'\\\" t\n"));
}

}  // namespace
}  // namespace ksv::cli
