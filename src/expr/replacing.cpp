// Replacing parts of a text, as clojure.string/replace does.
#include "expr/replacing.h"

#include <fmt/format.h>

#include "expr/print.h"
#include "expr/regex_pairs.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string text_of(std::string_view text, const Group& group) {
  return group.matched() ? cut(text, group.begin, group.end) : std::string();
}

// Matcher.appendReplacement of Java.
class Replacement {
 public:
  Replacement(std::string_view replacement, const Pattern& pattern)
      : replacement_(replacement), pattern_(pattern) {}

  Status append(std::string_view text, const Match& match, std::string& to) const {
    for (std::size_t at = 0; at < replacement_.size();) {
      const char c = replacement_[at++];
      if (c == '\\') {
        if (at == replacement_.size()) return failure("the replacement ends in \\");
        to += replacement_[at++];
      } else if (c == '$') {
        const std::size_t group = KSV_TRY(read_group(at));
        to += text_of(text, match[group]);
      } else {
        to += c;
      }
    }
    return ok();
  }

 private:
  // After $: {name}, or digits as long as there is such a group.
  Result<std::size_t> read_group(std::size_t& at) const {
    if (at < replacement_.size() && replacement_[at] == '{') {
      const std::size_t close = replacement_.find('}', at);
      if (close == std::string_view::npos) return failure("the replacement needs a } after ${");
      const std::string_view name = replacement_.substr(at + 1, close - at - 1);
      const std::optional<std::size_t> group = pattern_.group_named(name);
      if (!group) return failure(fmt::format("there is no group named {}", name));
      at = close + 1;
      return *group;
    }
    if (at == replacement_.size() || !is_digit(replacement_[at])) {
      return failure("a group must follow $ in the replacement; write \\$ for the sign");
    }
    auto group = static_cast<std::size_t>(replacement_[at++] - '0');
    if (group > pattern_.groups()) return failure(fmt::format("there is no group {}", group));
    while (at < replacement_.size() && is_digit(replacement_[at])) {
      const std::size_t longer = group * 10 + static_cast<std::size_t>(replacement_[at] - '0');
      if (longer > pattern_.groups()) break;
      group = longer;
      ++at;
    }
    return group;
  }

  std::string_view replacement_;
  const Pattern& pattern_;
};

}  // namespace

Result<Value> groups_value(Machine& machine, const std::string& text, const Match& match) {
  if (!machine.take((match[0].end - match[0].begin) + match.size() * sizeof(Value))) {
    return machine.out_of_memory();
  }
  if (match.size() == 1) return Value::string(text_of(text, match[0]));
  Values groups;
  groups.reserve(match.size());
  for (const Group& group : match) {
    groups.push_back(group.matched() ? Value::string(text_of(text, group)) : Value());
  }
  return Value::vector(std::move(groups));
}

Result<Value> replace_text(Machine& machine, std::string_view text, std::string_view match,
                           std::string_view replacement, Occurrences which) {
  std::string result;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t found = text.find(match, at);
    if (found == std::string_view::npos) break;
    if (!machine.spend()) return machine.out_of_steps();
    if (!machine.take(found - at + replacement.size() + 1)) return machine.out_of_memory();
    result += text.substr(at, found - at);
    result += replacement;
    at = found + match.size();
    if (which == Occurrences::kFirst) break;
    if (!match.empty()) continue;
    // Nothing is found between all letters, even between surrogates.
    if (at == text.size()) return joined_text(std::move(result));
    const std::size_t next = next_unit(text, at);
    result += cut(text, at, next);
    at = next;
  }
  if (!machine.take(text.size() - at)) return machine.out_of_memory();
  result += text.substr(at);
  return joined_text(std::move(result));
}

Result<Value> replace_matches(Machine& machine, const std::string& text, const Pattern& pattern,
                              const Value& replacement, Occurrences which) {
  const bool by_text = replacement.is(Kind::kString);
  const Replacement parts(by_text ? std::string_view(replacement.as_string()) : "", pattern);
  MatchWalk walk(machine, pattern, text);
  std::string result;
  std::size_t at = 0;
  for (;;) {
    const std::optional<Match> match = KSV_TRY(walk.next());
    if (!match) break;
    const std::size_t before = result.size();
    const Group& whole = (*match)[0];
    result += cut(text, at, whole.begin);
    if (by_text) {
      KSV_CHECK(parts.append(text, *match, result));
    } else {
      Value groups = KSV_TRY(groups_value(machine, text, *match));
      const Value part = KSV_TRY(machine.call(replacement, std::move(groups)));
      if (!part.is(Kind::kString)) return expected("a string as the replacement", part);
      result += part.as_string();
    }
    if (!machine.take(result.size() - before)) return machine.out_of_memory();
    at = whole.end;
    if (which == Occurrences::kFirst) break;
  }
  if (!machine.take(text.size() - at)) return machine.out_of_memory();
  result += cut(text, at, text.size());
  return joined_text(std::move(result));
}

}  // namespace ksv::expr
