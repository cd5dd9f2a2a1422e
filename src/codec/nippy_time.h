// The text forms of java.time's Instant, Duration and Period.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ksv::nippy {

struct Seconds {
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;  // forward from the seconds, below 1e9
};

struct Period {  // each as far as 32 bits go
  std::int64_t years = 0;
  std::int64_t months = 0;
  std::int64_t days = 0;
};

// Nothing for what is more than 292 million years away.
std::optional<std::string> instant_text_of(const Seconds& instant);
std::optional<Seconds> parse_instant(std::string_view text);

std::string duration_text(const Seconds& duration);
std::optional<Seconds> parse_duration(std::string_view text);

std::string period_text(const Period& period);
std::optional<Period> parse_period(std::string_view text);

}  // namespace ksv::nippy
