// dissoc: removing a key.
#include "cli/command_list.h"
#include "cli/item_command.h"
#include "cli/session.h"

namespace ksv::cli {
namespace {

std::vector<OptionSpec> dissoc_options() {
  std::vector<OptionSpec> options = {
      {.name = "if-match", .argument = "VERSION", .help = "only if the key has this version"},
      dry_run_option(),
      version_attr_option()};
  for (OptionSpec& option : item_write_options("none|old")) options.push_back(option);
  return options;
}

Result<Answer> run_dissoc(Session& session, const Arguments& arguments) {
  if (asks_for_expressions(arguments)) return delete_item_by_expression(session, arguments);
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  const Precondition precondition = KSV_TRY(precondition_of(arguments));
  const bool conditional = arguments.has("if-match");
  Store* store = KSV_TRY(session.store());
  if (arguments.has("dry-run")) {
    const auto entry = KSV_TRY(store->get(key));
    const auto* match = std::get_if<Match>(&precondition);
    const bool met = entry && (match == nullptr || entry->version == match->version);
    session.out().boolean(met);
    return met || !conditional ? Answer::kYes : Answer::kNo;
  }
  const RemoveOutcome outcome = KSV_TRY(store->remove(key, precondition));
  session.out().boolean(outcome == RemoveOutcome::kRemoved);
  return outcome == RemoveOutcome::kRemoved || !conditional ? Answer::kYes : Answer::kNo;
}

}  // namespace

CommandSpec dissoc_command() {
  return {.name = "dissoc",
          .group = Group::kValues,
          .summary = "remove a key",
          .description = "Removes KEY and its value, and prints whether it was there.",
          .operands = {key_operand()},
          .options = dissoc_options(),
          .no_when = "--if-match was not met",
          .examples = {{.text = "$ ksv dissoc :user\n"
                                "true\n"
                                "$ ksv dissoc :user\n"
                                "false",
                        .setup = "ksv create-store\nksv assoc :user 1"},
                       {.text = "$ ksv dissoc 1 --condition 'n > 5'\n"
                                "ksv: the condition failed; there is {:id 1, :n 1}\n"
                                "? 1\n"
                                "$ ksv dissoc 1 --return old\n"
                                "{:id 1, :n 1}",
                        .setup = "export KSV_STORE=dynamodb://man-dissoc\n"
                                 "ksv create-store --hash-key id:n\n"
                                 "ksv assoc 1 '{:n 1}'",
                        .server = "dynamodb"}},
          .run = run_dissoc};
}

}  // namespace ksv::cli
