// The result of an update function made fit to be stored.
#include "expr/finish.h"

#include <fmt/format.h>
#include <optional>

#include "expr/object.h"

namespace ksv::expr {
namespace {

class Finisher {
 public:
  explicit Finisher(Machine& machine) : machine_(machine) {}

  // Whether anything must be changed. Walks all of it, and refuses what cannot be stored.
  Result<bool> check(const Value& value) {
    bool changes = value.shape() != Shape::kNone;
    if (value.depth() == 0) return changes;
    switch (value.kind()) {
      case Kind::kFunction:
        return failure(fmt::format("holds {}, which cannot be stored", kind_excerpt(value)));
      case Kind::kList:
      case Kind::kVector:
      case Kind::kSeq:
        if (!machine_.take(value.items().size() * sizeof(Value))) return machine_.out_of_memory();
        for (const Value& item : value.items()) {
          const bool found = KSV_TRY(check(item));
          changes = changes || found;
        }
        return changes;
      case Kind::kMap:
      case Kind::kSet:
        if (!machine_.take(value.table().size() * sizeof(Table::Entry)))
          return machine_.out_of_memory();
        for (const Table::Entry& entry : value.table()) {
          const bool in_key = KSV_TRY(check(entry.key));
          const bool in_value = KSV_TRY(check(entry.value));
          changes = changes || in_key || in_value;
        }
        return changes;
      case Kind::kRecord: {
        const bool found = KSV_TRY(check(value.form()));
        return changes || found;
      }
      // What other kinds hold came in as it is.
      default: return changes;
    }
  }

  // The value without shapes.
  Value plain(Value value) {
    const bool boxed = value.shape() == Shape::kBoxed;
    value.set_shape(Shape::kNone);
    // A BigInteger is printed without N, and so is read back as a long where it fits.
    if (boxed && value.is(Kind::kBigInt)) {
      const std::optional<std::int64_t> small = value.as_bigint().to_long();
      return small ? Value::integer(*small) : value;
    }
    if (value.depth() == 0) return value;
    switch (value.kind()) {
      case Kind::kList:
      case Kind::kVector:
      case Kind::kSeq: {
        const Kind kind = value.kind();
        Values items = std::move(value).take_items();
        for (Value& item : items) item = plain(std::move(item));
        if (kind == Kind::kVector) return Value::vector(std::move(items));
        return kind == Kind::kSeq ? Value::seq(std::move(items)) : Value::list(std::move(items));
      }
      case Kind::kMap:
      case Kind::kSet: {
        Table table;
        table.reserve(value.table().size());
        for (const Table::Entry& entry : value.table()) {
          table.put(plain(entry.key), plain(entry.value));
        }
        return value.is(Kind::kMap) ? Value::map(std::move(table)) : Value::set(std::move(table));
      }
      case Kind::kRecord: return Value::record(value.tag(), plain(value.form()));
      default: return value;
    }
  }

 private:
  Machine& machine_;
};

}  // namespace

Result<Value> finished(Machine& machine, Value result) {
  if (result.depth() == 0 && result.shape() == Shape::kNone) return result;
  Finisher finisher(machine);
  Result<bool> changes = finisher.check(result);
  if (!changes) return machine.place(std::move(changes).error(), "result", 0);
  if (!*changes) return result;
  return finisher.plain(std::move(result));
}

}  // namespace ksv::expr
