// The functions of clojure.string that need no pattern.
#include <algorithm>

#include "base/utf8.h"
#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/cursor.h"
#include "expr/letters.h"
#include "expr/print.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

Result<Value> text_result(Machine& machine, std::string text) {
  if (!machine.take(text.size())) return machine.out_of_memory();
  if (!machine.spend(text.size() / 64)) return machine.out_of_steps();
  return Value::string(std::move(text));
}

// Object.toString of anything but nil.
Result<std::string> text_of(Machine& machine, const Value& value) {
  if (value.is_nil()) return expected("a string", value);
  std::string text;
  KSV_CHECK(print_plainly(machine, value, text));
  return text;
}

template <std::string (*Change)(std::string_view)>
Result<Value> changed_case(Machine& machine, Arguments arguments) {
  const std::string text = KSV_TRY(text_of(machine, arguments[0]));
  return text_result(machine, Change(text));
}

// The first UTF-16 unit in upper case, the others in lower case.
std::string capitalized(std::string_view text) {
  const std::u16string units = to_utf16(text);
  if (units.size() < 2) return to_upper(text);
  const std::u16string_view all = units;
  return to_upper(from_utf16(all.substr(0, 1))) + to_lower(from_utf16(all.substr(1)));
}

enum class Side { kBoth, kLeft, kRight };

template <Side Which>
Result<Value> trim(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  const std::u16string units = to_utf16(arguments[0].as_string());
  std::u16string_view rest = units;
  if (Which != Side::kRight) {
    while (!rest.empty() && is_whitespace(rest.front())) rest.remove_prefix(1);
  }
  if (Which != Side::kLeft) {
    while (!rest.empty() && is_whitespace(rest.back())) rest.remove_suffix(1);
  }
  return text_result(machine, from_utf16(rest));
}

Result<Value> trim_newline(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  std::string text = arguments[0].as_string();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text_result(machine, std::move(text));
}

Result<Value> is_blank(Machine&, Arguments arguments) {
  if (!arguments[0].is_truthy()) return Value::boolean(true);
  KSV_CHECK(require_string(arguments[0]));
  const std::u16string units = to_utf16(arguments[0].as_string());
  return Value::boolean(
      std::all_of(units.begin(), units.end(), [](char16_t unit) { return is_whitespace(unit); }));
}

template <bool (*Test)(std::string_view, std::string_view)>
Result<Value> tested(Machine& machine, Arguments arguments) {
  const std::string text = KSV_TRY(text_of(machine, arguments[0]));
  KSV_CHECK(require_string(arguments[1]));
  return Value::boolean(Test(text, arguments[1].as_string()));
}

bool starts(std::string_view text, std::string_view part) { return text.starts_with(part); }
bool ends(std::string_view text, std::string_view part) { return text.ends_with(part); }
bool includes(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The string or character to look for, in UTF-16.
Result<std::u16string> wanted(const Value& value) {
  if (value.is(Kind::kChar)) return std::u16string(1, value.as_char());
  KSV_CHECK(require_string(value));
  return to_utf16(value.as_string());
}

Result<Value> found_at(std::size_t at) {
  if (at == std::u16string::npos) return Value();
  return Value::integer(static_cast<std::int64_t>(at));
}

Result<Value> index_of_part(Machine& machine, Arguments arguments) {
  const std::string text = KSV_TRY(text_of(machine, arguments[0]));
  const std::u16string part = KSV_TRY(wanted(arguments[1]));
  const std::u16string units = to_utf16(text);
  std::int64_t from = 0;
  if (arguments.size() == 3) from = KSV_TRY(wrapped_index_of(arguments[2]));
  const auto at = static_cast<std::size_t>(std::max(from, std::int64_t{0}));
  if (at >= units.size()) return part.empty() ? found_at(units.size()) : found_at(units.npos);
  return found_at(units.find(part, at));
}

Result<Value> last_index_of_part(Machine& machine, Arguments arguments) {
  const std::string text = KSV_TRY(text_of(machine, arguments[0]));
  const std::u16string part = KSV_TRY(wanted(arguments[1]));
  const std::u16string units = to_utf16(text);
  if (arguments.size() < 3) return found_at(units.rfind(part));
  const std::int64_t from = KSV_TRY(wrapped_index_of(arguments[2]));
  if (from < 0) return Value();
  return found_at(units.rfind(part, static_cast<std::size_t>(from)));
}

Result<Value> join(Machine& machine, Arguments arguments) {
  std::string separator;
  if (arguments.size() == 2) KSV_CHECK(print_plainly(machine, arguments[0], separator));
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments.back())));
  if (cursor.is_endless()) return endless();
  std::string text;
  Value element;
  for (bool first = true; cursor.next(element); first = false) {
    if (!machine.spend()) return machine.out_of_steps();
    if (!first) {
      if (!machine.take(separator.size())) return machine.out_of_memory();
      text += separator;
    }
    KSV_CHECK(print_plainly(machine, element, text));
  }
  return joined_text(std::move(text));
}

// StringBuilder.reverse: pairs of surrogates stay in order.
Result<Value> reversed(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  std::u16string units = to_utf16(arguments[0].as_string());
  std::reverse(units.begin(), units.end());
  const auto is_high = [](char16_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; };
  const auto is_low = [](char16_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; };
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    if (!is_low(units[i]) || !is_high(units[i + 1])) continue;
    std::swap(units[i], units[i + 1]);
    ++i;
  }
  return text_result(machine, from_utf16(units));
}

constexpr BuiltinInfo kBuiltins[] = {
    {"str/upper-case", 1, 1, changed_case<to_upper>, "in upper case",
     "(str/upper-case \"abc\") => \"ABC\""},
    {"str/lower-case", 1, 1, changed_case<to_lower>, "in lower case",
     "(str/lower-case \"ABC\") => \"abc\""},
    {"str/capitalize", 1, 1, changed_case<capitalized>,
     "the first letter in upper case, others lower", "(str/capitalize \"hELLO\") => \"Hello\""},
    {"str/trim", 1, 1, trim<Side::kBoth>, "without white space around",
     "(str/trim \" a \") => \"a\""},
    {"str/triml", 1, 1, trim<Side::kLeft>, "without white space before",
     "(str/triml \" a \") => \"a \""},
    {"str/trimr", 1, 1, trim<Side::kRight>, "without white space behind",
     "(str/trimr \" a \") => \" a\""},
    {"str/trim-newline", 1, 1, trim_newline, "without line ends behind",
     "(str/trim-newline \"a\\n\") => \"a\""},
    {"str/blank?", 1, 1, is_blank, "whether it is nil, empty or white space",
     "(str/blank? \" \") => true"},
    {"str/starts-with?", 2, 2, tested<starts>, "whether it begins with that",
     "(str/starts-with? \"hello\" \"he\") => true"},
    {"str/ends-with?", 2, 2, tested<ends>, "whether it ends with that",
     "(str/ends-with? \"hello\" \"lo\") => true"},
    {"str/includes?", 2, 2, tested<includes>, "whether it holds that",
     "(str/includes? \"hello\" \"ell\") => true"},
    {"str/index-of", 2, 3, index_of_part, "where that is first found, or nil",
     "(str/index-of \"hello\" \"l\") => 2"},
    {"str/last-index-of", 2, 3, last_index_of_part, "where that is last found, or nil",
     "(str/last-index-of \"hello\" \"l\") => 3"},
    {"str/join", 1, 2, join, "the text of all elements, perhaps with a separator",
     "(str/join \", \" [1 2]) => \"1, 2\""},
    {"str/reverse", 1, 1, reversed, "from the last letter to the first",
     "(str/reverse \"abc\") => \"cba\""},
};

}  // namespace

std::span<const BuiltinInfo> string_builtins() { return kBuiltins; }

}  // namespace ksv::expr
