// Java's regular expressions, through PCRE2.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/result.h"

#include "expr/machine.h"

namespace ksv::expr {

// Where a group matched: bytes [begin, end) of the text; begin is npos where it did not take part.
// Java, which counts in UTF-16, also finds matches between the two surrogates of a character: two
// bytes after the first of its four here.
struct Group {
  std::size_t begin = std::string_view::npos;
  std::size_t end = std::string_view::npos;
  bool matched() const { return begin != std::string_view::npos; }
};
// The whole match first, then the groups.
using Match = std::vector<Group>;

class Pattern {
 public:
  // kUsage when the source is malformed or beyond what PCRE2 can do.
  static Result<std::shared_ptr<const Pattern>> compile(std::string_view source);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  Pattern(Pattern&&) = delete;
  Pattern& operator=(Pattern&&) = delete;

  // The first match at or after byte `from`; the time is counted in steps.
  Result<std::optional<Match>> find(Machine& machine, std::string_view text,
                                    std::size_t from) const;
  // A match of the whole text.
  Result<std::optional<Match>> match_whole(Machine& machine, std::string_view text) const;

  std::size_t groups() const { return groups_; }
  std::optional<std::size_t> group_named(std::string_view name) const;

 private:
  Pattern(void* code, std::size_t groups, std::map<std::string, int, std::less<>> names,
          std::string_view source);
  Result<std::optional<Match>> run(Machine& machine, std::string_view text, std::size_t from,
                                   std::uint32_t options) const;
  bool may_match_within_pair() const;
  Result<std::optional<Match>> match_apart(Machine& machine, std::string_view text,
                                           std::size_t pair, std::string_view first) const;
  Result<std::optional<Match>> match_within_pair(Machine& machine, std::string_view text,
                                                 std::size_t pair) const;

  void* code_;
  std::size_t groups_;
  std::map<std::string, int, std::less<>> names_;
  bool sees_pairs_;
  bool looks_behind_;      // (?<=
  bool looks_not_behind_;  // (?<!
};

// The bytes [begin, end) of a text, where half a character is a surrogate on its own.
std::string cut(std::string_view text, std::size_t begin, std::size_t end);

// Whether the pattern is well-formed; kUsage if not.
Status check_pattern(std::string_view source);

// All matches in turn, as Java's Matcher.find gives them: after an empty match it moves on by one.
class MatchWalk {
 public:
  MatchWalk(Machine& machine, const Pattern& pattern, std::string_view text)
      : machine_(machine), pattern_(pattern), text_(text) {}
  Result<std::optional<Match>> next();

 private:
  Machine& machine_;
  const Pattern& pattern_;
  std::string_view text_;
  std::size_t from_ = 0;
};

}  // namespace ksv::expr
