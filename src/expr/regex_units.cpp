// Whether Java looks for a pattern from character to character, or from unit to unit of UTF-16.
#include <algorithm>
#include <string>

#include "expr/regex_pairs.h"

namespace ksv::expr {
namespace {

// \p{...} of ASCII alone.
constexpr std::string_view kAsciiProperties[] = {
    "Lower", "Upper", "ASCII", "Alpha", "Digit",  "Alnum", "Punct",
    "Graph", "Print", "Blank", "Cntrl", "XDigit", "Space",
};

class Scan {
 public:
  explicit Scan(std::string_view source) : source_(source) {}

  bool sees_pairs() {
    while (at_ < source_.size()) {
      const char c = source_[at_++];
      if (static_cast<unsigned char>(c) >= 0xF0) return true;
      if (c == '\\') {
        if (escape_sees_pairs()) return true;
      } else if (c == '[') {
        if (at_ < source_.size() && source_[at_] == '^') return true;
      } else if (c == '(' && has_unicode_flag()) {
        return true;
      }
    }
    return false;
  }

 private:
  // After a backslash.
  bool escape_sees_pairs() {
    if (at_ >= source_.size()) return false;
    const char c = source_[at_++];
    switch (c) {
      case 'W':
      case 'D':
      case 'S':
      case 'H':
      case 'V':
      case 'N':
      case 'X':
      case 'P': return true;
      case 'p': return property_sees_pairs();
      case 'Q': {
        const std::size_t end = std::min(source_.find("\\E", at_), source_.size());
        const std::string_view quoted = source_.substr(at_, end - at_);
        at_ = std::min(end + 2, source_.size());
        return std::any_of(quoted.begin(), quoted.end(),
                           [](char each) { return static_cast<unsigned char>(each) >= 0xF0; });
      }
      // \x{1F600}, \uD83D: four digits or fewer stay within the plane, but for surrogates.
      case 'x':
        if (at_ < source_.size() && source_[at_] == '{') {
          return source_.find('}', at_) - at_ > 5 || is_surrogate(source_.substr(at_ + 1, 4));
        }
        return false;
      case 'u': return is_surrogate(source_.substr(at_, 4));
      default: return false;
    }
  }

  static bool is_surrogate(std::string_view digits) {
    return digits.size() == 4 && (digits[0] == 'd' || digits[0] == 'D') && digits[1] >= '8';
  }

  bool property_sees_pairs() const {
    if (at_ >= source_.size() || source_[at_] != '{') return true;
    const std::size_t end = std::min(source_.find('}', at_), source_.size());
    const std::string_view name = source_.substr(at_ + 1, end - at_ - 1);
    return std::find(std::begin(kAsciiProperties), std::end(kAsciiProperties), name) ==
           std::end(kAsciiProperties);
  }

  // (?u) and (?U), behind a parenthesis.
  bool has_unicode_flag() const {
    if (at_ >= source_.size() || source_[at_] != '?') return false;
    for (std::size_t at = at_ + 1; at < source_.size(); ++at) {
      const char c = source_[at];
      if (c == 'u' || c == 'U') return true;
      if (c != 'i' && c != 'd' && c != 'm' && c != 's' && c != 'x') return false;
    }
    return false;
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

}  // namespace

bool pattern_sees_pairs(std::string_view source) { return Scan(source).sees_pairs(); }

}  // namespace ksv::expr
