// Java's pattern syntax written as PCRE2's.
#include "expr/regex_translate.h"

#include <fmt/format.h>
#include <optional>
#include <vector>

#include "base/utf8.h"
#include "expr/regex_class.h"

namespace ksv::expr {
namespace {

// What ends a line for Java; its \r\n is one end.
constexpr std::string_view kLineEnds = R"([\n\r\x{85}\x{2028}\x{2029}])";
// A position that is not between \r and \n.
constexpr std::string_view kNotWithinLineEnd = R"((?!(?<=\r)\n))";
// What \b takes for a letter of a word.
constexpr std::string_view kWord = R"([\p{L}\p{Nd}_])";

constexpr std::size_t kRepeatMax = 65535;
constexpr std::size_t kNestingMax = 200;

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// (?...) switches. They hold to the end of their group.
struct Flags {
  bool ignore_case = false;
  bool multiline = false;
  bool dot_all = false;
  bool comments = false;
  bool unix_lines = false;
};

class Translator {
 public:
  explicit Translator(std::string_view source) {
    for (std::size_t at = 0; at < source.size();) {
      text_.letters += next_code_point(source, at).value_or(0xFFFD);
    }
  }

  Result<TranslatedPattern> translate() {
    while (!text_.at_end()) KSV_CHECK(translate_next());
    if (!outer_.empty()) return pattern_error("a group needs a closing )");
    drop_dangling_references();
    return std::move(result_);
  }

 private:
  // A reference to a group that the whole pattern does not have matches nothing in Java.
  void drop_dangling_references() {
    for (int number = result_.groups + 1; number <= highest_reference_; ++number) {
      const std::string reference = fmt::format("\\g{{{}}}", number);
      for (std::size_t at = result_.text.find(reference); at != std::string::npos;
           at = result_.text.find(reference)) {
        result_.text.replace(at, reference.size(), "(?!)");
      }
    }
  }

  void emit(std::string_view text) { result_.text += text; }

  void emit_letter(char32_t letter) {
    // (?i) of Java folds ASCII letters only.
    const bool keep_case = flags_.ignore_case && letter >= 0x80;
    if (keep_case) emit("(?-i:");
    append_literal(result_.text, letter);
    if (keep_case) emit(")");
  }

  Status translate_next() {
    const char32_t letter = text_.letters[text_.at];
    if (flags_.comments && (letter == ' ' || (letter >= 9 && letter <= 13))) {
      ++text_.at;
      return ok();
    }
    if (flags_.comments && letter == '#') {
      while (!text_.at_end() && text_.peek() != '\n') ++text_.at;
      return ok();
    }
    ++text_.at;
    switch (letter) {
      case '\\': return translate_escape();
      case '[': {
        const std::string set = KSV_TRY(read_class(text_, flags_.comments));
        emit(set);
        return ok();
      }
      case '(': return open_group();
      case ')': return close_group();
      case '.': emit_dot(); return ok();
      case '^': emit_line_start(); return ok();
      case '$': emit_line_end(); return ok();
      case '|': emit("|"); return ok();
      case '*':
      case '+':
      case '?': emit(std::string(1, static_cast<char>(letter))); return ok();
      case '{': return translate_repeat();
      default: emit_letter(letter); return ok();
    }
  }

  void emit_dot() {
    if (flags_.dot_all) {
      emit("(?s:.)");
    } else {
      emit(flags_.unix_lines ? R"([^\n])" : R"([^\n\r\x{85}\x{2028}\x{2029}])");
    }
  }

  void emit_line_start() {
    if (!flags_.multiline) {
      emit(R"(\A)");
    } else if (flags_.unix_lines) {
      emit(R"((?:\A|(?<=\n))(?!\z))");
    } else {
      emit(fmt::format(R"((?:(?:\A|(?<={})){}(?!\z)))", kLineEnds, kNotWithinLineEnd));
    }
  }

  void emit_line_end() {
    if (flags_.unix_lines) {
      emit(flags_.multiline ? R"((?=\n|\z))" : R"((?=\n?\z))");
    } else if (flags_.multiline) {
      emit(fmt::format("(?:{}(?={}|\\z))", kNotWithinLineEnd, kLineEnds));
    } else {
      emit(fmt::format("(?:{}(?=(?:\\r\\n|{})?\\z))", kNotWithinLineEnd, kLineEnds));
    }
  }

  // {n}, {n,} or {n,m}; anything else after { is an error for Java.
  Status translate_repeat() {
    std::string text = "{";
    std::size_t digits = 0;
    const auto read_number = [&] {
      std::size_t value = 0;
      for (digits = 0; is_digit(text_.peek()); ++digits, ++text_.at) {
        value = std::min(value * 10 + (text_.peek() - '0'), kRepeatMax + 1);
      }
      return value;
    };
    const std::size_t least = read_number();
    if (digits == 0) return pattern_error("{ needs a count behind it");
    std::size_t most = least;
    text += std::to_string(least);
    if (text_.peek() == ',') {
      ++text_.at;
      text += ',';
      most = read_number();
      if (digits > 0) text += std::to_string(most);
      if (digits == 0) most = least;
    }
    if (text_.peek() != '}') return pattern_error("a count needs a closing }");
    ++text_.at;
    if (least > kRepeatMax || most > kRepeatMax) return pattern_error("a count above 65535");
    if (most < least) return pattern_error("a range of counts goes backwards");
    emit(text + "}");
    return ok();
  }

  Status push_group(std::string_view opening) {
    if (outer_.size() >= kNestingMax) return pattern_error("groups nest too deeply");
    outer_.push_back(flags_);
    emit(opening);
    return ok();
  }

  Status open_group() {
    if (text_.peek() != '?') {
      if (text_.peek() == '*') return pattern_error("* has nothing to repeat");
      ++result_.groups;
      return push_group("(");
    }
    ++text_.at;
    for (const std::u32string_view plain : {U":", U"=", U"!", U">", U"<=", U"<!"}) {
      if (!text_.starts_with(plain)) continue;
      text_.at += plain.size();
      std::string opening = "(?";
      for (const char32_t c : plain) opening += static_cast<char>(c);
      return push_group(opening);
    }
    if (text_.peek() == '<') return open_named_group();
    return read_flags();
  }

  Status open_named_group() {
    ++text_.at;
    const std::string name = KSV_TRY(read_group_name());
    ++result_.groups;
    if (!result_.names.emplace(name, result_.groups).second) {
      return pattern_error(fmt::format("two groups are named {}", name));
    }
    return push_group("(");
  }

  // After <: a letter, then letters and digits, then >.
  Result<std::string> read_group_name() {
    std::string name;
    while (is_letter(text_.peek()) || (!name.empty() && is_digit(text_.peek()))) {
      name += static_cast<char>(text_.letters[text_.at++]);
    }
    if (name.empty() || text_.peek() != '>') {
      return pattern_error("the name of a group is letters and digits between < and >");
    }
    ++text_.at;
    return name;
  }

  // (?ims-x) or (?ims-x:...).
  Status read_flags() {
    Flags changed = flags_;
    bool on = true;
    for (;; ++text_.at) {
      switch (text_.peek()) {
        case 'i': changed.ignore_case = on; continue;
        case 'm': changed.multiline = on; continue;
        case 's': changed.dot_all = on; continue;
        case 'x': changed.comments = on; continue;
        case 'd': changed.unix_lines = on; continue;
        case '-':
          if (!on) return pattern_error("two - in the flags of a group");
          on = false;
          continue;
        case 'u':
        case 'U': return pattern_error("the flags (?u) and (?U) are not part of the language");
        case ')':
          ++text_.at;
          emit(changed.ignore_case ? "(?i)" : "(?-i)");
          flags_ = changed;
          return ok();
        case ':':
          ++text_.at;
          KSV_CHECK(push_group(changed.ignore_case ? "(?i:" : "(?-i:"));
          flags_ = changed;
          return ok();
        default: return pattern_error("an unknown kind of group");
      }
    }
  }

  Status close_group() {
    if (outer_.empty()) return pattern_error("a ) without its (");
    flags_ = outer_.back();
    outer_.pop_back();
    emit(")");
    return ok();
  }

  Status translate_escape() {
    if (text_.at_end()) return pattern_error("a \\ at the end");
    const std::optional<std::string> set = KSV_TRY(read_set_escape(text_));
    if (set) {
      emit("[" + *set + "]");
      return ok();
    }
    const std::optional<char32_t> coded = KSV_TRY(read_coded_letter(text_));
    if (coded) {
      emit_letter(*coded);
      return ok();
    }
    const char32_t letter = text_.letters[text_.at++];
    if (letter >= '1' && letter <= '9') return translate_reference(letter);
    switch (letter) {
      case 'A': emit("\\A"); return ok();
      case 'G': emit("\\G"); return ok();
      case 'R': emit("(?>\\r\\n|[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}])"); return ok();
      case 'X': emit("\\X"); return ok();
      case 'z': emit("\\z"); return ok();
      case 'Z':
        emit(fmt::format("(?:{}(?=(?:\\r\\n|{})?\\z))", kNotWithinLineEnd, kLineEnds));
        return ok();
      case 'b': emit(fmt::format("(?:(?<={0})(?!{0})|(?<!{0})(?={0}))", kWord)); return ok();
      case 'B': emit(fmt::format("(?:(?<={0})(?={0})|(?<!{0})(?!{0}))", kWord)); return ok();
      case 'Q': {
        while (!text_.at_end() && !text_.starts_with(U"\\E"))
          emit_letter(text_.letters[text_.at++]);
        text_.at += text_.at_end() ? 0 : 2;
        return ok();
      }
      case 'k': {
        if (text_.peek() != '<') return pattern_error("\\k needs <name>");
        ++text_.at;
        const std::string name = KSV_TRY(read_group_name());
        const auto found = result_.names.find(name);
        if (found == result_.names.end()) {
          return pattern_error(fmt::format("no group before is named {}", name));
        }
        emit(fmt::format("\\g{{{}}}", found->second));
        return ok();
      }
      default: break;
    }
    if (is_letter(letter)) {
      return pattern_error(fmt::format("\\{} has no meaning", static_cast<char>(letter)));
    }
    emit_letter(letter);
    return ok();
  }

  // \1: more digits belong to it as long as such a group has been opened.
  Status translate_reference(char32_t first) {
    int number = static_cast<int>(first - '0');
    while (is_digit(text_.peek())) {
      const int longer = number * 10 + static_cast<int>(text_.peek() - '0');
      if (longer > result_.groups) break;
      number = longer;
      ++text_.at;
    }
    highest_reference_ = std::max(highest_reference_, number);
    emit(fmt::format("\\g{{{}}}", number));
    return ok();
  }

  PatternText text_;
  TranslatedPattern result_;
  Flags flags_;
  std::vector<Flags> outer_;
  int highest_reference_ = 0;
};

}  // namespace

Result<TranslatedPattern> translate_pattern(std::string_view source) {
  return Translator(source).translate();
}

}  // namespace ksv::expr
