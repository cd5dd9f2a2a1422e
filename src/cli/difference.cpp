// Differences of values.
#include "cli/difference.h"

#include <string>

#include "codec/edn.h"

namespace ksv::cli {
namespace {

void print_side(Output& out, char sign, const std::string& path, const Value& value) {
  out.line(std::string(1, sign) + " " + path + print_edn(value));
}

// Maps are compared entry by entry, so that a change deep in a large value shows as one line.
void compare(Output& out, const std::string& path, const Value* old_value, const Value* new_value) {
  if (old_value != nullptr && new_value != nullptr) {
    if (*old_value == *new_value && old_value->kind() == new_value->kind()) return;
    if (old_value->is(Kind::kMap) && new_value->is(Kind::kMap)) {
      for (const Table::Entry& entry : old_value->table()) {
        compare(out, path + print_edn(entry.key) + " ", &entry.value,
                new_value->table().value_of(entry.key));
      }
      for (const Table::Entry& entry : new_value->table()) {
        if (old_value->table().find(entry.key) != nullptr) continue;
        compare(out, path + print_edn(entry.key) + " ", nullptr, &entry.value);
      }
      return;
    }
  }
  if (old_value != nullptr) print_side(out, '-', path, *old_value);
  if (new_value != nullptr) print_side(out, '+', path, *new_value);
}

}  // namespace

void print_difference(Output& out, const Value* old_value, const Value& new_value) {
  if (out.options().format != Format::kEdn) {
    out.value(Value::vector({old_value != nullptr ? *old_value : Value(), new_value}));
    return;
  }
  compare(out, "", old_value, &new_value);
}

}  // namespace ksv::cli
