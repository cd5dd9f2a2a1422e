// Character classes of Java's patterns, and the escapes that stand inside and outside of them.
#include "expr/regex_class.h"

#include <fmt/format.h>
#include <utility>
#include <vector>

namespace ksv::expr {
namespace {

// Classes nest; more than this no one means.
constexpr int kNestingMax = 50;

bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_octal(char32_t c) { return c >= '0' && c <= '7'; }

int hex_value(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  const char32_t lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? static_cast<int>(lower - 'a') + 10 : -1;
}

// Exactly `count` hexadecimal digits.
std::optional<char32_t> read_hex(PatternText& text, int count) {
  char32_t value = 0;
  for (int i = 0; i < count; ++i) {
    const int digit = hex_value(text.peek(static_cast<std::size_t>(i)));
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  text.at += static_cast<std::size_t>(count);
  return value;
}

Result<std::optional<char32_t>> read_braced_hex(PatternText& text) {
  ++text.at;
  char32_t value = 0;
  bool any = false;
  for (; hex_value(text.peek()) >= 0; ++text.at, any = true) {
    value = value * 16 + static_cast<char32_t>(hex_value(text.peek()));
    if (value > 0x10FFFF) return pattern_error("a code point above 10FFFF");
  }
  if (!any || text.peek() != '}') return pattern_error("\\x{ needs hexadecimal digits and }");
  ++text.at;
  return std::optional<char32_t>(value);
}

Result<std::optional<char32_t>> read_unicode(PatternText& text) {
  const std::optional<char32_t> high = read_hex(text, 4);
  if (!high) return pattern_error("\\u needs four hexadecimal digits");
  if (*high >= 0xD800 && *high <= 0xDBFF && text.starts_with(U"\\u")) {
    PatternText ahead = text;
    ahead.at += 2;
    const std::optional<char32_t> low = read_hex(ahead, 4);
    if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
      text.at = ahead.at;
      return std::optional<char32_t>(0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00));
    }
  }
  return std::optional<char32_t>(*high);
}

Result<std::optional<char32_t>> read_octal(PatternText& text) {
  if (!is_octal(text.peek())) return pattern_error("\\0 needs octal digits");
  char32_t value = 0;
  for (int i = 0; i < 3 && is_octal(text.peek()); ++i) {
    const char32_t next = value * 8 + (text.peek() - '0');
    if (next > 0377) break;
    value = next;
    ++text.at;
  }
  return std::optional<char32_t>(value);
}

// The POSIX names of Java, which are of ASCII alone, and its names for properties of Unicode.
struct Named {
  std::string_view name;
  std::string_view set;
};
constexpr Named kSets[] = {
    {"Lower", "a-z"},
    {"Upper", "A-Z"},
    {"ASCII", "\\x00-\\x7F"},
    {"Alpha", "a-zA-Z"},
    {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"},
    {"Punct", "!-\\/:-@\\[-`{-~"},
    {"Graph", "!-~"},
    {"Print", " -~"},
    {"Blank", " \\t"},
    {"Cntrl", "\\x00-\\x1F\\x7F"},
    {"XDigit", "0-9a-fA-F"},
    {"Space", " \\t\\n\\x0B\\f\\r"},
    {"javaLowerCase", "\\p{Ll}\\p{Lowercase}"},
    {"javaUpperCase", "\\p{Lu}\\p{Uppercase}"},
    {"javaWhitespace",
     "\\t-\\r\\x1C-\\x20\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200A}"
     "\\x{2028}\\x{2029}\\x{205F}\\x{3000}"},
    {"javaLetter", "\\p{L}"},
    {"javaDigit", "\\p{Nd}"},
    {"javaLetterOrDigit", "\\p{L}\\p{Nd}"},
    {"javaAlphabetic", "\\p{Alphabetic}"},
    {"LC", "\\p{Lu}\\p{Ll}\\p{Lt}"},
    {"LD", "\\p{L}\\p{Nd}"},
    {"L1", "\\x00-\\xFF"},
    {"all", "\\x{0}-\\x{10FFFF}"},
    {"IsAlphabetic", "\\p{Alphabetic}"},
    {"IsLetter", "\\p{L}"},
    {"IsDigit", "\\p{Nd}"},
    {"IsUppercase", "\\p{Uppercase}"},
    {"IsLowercase", "\\p{Lowercase}"},
    {"IsPunctuation", "\\p{P}"},
    {"IsControl", "\\p{Cc}"},
    {"IsWhite_Space", "\\p{White_Space}"},
    {"IsIdeographic", "\\p{Ideographic}"},
    {"IsTitlecase", "\\p{Lt}"},
    {"IsHex_Digit", "\\p{Hex_Digit}"},
    {"IsAssigned", "\\P{Cn}"},
};

constexpr std::string_view kCategories[] = {"L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc",
                                            "Me", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Ps",
                                            "Pe", "Pi", "Pf", "Po", "S",  "Sm", "Sc", "Sk", "So",
                                            "Z",  "Zs", "Zl", "Zp", "C",  "Cc", "Cf", "Co", "Cn"};

// What stands inside brackets for a property.
std::optional<std::string> property_set(std::string_view name) {
  for (const Named& entry : kSets) {
    if (entry.name == name) return std::string(entry.set);
  }
  std::string_view category = name;
  for (const std::string_view prefix : {"Is", "general_category=", "gc="}) {
    if (category.starts_with(prefix)) category.remove_prefix(prefix.size());
  }
  for (const std::string_view known : kCategories) {
    if (known == category) return fmt::format("\\p{{{}}}", known);
  }
  for (const std::string_view prefix : {"Is", "script=", "sc="}) {
    if (!name.starts_with(prefix)) continue;
    const std::string_view script = name.substr(prefix.size());
    for (const char c : script) {
      if (!is_ascii_letter(static_cast<unsigned char>(c)) && c != '_') return std::nullopt;
    }
    // PCRE2 refuses what it does not know.
    if (!script.empty()) return fmt::format("\\p{{{}}}", script);
  }
  return std::nullopt;
}

// After \p or \P.
Result<std::optional<std::string>> read_property(PatternText& text, bool negative) {
  std::string name;
  if (text.peek() == '{') {
    ++text.at;
    while (!text.at_end() && text.peek() != '}') {
      append_literal(name, text.letters[text.at++]);
    }
    if (text.at_end()) return pattern_error("a property needs a closing }");
    ++text.at;
    // Names hold no letters that need escapes, except these two.
    for (const std::string_view escaped : {"\\x{5F}", "\\x{3D}"}) {
      for (std::size_t at = name.find(escaped); at != std::string::npos; at = name.find(escaped)) {
        name.replace(at, escaped.size(), escaped == "\\x{5F}" ? "_" : "=");
      }
    }
  } else if (!text.at_end()) {
    append_literal(name, text.letters[text.at++]);
  }
  const std::optional<std::string> set = property_set(name);
  if (!set) return pattern_error(fmt::format("the property {} is not known", name));
  if (!negative) return set;
  // A single property can be turned around inside brackets; a longer set only outside.
  if (set->starts_with("\\p{") && set->find('\\', 1) == std::string::npos) {
    return std::optional<std::string>("\\P" + set->substr(2));
  }
  return std::optional<std::string>("^" + *set);
}

// A class while it is read: letters that fit into brackets, and patterns that do not.
struct Union {
  std::string flat{};
  std::vector<std::string> nested{};
  bool empty() const { return flat.empty() && nested.empty(); }

  std::string pattern() const {
    if (nested.empty()) return flat.empty() ? "(?!)" : "[" + flat + "]";
    std::string text = "(?:";
    if (!flat.empty()) text += "[" + flat + "]";
    for (const std::string& part : nested) {
      if (text.size() > 3) text += '|';
      text += part;
    }
    return text + ")";
  }
};

class ClassReader {
 public:
  ClassReader(PatternText& text, bool comments) : text_(text), comments_(comments) {}

  Result<std::string> read() {
    if (++depth_ > kNestingMax) return pattern_error("a class nests too deeply");
    const bool negative = text_.peek() == '^';
    if (negative) ++text_.at;
    Union current;
    // What stands before && must hold too.
    std::string conditions;
    for (bool first = true;; first = false) {
      skip_comments();
      if (text_.at_end()) return pattern_error("a class needs a closing ]");
      if (text_.peek() == ']' && !first) break;
      if (text_.starts_with(U"&&")) {
        text_.at += 2;
        if (!current.empty()) conditions += "(?=" + current.pattern() + ")";
        current = Union{};
        if (text_.peek() == ']') break;
        continue;
      }
      KSV_CHECK(read_item(current));
    }
    ++text_.at;
    --depth_;
    if (conditions.empty() && current.nested.empty() && negative && !current.flat.empty()) {
      return "[^" + current.flat + "]";
    }
    std::string whole = conditions.empty() ? current.pattern() : "";
    if (!conditions.empty()) {
      whole = "(?:" + conditions + (current.empty() ? "(?s:.)" : current.pattern()) + ")";
    }
    return negative ? "(?:(?!" + whole + ")(?s:.))" : whole;
  }

 private:
  void skip_comments() {
    while (comments_ && !text_.at_end()) {
      const char32_t c = text_.peek();
      if (c == '#') {
        while (!text_.at_end() && text_.peek() != '\n') ++text_.at;
      } else if (c == ' ' || (c >= 9 && c <= 13)) {
        ++text_.at;
      } else {
        return;
      }
    }
  }

  Status read_item(Union& into) {
    if (text_.peek() == '[') {
      ++text_.at;
      std::string nested = KSV_TRY(read());
      into.nested.push_back(std::move(nested));
      return ok();
    }
    if (text_.starts_with(U"\\Q")) {
      text_.at += 2;
      while (!text_.at_end() && !text_.starts_with(U"\\E")) {
        append_literal(into.flat, text_.letters[text_.at++]);
      }
      text_.at += text_.at_end() ? 0 : 2;
      return ok();
    }
    if (text_.peek() == '\\') {
      ++text_.at;
      const std::optional<std::string> set = KSV_TRY(read_set_escape(text_));
      if (set && set->starts_with('^')) {
        into.nested.push_back("[" + *set + "]");
        return ok();
      }
      if (set) {
        into.flat += *set;
        return ok();
      }
      --text_.at;
    }
    return read_range(into);
  }

  // A letter, or two with a dash between them.
  Status read_range(Union& into) {
    const char32_t first = KSV_TRY(read_letter());
    append_literal(into.flat, first);
    const char32_t after = text_.peek(1);
    if (text_.peek() != '-' || after == ']' || after == '[' || after == U'\0') return ok();
    if (after == '&' && text_.peek(2) == '&') return ok();
    ++text_.at;
    const char32_t last = KSV_TRY(read_letter());
    if (last < first) return pattern_error("a range of letters goes backwards");
    into.flat += '-';
    append_literal(into.flat, last);
    return ok();
  }

  Result<char32_t> read_letter() {
    const char32_t letter = text_.letters[text_.at++];
    if (letter != '\\') return letter;
    if (text_.at_end()) return pattern_error("a \\ at the end");
    const std::optional<char32_t> coded = KSV_TRY(read_coded_letter(text_));
    if (coded) return *coded;
    const char32_t escaped = text_.letters[text_.at++];
    if (is_ascii_letter(escaped) || (escaped >= '1' && escaped <= '9')) {
      return pattern_error(
          fmt::format("\\{} has no meaning in a class", static_cast<char>(escaped)));
    }
    return escaped;
  }

  PatternText& text_;
  bool comments_;
  int depth_ = 0;
};

}  // namespace

Error pattern_error(std::string message) {
  return {ErrorCode::kUsage, "the pattern is malformed: " + std::move(message)};
}

void append_literal(std::string& to, char32_t letter) {
  if (is_ascii_letter(letter) || (letter >= '0' && letter <= '9')) {
    to += static_cast<char>(letter);
  } else {
    to += fmt::format("\\x{{{:X}}}", static_cast<std::uint32_t>(letter));
  }
}

Result<std::optional<char32_t>> read_coded_letter(PatternText& text) {
  const char32_t letter = text.peek();
  const auto simple = [&text](char32_t code) -> Result<std::optional<char32_t>> {
    ++text.at;
    return std::optional<char32_t>(code);
  };
  switch (letter) {
    case 't': return simple('\t');
    case 'n': return simple('\n');
    case 'r': return simple('\r');
    case 'f': return simple('\f');
    case 'a': return simple(7);
    case 'e': return simple(27);
    case '0': ++text.at; return read_octal(text);
    case 'u': ++text.at; return read_unicode(text);
    case 'c':
      ++text.at;
      if (text.at_end()) return pattern_error("\\c needs a letter");
      return simple(text.peek() ^ 64);
    case 'x': {
      ++text.at;
      if (text.peek() == '{') return read_braced_hex(text);
      const std::optional<char32_t> code = read_hex(text, 2);
      if (!code) return pattern_error("\\x needs two hexadecimal digits");
      return std::optional<char32_t>(*code);
    }
    default: return std::optional<char32_t>();
  }
}

Result<std::optional<std::string>> read_set_escape(PatternText& text) {
  const char32_t letter = text.peek();
  switch (letter) {
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 's':
    case 'S':
    case 'h':
    case 'H':
    case 'v':
    case 'V':
      ++text.at;
      return std::optional<std::string>(std::string("\\") + static_cast<char>(letter));
    case 'p':
    case 'P': ++text.at; return read_property(text, letter == 'P');
    default: return std::optional<std::string>();
  }
}

Result<std::string> read_class(PatternText& text, bool comments) {
  return ClassReader(text, comments).read();
}

}  // namespace ksv::expr
