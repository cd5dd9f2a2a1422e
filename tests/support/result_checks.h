// Checks on Result and Status that print the error when they fail.
#pragma once

#include <doctest/doctest.h>
#include <string>

#include "ksv/result.h"

namespace ksv::testing {

template <typename T>
std::string error_text(const Result<T>& result) {
  return result.has_value() ? std::string("no error") : result.error().message();
}

}  // namespace ksv::testing

#define REQUIRE_OK(result) REQUIRE_MESSAGE((result).has_value(), ::ksv::testing::error_text(result))
#define CHECK_OK(result) CHECK_MESSAGE((result).has_value(), ::ksv::testing::error_text(result))
#define REQUIRE_ERROR(result, expected_code)         \
  do {                                               \
    REQUIRE_FALSE((result).has_value());             \
    CHECK((result).error().code() == expected_code); \
  } while (false)
