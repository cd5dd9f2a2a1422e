// Instants as the text of RFC 3339 (doc/format: CBOR).
#include "codec/rfc3339.h"

namespace ksv {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

// Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Years run from March, so
// that the leap day is the last of its year; 400 years have 146097 days.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Takes pieces off the front of a text.
struct Scanner {
  std::string_view left;

  bool skip(char c) {
    if (left.empty() || left.front() != c) return false;
    left.remove_prefix(1);
    return true;
  }
  bool skip_any(std::string_view of) {
    if (left.empty() || of.find(left.front()) == std::string_view::npos) return false;
    left.remove_prefix(1);
    return true;
  }
  // Between `least` and `most` digits; nothing when there are fewer.
  std::optional<std::int64_t> digits(std::size_t least, std::size_t most) {
    std::int64_t number = 0;
    std::size_t count = 0;
    while (count < most && count < left.size() && left[count] >= '0' && left[count] <= '9') {
      number = number * 10 + (left[count] - '0');
      ++count;
    }
    if (count < least) return std::nullopt;
    left.remove_prefix(count);
    return number;
  }
};

// Two digits of at most `largest`.
std::optional<std::int64_t> two_digits(Scanner& text, std::int64_t largest) {
  const std::optional<std::int64_t> number = text.digits(2, 2);
  return number && *number <= largest ? number : std::nullopt;
}

std::optional<std::int64_t> parse_days(Scanner& text) {
  const bool minus = text.skip('-');
  const bool is_signed = minus || text.skip('+');
  const auto year = text.digits(4, is_signed ? 9 : 4);
  if (!year || !text.skip('-')) return std::nullopt;
  const auto month = two_digits(text, 12);
  if (!month || *month == 0 || !text.skip('-')) return std::nullopt;
  const std::int64_t signed_year = minus ? -*year : *year;
  const auto day = two_digits(text, days_in_month(signed_year, *month));
  if (!day || *day == 0) return std::nullopt;
  return days_of(signed_year, *month, *day);
}

std::optional<std::int64_t> parse_time_ms(Scanner& text) {
  const auto hour = two_digits(text, 23);
  if (!hour || !text.skip(':')) return std::nullopt;
  const auto minute = two_digits(text, 59);
  if (!minute || !text.skip(':')) return std::nullopt;
  const auto second = two_digits(text, 60);
  if (!second) return std::nullopt;
  std::int64_t milliseconds = 0;
  if (text.skip('.')) {
    const std::size_t before = text.left.size();
    const auto fraction = text.digits(1, 9);
    if (!fraction) return std::nullopt;
    milliseconds = *fraction;
    for (std::size_t count = before - text.left.size(); count < 9; ++count) milliseconds *= 10;
    milliseconds /= 1'000'000;
  }
  // Java takes a leap second for the second before it.
  const std::int64_t in_minute = *second == 60 ? 59 : *second;
  return (*hour * 3600 + *minute * 60 + in_minute) * 1000 + milliseconds;
}

std::optional<std::int64_t> parse_offset_ms(Scanner& text) {
  if (text.skip_any("Zz")) return 0;
  const bool minus = text.skip('-');
  if (!minus && !text.skip('+')) return std::nullopt;
  const auto hour = two_digits(text, 23);
  if (!hour || !text.skip(':')) return std::nullopt;
  const auto minute = two_digits(text, 59);
  if (!minute) return std::nullopt;
  const std::int64_t offset = (*hour * 60 + *minute) * 60'000;
  return minus ? -offset : offset;
}

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  Scanner scanner{text};
  const auto days = parse_days(scanner);
  if (!days || !scanner.skip_any("Tt")) return std::nullopt;
  const auto time = parse_time_ms(scanner);
  if (!time) return std::nullopt;
  const auto offset = parse_offset_ms(scanner);
  // Nine digits of a year stay within 64 bits of milliseconds only up to 292 million.
  constexpr std::int64_t kDaysMax = 106'000'000'000;
  if (!offset || !scanner.left.empty() || *days > kDaysMax || *days < -kDaysMax)
    return std::nullopt;
  return *days * kDayMs + *time - *offset;
}

}  // namespace ksv
