// The values of EDN's atoms: names, characters, strings and their escapes.
#include <optional>
#include <string>

#include "base/utf8.h"
#include "codec/edn_chars.h"
#include "codec/edn_lexer.h"
#include "codec/edn_number.h"

namespace ksv {

namespace {

// Clojure's pattern for names is [:]?([\D&&[^/]].*/)?(/|[\D&&[^/]][^/]*), matched as a whole. The
// dot leaves out U+0085, which is the only line end that can stand in a name.
constexpr std::string_view kNextLine = "\xc2\x85";

bool begins_part(std::string_view text) {
  return !text.empty() && text[0] != '/' && !(text[0] >= '0' && text[0] <= '9');
}

// The pattern without its optional colon. Returns the length of the namespace group with its slash;
// nothing when the text does not match.
std::optional<std::size_t> match_name(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  if (text == "/") return 0;
  if (slash == std::string_view::npos) {
    return begins_part(text) ? std::optional<std::size_t>(0) : std::nullopt;
  }
  if (!begins_part(text)) return std::nullopt;
  const bool ends_in_slash = slash + 1 == text.size();
  const std::size_t ns_length = ends_in_slash ? slash : slash + 1;
  if (text.substr(1, ns_length - 1).find(kNextLine) != std::string_view::npos) return std::nullopt;
  if (!ends_in_slash) {
    return begins_part(text.substr(ns_length)) ? std::optional(ns_length) : std::nullopt;
  }
  // The name is "/": the namespace group must end in a slash too, and hold more than it.
  return slash >= 2 && text[slash - 1] == '/' ? std::optional(ns_length) : std::nullopt;
}

bool is_valid_name(std::string_view text) {
  std::optional<std::size_t> matched;
  std::string_view matched_text = text;
  if (text.starts_with(':')) {
    matched_text = text.substr(1);
    matched = match_name(matched_text);
  }
  if (!matched) {
    matched_text = text;
    matched = match_name(text);
  }
  if (!matched) return false;
  const std::string_view ns = matched_text.substr(0, *matched);
  return !ns.ends_with(":/") && !matched_text.ends_with(':') && !text.starts_with("::") &&
         text.find("::", 1) == std::string_view::npos;
}

Result<Value> parse_name(const EdnLexer& lexer, const EdnToken& token) {
  if (token.text == "nil") return Value();
  if (token.text == "true") return Value::boolean(true);
  if (token.text == "false") return Value::boolean(false);
  if (!is_valid_name(token.text)) {
    return lexer.error("invalid name " + shown_in_message(token.text), token.at);
  }
  if (token.text[0] == ':') return Value::keyword(split_name(token.text.substr(1)));
  return Value::symbol(split_name(token.text));
}

// Appends UTF-16 code units, joining surrogate pairs wherever they come from.
class UnitAppender {
 public:
  explicit UnitAppender(std::string& to) : to_(to) {}

  void add(char32_t code_point) {
    const bool low = code_point >= 0xdc00 && code_point <= 0xdfff;
    if (low && high_ != 0) {
      to_.resize(to_.size() - 3);
      append_utf8(to_, 0x10000 + ((high_ - 0xd800) << 10) + (code_point - 0xdc00));
      high_ = 0;
      return;
    }
    append_utf8(to_, code_point);
    high_ = code_point >= 0xd800 && code_point <= 0xdbff ? code_point : 0;
  }
  void add_plain(std::string_view text) {
    if (text.empty()) return;
    to_ += text;
    high_ = 0;
  }

 private:
  std::string& to_;
  char32_t high_ = 0;  // the high surrogate that was added last, or 0
};

// The code point at `at`; texts of tokens are well-formed.
char32_t code_point_at(std::string_view text, std::size_t& at) {
  return next_code_point(text, at).value_or(0xfffd);
}

// Digits of `text` from `at` on, at most `count`, in `radix`; `at` moves behind them.
struct DigitRun {
  char32_t value = 0;
  int count = 0;
};
DigitRun digit_run(std::string_view text, std::size_t& at, int count, int radix) {
  DigitRun run;
  while (run.count < count && at < text.size()) {
    std::size_t after = at;
    const std::optional<int> digit = java_digit(code_point_at(text, after), radix);
    if (!digit) break;
    run.value = run.value * static_cast<char32_t>(radix) + static_cast<char32_t>(*digit);
    ++run.count;
    at = after;
  }
  return run;
}

// White space or the like may follow an octal escape of fewer than three digits, nothing else.
bool may_end_octal(std::string_view body, std::size_t at) {
  if (at == body.size()) return true;
  static constexpr std::string_view kMacros = ";^()[]{}\\#";
  if (kMacros.find(body[at]) != std::string_view::npos) return true;
  return is_edn_space(code_point_at(body, at));
}

std::optional<char> simple_escape(char c) {
  switch (c) {
    case 't': return '\t';
    case 'r': return '\r';
    case 'n': return '\n';
    case 'b': return '\b';
    case 'f': return '\f';
    case '"':
    case '\\': return c;
    default: return std::nullopt;
  }
}

// What follows a backslash within a string; `at` moves behind it. Nothing when it is no escape.
std::optional<char32_t> read_escape(std::string_view body, std::size_t& at) {
  if (const auto simple = simple_escape(body[at])) {
    ++at;
    return static_cast<unsigned char>(*simple);
  }
  if (body[at] == 'u') {
    ++at;
    const DigitRun run = digit_run(body, at, 4, 16);
    return run.count == 4 ? std::optional(run.value) : std::nullopt;
  }
  const DigitRun run = digit_run(body, at, 3, 8);
  if (run.count == 0 || run.value > 0377) return std::nullopt;
  return run.count == 3 || may_end_octal(body, at) ? std::optional(run.value) : std::nullopt;
}

Result<Value> parse_string(const EdnLexer& lexer, const EdnToken& token) {
  const std::string_view body = token.text.substr(1, token.text.size() - 2);
  std::string content;
  content.reserve(body.size());
  UnitAppender units(content);
  std::size_t at = 0;
  while (at < body.size()) {
    // A surrogate as raw three bytes (0xed ...) may be half of a pair, so it goes one by one.
    std::size_t special = at;
    while (special < body.size() && body[special] != '\\' && body[special] != '\xed') ++special;
    units.add_plain(body.substr(at, special - at));
    at = special;
    if (at == body.size()) break;
    if (body[at] != '\\') {
      units.add(code_point_at(body, at));
      continue;
    }
    const std::size_t backslash = at++;
    const std::optional<char32_t> code_point = read_escape(body, at);
    if (!code_point) {
      std::size_t end = backslash + 1;
      code_point_at(body, end);
      return lexer.error("invalid escape " +
                             shown_in_message(body.substr(backslash, end - backslash)) +
                             " in a string",
                         token.at + 1 + backslash);
    }
    units.add(*code_point);
  }
  return Value::string(std::move(content));
}

struct NamedChar {
  std::string_view name;
  std::uint16_t unit;
};
constexpr NamedChar kNamedChars[] = {{"newline", '\n'},   {"space", ' '},     {"tab", '\t'},
                                     {"backspace", '\b'}, {"formfeed", '\f'}, {"return", '\r'}};

// A character of more than one letter: a name, uXXXX or oOOO.
std::optional<std::uint16_t> long_char(std::string_view body) {
  for (const NamedChar& named : kNamedChars) {
    if (body == named.name) return named.unit;
  }
  std::size_t at = 1;
  if (body[0] == 'u') {
    const DigitRun run = digit_run(body, at, 4, 16);
    const bool surrogate = run.value >= 0xd800 && run.value <= 0xdfff;
    if (run.count != 4 || at != body.size() || surrogate) return std::nullopt;
    return static_cast<std::uint16_t>(run.value);
  }
  if (body[0] == 'o') {
    const DigitRun run = digit_run(body, at, 3, 8);
    if (run.count == 0 || at != body.size() || run.value > 0377) return std::nullopt;
    return static_cast<std::uint16_t>(run.value);
  }
  return std::nullopt;
}

Result<Value> parse_char(const EdnLexer& lexer, const EdnToken& token) {
  const std::string_view body = token.text.substr(1);
  std::size_t at = 0;
  const char32_t first = code_point_at(body, at);
  if (at == body.size() && first <= 0xffff) {
    return Value::character(static_cast<std::uint16_t>(first));
  }
  if (const auto unit = long_char(body)) return Value::character(*unit);
  return lexer.error("invalid character " + shown_in_message(token.text), token.at);
}

}  // namespace

Name split_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || text == "/") return Name(std::string(text));
  return Name(std::string(text.substr(0, slash)), std::string(text.substr(slash + 1)));
}

Result<Value> EdnLexer::parse_atom(const EdnToken& token) const {
  switch (token.kind) {
    case EdnTokenKind::kNumber: {
      Result<Value> number = parse_number(token.text);
      if (!number) return error(number.error().message(), token.at);
      return number;
    }
    case EdnTokenKind::kName: return parse_name(*this, token);
    case EdnTokenKind::kChar: return parse_char(*this, token);
    case EdnTokenKind::kString: return parse_string(*this, token);
    case EdnTokenKind::kRegex:
      return Value::regex(std::string(token.text.substr(2, token.text.size() - 3)));
    default: break;
  }
  return error("unexpected " + shown_in_message(token.text), token.at);
}

}  // namespace ksv
