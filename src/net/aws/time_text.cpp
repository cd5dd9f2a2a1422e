// Reading and writing of AWS's forms of time.
#include "net/aws/time_text.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace ksv::aws {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kSecondsPerDay = 86'400;

// Takes exactly `count` digits from the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// "11:31:04" as seconds of the day.
std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ":")) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 60) return std::nullopt;
  return std::int64_t{*hour} * 3600 + *minute * 60 + *second;
}

// "Nov" as 11.
std::optional<int> take_month(std::string_view& text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3));
  if (month == kMonths.end()) return std::nullopt;
  text.remove_prefix(3);
  return static_cast<int>(month - kMonths.begin()) + 1;
}

std::optional<std::int64_t> unix_ms(int year, int month, int day, std::int64_t second_of_day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (days * kSecondsPerDay + second_of_day) * kMsPerSecond;
}

// ".123456" as milliseconds; nothing when no digit follows the point.
std::optional<std::int64_t> take_fraction_ms(std::string_view& text) {
  if (!take(text, ".")) return 0;
  std::int64_t fraction = 0;
  std::int64_t scale = 100;
  std::size_t count = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    fraction += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
    ++count;
  }
  if (count == 0) return std::nullopt;
  return fraction;
}

// "Z", "UTC", "+02:00" or nothing, as milliseconds east of Greenwich; all of `text` must be it.
std::optional<std::int64_t> offset_ms(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z" || text == "UTC") return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, "+") && !take(text, "-")) return std::nullopt;
  const auto hours = take_digits(text, 2);
  take(text, ":");
  const auto minutes = take_digits(text, 2);
  if (!hours || *hours > 23 || !minutes || *minutes > 59 || !text.empty()) return std::nullopt;
  return sign * (std::int64_t{*hours} * 60 + *minutes) * 60 * kMsPerSecond;
}

void append_padded(std::string& to, unsigned number, std::size_t width) {
  const std::size_t at = to.size();
  to.append(width, '0');
  for (std::size_t i = width; i > 0; --i, number /= 10) {
    to[at + i - 1] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

std::string amz_date(std::int64_t unix_ms) {
  const auto time = std::chrono::floor<std::chrono::seconds>(std::chrono::milliseconds(unix_ms));
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{std::chrono::sys_days(days)};
  const std::chrono::hh_mm_ss clock{time - days};
  std::string text;
  text.reserve(16);
  append_padded(text, static_cast<unsigned>(int{date.year()}), 4);
  append_padded(text, unsigned{date.month()}, 2);
  append_padded(text, unsigned{date.day()}, 2);
  text += 'T';
  append_padded(text, static_cast<unsigned>(clock.hours().count()), 2);
  append_padded(text, static_cast<unsigned>(clock.minutes().count()), 2);
  append_padded(text, static_cast<unsigned>(clock.seconds().count()), 2);
  text += 'Z';
  return text;
}

std::optional<std::int64_t> parse_iso_time(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !(take(text, "T") || take(text, " "))) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  const auto fraction = take_fraction_ms(text);
  if (!fraction) return std::nullopt;
  const auto offset = offset_ms(text);
  const auto time = unix_ms(*year, *month, *day, *clock);
  if (!offset || !time) return std::nullopt;
  return *time + *fraction - *offset;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  const auto comma = text.find(", ");
  if (comma != 3) return std::nullopt;
  text.remove_prefix(comma + 2);
  const auto day = take_digits(text, 2);
  if (!day || !take(text, " ")) return std::nullopt;
  const auto month = take_month(text);
  if (!month || !take(text, " ")) return std::nullopt;
  const auto year = take_digits(text, 4);
  if (!year || !take(text, " ")) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock || text != " GMT") return std::nullopt;
  return unix_ms(*year, *month, *day, *clock);
}

std::optional<std::int64_t> parse_certificate_date(std::string_view text) {
  const auto month = take_month(text);
  if (!month || !take(text, " ")) return std::nullopt;
  // The day is padded with a blank.
  const auto day = take_digits(text, take(text, " ") ? 1 : 2);
  if (!day || !take(text, " ")) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock || !take(text, " ")) return std::nullopt;
  const auto year = take_digits(text, 4);
  if (!year || text != " GMT") return std::nullopt;
  return unix_ms(*year, *month, *day, *clock);
}

}  // namespace ksv::aws
