// Writing roff that mandoc and groff set alike and that `mandoc -Tlint` finds nothing in.
#include "cli/man_roff.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "cli/release.h"

namespace ksv::cli {
namespace {

constexpr std::size_t kSourceColumns = 76;
// A table's last column is set as filled text when one of its cells is longer.
constexpr std::size_t kCellColumns = 36;

// One character, from `at` on; groff takes some ASCII characters for typographic ones.
std::string roff_character(std::string_view text, std::size_t& at) {
  const auto byte = static_cast<unsigned char>(text[at++]);
  switch (byte) {
    case '\\': return "\\(rs";
    case '-': return "\\-";
    case '\'': return "\\(aq";
    case '"': return "\\(dq";
    case '`': return "\\(ga";
    case '^': return "\\(ha";
    case '~': return "\\(ti";
    default: break;
  }
  if (byte < 0x80) return std::string(1, static_cast<char>(byte));
  unsigned code_point = byte & (byte >= 0xf0 ? 0x07U : byte >= 0xe0 ? 0x0fU : 0x1fU);
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) {
    code_point = (code_point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3fU);
  }
  return fmt::format("\\[u{:04X}]", code_point);
}

std::string roff_plain(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) out += roff_character(text, at);
  return out;
}

// A dot at the start of a line would be a request.
std::string guarded(std::string_view roff) {
  return (roff.starts_with('.') ? "\\&" : "") + std::string(roff);
}

// An argument of a macro, in double quotes: roff_plain has left none inside.
std::string quoted(std::string_view text) { return "\"" + roff_plain(text) + "\""; }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

bool is_wide(const std::vector<std::vector<std::string>>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const auto& row) {
    return !row.empty() && row.back().size() > kCellColumns;
  });
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string out;
  bool in_code = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '`') {
      in_code = !in_code;
      out += in_code ? "\\fB" : "\\fR";
      ++at;
    } else {
      out += roff_character(text, at);
    }
  }
  return out;
}

ManPage::ManPage(std::string_view name, std::string_view section, std::string_view summary) {
  line(fmt::format(".TH {} {} {} {} {}", quoted(upper(name)), section, kReleaseDate,
                   quoted("ksv " + std::string(kVersion)), quoted("Manual of ksv")));
  heading("NAME");
  line(roff_plain(name) + " \\- " + roff_text(summary));
}

void ManPage::line(std::string_view roff) {
  body_ += roff;
  body_ += '\n';
}

void ManPage::wrapped(std::string_view text) {
  for (const std::string& part : wrap_words(roff_text(text), kSourceColumns)) line(guarded(part));
  after_heading_ = false;
}

void ManPage::break_paragraph() {
  if (!after_heading_) line(".PP");
  after_heading_ = false;
}

void ManPage::heading(std::string_view title) {
  line(".SH " + quoted(title));
  after_heading_ = true;
}

void ManPage::subheading(std::string_view title) {
  line(".SS " + quoted(title));
  after_heading_ = true;
}

void ManPage::paragraph(std::string_view text) {
  break_paragraph();
  wrapped(text);
}

void ManPage::verbatim(const std::vector<std::string>& lines) {
  break_paragraph();
  line(".RS 4");
  line(".nf");
  for (const std::string& text : lines) line(text.empty() ? "\\&" : guarded(roff_plain(text)));
  line(".fi");
  line(".RE");
}

void ManPage::item(std::string_view term, std::string_view text) {
  line(".TP");
  line(guarded(roff_text(term)));
  wrapped(text);
}

void ManPage::bullets(const std::vector<std::string>& items) {
  for (const std::string& text : items) {
    line(".IP \\(bu 2");
    wrapped(text);
  }
}

void ManPage::table(const std::vector<std::vector<std::string>>& rows, bool has_head) {
  has_table_ = true;
  break_paragraph();
  std::size_t columns = 0;
  for (const auto& row : rows) columns = std::max(columns, row.size());
  const bool wide = is_wide(rows);
  const auto layout = [&](std::string_view mark) {
    std::string text;
    for (std::size_t i = 0; i < columns; ++i) {
      text += (i == 0 ? "l" : " l") + std::string(mark) + (i + 1 == columns && wide ? "x" : "");
    }
    return text;
  };
  line(".TS");
  if (has_head) line(layout("b"));
  line(layout("") + ".");
  for (const auto& row : rows) add_row(row, wide && row.size() == columns);
  line(".TE");
}

void ManPage::add_row(const std::vector<std::string>& row, bool fills_last) {
  std::string cells;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) cells += '\t';
    if (i + 1 == row.size() && fills_last) {
      cells += "T{";
      line(guarded(cells));
      wrapped(row[i]);
      cells = "T}";
    } else {
      cells += roff_text(row[i]);
    }
  }
  line(guarded(cells));
}

void ManPage::synopsis(std::string_view bold, std::string_view rest) {
  if (!after_heading_) line(".br");
  after_heading_ = false;
  line(".B " + roff_plain(bold));
  if (!rest.empty()) line(guarded(roff_plain(rest)));
}

void ManPage::prose(const std::vector<Block>& blocks) {
  for (const Block& block : blocks) {
    switch (block.kind) {
      case Block::Kind::kTitle: break;
      case Block::Kind::kHeading: heading(upper(without_marks(block.text))); break;
      case Block::Kind::kSubheading: subheading(without_marks(block.text)); break;
      case Block::Kind::kParagraph: paragraph(block.text); break;
      case Block::Kind::kVerbatim: verbatim(block.lines); break;
      case Block::Kind::kBullets: bullets(block.lines); break;
      case Block::Kind::kTable: table(block.rows, block.has_head); break;
    }
  }
}

void ManPage::see_also(const std::vector<std::string>& pages) {
  heading("SEE ALSO");
  for (const std::string& page : pages) {
    const std::size_t open = page.find('(');
    line(fmt::format(".BR {} {}{}", roff_plain(page.substr(0, open)), page.substr(open),
                     &page == &pages.back() ? "" : " ,"));
  }
}

std::string ManPage::text() const {
  // The first line asks man for the table preprocessor.
  return (has_table_ ? "'\\\" t\n" : "") +
         std::string(
             ".\\\" Written by ksv_gendocs from the table of commands and doc/; do not edit.\n") +
         body_;
}

}  // namespace ksv::cli
