// Creating and deleting tables of items.
#include "backend/dynamodb/dynamo_item_place.h"

#include <utility>

#include "backend/dynamodb/dynamo_table_life.h"

namespace ksv::dynamodb {
Result<ItemPlace::Options> read_item_options(const StoreAddress& address) {
  const auto option = [&](const char* name) {
    const auto found = address.options.find(name);
    return found == address.options.end() ? std::string() : found->second;
  };
  ItemPlace::Options options{.hash_key = option("hash-key"), .range_key = option("range-key")};
  options.items.version_attribute = option("version-attr");
  const std::string once = option("exactly-once");
  if (!once.empty() && once != "true" && once != "false") {
    return Error(ErrorCode::kUsage, "exactly-once is true or false, got \"" + once + "\"");
  }
  options.items.exactly_once = once == "true";
  return options;
}

ItemPlace::ItemPlace(Settings settings, Endpoint endpoint, Options options, Env& env, Call& call)
    : wire_(std::move(settings), std::move(endpoint), env, call),
      table_(wire_.settings().table),
      options_(std::move(options)),
      backend_(wire_, options_.items) {}

Result<bool> ItemPlace::exists() {
  const auto description = KSV_TRY(describe_table(wire_, table_));
  if (!description) return false;
  const TableState state = KSV_TRY(read_table_state(*description));
  return state.status != "DELETING";
}

Result<CreateOutcome> ItemPlace::create() {
  if (options_.hash_key.empty()) {
    return Error(ErrorCode::kUsage, "a table needs to know what its key is")
        .with_hint("Say --hash-key NAME:TYPE, such as id:n or name:s");
  }
  const KeyAttribute hash = KSV_TRY(parse_key_attribute(options_.hash_key));
  std::optional<KeyAttribute> range;
  if (!options_.range_key.empty()) range = KSV_TRY(parse_key_attribute(options_.range_key));
  return make_table(wire_, table_, table_body(wire_.settings(), hash, range));
}

Result<DeleteOutcome> ItemPlace::remove(const std::function<void(std::uint64_t)>& progress) {
  return drop_table(wire_, table_, progress);
}

}  // namespace ksv::dynamodb
