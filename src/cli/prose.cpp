// Reading the Markdown subset of help and manual, and setting it on a screen.
#include "cli/prose.h"

#include <algorithm>
#include <utility>

namespace ksv::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

void add_words(std::string& text, std::string_view more) {
  if (!text.empty()) text += ' ';
  text += trimmed(more);
}

// The cells of "| a | b \| c |".
std::vector<std::string> table_cells(std::string_view line) {
  line = trimmed(line);
  line.remove_prefix(1);
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|') {
      cells.emplace_back(trimmed(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

bool is_rule(std::string_view line) {
  return line.starts_with("|-") && line.find_first_not_of("|-: ") == std::string_view::npos;
}

// Walks over the lines of a text and gathers its blocks.
class ProseReader {
 public:
  explicit ProseReader(std::string_view text) : lines_(split_lines(text)) {}

  std::vector<Block> read() {
    while (at_ < lines_.size()) read_block();
    return std::move(blocks_);
  }

 private:
  std::string_view line() const { return lines_[at_]; }
  bool more() const { return at_ < lines_.size(); }
  bool is_indented() const { return more() && line().starts_with("  "); }
  bool is_blank() const { return trimmed(line()).empty(); }

  bool starts_block() const {
    return is_blank() || line().starts_with('#') || line().starts_with("```") || is_indented() ||
           line().starts_with("- ") || line().starts_with('|');
  }

  void read_block() {
    if (is_blank()) {
      ++at_;
    } else if (line().starts_with("```")) {
      read_fence();
    } else if (line().starts_with("# ")) {
      add_heading(Block::Kind::kTitle, 2);
    } else if (line().starts_with("## ")) {
      add_heading(Block::Kind::kHeading, 3);
    } else if (line().starts_with("### ")) {
      add_heading(Block::Kind::kSubheading, 4);
    } else if (line().starts_with("- ")) {
      read_bullets();
    } else if (line().starts_with('|')) {
      read_table();
    } else if (is_indented()) {
      read_indented();
    } else {
      read_paragraph();
    }
  }

  void add_heading(Block::Kind kind, std::size_t mark) {
    blocks_.push_back({.kind = kind, .text = std::string(trimmed(line().substr(mark)))});
    ++at_;
  }

  void read_fence() {
    Block block{.kind = Block::Kind::kVerbatim};
    for (++at_; more() && !line().starts_with("```"); ++at_) block.lines.emplace_back(line());
    if (more()) ++at_;
    blocks_.push_back(std::move(block));
  }

  // Blank lines between indented lines belong to the block.
  void read_indented() {
    Block block{.kind = Block::Kind::kVerbatim};
    const std::size_t margin = line().find_first_not_of(' ');
    for (; more() && (is_indented() || is_blank()); ++at_) {
      block.lines.emplace_back(line().substr(std::min(margin, line().size())));
    }
    while (trimmed(block.lines.back()).empty()) block.lines.pop_back();
    blocks_.push_back(std::move(block));
  }

  void read_bullets() {
    Block block{.kind = Block::Kind::kBullets};
    for (; more() && (line().starts_with("- ") || is_indented()); ++at_) {
      if (line().starts_with("- ")) block.lines.emplace_back();
      add_words(block.lines.back(), line().substr(2));
    }
    blocks_.push_back(std::move(block));
  }

  void read_table() {
    Block block{.kind = Block::Kind::kTable};
    for (; more() && line().starts_with('|'); ++at_) {
      if (!is_rule(line())) block.rows.push_back(table_cells(line()));
    }
    const auto is_empty = [](const std::string& cell) { return cell.empty(); };
    block.has_head = !std::all_of(block.rows[0].begin(), block.rows[0].end(), is_empty);
    if (!block.has_head) block.rows.erase(block.rows.begin());
    blocks_.push_back(std::move(block));
  }

  void read_paragraph() {
    Block block;
    do {
      add_words(block.text, line());
      ++at_;
    } while (more() && !starts_block());
    blocks_.push_back(std::move(block));
  }

  std::vector<std::string> lines_;
  std::size_t at_ = 0;
  std::vector<Block> blocks_;
};

void add_wrapped(std::string& out, std::string_view text, std::string_view first,
                 std::string_view rest, std::size_t width) {
  bool is_first = true;
  for (const std::string& line : wrap_words(without_marks(text), width - rest.size())) {
    out += is_first ? first : rest;
    out += line + "\n";
    is_first = false;
  }
}

// Columns on a screen: bytes that do not continue a UTF-8 sequence.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string render_block(const Block& block, const Screen& screen) {
  std::string out;
  switch (block.kind) {
    case Block::Kind::kTitle:
    case Block::Kind::kHeading:
    case Block::Kind::kSubheading: out = styled_heading(block.text, screen); break;
    case Block::Kind::kParagraph: add_wrapped(out, block.text, "", "", screen.width); break;
    case Block::Kind::kVerbatim:
      for (const std::string& line : block.lines) out += line.empty() ? "\n" : "  " + line + "\n";
      break;
    case Block::Kind::kBullets:
      for (const std::string& item : block.lines) add_wrapped(out, item, "- ", "  ", screen.width);
      break;
    case Block::Kind::kTable: out = render_columns(block.rows, 2, screen.width); break;
  }
  return out;
}

}  // namespace

std::vector<Block> parse_prose(std::string_view text) { return ProseReader(text).read(); }

std::string styled_heading(std::string_view text, const Screen& screen) {
  return (screen.styled ? "\x1b[1m" : "") + without_marks(text) +
         (screen.styled ? "\x1b[m\n" : "\n");
}

std::string render_prose(const std::vector<Block>& blocks, const Screen& screen) {
  std::string out;
  bool after_heading = true;
  for (const Block& block : blocks) {
    if (!after_heading) out += '\n';
    out += render_block(block, screen);
    after_heading = block.kind == Block::Kind::kHeading || block.kind == Block::Kind::kSubheading;
  }
  return out;
}

std::string render_columns(const std::vector<std::vector<std::string>>& rows, std::size_t indent,
                           std::size_t width) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(without_marks(row[i])));
    }
  }
  std::string out;
  for (const auto& row : rows) {
    if (row.empty()) continue;
    std::string first(indent, ' ');
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      const std::string cell = without_marks(row[i]);
      first += cell + std::string(widths[i] - columns_of(cell) + 2, ' ');
    }
    const std::string rest(columns_of(first), ' ');
    const std::size_t before = out.size();
    add_wrapped(out, row.back(), first, rest, std::max(width, rest.size() + 24));
    if (out.size() == before) out += first.substr(0, first.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::vector<std::string> wrap_words(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \n", at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (!line.empty() && columns_of(line) + 1 + columns_of(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
    at = end;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string without_marks(std::string_view text) {
  std::string out(text);
  out.erase(std::remove(out.begin(), out.end(), '`'), out.end());
  return out;
}

std::string without_last_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace ksv::cli
