// Instants as text. Days are counted from 1970-01-01. Years run from March here, so that the leap
// day is the last of its year: 400 Gregorian years then have 146097 days, four Julian ones 1461.
#include "codec/inst_text.h"

#include <fmt/format.h>

namespace ksv {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
// From 15 October 1582 on java.util.Date counts in the Gregorian calendar.
constexpr std::int64_t kFirstGregorianDay = -141'427;
// 1 January of the year 1, in the Julian calendar.
constexpr std::int64_t kYearOneMs = -62'135'769'600'000;
// Of 1 March of the year 0, in each calendar, before 1970-01-01.
constexpr std::int64_t kGregorianDays = 719'468;
constexpr std::int64_t kJulianDays = 719'470;

struct Date {
  std::int64_t year = 1970;
  std::int64_t month = 1;
  std::int64_t day = 1;
};

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::int64_t time_of_day(std::int64_t milliseconds) {
  const std::int64_t rest = milliseconds % kDayMs;
  return rest < 0 ? rest + kDayMs : rest;
}

std::int64_t year_from_march(const Date& date) {
  return date.month <= 2 ? date.year - 1 : date.year;
}

std::int64_t day_of_march_year(const Date& date) {
  const std::int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
  return (153 * month + 2) / 5 + date.day - 1;
}

std::int64_t gregorian_day(const Date& date) {
  const std::int64_t year = year_from_march(date);
  return year * 365 + floor_divide(year, 4) - floor_divide(year, 100) + floor_divide(year, 400) +
         day_of_march_year(date) - kGregorianDays;
}

std::int64_t julian_day(const Date& date) {
  const std::int64_t year = year_from_march(date);
  return year * 365 + floor_divide(year, 4) + day_of_march_year(date) - kJulianDays;
}

Date date_from_march(std::int64_t march_year, std::int64_t day_of_year) {
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  return {.year = month < 10 ? march_year : march_year + 1,
          .month = month < 10 ? month + 3 : month - 9,
          .day = day_of_year - (153 * month + 2) / 5 + 1};
}

Date gregorian_date(std::int64_t day) {
  const std::int64_t since = day + kGregorianDays;
  const std::int64_t era = floor_divide(since, 146'097);
  const std::int64_t in_era = since - era * 146'097;
  const std::int64_t year = (in_era - in_era / 1460 + in_era / 36'524 - in_era / 146'096) / 365;
  return date_from_march(era * 400 + year, in_era - (year * 365 + year / 4 - year / 100));
}

Date julian_date(std::int64_t day) {
  const std::int64_t since = day + kJulianDays;
  const std::int64_t era = floor_divide(since, 1461);
  const std::int64_t in_era = since - era * 1461;
  const std::int64_t year = (in_era - in_era / 1460) / 365;
  return date_from_march(era * 4 + year, in_era - year * 365);
}

std::string time_text(std::int64_t ms) {
  return fmt::format("{:02}:{:02}:{:02}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60);
}

// clojure.instant checks the day by the Gregorian rule for all years.
std::int64_t days_in_month(const Date& date) {
  if (date.month == 2) {
    return date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0) ? 29 : 28;
  }
  return date.month == 4 || date.month == 6 || date.month == 9 || date.month == 11 ? 30 : 31;
}

// Takes pieces off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : left_(text) {}

  bool at_end() const { return left_.empty(); }
  // An offset may stand in the place of a month or a day, and begins with the same sign.
  bool at_offset() const { return left_.size() > 3 && left_[3] == ':'; }
  bool skip(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  std::size_t digit_count() const {
    const std::size_t count = left_.find_first_not_of("0123456789");
    return count == std::string_view::npos ? left_.size() : count;
  }
  // Exactly `count` digits within the bounds.
  bool number(std::size_t count, std::int64_t least, std::int64_t most, std::int64_t& into) {
    if (digit_count() < count) return false;
    into = 0;
    for (std::size_t i = 0; i < count; ++i) into = into * 10 + (left_[i] - '0');
    left_.remove_prefix(count);
    return into >= least && into <= most;
  }
  // Milliseconds of a fraction of any length; more digits are dropped.
  bool milliseconds(std::int64_t& into) {
    const std::size_t count = digit_count();
    if (count == 0) return false;
    into = 0;
    for (std::size_t i = 0; i < 3; ++i) into = into * 10 + (i < count ? left_[i] - '0' : 0);
    left_.remove_prefix(count);
    return true;
  }

 private:
  std::string_view left_;
};

struct Time {
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t millisecond = 0;

  std::int64_t total_ms() const {
    return ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
  }
};

// The parts after the hour, each of which may be missing together with all that follow.
bool scan_after_hour(Scanner& scan, Time& time) {
  if (!scan.skip(':')) return true;
  if (!scan.number(2, 0, 59, time.minute)) return false;
  if (!scan.skip(':')) return true;
  if (!scan.number(2, 0, time.minute == 59 ? 60 : 59, time.second)) return false;
  return !scan.skip('.') || scan.milliseconds(time.millisecond);
}

bool scan_after_year(Scanner& scan, Date& date, Time& time) {
  if (scan.at_offset() || !scan.skip('-')) return true;
  if (!scan.number(2, 1, 12, date.month)) return false;
  if (scan.at_offset() || !scan.skip('-')) return true;
  if (!scan.number(2, 1, days_in_month(date), date.day)) return false;
  if (!scan.skip('T')) return true;
  return scan.number(2, 0, 23, time.hour) && scan_after_hour(scan, time);
}

bool scan_offset(Scanner& scan, std::int64_t& offset_ms) {
  offset_ms = 0;
  if (scan.at_end() || scan.skip('Z')) return scan.at_end();
  const bool west = scan.skip('-');
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  if (!west && !scan.skip('+')) return false;
  if (!scan.number(2, 0, 23, hour) || !scan.skip(':')) return false;
  if (!scan.number(2, 0, 59, minute) || !scan.at_end()) return false;
  offset_ms = (hour * 60 + minute) * (west ? -60'000 : 60'000);
  return true;
}

}  // namespace

std::string inst_text(std::int64_t milliseconds) {
  const std::int64_t day = floor_divide(milliseconds, kDayMs);
  const std::int64_t time = time_of_day(milliseconds);
  const Date date = day >= kFirstGregorianDay ? gregorian_date(day) : julian_date(day);
  return fmt::format("{:04}-{:02}-{:02}T{}.{:03}-00:00", date.year > 0 ? date.year : 1 - date.year,
                     date.month, date.day, time_text(time), time % 1000);
}

bool inst_text_is_exact(std::int64_t milliseconds) { return milliseconds >= kYearOneMs; }

std::optional<std::int64_t> parse_inst_text(std::string_view text) {
  constexpr std::size_t kYearDigitsMax = 9;
  Scanner scan(text);
  const std::size_t year_digits = scan.digit_count();
  if (year_digits < 4 || year_digits > kYearDigitsMax) return std::nullopt;
  Date date;
  Time time;
  std::int64_t offset_ms = 0;
  if (!scan.number(year_digits, 0, 292'278'994, date.year)) return std::nullopt;
  if (!scan_after_year(scan, date, time)) return std::nullopt;
  if (!scan_offset(scan, offset_ms)) return std::nullopt;
  // A date that neither calendar has, of the ten days that were skipped, is taken as Julian.
  const std::int64_t gregorian = gregorian_day(date);
  const std::int64_t day = gregorian >= kFirstGregorianDay ? gregorian : julian_day(date);
  std::int64_t milliseconds = 0;
  if (__builtin_mul_overflow(day, kDayMs, &milliseconds) ||
      __builtin_add_overflow(milliseconds, time.total_ms() - offset_ms, &milliseconds)) {
    return std::nullopt;
  }
  if (year_digits > 4 && inst_text(milliseconds) != text) return std::nullopt;
  return milliseconds;
}

std::string instant_text(std::int64_t milliseconds) {
  const std::int64_t day = floor_divide(milliseconds, kDayMs);
  const std::int64_t time = time_of_day(milliseconds);
  const Date date = gregorian_date(day);
  const bool plain = date.year >= 0 && date.year <= 9999;
  std::string text = plain ? fmt::format("{:04}", date.year)
                           : fmt::format("{}{:04}", date.year < 0 ? '-' : '+',
                                         date.year < 0 ? -date.year : date.year);
  text += fmt::format("-{:02}-{:02}T{}", date.month, date.day, time_text(time));
  if (time % 1000 != 0) text += fmt::format(".{:03}", time % 1000);
  return text + "Z";
}

}  // namespace ksv
