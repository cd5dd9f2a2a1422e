// The subset of Markdown in which help and manual are written, and how it looks on a screen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ksv::cli {

// One piece of a text. Headings: "# ", "## ", "### ". Verbatim: between ``` lines, or indented by
// two or more columns. Bullets: "- ", continued by indented lines. Tables: rows between "|", the
// first of them the heads, the second "|---|". Everything else is paragraphs, with `code` in
// backquotes.
struct Block {
  enum class Kind { kTitle, kHeading, kSubheading, kParagraph, kVerbatim, kBullets, kTable };
  Kind kind = Kind::kParagraph;
  std::string text = {};                            // titles, headings, paragraphs
  std::vector<std::string> lines = {};              // verbatim: lines; bullets: items
  std::vector<std::vector<std::string>> rows = {};  // table; a head of empty cells is left out
  bool has_head = false;                            // table
};

std::vector<Block> parse_prose(std::string_view text);

// How a text is set on a screen.
struct Screen {
  std::size_t width = 80;
  bool styled = false;  // with the escape sequences of a terminal
};
std::string render_prose(const std::vector<Block>& blocks, const Screen& screen);

std::string styled_heading(std::string_view text, const Screen& screen);

// Columns side by side: each row's last cell is wrapped, and `indent` columns stand before each
// line.
std::string render_columns(const std::vector<std::vector<std::string>>& rows, std::size_t indent,
                           std::size_t width);

// Lines of at most `width` columns, broken at spaces; a longer word stands alone.
std::vector<std::string> wrap_words(std::string_view text, std::size_t width);

// The text without the backquotes around code.
std::string without_marks(std::string_view text);

std::string without_last_newline(std::string text);

std::vector<std::string> split_lines(std::string_view text);

}  // namespace ksv::cli
