// Letters as java.lang.Character knows them.
#include "expr/letters.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

#include "base/utf8.h"
#include "expr/letter_tables.h"

namespace ksv::expr {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kFinalSigma = 0x3C2;
constexpr char32_t kDottedCapitalI = 0x130;

char32_t mapped(std::span<const CaseRange> ranges, char32_t letter) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), letter,
                       [](char32_t value, const CaseRange& range) { return value < range.first; });
  if (after == ranges.begin()) return letter;
  const CaseRange& range = *std::prev(after);
  if (letter > range.last || (letter - range.first) % range.stride != 0) return letter;
  return static_cast<char32_t>(static_cast<std::int64_t>(letter) + range.distance);
}

char32_t upper_of(char32_t letter) {
  if (letter < 0x80) return letter >= 'a' && letter <= 'z' ? letter - 32 : letter;
  return mapped(kUpperRanges, letter);
}

char32_t lower_of(char32_t letter) {
  if (letter < 0x80) return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
  return mapped(kLowerRanges, letter);
}

bool is_cased(char32_t letter) { return upper_of(letter) != letter || lower_of(letter) != letter; }

// What stands within words without being a letter of one case: apostrophes, combining marks ...
bool is_case_ignorable(char32_t letter) {
  constexpr std::u32string_view kMarks = U"'.:^`\u00A8\u00AD\u00AF\u00B4\u00B7\u00B8\u2018\u2019";
  return kMarks.find(letter) != std::u32string_view::npos || (letter >= 0x300 && letter <= 0x36F);
}

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> letters;
  for (std::size_t at = 0; at < text.size();) {
    letters.push_back(next_code_point(text, at).value_or(0xFFFD));
  }
  return letters;
}

// Unicode's Final_Sigma: a cased letter before, none after.
bool is_final_sigma(const std::vector<char32_t>& letters, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && is_case_ignorable(letters[before - 1])) --before;
  if (before == 0 || !is_cased(letters[before - 1])) return false;
  std::size_t after = at + 1;
  while (after < letters.size() && is_case_ignorable(letters[after])) ++after;
  return after == letters.size() || !is_cased(letters[after]);
}

}  // namespace

std::string to_upper(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char32_t letter : code_points(text)) {
    const auto* special = std::lower_bound(
        std::begin(kLongUppers), std::end(kLongUppers), letter,
        [](const LongUpper& entry, char32_t value) { return entry.letter < value; });
    if (special != std::end(kLongUppers) && special->letter == letter) {
      result += from_utf16(special->upper);
    } else {
      append_utf8(result, upper_of(letter));
    }
  }
  return result;
}

std::string to_lower(std::string_view text) {
  const std::vector<char32_t> letters = code_points(text);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (letters[i] == kDottedCapitalI) {
      result += from_utf16(u"i\u0307");
    } else if (letters[i] == kCapitalSigma && is_final_sigma(letters, i)) {
      append_utf8(result, kFinalSigma);
    } else {
      append_utf8(result, lower_of(letters[i]));
    }
  }
  return result;
}

bool is_whitespace(char32_t letter) {
  if (letter <= 0x20) return (letter >= 9 && letter <= 13) || (letter >= 28 && letter <= 32);
  if (letter >= 0x2000 && letter <= 0x200A) return letter != 0x2007;
  return letter == 0x1680 || letter == 0x2028 || letter == 0x2029 || letter == 0x205F ||
         letter == 0x3000;
}

std::optional<int> decimal_digit(char32_t letter) {
  const auto* after = std::upper_bound(std::begin(kDigitZeros), std::end(kDigitZeros), letter);
  if (after == std::begin(kDigitZeros)) return std::nullopt;
  const char32_t digit = letter - *std::prev(after);
  if (digit > 9) return std::nullopt;
  return static_cast<int>(digit);
}

}  // namespace ksv::expr
