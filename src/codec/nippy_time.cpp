// Instants, durations and periods as java.time prints and reads them.
#include "codec/nippy_time.h"

#include <charconv>
#include <fmt/format.h>
#include <limits>

#include "codec/inst_text.h"
#include "codec/rfc3339.h"

namespace ksv::nippy {
namespace {

constexpr std::int64_t kSecondNanos = 1'000'000'000;
constexpr std::int64_t kMilliseconds = 1000;
constexpr std::size_t kNanoDigits = 9;

// Up to nine digits after a point, as nanoseconds.
std::optional<std::uint32_t> parse_fraction(std::string_view digits) {
  if (digits.empty() || digits.size() > kNanoDigits) return std::nullopt;
  std::uint32_t nanos = 0;
  for (std::size_t i = 0; i < kNanoDigits; ++i) {
    const char digit = i < digits.size() ? digits[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    nanos = nanos * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return nanos;
}

// The amounts of "P1Y2M3D" and "PT1H2M3.5S", one after the other.
class Amounts {
 public:
  explicit Amounts(std::string_view text) : left_(text) {}

  bool skip(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  bool at_end() const { return left_.empty(); }
  // The number before `unit`; 0 where another unit, or nothing, is next. False: no number.
  bool amount(char unit, std::int64_t& to) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(left_.data(), left_.data() + left_.size(), number);
    if (left_.empty()) return true;
    if (parsed.ec != std::errc() || parsed.ptr == left_.data() + left_.size()) return false;
    if (*parsed.ptr != unit) return true;
    left_.remove_prefix(static_cast<std::size_t>(parsed.ptr - left_.data()) + 1);
    to = number;
    ++count_;
    return true;
  }
  // The seconds, which may have a fraction.
  bool seconds(std::int64_t& to, std::int64_t& nanos) {
    const std::size_t point = left_.find('.');
    if (point == std::string_view::npos) return amount('S', to);
    if (!left_.ends_with('S')) return false;
    const std::string_view whole = left_.substr(0, point);
    const auto fraction = parse_fraction(left_.substr(point + 1, left_.size() - point - 2));
    const auto parsed = std::from_chars(whole.data(), whole.data() + whole.size(), to);
    if (!fraction || parsed.ec != std::errc() || parsed.ptr != whole.data() + whole.size()) {
      return false;
    }
    nanos = whole.starts_with('-') ? -std::int64_t{*fraction} : std::int64_t{*fraction};
    left_ = {};
    ++count_;
    return true;
  }
  bool all_read() const { return left_.empty() && count_ > 0; }

 private:
  std::string_view left_;
  int count_ = 0;
};

bool fits_32_bits(std::int64_t number) {
  return number >= std::numeric_limits<std::int32_t>::min() &&
         number <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

std::optional<std::string> instant_text_of(const Seconds& instant) {
  constexpr std::int64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / kMilliseconds;
  if (instant.seconds > kSecondsMax || instant.seconds < -kSecondsMax) return std::nullopt;
  std::string text = instant_text(instant.seconds * kMilliseconds);
  if (instant.nanos == 0) return text;
  text.pop_back();  // the Z
  if (instant.nanos % 1'000'000 == 0)
    return text + fmt::format(".{:03}Z", instant.nanos / 1'000'000);
  if (instant.nanos % 1000 == 0) return text + fmt::format(".{:06}Z", instant.nanos / 1000);
  return text + fmt::format(".{:09}Z", instant.nanos);
}

std::optional<Seconds> parse_instant(std::string_view text) {
  Seconds instant;
  std::string whole(text);
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos) {
    if (!text.ends_with('Z')) return std::nullopt;
    const auto fraction = parse_fraction(text.substr(point + 1, text.size() - point - 2));
    if (!fraction) return std::nullopt;
    instant.nanos = *fraction;
    whole = std::string(text.substr(0, point)) + "Z";
  }
  const auto milliseconds = parse_rfc3339(whole);
  if (!milliseconds) return std::nullopt;
  instant.seconds = *milliseconds / kMilliseconds;
  return instant;
}

std::string duration_text(const Seconds& duration) {
  if (duration.seconds == 0 && duration.nanos == 0) return "PT0S";
  // Java prints the parts of a negative duration from above: -0.5 s is held as -1 s and 0.5e9 ns.
  const bool borrowed = duration.seconds < 0 && duration.nanos > 0;
  const std::int64_t total = duration.seconds + (borrowed ? 1 : 0);
  const std::int64_t seconds = total % 60;
  std::string text = "PT";
  if (total / 3600 != 0) text += fmt::format("{}H", total / 3600);
  if (total % 3600 / 60 != 0) text += fmt::format("{}M", total % 3600 / 60);
  if (seconds == 0 && duration.nanos == 0) return text;
  text += borrowed && seconds == 0 ? "-0" : fmt::format("{}", seconds);
  if (duration.nanos > 0) {
    const std::int64_t nanos = borrowed ? kSecondNanos - duration.nanos : duration.nanos;
    text += fmt::format(".{:09}", nanos);
    text.resize(text.find_last_not_of('0') + 1);
  }
  return text + "S";
}

std::optional<Seconds> parse_duration(std::string_view text) {
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  Amounts amounts(text);
  if (!amounts.skip('P') || !amounts.skip('T') || !amounts.amount('H', hours) ||
      !amounts.amount('M', minutes) || !amounts.seconds(seconds, nanos) || !amounts.all_read()) {
    return std::nullopt;
  }
  std::int64_t total = 0;
  std::int64_t of_minutes = 0;
  if (__builtin_mul_overflow(hours, 3600, &total) ||
      __builtin_mul_overflow(minutes, 60, &of_minutes) ||
      __builtin_add_overflow(total, of_minutes, &total) ||
      __builtin_add_overflow(total, seconds, &total) ||
      (nanos < 0 && __builtin_sub_overflow(total, 1, &total))) {
    return std::nullopt;
  }
  if (nanos < 0) nanos += kSecondNanos;
  return Seconds{.seconds = total, .nanos = static_cast<std::uint32_t>(nanos)};
}

std::string period_text(const Period& period) {
  std::string text = "P";
  if (period.years != 0) text += fmt::format("{}Y", period.years);
  if (period.months != 0) text += fmt::format("{}M", period.months);
  if (period.days != 0) text += fmt::format("{}D", period.days);
  return text == "P" ? "P0D" : text;
}

std::optional<Period> parse_period(std::string_view text) {
  Period period;
  Amounts amounts(text);
  if (!amounts.skip('P') || !amounts.amount('Y', period.years) ||
      !amounts.amount('M', period.months) || !amounts.amount('D', period.days) ||
      !amounts.all_read() || !fits_32_bits(period.years) || !fits_32_bits(period.months) ||
      !fits_32_bits(period.days)) {
    return std::nullopt;
  }
  return period;
}

}  // namespace ksv::nippy
