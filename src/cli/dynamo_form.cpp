// Naming stores in DynamoDB.
#include "cli/dynamo_form.h"

#include <array>
#include <utility>

#include "cli/backend_option.h"

#include "backend/dynamodb/dynamo_settings.h"

namespace ksv::cli {
namespace {

std::string text_of_entry(const Value& value) {
  if (value.is(Kind::kKeyword)) return value.as_name().text();
  if (value.is(Kind::kString)) return value.as_string();
  if (value.is(Kind::kLong)) return std::to_string(value.as_long());
  if (value.is(Kind::kBoolean)) return value.is_truthy() ? "true" : "false";
  return "";
}

}  // namespace

Result<StoreSpec> dynamo_store(std::string_view table) {
  while (table.ends_with('/')) table.remove_suffix(1);
  if (!table.empty()) KSV_CHECK(dynamodb::check_table_name(table));
  StoreSpec spec;
  spec.address = {.backend = "dynamodb",
                  .location = std::string(table),
                  .text = "dynamodb://" + std::string(table)};
  return spec;
}

Result<bool> apply_dynamo_entry(StoreSpec& spec, const std::string& name, const Value& value) {
  // konserve's names beside ours.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kNames = {{
      {"region", "region"},
      {"endpoint", "endpoint"},
      {"access-key", "access-key"},
      {"secret", "secret"},
      {"session-token", "session-token"},
      {"profile", "profile"},
      {"layout", "layout"},
      {"x-ray?", "x-ray"},
      {"read-capacity", "read-capacity"},
      {"write-capacity", "write-capacity"},
  }};
  if (name == "table") {
    spec.address.location = text_of_entry(value);
    KSV_CHECK(dynamodb::check_table_name(spec.address.location));
    return true;
  }
  // Reads are strong here whatever it says: an update that begins with an old state only loses
  // time.
  if (name == "consistent-read?") return true;
  for (const auto& [theirs, ours] : kNames) {
    if (theirs != name) continue;
    if (value.is_nil()) return true;
    KSV_CHECK(apply_backend_option(spec.address, std::string(ours), text_of_entry(value)));
    return true;
  }
  return false;
}

Status finish_dynamo_map(StoreSpec& spec) {
  if (spec.address.location.empty()) {
    return Error(ErrorCode::kUsage, "config map: names no :table");
  }
  spec.address.options.insert({"layout", "konserve"});
  spec.address.text = "dynamodb://" + spec.address.location;
  return ok();
}

bool is_items(const StoreAddress& address) {
  if (address.backend != "dynamodb") return false;
  const auto layout = address.options.find("layout");
  return layout == address.options.end() || layout->second == "native";
}

}  // namespace ksv::cli
