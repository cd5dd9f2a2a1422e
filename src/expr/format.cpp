// java.lang.String.format: reading the pattern and laying out text. Numbers are in
// format_number.cpp.
#include "expr/format.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/utf8.h"
#include "expr/format_number.h"
#include "expr/java_hash.h"
#include "expr/letters.h"
#include "expr/print.h"

namespace ksv::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The text of %c: a character, or the code point that an (int x) is.
Result<std::string> character_text(const Value& value) {
  if (value.is(Kind::kChar)) return text_of_unit(value.as_char());
  const bool is_int = value.is(Kind::kLong) && value.shape() == Shape::kBoxed;
  if (!is_int) return expected("a character for %c", value);
  constexpr std::int64_t kCodePointMax = 0x10FFFF;
  if (value.as_long() < 0 || value.as_long() > kCodePointMax) {
    return expected("a code point for %c", value);
  }
  std::string text;
  append_utf8(text, static_cast<char32_t>(value.as_long()));
  return text;
}

class Formatter {
 public:
  Formatter(Machine& machine, std::string_view pattern, Arguments arguments)
      : machine_(machine), pattern_(pattern), arguments_(arguments) {}

  Result<std::string> format() {
    while (at_ < pattern_.size()) {
      if (!machine_.spend()) return machine_.out_of_steps();
      const std::size_t before = result_.size();
      if (pattern_[at_] == '%') {
        ++at_;
        KSV_CHECK(format_directive());
      } else {
        result_ += pattern_[at_++];
      }
      if (!machine_.take(result_.size() - before)) return machine_.out_of_memory();
    }
    return std::move(result_);
  }

 private:
  // %[argument$][flags][width][.precision]conversion
  Result<FormatSpec> read_spec() {
    FormatSpec spec;
    const std::size_t start = at_;
    const std::optional<std::size_t> number = read_number();
    if (number && at_ < pattern_.size() && pattern_[at_] == '$') {
      ++at_;
      spec.argument = *number;
    } else {
      at_ = start;
    }
    if (at_ < pattern_.size() && pattern_[at_] == '<') {
      ++at_;
      spec.previous = true;
    }
    KSV_CHECK(read_flags(spec));
    if (at_ < pattern_.size() && is_digit(pattern_[at_])) {
      spec.width = read_number();
      if (!spec.width) return failure("a width above 10000");
    }
    if (at_ < pattern_.size() && pattern_[at_] == '.') {
      ++at_;
      spec.precision = read_number();
      if (!spec.precision) return failure("a precision from 0 to 10000 must follow the point");
    }
    if (at_ == pattern_.size()) return failure("the pattern ends inside a % directive");
    spec.conversion = pattern_[at_++];
    return spec;
  }

  std::optional<std::size_t> read_number() {
    constexpr std::size_t kNumberMax = 10000;
    std::size_t value = 0;
    const std::size_t start = at_;
    for (; at_ < pattern_.size() && is_digit(pattern_[at_]); ++at_) {
      value = std::min(value * 10 + static_cast<std::size_t>(pattern_[at_] - '0'), kNumberMax + 1);
    }
    if (at_ == start || value > kNumberMax) return std::nullopt;
    return value;
  }

  Status read_flags(FormatSpec& spec) {
    for (; at_ < pattern_.size(); ++at_) {
      bool* flag = nullptr;
      switch (pattern_[at_]) {
        case '-': flag = &spec.left; break;
        case '+': flag = &spec.plus; break;
        case ' ': flag = &spec.space; break;
        case '0': flag = &spec.zeros; break;
        case ',': flag = &spec.grouping; break;
        case '(': flag = &spec.parentheses; break;
        case '#': flag = &spec.alternate; break;
        default: return ok();
      }
      if (*flag) return failure(fmt::format("the flag {} twice", pattern_[at_]));
      *flag = true;
    }
    return ok();
  }

  Result<Value> next_argument(const FormatSpec& spec) {
    std::size_t index = ordinary_;
    if (spec.previous) {
      if (!last_) return failure("%< has no argument before it");
      index = *last_;
    } else if (spec.argument) {
      if (*spec.argument == 0) return failure("%0$ names no argument");
      index = *spec.argument - 1;
    } else {
      ++ordinary_;
    }
    if (index >= arguments_.size()) {
      return failure(fmt::format("no argument for the directive %{}", spec.conversion));
    }
    last_ = index;
    return arguments_[index];
  }

  // Spaces up to the width, which counts UTF-16 units.
  void append_padded(const FormatSpec& spec, std::string_view text) {
    const std::size_t length = utf16_length(text);
    const std::size_t width = spec.width.value_or(0);
    const std::string padding(width > length ? width - length : 0, ' ');
    if (spec.left) {
      result_ += text;
      result_ += padding;
    } else {
      result_ += padding;
      result_ += text;
    }
  }

  static bool has_number_flags(const FormatSpec& spec) {
    return spec.plus || spec.space || spec.zeros || spec.grouping || spec.parentheses ||
           spec.alternate;
  }

  static Error bad_flags(const FormatSpec& spec) {
    return failure(fmt::format("flags that %{} does not have", spec.conversion));
  }

  Status format_directive() {
    FormatSpec spec = KSV_TRY(read_spec());
    if (spec.left && !spec.width) return failure("the flag - needs a width");
    if (spec.zeros && !spec.width) return failure("the flag 0 needs a width");
    if (spec.left && spec.zeros) return failure("the flags - and 0 together");
    if (spec.plus && spec.space) return failure("the flags + and space together");
    switch (spec.conversion) {
      case '%':
        if (spec.precision) return failure("%% has no precision");
        if (has_number_flags(spec)) return bad_flags(spec);
        append_padded(spec, "%");
        return ok();
      case 'n':
        if (spec.width || spec.precision || spec.left)
          return failure("%n has no width or precision");
        if (has_number_flags(spec)) return bad_flags(spec);
        result_ += '\n';
        return ok();
      case 'b':
      case 'B':
      case 's':
      case 'S':
      case 'c':
      case 'C':
      case 'h':
      case 'H': return format_text(spec);
      case 'd':
      case 'x':
      case 'X':
      case 'o':
      case 'e':
      case 'E':
      case 'f':
      case 'g':
      case 'G': return format_numeric(spec);
      default: return failure(fmt::format("the directive %{} is not known", spec.conversion));
    }
  }

  Status format_text(const FormatSpec& spec) {
    const bool upper = spec.conversion < 'a';
    const char conversion = static_cast<char>(spec.conversion | 0x20);
    if (spec.plus || spec.space || spec.zeros || spec.grouping || spec.parentheses ||
        spec.alternate) {
      return bad_flags(spec);
    }
    if (conversion == 'c' && spec.precision) return failure("%c has no precision");
    const Value value = KSV_TRY(next_argument(spec));
    std::string text;
    if (conversion == 'b') {
      text = value.is_truthy() ? "true" : "false";
    } else if (value.is_nil()) {
      text = "null";
    } else if (conversion == 'c') {
      text = KSV_TRY(character_text(value));
    } else if (conversion == 'h') {
      const std::int32_t hash = KSV_TRY(java_hash(machine_, value));
      text = fmt::format("{:x}", static_cast<std::uint32_t>(hash));
    } else {
      KSV_CHECK(print_plainly(machine_, value, text));
    }
    if (spec.precision) {
      const std::u16string units = to_utf16(text);
      text = from_utf16(std::u16string_view(units).substr(0, *spec.precision));
    }
    if (upper) text = to_upper(text);
    append_padded(spec, text);
    return ok();
  }

  Status format_numeric(const FormatSpec& spec) {
    KSV_CHECK(check_format(spec));
    const Value value = KSV_TRY(next_argument(spec));
    if (value.is_nil()) {
      const std::string_view text = spec.conversion < 'a' ? "NULL" : "null";
      append_padded(spec, text.substr(0, spec.precision.value_or(text.size())));
      return ok();
    }
    const std::string text = KSV_TRY(format_number(spec, value));
    append_padded(spec, text);
    return ok();
  }

  Machine& machine_;
  std::string_view pattern_;
  Arguments arguments_;
  std::size_t at_ = 0;
  std::size_t ordinary_ = 0;
  std::optional<std::size_t> last_{};
  std::string result_;
};

}  // namespace

Result<std::string> java_format(Machine& machine, std::string_view pattern, Arguments arguments) {
  return Formatter(machine, pattern, arguments).format();
}

}  // namespace ksv::expr
