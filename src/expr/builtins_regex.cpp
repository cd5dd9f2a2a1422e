// Finding, splitting and replacing with regular expressions, and the plain forms of replace.
#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/cursor.h"
#include "expr/object.h"
#include "expr/print.h"
#include "expr/regex.h"
#include "expr/replacing.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

Result<std::shared_ptr<const Pattern>> pattern_of(Machine& machine, const Value& value) {
  if (!value.is(Kind::kRegex)) return expected("a regex", value);
  return machine.pattern(value.as_string());
}

Result<Value> re_pattern(Machine& machine, Arguments arguments) {
  if (arguments[0].is(Kind::kRegex)) return std::move(arguments[0]);
  KSV_CHECK(require_string(arguments[0]));
  KSV_CHECK(machine.pattern(arguments[0].as_string()));
  return Value::regex(arguments[0].as_string());
}

Result<Value> re_find(Machine& machine, Arguments arguments) {
  const auto pattern = KSV_TRY(pattern_of(machine, arguments[0]));
  KSV_CHECK(require_string(arguments[1]));
  const std::string& text = arguments[1].as_string();
  const std::optional<Match> match = KSV_TRY(pattern->find(machine, text, 0));
  return match ? groups_value(machine, text, *match) : Value();
}

Result<Value> re_matches(Machine& machine, Arguments arguments) {
  const auto pattern = KSV_TRY(pattern_of(machine, arguments[0]));
  KSV_CHECK(require_string(arguments[1]));
  const std::string& text = arguments[1].as_string();
  const std::optional<Match> match = KSV_TRY(pattern->match_whole(machine, text));
  return match ? groups_value(machine, text, *match) : Value();
}

Result<Value> re_seq(Machine& machine, Arguments arguments) {
  const auto pattern = KSV_TRY(pattern_of(machine, arguments[0]));
  KSV_CHECK(require_string(arguments[1]));
  const std::string& text = arguments[1].as_string();
  MatchWalk walk(machine, *pattern, text);
  Values found;
  for (;;) {
    const std::optional<Match> match = KSV_TRY(walk.next());
    if (!match) break;
    Value groups = KSV_TRY(groups_value(machine, text, *match));
    found.push_back(std::move(groups));
  }
  return found.empty() ? Value() : sequence(std::move(found), Shape::kHead);
}

// Pattern.split of Java: no limit (0) drops empty parts at the end, a negative one keeps them.
Result<Value> split_text(Machine& machine, const Pattern& pattern, const std::string& text,
                         std::int64_t limit) {
  Values parts;
  const auto add = [&](std::size_t begin, std::size_t end) -> Status {
    if (!machine.take(end - begin + sizeof(Value))) return machine.out_of_memory();
    parts.push_back(Value::string(cut(text, begin, end)));
    return ok();
  };
  MatchWalk walk(machine, pattern, text);
  std::size_t at = 0;
  bool any = false;
  while (limit <= 0 || static_cast<std::int64_t>(parts.size()) < limit - 1) {
    const std::optional<Match> match = KSV_TRY(walk.next());
    if (!match) break;
    const Group& whole = (*match)[0];
    // Nothing stands before an empty match at the very beginning.
    if (whole.end == 0) continue;
    KSV_CHECK(add(at, whole.begin));
    at = whole.end;
    any = true;
  }
  if (!any) return Value::vector({Value::string(text)});
  KSV_CHECK(add(at, text.size()));
  while (limit == 0 && !parts.empty() && parts.back().as_string().empty()) parts.pop_back();
  return Value::vector(std::move(parts));
}

Result<Value> split(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  const auto pattern = KSV_TRY(pattern_of(machine, arguments[1]));
  std::int64_t limit = 0;
  if (arguments.size() == 3) limit = KSV_TRY(index_of(arguments[2]));
  return split_text(machine, *pattern, arguments[0].as_string(), limit);
}

Result<Value> split_lines(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  const auto pattern = KSV_TRY(machine.pattern("\\n|\\r\\n"));
  return split_text(machine, *pattern, arguments[0].as_string(), 0);
}

template <Occurrences Which>
Result<Value> replace(Machine& machine, Arguments arguments) {
  if (arguments[0].is_nil()) return expected("a string", arguments[0]);
  std::string text;
  KSV_CHECK(print_plainly(machine, arguments[0], text));
  const Value& match = arguments[1];
  const Value& replacement = arguments[2];
  if (match.is(Kind::kChar)) {
    if (!replacement.is(Kind::kChar)) return expected("a character", replacement);
    return replace_text(machine, text, text_of_unit(match.as_char()),
                        text_of_unit(replacement.as_char()), Which);
  }
  if (match.is(Kind::kString)) {
    KSV_CHECK(require_string(replacement));
    return replace_text(machine, text, match.as_string(), replacement.as_string(), Which);
  }
  if (!match.is(Kind::kRegex)) return expected("a string, character or regex to replace", match);
  const auto pattern = KSV_TRY(machine.pattern(match.as_string()));
  return replace_matches(machine, text, *pattern, replacement, Which);
}

constexpr BuiltinInfo kBuiltins[] = {
    {"re-find", 2, 2, re_find, "the first match, with its groups in a vector, or nil",
     "(re-find #\"(\\d+)px\" \"a 20px\") => [\"20px\" \"20\"]"},
    {"re-matches", 2, 2, re_matches, "the match of the whole text, or nil",
     "(re-matches #\"\\d+\" \"42\") => \"42\""},
    {"re-seq", 2, 2, re_seq, "all matches, or nil",
     "(re-seq #\"\\w+\" \"a bc\") => (\"a\" \"bc\")"},
    {"re-pattern", 1, 1, re_pattern, "the regex that the text is",
     "(re-find (re-pattern \"b+\") \"abb\") => \"bb\""},
    {"str/split", 2, 3, split, "the parts between matches, perhaps no more than a limit",
     "(str/split \"a,b\" #\",\") => [\"a\" \"b\"]"},
    {"str/split-lines", 1, 1, split_lines, "the lines",
     "(str/split-lines \"a\\nb\") => [\"a\" \"b\"]"},
    {"str/replace", 3, 3, replace<Occurrences::kAll>,
     "with all matches replaced: by a text with $1 for groups, or by what a function gives",
     "(str/replace \"a1\" #\"(\\d)\" \"<$1>\") => \"a<1>\""},
    {"str/replace-first", 3, 3, replace<Occurrences::kFirst>, "with the first match replaced",
     "(str/replace-first \"aa\" \"a\" \"b\") => \"ba\""},
};

}  // namespace

std::span<const BuiltinInfo> regex_builtins() { return kBuiltins; }

}  // namespace ksv::expr
