// Fressian in hexadecimal: what a value becomes, what bytes mean.
#pragma once

#include <doctest/doctest.h>
#include <string>
#include <string_view>

#include "base/hex.h"
#include "codec/fressian.h"
#include "support/result_checks.h"

namespace ksv::testing {

inline std::string fressian_hex(const Value& value) {
  const Result<Bytes> written = write_fressian(value);
  REQUIRE_OK(written);
  return to_hex(*written);
}

// Blanks between the digits do not count.
inline Bytes unhex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits += c;
  }
  const std::optional<Bytes> bytes = from_hex(digits);
  REQUIRE(bytes);
  return *bytes;
}

inline Value value_of_hex(std::string_view text) {
  Result<Value> value = read_fressian(unhex(text));
  REQUIRE_OK(value);
  return *std::move(value);
}

inline Error error_of_hex(std::string_view text) {
  Result<Value> value = read_fressian(unhex(text));
  REQUIRE_FALSE(value.has_value());
  return std::move(value).error();
}

}  // namespace ksv::testing
