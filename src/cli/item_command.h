// What get, assoc, update and dissoc can say to a table of items beyond other stores: DynamoDB's
// own expressions, and what comes back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.h"

namespace ksv::cli {

// The option's EDN, where it was given ("@FILE" and "-" as of a VALUE). kUsage.
Result<std::optional<Value>> find_edn(Session& session, const Arguments& arguments,
                                      const char* option);

// An item of the service's as it is printed: frozen values as #ksv/frozen X, the attributes sorted,
// since they come in any order.
Result<Value> shown_item(const std::string& json);
// Prints it, as one of many answers.
Status print_item(Session& session, const std::string& json);
// A value as a note on standard error shows it: in JSON where answers are.
std::string text_for_note(Session& session, const Value& value);

// --condition, --names, --values, --return, --capacity, --typed-json; `returns` names what --return
// takes.
std::vector<OptionSpec> item_write_options(std::string_view returns);
OptionSpec item_update_option();
OptionSpec version_attr_option();
OptionSpec exactly_once_option();
std::vector<OptionSpec> item_read_options();
OptionSpec typed_json_option();
OptionSpec consistent_option();

// Whether any of those was given that asks for one request as it stands, in place of the usual way.
bool asks_for_expressions(const Arguments& arguments);

// One PutItem, UpdateItem or DeleteItem. A write answers kNo when its condition failed, with the
// item that is there on standard error. kUsage for another kind of store.
Result<Answer> put_item_by_expression(Session& session, const Arguments& arguments);
Result<Answer> update_item_by_expression(Session& session, const Arguments& arguments);
Result<Answer> delete_item_by_expression(Session& session, const Arguments& arguments);
// One GetItem, with --projection and --capacity: the item as JSON, or nothing.
Result<std::optional<std::string>> get_item_by_projection(Session& session,
                                                          const Arguments& arguments);

}  // namespace ksv::cli
