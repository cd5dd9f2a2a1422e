// Functions made of functions.
#include <algorithm>
#include <array>

#include "expr/builtins.h"
#include "expr/cursor.h"
#include "expr/object.h"

namespace ksv::expr {
namespace {

class Composition : public Callable {
 public:
  explicit Composition(Values functions) : functions_(std::move(functions)) {
    for (const Value& function : functions_) holds(function);
  }
  std::string name() const override { return "comp"; }
  Result<Value> call(Machine& machine, Arguments arguments) const override {
    Value result = KSV_TRY(machine.call(functions_.back(), arguments));
    for (std::size_t i = functions_.size() - 1; i > 0; --i) {
      result = KSV_TRY(machine.call(functions_[i - 1], std::move(result)));
    }
    return result;
  }

 private:
  const Values functions_;  // at least two
};

class Partial : public Callable {
 public:
  Partial(Value function, Values first) : function_(std::move(function)), first_(std::move(first)) {
    holds(function_);
    for (const Value& value : first_) holds(value);
  }
  std::string name() const override { return "partial"; }
  Result<Value> call(Machine& machine, Arguments arguments) const override {
    if (!machine.take((first_.size() + arguments.size()) * sizeof(Value))) {
      return machine.out_of_memory();
    }
    Values all;
    all.reserve(first_.size() + arguments.size());
    all.insert(all.end(), first_.begin(), first_.end());
    all.insert(all.end(), std::make_move_iterator(arguments.begin()),
               std::make_move_iterator(arguments.end()));
    return machine.call(function_, all);
  }

 private:
  const Value function_;
  const Values first_;
};

class NilFilled : public Callable {
 public:
  NilFilled(Value function, Values defaults)
      : function_(std::move(function)), defaults_(std::move(defaults)) {
    holds(function_);
    for (const Value& value : defaults_) holds(value);
  }
  std::string name() const override { return "fnil"; }
  Result<Value> call(Machine& machine, Arguments arguments) const override {
    if (arguments.size() < (defaults_.size() == 3 ? 2 : defaults_.size())) {
      return wrong_arity(defaults_.size() == 1 ? "1 or more" : "2 or more", arguments.size());
    }
    const std::size_t count = std::min(arguments.size(), defaults_.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (arguments[i].is_nil()) arguments[i] = defaults_[i];
    }
    return machine.call(function_, arguments);
  }

 private:
  const Value function_;
  const Values defaults_;  // one to three
};

class Juxtaposition : public Callable {
 public:
  explicit Juxtaposition(Values functions) : functions_(std::move(functions)) {
    for (const Value& function : functions_) holds(function);
  }
  std::string name() const override { return "juxt"; }
  Result<Value> call(Machine& machine, Arguments arguments) const override {
    KSV_CHECK(machine.grow(functions_.size() + arguments.size()));
    Values results;
    results.reserve(functions_.size());
    for (const Value& function : functions_) {
      Values copy(arguments.begin(), arguments.end());
      Value result = KSV_TRY(machine.call(function, copy));
      results.push_back(std::move(result));
    }
    return Value::vector(std::move(results));
  }

 private:
  const Values functions_;
};

class Complement : public Callable {
 public:
  explicit Complement(Value function) : function_(std::move(function)) { holds(function_); }
  std::string name() const override { return "complement"; }
  Result<Value> call(Machine& machine, Arguments arguments) const override {
    const Value result = KSV_TRY(machine.call(function_, arguments));
    return Value::boolean(!result.is_truthy());
  }

 private:
  const Value function_;
};

class Constantly : public Callable {
 public:
  explicit Constantly(Value value) : value_(std::move(value)) { holds(value_); }
  std::string name() const override { return "constantly"; }
  Result<Value> call(Machine&, Arguments) const override { return value_; }

 private:
  const Value value_;
};

Values copy_of(Arguments arguments) { return {arguments.begin(), arguments.end()}; }

Result<Value> identity(Machine&, Arguments arguments) { return std::move(arguments[0]); }

Result<Value> comp(Machine&, Arguments arguments) {
  if (arguments.empty()) return make_object<BuiltinFunction>(builtin("identity"), 0U);
  if (arguments.size() == 1) return std::move(arguments[0]);
  return make_object<Composition>(copy_of(arguments));
}

Result<Value> partial(Machine&, Arguments arguments) {
  if (arguments.size() == 1) return std::move(arguments[0]);
  return make_object<Partial>(arguments[0], copy_of(arguments.subspan(1)));
}

Result<Value> fnil(Machine&, Arguments arguments) {
  return make_object<NilFilled>(arguments[0], copy_of(arguments.subspan(1)));
}

Result<Value> juxt(Machine&, Arguments arguments) {
  return make_object<Juxtaposition>(copy_of(arguments));
}

Result<Value> complement(Machine&, Arguments arguments) {
  return make_object<Complement>(std::move(arguments[0]));
}

Result<Value> constantly(Machine&, Arguments arguments) {
  return make_object<Constantly>(std::move(arguments[0]));
}

Result<Value> apply(Machine& machine, Arguments arguments) {
  Values all;
  for (std::size_t i = 1; i + 1 < arguments.size(); ++i) all.push_back(std::move(arguments[i]));
  const Value& tail = arguments.back();
  const Spread how{.before = all.size(),
                   .of_nil = tail.is_nil(),
                   .seq = seq_shape(tail),
                   .next = next_shape(tail),
                   .cons = cons_shape(tail)};
  Values spread = KSV_TRY(elements_of(machine, std::move(arguments.back())));
  if (all.empty()) {
    all = std::move(spread);
  } else {
    all.insert(all.end(), std::make_move_iterator(spread.begin()),
               std::make_move_iterator(spread.end()));
  }
  return machine.call(arguments[0], all, &how);
}

constexpr BuiltinInfo kBuiltins[] = {
    {"identity", 1, 1, identity, "its argument", "(identity 5) => 5"},
    {"constantly", 1, 1, constantly, "a function that always gives this value",
     "((constantly 5) 1 2) => 5"},
    {"comp", 0, kAnyArity, comp, "functions after each other, the last one first",
     "((comp str inc) 5) => \"6\""},
    {"partial", 1, kAnyArity, partial, "a function with its first arguments given",
     "((partial + 10) 5) => 15"},
    {"fnil", 2, 4, fnil, "a function with values in place of nil arguments",
     "((fnil inc 0) nil) => 1"},
    {"juxt", 1, kAnyArity, juxt, "a vector of what each function gives",
     "((juxt inc dec) 5) => [6 4]"},
    {"complement", 1, 1, complement, "a function that holds where another does not",
     "((complement nil?) 1) => true"},
    {"apply", 2, kAnyArity, apply, "a function called with the elements as arguments",
     "(apply + 1 [2 3]) => 6"},
};

}  // namespace

std::span<const BuiltinInfo> function_builtins() { return kBuiltins; }

}  // namespace ksv::expr
