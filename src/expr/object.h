// What exists only while an update function runs: functions, reduced values, endless sequences.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ksv/value.h"

#include "expr/builtins.h"
#include "expr/machine.h"

namespace ksv::expr {

enum class ObjectKind : std::uint8_t { kFunction, kReduced, kEndless };

// The node of every Kind::kFunction value that this layer makes.
class Object : public FunctionNode {
 public:
  explicit Object(ObjectKind kind) : kind_(kind) {}
  ObjectKind kind() const { return kind_; }

 protected:
  // An object nests as deep as what it holds; see Machine::check_depth.
  void holds(const Value& value) {
    if (value.depth() + 1 > depth) depth = value.depth() + 1;
  }

 private:
  ObjectKind kind_;
};

// What `apply` spread over the last arguments of a call.
struct Spread {
  std::size_t before;  // how many arguments precede it
  bool of_nil;
  Shape seq;   // of (seq coll)
  Shape next;  // of (next coll)
  Shape cons;  // of (cons x coll)
};

class Callable : public Object {
 public:
  Callable() : Object(ObjectKind::kFunction) {}
  virtual Result<Value> call(Machine& machine, Arguments arguments) const = 0;
  // The same for `apply`: Clojure hands the rest of what was spread on as it is.
  virtual Result<Value> call_spread(Machine& machine, Arguments arguments, const Spread&) const {
    return call(machine, arguments);
  }
  virtual std::string name() const = 0;
};

// A function of the table, as a value. `at` is where the expression named it.
class BuiltinFunction : public Callable {
 public:
  BuiltinFunction(const BuiltinInfo& info, std::uint32_t at) : info_(info), at_(at) {}
  Result<Value> call(Machine& machine, Arguments arguments) const override;
  std::string name() const override { return std::string(info_.name); }
  const BuiltinInfo& info() const { return info_; }

 private:
  const BuiltinInfo& info_;
  std::uint32_t at_;
};

// (reduced x): ends a reduction early.
class Reduced : public Object {
 public:
  explicit Reduced(Value value) : Object(ObjectKind::kReduced), value_(std::move(value)) {
    holds(value_);
  }
  const Value& value() const { return value_; }

 private:
  Value value_;
};

// (range) or (repeat x): may be taken from, never held whole.
class Endless : public Object {
 public:
  // The element at `index` is element + index when `counts`, else element.
  Endless(Value element, bool counts)
      : Object(ObjectKind::kEndless), element_(std::move(element)), counts_(counts) {
    holds(element_);
  }
  Value item(std::uint64_t index) const {
    return counts_ ? Value::integer(element_.as_long() + static_cast<std::int64_t>(index))
                   : element_;
  }
  Value from(std::uint64_t index) const;

 private:
  Value element_;
  bool counts_;
};

// The object of a value, or null when it holds none of that kind.
const Object* object_of(const Value& value);
const Callable* callable_of(const Value& value);
const Reduced* reduced_of(const Value& value);
const Endless* endless_of(const Value& value);

Value reduced(Value value);
// The value in a reduced one; any other value as it is.
Value unreduced(Value value);
// Whether Clojure could call it.
bool is_invokable(const Value& value);

template <typename T, typename... Parts>
Value make_object(Parts&&... parts) {
  return Value::function(new T(std::forward<Parts>(parts)...));
}

}  // namespace ksv::expr
