// update, update-in, swap: changing a value by a function of it.
#include "cli/command_list.h"
#include "cli/difference.h"
#include "cli/item_command.h"
#include "cli/session.h"
#include "cli/transform.h"

#include "data/value_path.h"

namespace ksv::cli {
namespace {

enum class Prints { kBoth, kNew };

Result<Answer> run_loop(Session& session, const Arguments& arguments, const Value& key,
                        const Compute& compute, bool must_exist, Prints prints) {
  Store* store = KSV_TRY(session.store());
  UpdateOptions options = session.update_options(arguments);
  options.must_exist = must_exist;
  options.require = KSV_TRY(precondition_of(arguments));
  const auto updated =
      KSV_TRY(update_value(*store, key, compute, options, session.env(), session.call()));
  if (!updated) return Answer::kNo;
  if (options.dry_run) {
    print_difference(session.out(), updated->was_absent ? nullptr : &updated->old_value,
                     updated->new_value);
  } else if (arguments.has("print-version")) {
    session.print_version(updated->version);
  } else if (prints == Prints::kBoth) {
    session.out().value(Value::vector({updated->old_value, updated->new_value}));
  } else {
    session.out().value(updated->new_value);
  }
  return Answer::kYes;
}

Result<Answer> run_update(Session& session, const Arguments& arguments) {
  if (asks_for_expressions(arguments)) return update_item_by_expression(session, arguments);
  if (session.typed_json()) {
    return Error(ErrorCode::kUsage,
                 "--typed-json shows what --update returns; a function prints EDN, or --json");
  }
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  const Compute compute = KSV_TRY(make_compute(session, arguments, 1));
  return run_loop(session, arguments, key, compute, false, Prints::kBoth);
}

Result<Answer> run_swap(Session& session, const Arguments& arguments) {
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  const Compute compute = KSV_TRY(make_compute(session, arguments, 1));
  return run_loop(session, arguments, key, compute, true, Prints::kNew);
}

// The function sees the part that PATH leads to (nil when nothing is there); its result is put
// there.
Result<Answer> run_update_in(Session& session, const Arguments& arguments) {
  const Path path = KSV_TRY(read_path(arguments.operands[0]));
  const Compute compute = KSV_TRY(make_compute(session, arguments, 1));
  const Compute within = [&](const Entry* present, std::uint32_t round) -> Result<Value> {
    const auto apply = [&](Value part) {
      const Entry part_entry{.value = std::move(part), .meta = {}, .version = {}};
      return compute(part_entry.value.is_nil() ? nullptr : &part_entry, round);
    };
    return update_in(present != nullptr ? present->value : Value(), path.inner, apply);
  };
  return run_loop(session, arguments, path.key, within, false, Prints::kBoth);
}

std::vector<OptionSpec> update_options(bool of_items = false) {
  std::vector<OptionSpec> options = {
      {.name = "skip-equal", .help = "do not write a value that is equal to the old one"},
      {.name = "if-match", .argument = "VERSION", .help = "only if the key has this version"},
      print_version_option(),
      ttl_option(),
      edn_option(),
      dry_run_option(),
      version_attr_option(),
      exactly_once_option()};
  for (OptionSpec& option : function_options()) options.push_back(option);
  if (!of_items) return options;
  options.push_back(item_update_option());
  for (OptionSpec& option : item_write_options("none|old|new|updated-old|updated-new")) {
    options.push_back(option);
  }
  return options;
}

std::vector<OperandSpec> function_operands(OperandSpec first) {
  return {first,
          {.name = "FN",
           .help = "the function, as in a Clojure call",
           .count = OperandSpec::Count::kOptional,
           .completes = Completes::kFunction},
          {.name = "ARG",
           .help = "further arguments of FN, after the value",
           .count = OperandSpec::Count::kAny}};
}

constexpr std::string_view kFunctionText =
    "FN is written as in a Clojure call: inc, (fnil inc 0), #(assoc % :seen true); further ARGs "
    "follow the value. See ksv help functions. FN is pure and may be applied again when another "
    "writer was first; the update is atomic all the same, and none is lost.\n\n"
    "With --exec the command after -- is the function: it reads the old value on standard input "
    "and prints the new one. It may run more than once. If it fails, nothing is written.";

}  // namespace

CommandSpec update_command() {
  static const std::string description =
      "Writes FN of the value under KEY and prints [old new]. FN gets nil for an absent key.\n\n" +
      std::string(kFunctionText);
  return {
      .name = "update",
      .group = Group::kValues,
      .summary = "change a value by a function, atomically",
      .description = description,
      .operands = function_operands(key_operand()),
      .options = update_options(true),
      .no_when = "--if-match was not met",
      .examples = {{.text = "$ ksv update :visits '(fnil inc 0)'\n"
                            "[nil 1]\n"
                            "$ ksv update :visits + 10\n"
                            "[1 11]\n"
                            "$ ksv update :visits inc --dry-run\n"
                            "- 11\n"
                            "+ 12",
                    .setup = "ksv create-store"},
                   {.text =
                        "$ ksv update 1 --update 'SET visits = if_not_exists(visits, 0) + 1' \\\n"
                        "    --return new\n"
                        "{:id 1, :visits 1}\n"
                        "$ ksv update 1 --update 'ADD visits 5' --return updated-old\n"
                        "{:visits 1}\n"
                        "$ ksv update 1 --update 'SET visits = 0' --condition 'visits > :max' \\\n"
                        "    --values '{:max 10}'\n"
                        "ksv: the condition failed; there is {:id 1, :visits 6}\n"
                        "? 1\n"
                        "$ ksv update 1 '#(update % :visits inc)'\n"
                        "[{:id 1, :visits 6} {:id 1, :visits 7}]",
                    .setup = "export KSV_STORE=dynamodb://man-update\n"
                             "ksv create-store --hash-key id:n",
                    .server = "dynamodb"}},
      .run = run_update};
}

CommandSpec update_in_command() {
  static const std::string description =
      "Applies FN to the part of a value that PATH leads to, writes the whole value back and "
      "prints [old new] of the whole value. FN gets nil where nothing is there; maps are made on "
      "the way.\n\n" +
      std::string(kFunctionText);
  return {.name = "update-in",
          .group = Group::kValues,
          .summary = "change a part of a value by a function, atomically",
          .description = description,
          .operands = function_operands(path_operand()),
          .options = update_options(),
          .no_when = "--if-match was not met",
          .examples = {{.text = "$ ksv update-in '[:user :age]' '(fnil inc 0)'\n"
                                "[{:name \"Alice\"} {:name \"Alice\", :age 1}]",
                        .setup = "ksv create-store\nksv assoc :user '{:name \"Alice\"}'"}},
          .run = run_update_in};
}

CommandSpec swap_command() {
  static const std::string description =
      "Writes FN of the value under KEY, which must be there, and prints the new value.\n\n" +
      std::string(kFunctionText);
  return {.name = "swap",
          .group = Group::kValues,
          .summary = "change a value that is there, and print the new one",
          .description = description,
          .operands = function_operands(key_operand()),
          .options = update_options(),
          .no_when = "the key is absent, or --if-match was not met",
          .examples = {{.text = "$ ksv swap :atom str '\" says the cat\"'\n"
                                "\"meow says the cat\"\n"
                                "$ ksv swap :nothing inc\n"
                                "? 1",
                        .setup = "ksv create-store\nksv assoc :atom '\"meow\"'"}},
          .run = run_swap};
}

}  // namespace ksv::cli
