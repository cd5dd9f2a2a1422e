// Making and dropping tables, to the end: until they are ready, or gone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/catalog.h"

#include "backend/dynamodb/dynamo_client.h"

namespace ksv::dynamodb {

// "id:n" as a name and DynamoDB's type: S, N or B. kUsage.
struct KeyAttribute {
  std::string name;
  std::string type;
};
Result<KeyAttribute> parse_key_attribute(std::string_view text);

// The body of a CreateTable request, with the billing that the settings say.
std::string table_body(const Settings& settings, const KeyAttribute& hash,
                       const std::optional<KeyAttribute>& range);

// Makes the table that `body`, a CreateTable request, asks for, and waits until it is ready. A
// table that is being deleted is waited for first. Where an answer was lost and the table is there
// it is unknown who made it.
Result<CreateOutcome> make_table(Wire& wire, const std::string& table, const std::string& body);
// Deletes it and waits until it is gone.
Result<DeleteOutcome> drop_table(Wire& wire, const std::string& table,
                                 const std::function<void(std::uint64_t)>& progress);

}  // namespace ksv::dynamodb
