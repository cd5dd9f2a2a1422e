// What can go wrong: a closed set of codes, and whether the store may have changed all the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ksv {

// A code exists only because some caller acts on it; nothing ever acts on a message. Each maps to
// one exit status (cli/exit_status.h).
enum class ErrorCode {
  kUsage,        // an argument, option or expression is wrong; the caller must change it
  kContention,   // others kept winning until the rounds or the deadline ran out
  kUnavailable,  // network, server, throttling, or the local disk: trying later may help
  kDeadline,     // the time allowed for the command ran out
  kDenied,       // credentials missing, wrong, expired, or not permitted
  kCorrupt,      // stored bytes are damaged, or encrypted with another key
  kUnsupported,  // stored bytes, or a feature asked for, of a kind that ksv does not know
  kState,        // the store exists, does not exist, or is of another kind
  kFunction,     // the update function, or the command in its place, failed
  kUnsafe,       // the store cannot do this safely, and ksv refuses
  kPartial,      // some items of many were done, some not
  kCancelled,    // a signal arrived
  kInternal,     // a defect of ksv itself
};

// May the store have changed although the operation failed?
enum class Effect {
  kNone,     // nothing was changed, and nothing will appear later
  kUnknown,  // a write was sent and its fate could not be established
};

// One line of context: its name and text, and the number, where the text is that of a number.
struct ErrorDetail {
  std::string name;
  std::string text;
  std::optional<std::int64_t> number{};
  friend bool operator==(const ErrorDetail&, const ErrorDetail&) = default;
};

// An error: its code, its effect, and one line of text built from the outside in, such as
// "swap :counter: FN: inc: expected a number, got a map". The text never ends in a period and never
// holds a secret. `hint` says what to do; it is a sentence of its own. `details` are further lines
// of context (the function, the value, the server's own fields).
class Error {
 public:
  Error(ErrorCode code, std::string message, Effect effect = Effect::kNone)
      : code_(code), effect_(effect), message_(std::move(message)) {}

  ErrorCode code() const { return code_; }
  Effect effect() const { return effect_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const std::vector<ErrorDetail>& details() const { return details_; }
  // A service answered a write with this refusal. Its effect is none as far as that answer goes;
  // but something on the way may have delivered the write twice, or made the answer up.
  bool is_refused_write() const { return is_refused_write_; }

  // Puts "context: " before the message. Each layer adds what it knows, nothing more.
  Error with_context(std::string_view context) && {
    message_.insert(0, std::string(context) + ": ");
    return std::move(*this);
  }
  Error with_hint(std::string hint) && {
    hint_ = std::move(hint);
    return std::move(*this);
  }
  Error with_detail(std::string name, std::string text) && {
    details_.push_back({std::move(name), std::move(text)});
    return std::move(*this);
  }
  Error with_detail(std::string name, std::int64_t number) && {
    details_.push_back({std::move(name), std::to_string(number), number});
    return std::move(*this);
  }
  Error with_effect(Effect effect) && {
    effect_ = effect;
    return std::move(*this);
  }
  Error with_refused_write(bool refused) && {
    is_refused_write_ = refused;
    return std::move(*this);
  }

 private:
  ErrorCode code_;
  Effect effect_;
  std::string message_;
  std::string hint_;
  std::vector<ErrorDetail> details_;
  bool is_refused_write_ = false;
};

// A programmer's error ends the process: a wrong write is worse than a crash. Never used on data
// that comes from outside. Active in every build.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace ksv

#define KSV_ASSERT(condition) \
  ((condition) ? void(0) : ::ksv::assertion_failed(#condition, __FILE__, __LINE__))
