// What exists only while an update function runs.
#include "expr/object.h"

namespace ksv::expr {

Result<Value> BuiltinFunction::call(Machine& machine, Arguments arguments) const {
  if (arguments.size() < info_.arity_min || arguments.size() > info_.arity_max) {
    return machine.place(wrong_arity(arity_text(info_), arguments.size()), info_.name, at_);
  }
  Result<Value> result = info_.code(machine, arguments);
  if (!result) return machine.place(std::move(result).error(), info_.name, at_);
  return result;
}

Value Endless::from(std::uint64_t index) const {
  return make_object<Endless>(item(index), counts_);
}

const Object* object_of(const Value& value) {
  if (!value.is(Kind::kFunction)) return nullptr;
  return static_cast<const Object*>(&value.as_function());
}

const Callable* callable_of(const Value& value) {
  const Object* object = object_of(value);
  if (object == nullptr || object->kind() != ObjectKind::kFunction) return nullptr;
  return static_cast<const Callable*>(object);
}

const Reduced* reduced_of(const Value& value) {
  const Object* object = object_of(value);
  if (object == nullptr || object->kind() != ObjectKind::kReduced) return nullptr;
  return static_cast<const Reduced*>(object);
}

const Endless* endless_of(const Value& value) {
  const Object* object = object_of(value);
  if (object == nullptr || object->kind() != ObjectKind::kEndless) return nullptr;
  return static_cast<const Endless*>(object);
}

Value reduced(Value value) { return make_object<Reduced>(std::move(value)); }

Value unreduced(Value value) {
  const Reduced* found = reduced_of(value);
  return found == nullptr ? value : found->value();
}

bool is_invokable(const Value& value) {
  switch (value.kind()) {
    case Kind::kKeyword:
    case Kind::kSymbol:
    case Kind::kMap:
    case Kind::kSet:
    case Kind::kVector: return true;
    default: return callable_of(value) != nullptr;
  }
}

}  // namespace ksv::expr
