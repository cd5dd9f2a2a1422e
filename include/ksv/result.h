// Result<T>: a value or an Error. The names are those of std::expected, which the compilers we
// support do not have yet.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "ksv/error.h"

namespace ksv {

struct Unit {};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  template <typename U>
  requires(std::is_convertible_v<U, T> && !std::is_same_v<std::decay_t<U>, Result> &&
           !std::is_same_v<std::decay_t<U>, Error> && !std::is_same_v<std::decay_t<U>, T>)
      Result(U&& value)
      : state_(std::in_place_index<0>, T(std::forward<U>(value))) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // The value; has_value() must be true.
  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

  // The error; has_value() must be false.
  Error& error() & { return *std::get_if<1>(&state_); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value, or an Error.
using Status = Result<Unit>;
inline Status ok() { return Unit{}; }

}  // namespace ksv

// The value of a Result, or an early return of its error from the enclosing function. One per full
// expression, first on the right-hand side: `const Bytes bytes = KSV_TRY(read(path));`
#define KSV_TRY(expression)                                            \
  __extension__({                                                      \
    auto ksv_result = (expression);                                    \
    if (!ksv_result.has_value()) return std::move(ksv_result).error(); \
    *std::move(ksv_result);                                            \
  })

// The same for a Status, or where the value is not wanted.
#define KSV_CHECK(expression)                                          \
  do {                                                                 \
    auto ksv_status = (expression);                                    \
    if (!ksv_status.has_value()) return std::move(ksv_status).error(); \
  } while (false)
