// Options of a store's address.
#include "backend/option_reader.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace ksv {

std::string OptionReader::text(const std::string& name) const {
  const auto found = options_.find(name);
  return found == options_.end() ? std::string() : found->second;
}

Result<std::string> OptionReader::header_text(const std::string& name) const {
  std::string value = text(name);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::none_of(value.begin(), value.end(), is_control)) return value;
  return Error(ErrorCode::kUsage, "the option " + name + " holds a control character");
}

Result<std::optional<bool>> OptionReader::choice(const std::string& name, std::string_view yes,
                                                 std::string_view no) const {
  const std::string value = text(name);
  if (value.empty()) return std::optional<bool>();
  if (value == yes) return std::optional<bool>(true);
  if (value == no) return std::optional<bool>(false);
  return Error(ErrorCode::kUsage, "the option " + name + " is " + std::string(yes) + " or " +
                                      std::string(no) + ", not " + value);
}

Result<std::optional<std::chrono::milliseconds>> OptionReader::time(const std::string& name) const {
  struct Suffix {
    std::string_view text;
    double milliseconds;
  };
  constexpr Suffix kUnits[] = {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}};
  const std::string value = text(name);
  if (value.empty()) return std::optional<std::chrono::milliseconds>();
  double amount = 0;
  const char* const end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, amount);
  for (const Suffix& unit : kUnits) {
    if (error != std::errc() || unit.text != std::string_view(rest, end)) continue;
    if (!(amount > 0) || amount > 1e6) break;
    return std::optional(std::chrono::milliseconds(
        std::max<std::int64_t>(1, static_cast<std::int64_t>(amount * unit.milliseconds))));
  }
  return Error(ErrorCode::kUsage, "the option " + name + " is a time such as 5s, not " + value);
}

}  // namespace ksv
