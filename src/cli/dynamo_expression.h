// DynamoDB's expressions as a user writes them: attribute names and EDN values stand in the text as
// they are, and ksv makes the placeholders that the service asks for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::cli {

// The expressions of one request, which share their placeholders. In a text (Amazon DynamoDB
// Developer Guide, "Expressions"):
//
//   artist, tags[0].name     paths; names may be reserved words, and have hyphens within
//   `first name`             a name of any characters
//   5, "text", true, #{1 2}  values: EDN literals of any type
//   :min, #n                 what --values and --names say; each of those must be used
//   AND OR NOT BETWEEN IN    in any case, as SET REMOVE ADD DELETE and the functions
//
// A minus that is an operator stands between blanks.
class Expressions {
 public:
  // Maps such as {:min 5} and {"#n" "name"}. kUsage.
  static Result<Expressions> make(const std::optional<Value>& names,
                                  const std::optional<Value>& values);

  // What the service takes for `text`; `option` names it in errors. kUsage, with the column.
  Result<std::string> add(std::string_view option, std::string_view text);
  // The same for {:artist "X" :song [:begins-with "A"]}: each attribute equals the value, or
  // fulfils [operator value...] of eq ne le lt ge gt (= <> <= < >= >) begins-with between contains
  // not-contains in null not-null; all of them.
  Result<std::string> add_map(std::string_view option, const Value& conditions);
  // Either, by its first character.
  Result<std::string> add_either(std::string_view option, std::string_view text);

  // kUsage when a value or name of the user's was not used, as the service would say.
  Status check_used() const;
  std::string names_json() const;  // empty: none
  std::string values_json() const;

 private:
  class Scan;
  std::string name(std::string_view attribute);
  Result<std::string> value(const Value& value);
  Result<std::string> condition(std::string_view option, const std::string& path,
                                const Value& asked);

  std::map<std::string, std::string> names_{};        // by attribute: its placeholder
  std::vector<std::string> values_{};                 // JSON, by the number of the placeholder
  std::map<std::string, std::string> given_names_{};  // "#n": attribute
  std::map<std::string, Value> given_values_{};       // ":min": value
  std::map<std::string, bool> used_{};
};

}  // namespace ksv::cli
