// Adds up capacity as the service tells it (Amazon DynamoDB API Reference, "ConsumedCapacity").
#include "cli/dynamo_capacity.h"

#include <utility>

#include "cli/item_command.h"

#include "backend/dynamodb/dynamo_client.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

// Units come in halves, so that doubles hold them.
Value sum_of(const Value& a, const Value& b) {
  const auto number = [](const Value& value) {
    return value.is(Kind::kLong) ? static_cast<double>(value.as_long()) : value.as_double();
  };
  return Value::real(number(a) + number(b));
}

// Numbers are added, what else there is stays.
void add_to(Value* sum, const Value& part) {
  for (const Table::Entry& entry : part.table()) {
    const Value* present = sum->table().value_of(entry.key);
    const auto is_number = [](const Value& value) {
      return value.is(Kind::kLong) || value.is(Kind::kDouble);
    };
    if (present == nullptr) {
      sum->put(entry.key, entry.value);
    } else if (is_number(*present) && is_number(entry.value)) {
      sum->put(entry.key, sum_of(*present, entry.value));
    }
  }
}

}  // namespace

OptionSpec capacity_option() {
  return {.name = "capacity", .help = "DynamoDB: tell the capacity that it took"};
}

std::string CapacityMeter::wish() const { return is_wanted_ ? dynamodb::kCapacityTotal : ""; }

void CapacityMeter::add(const std::string& json) {
  if (!is_wanted_ || json.empty()) return;
  const auto told = read_json(json, JsonKeys::kKeywords);
  if (!told.has_value()) return;
  const Values parts = told->is(Kind::kVector) ? told->items() : Values{*told};
  const std::lock_guard guard(mutex_);
  for (const Value& part : parts) {
    if (!part.is(Kind::kMap)) continue;
    const Value* table = field(part, "TableName");
    const bool is_named = table != nullptr && table->is(Kind::kString);
    Value& sum =
        sums_.insert({is_named ? table->as_string() : std::string(), Value::map()}).first->second;
    add_to(&sum, part);
  }
}

void CapacityMeter::tell() {
  for (const auto& [table, sum] : sums_) {
    session_.out().note("capacity " + text_for_note(session_, sum));
  }
}

}  // namespace ksv::cli
