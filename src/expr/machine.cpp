// The state of one evaluation: limits, calls, and where errors happened.
#include "expr/machine.h"

#include <algorithm>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "codec/edn.h"
#include "codec/edn_lexer.h"
#include "expr/collection.h"
#include "expr/object.h"
#include "expr/regex.h"

namespace ksv::expr {

Machine::Machine(std::string_view text, const FunctionLimits& limits, std::ptrdiff_t stack_bytes)
    : text_(text),
      limits_(limits),
      steps_left_(limits.steps_max),
      bytes_left_(limits.bytes_max),
      stack_base_(static_cast<const char*>(__builtin_frame_address(0))),
      stack_bytes_(stack_bytes) {}

Error Machine::stop(std::string_view what) { return failure(std::string(what)); }

Error Machine::out_of_steps() {
  return stop(fmt::format("stopped after {} steps; --max-steps N allows more", limits_.steps_max));
}

Error Machine::out_of_memory() {
  return stop(fmt::format("stopped after taking {} bytes of memory; --max-memory BYTES allows more",
                          limits_.bytes_max));
}

Error Machine::out_of_depth() {
  return stop(
      fmt::format("stopped at {} calls inside each other (the limit is {}); --max-depth N "
                  "allows more, as far as the stack reaches",
                  depth_, limits_.depth_max));
}

bool Machine::enter() {
  if (depth_ >= limits_.depth_max) return false;
  const auto* here = static_cast<const char*>(__builtin_frame_address(0));
  const std::ptrdiff_t used = stack_base_ > here ? stack_base_ - here : here - stack_base_;
  if (used > stack_bytes_) return false;
  ++depth_;
  return true;
}

Status Machine::before_edit(const Value& value) {
  std::size_t count = 1;
  if (value.is_shared()) {
    if (value.is(Kind::kMap) || value.is(Kind::kSet)) {
      count += value.table().size() * 4;
    } else if (value.is_sequential()) {
      count += value.items().size();
    }
  }
  return grow(count);
}

bool Machine::walk(const Value& value) {
  if (!spend()) return false;
  switch (value.depth() == 0 ? Kind::kNil : value.kind()) {
    case Kind::kList:
    case Kind::kVector:
    case Kind::kSeq:
    case Kind::kArray:
    case Kind::kStruct:
      for (const Value& item : value.items()) {
        if (item.depth() == 0 ? !spend() : !walk(item)) return false;
      }
      return true;
    case Kind::kMap:
    case Kind::kSet:
      for (const Table::Entry& entry : value.table()) {
        if (!walk(entry.key) || !walk(entry.value)) return false;
      }
      return true;
    case Kind::kRecord:
    case Kind::kTagged: return walk(value.form());
    default: return true;
  }
}

Status Machine::check_depth(const Value& value) {
  if (value.depth() <= limits::kDepthMax) return ok();
  return failure(fmt::format("the result nests more than {} levels deep", limits::kDepthMax));
}

Error Machine::place(Error error, std::string_view function, std::uint32_t at) {
  if (placed_) return error;
  placed_ = true;
  const TextPlace found = place_in(text_, at);
  std::string message =
      fmt::format("{}: {} at {}:{}", function, error.message(), found.line, found.column);
  // Names can be made of any text; a message is one line.
  std::replace_if(
      message.begin(), message.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
  Error placed(ErrorCode::kFunction, std::move(message));
  if (error.hint().empty()) return placed;
  return std::move(placed).with_hint(error.hint());
}

Result<std::shared_ptr<const Pattern>> Machine::pattern(const std::string& source) {
  constexpr std::size_t kPatternsMax = 64;
  const auto known = patterns_.find(source);
  if (known != patterns_.end()) return known->second;
  if (!spend(100 + source.size())) return out_of_steps();
  if (!take(source.size() * 32)) return out_of_memory();
  Result<std::shared_ptr<const Pattern>> compiled = Pattern::compile(source);
  if (!compiled) return failure(compiled.error().message());
  if (patterns_.size() >= kPatternsMax) patterns_.clear();
  patterns_.emplace(source, *compiled);
  return compiled;
}

Result<Value> Machine::call(const Value& f, Arguments arguments, const Spread* spread) {
  if (!spend()) return out_of_steps();
  const Callable* function = callable_of(f);
  if (function == nullptr) return call_collection(f, arguments);
  if (!enter()) return out_of_depth();
  Result<Value> result = spread == nullptr ? function->call(*this, arguments)
                                           : function->call_spread(*this, arguments, *spread);
  leave();
  if (result) KSV_CHECK(check_depth(*result));
  return result;
}

// Keywords and symbols look themselves up; maps, sets and vectors look their argument up.
Result<Value> Machine::call_collection(const Value& f, Arguments arguments) {
  const std::size_t count = arguments.size();
  const Value nothing;
  switch (f.kind()) {
    case Kind::kKeyword:
    case Kind::kSymbol:
      if (count < 1 || count > 2) break;
      return lookup(*this, arguments[0], f, count == 2 ? arguments[1] : nothing);
    case Kind::kMap:
      if (count < 1 || count > 2) break;
      return lookup(*this, f, arguments[0], count == 2 ? arguments[1] : nothing);
    case Kind::kSet:
      if (count != 1) break;
      return lookup(*this, f, arguments[0], nothing);
    case Kind::kVector:
      if (count != 1) break;
      return element_at(f, arguments[0]);
    default: return failure(fmt::format("{} is no function", f.is_nil() ? "nil" : kind_excerpt(f)));
  }
  return wrong_arity(f.is(Kind::kSet) || f.is(Kind::kVector) ? "1" : "1 or 2", count);
}

Error failure(std::string message) { return {ErrorCode::kFunction, std::move(message)}; }

std::string kind_text(const Value& value) {
  if (value.is(Kind::kList) && value.shape() != Shape::kNone) return "sequence";
  if (reduced_of(value) != nullptr) return "reduced value";
  if (endless_of(value) != nullptr) return "endless sequence";
  return std::string(kind_name(value.kind()));
}

std::string kind_excerpt(const Value& value) {
  if (value.is_nil()) return "nil";
  if (const Callable* function = callable_of(value)) return "the function " + function->name();
  if (endless_of(value) != nullptr) return "an endless sequence";
  if (value.is(Kind::kFunction)) return "a " + kind_text(value);
  return fmt::format("{} ({})", edn_excerpt(value), kind_text(value));
}

Error expected(std::string_view what, const Value& got) {
  return failure(fmt::format("expected {}, got {}", what, kind_excerpt(got)));
}

Error wrong_arity(std::string_view arities, std::size_t got) {
  return failure(
      fmt::format("takes {} argument{}, got {}", arities, arities == "1" ? "" : "s", got));
}

}  // namespace ksv::expr
