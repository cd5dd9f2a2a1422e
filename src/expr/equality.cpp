// Clojure's `=`, and keys that it cannot tell apart.
#include "expr/equality.h"

#include "data/numbers.h"

namespace ksv::expr {
namespace {

Error which_nan() {
  return failure(
      "whether one ##NaN is the other depends in Clojure on where it comes from: use NaN?");
}

Result<bool> any_holds_nan(Machine& machine, const Values& items) {
  for (const Value& item : items) {
    const bool found = KSV_TRY(holds_nan(machine, item));
    if (found) return true;
  }
  return false;
}

Result<bool> any_holds_nan(Machine& machine, const Table& table) {
  for (const Table::Entry& entry : table) {
    const bool in_key = KSV_TRY(holds_nan(machine, entry.key));
    if (in_key) return true;
    const bool in_value = KSV_TRY(holds_nan(machine, entry.value));
    if (in_value) return true;
  }
  return false;
}

}  // namespace

Result<bool> holds_nan(Machine& machine, const Value& value) {
  if (value.depth() == 0) return is_nan(value);
  if (!machine.spend()) return machine.out_of_steps();
  switch (value.kind()) {
    case Kind::kList:
    case Kind::kVector:
    case Kind::kSeq: return any_holds_nan(machine, value.items());
    case Kind::kMap:
    case Kind::kSet: return any_holds_nan(machine, value.table());
    default: return false;
  }
}

Result<bool> equal_values(Machine& machine, const Value& a, const Value& b) {
  if (a == b) return true;
  if (is_nan(a) && is_nan(b)) {
    // All ##NaN that EDN holds are read as one object.
    if (a.shape() == Shape::kBoxed && b.shape() == Shape::kBoxed) return true;
    return which_nan();
  }
  if (a.depth() == 0 || b.depth() == 0) return false;
  const bool in_a = KSV_TRY(holds_nan(machine, a));
  if (!in_a) return false;
  const bool in_b = KSV_TRY(holds_nan(machine, b));
  if (in_b) return which_nan();
  return false;
}

Status check_key(Machine& machine, const Table& table, const Value& key) {
  const bool in_key = KSV_TRY(holds_nan(machine, key));
  if (!in_key) return ok();
  for (const Table::Entry& entry : table) {
    const bool found = KSV_TRY(holds_nan(machine, entry.key));
    if (found) return which_nan();
  }
  return ok();
}

Status check_elements(Machine& machine, const Values& elements) {
  bool any = false;
  for (const Value& element : elements) {
    const bool found = KSV_TRY(holds_nan(machine, element));
    if (found && any) return which_nan();
    any = any || found;
  }
  return ok();
}

}  // namespace ksv::expr
