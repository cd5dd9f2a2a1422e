// Items as JSON text: their canonical form, and the expressions that compare and change them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ksv/backend.h"

#include "backend/dynamodb/dynamo_client.h"
#include "base/json_slice.h"

namespace ksv::dynamodb {

// The same text for all that DynamoDB takes for equal: attributes and the elements of sets sorted,
// strings escaped in one way, numbers in plain digits. kCorrupt for what is no item.
Result<std::string> canonical_item(std::string_view item);
// A hash of the canonical form.
Version item_version(std::string_view canonical);

// Placeholders that are numbered as they are made: #n0, :v0 ...
class Expression {
 public:
  // "#n0", which stands for the attribute.
  std::string name(std::string_view attribute);
  // ":v0", which stands for the value, JSON.
  std::string value(std::string_view json);
  Placeholders placeholders() const;

 private:
  std::string names_{};
  std::string values_{};
  int names_count_ = 0;
  int values_count_ = 0;
};

// That each attribute of `item` is what it is there: a writer that changed or removed any of them
// is noticed. kUnsupported when they are more than an expression can name (300 operators, 4 KB).
Result<std::string> equals_item(const JsonMembers& item, Expression* expression);
// The update expression that makes `after` of `before`, whose keys are the same. It names nothing
// that did not change, so that what others added meanwhile stays. Empty when nothing changed.
// kUnsupported as above.
Result<std::string> changes_of(const JsonMembers& before, const JsonMembers& after,
                               Expression* expression);

}  // namespace ksv::dynamodb
