// Manual pages in roff with the man macros: escaping, and the few shapes that the manual uses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/prose.h"

namespace ksv::cli {

// One page as it grows. Texts are prose: `code` in backquotes becomes bold, everything else stands
// as it is, also backslashes, quotes and dots at the start of a line.
class ManPage {
 public:
  // "ksv-get", "1", "Commands of ksv"
  ManPage(std::string_view name, std::string_view section, std::string_view summary);

  void heading(std::string_view title);
  void subheading(std::string_view title);
  void paragraph(std::string_view text);
  void verbatim(const std::vector<std::string>& lines);
  // A term with its explanation beside or under it.
  void item(std::string_view term, std::string_view text);
  void bullets(const std::vector<std::string>& items);
  void table(const std::vector<std::vector<std::string>>& rows, bool has_head);
  // "ksv get [OPTION]... KEY": the program and command in bold.
  void synopsis(std::string_view bold, std::string_view rest);
  // Headings of the text become sections, subheadings subsections; a title is left out.
  void prose(const std::vector<Block>& blocks);
  // Other pages, such as "ksv-get(1)".
  void see_also(const std::vector<std::string>& pages);

  std::string text() const;

 private:
  void line(std::string_view roff);
  void wrapped(std::string_view text);
  void break_paragraph();
  void add_row(const std::vector<std::string>& row, bool fills_last);

  std::string body_;
  bool has_table_ = false;
  bool after_heading_ = true;  // where a paragraph macro would be empty
};

// Running text as roff, with `code` in bold.
std::string roff_text(std::string_view text);

}  // namespace ksv::cli
