// assoc, assoc-in: writing values.
#include "cli/command_list.h"
#include "cli/held_key.h"
#include "cli/item_command.h"
#include "cli/session.h"

#include "backend/etcd/etcd_place.h"
#include "backend/etcd/etcd_tenure.h"
#include "data/value_path.h"

namespace ksv::cli {
namespace {

// Prints what the write's options ask for.
void print_written(Session& session, const Arguments& arguments, const Value& old_value,
                   const Value& new_value, const Version& version) {
  if (arguments.has("print-version")) {
    session.print_version(version);
  } else if (arguments.has("print") || arguments.has("dry-run")) {
    session.out().value(Value::vector({old_value, new_value}));
  }
}

// Reads, computes and writes; for the forms whose answer or result depends on the old value.
Result<Answer> assoc_by_update(Session& session, const Arguments& arguments, Store& store,
                               const Value& key, const Compute& compute) {
  UpdateOptions options = session.update_options(arguments);
  options.require = KSV_TRY(precondition_of(arguments));
  const auto updated =
      KSV_TRY(update_value(store, key, compute, options, session.env(), session.call()));
  if (!updated) return Answer::kNo;
  print_written(session, arguments, updated->old_value, updated->new_value, updated->version);
  return Answer::kYes;
}

Error usage(const std::string& message) {
  return Error(ErrorCode::kUsage, message).with_hint("ksv help assoc");
}

// The forms of assoc, which the operands alone do not tell.
Status check_form(Session& session, const Arguments& arguments) {
  const bool refresh = arguments.has("refresh");
  const std::size_t wanted = refresh ? 1 : 2;
  const std::vector<std::string>& operands = arguments.operands;
  if (operands.size() < wanted)
    return usage(operands.empty() ? "KEY is missing" : "VALUE is missing");
  if (operands.size() > wanted) return usage("too many operands: \"" + operands[wanted] + "\"");
  const bool prints = arguments.has("print") || arguments.has("dry-run");
  if (refresh) {
    const bool more = prints || arguments.has("if-absent") || arguments.has("if-match");
    return more ? usage("--refresh changes no value, and has no conditions") : ok();
  }
  if (arguments.exec.empty()) return ok();
  if (prints || arguments.has("print-version")) {
    return usage("with a command after -- it is the command that prints");
  }
  return check_can_hold(session);
}

// Gives the key its time to live again, without a change of its value.
Result<Answer> run_refresh(Session& session, const Arguments& arguments) {
  const std::string key = KSV_TRY(session.etcd_path(arguments.operands[0]));
  etcd::EtcdPlace* place = KSV_TRY(session.etcd());
  const std::string path = KSV_TRY(place->path_of(key));
  const auto version = KSV_TRY(etcd::refresh(place->client(), path, place->ttl()));
  if (!version) return Answer::kNo;
  if (arguments.has("print-version")) session.print_version({std::to_string(*version)});
  return Answer::kYes;
}

Result<Answer> run_assoc(Session& session, const Arguments& arguments) {
  KSV_CHECK(check_form(session, arguments));
  if (arguments.has("refresh")) return run_refresh(session, arguments);
  if (asks_for_expressions(arguments)) return put_item_by_expression(session, arguments);
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  const Value value = KSV_TRY(session.value(arguments.operands[1], "VALUE"));
  const Precondition precondition = KSV_TRY(precondition_of(arguments));
  Store* store = KSV_TRY(session.store());
  if (arguments.has("print") || arguments.has("dry-run")) {
    const Compute constant = [&](const Entry*, std::uint32_t) -> Result<Value> { return value; };
    return assoc_by_update(session, arguments, *store, key, constant);
  }
  const PutOutcome outcome = KSV_TRY(store->put(key, value, {.precondition = precondition}));
  const auto* put = std::get_if<Put>(&outcome);
  if (put == nullptr) {
    if (!arguments.exec.empty()) session.out().note("the key was not written, nothing was run");
    return Answer::kNo;
  }
  if (!arguments.exec.empty()) return run_while_held(session, arguments, put->version);
  print_written(session, arguments, Value(), value, put->version);
  return Answer::kYes;
}

Result<Answer> run_assoc_in(Session& session, const Arguments& arguments) {
  const Path path = KSV_TRY(read_path(arguments.operands[0]));
  const Value value = KSV_TRY(session.value(arguments.operands[1], "VALUE"));
  Store* store = KSV_TRY(session.store());
  const Compute put_in = [&](const Entry* present, std::uint32_t) -> Result<Value> {
    auto whole = assoc_in(present != nullptr ? present->value : Value(), path.inner, value);
    if (whole.has_value()) return whole;
    return Error(ErrorCode::kUsage, whole.error().message()).with_hint("Nothing was written");
  };
  return assoc_by_update(session, arguments, *store, path.key, put_in);
}

std::vector<OptionSpec> write_options(bool with_refresh) {
  std::vector<OptionSpec> options = {
      {.name = "if-absent", .help = "only if the key is absent"},
      {.name = "if-match", .argument = "VERSION", .help = "only if the key has this version"},
      {.name = "print", .help = "print [old new]"},
      print_version_option(),
      ttl_option(),
      edn_option(),
      dry_run_option()};
  options.push_back(version_attr_option());
  options.push_back(exactly_once_option());
  if (with_refresh) {
    options.push_back(
        {.name = "refresh", .help = "etcd: give KEY its time to live again, and leave its value"});
    for (OptionSpec& option : item_write_options("none|old")) options.push_back(option);
  }
  return options;
}

const OperandSpec kValueOperand = {
    .name = "VALUE", .help = "the value, as EDN; - reads standard input, @FILE a file"};

}  // namespace

CommandSpec assoc_command() {
  return {
      .name = "assoc",
      .group = Group::kValues,
      .summary = "write a value",
      .description =
          "Writes VALUE under KEY, whatever was there, in one atomic step. With --if-absent or "
          "--if-match only if that holds at the moment of the write.\n\n"
          "VALUE may be - for standard input or @FILE; a text that begins with @ is written "
          "@@. With --json it is JSON, with --raw a string as it stands.\n\n"
          "In etcd, --ttl makes the server remove the key after so long. With a command after "
          "--, the key is kept alive while that runs, and removed at its end; ksv ends with "
          "its status. With --if-absent that is a lock: only who has written the key runs the "
          "command. When the key is lost, since the cluster could not be reached in time or "
          "others wrote or removed it, the command gets SIGTERM, and ksv ends with status 8.\n\n"
          "With --refresh KEY lives for so long again, without a change of its value, and "
          "without an event for watches; on v3 --ttl can be left out, and another time than "
          "that of its lease makes a new lease, which is an event.",
      .operands = {key_operand(),
                   kValueOperand,
                   {.name = "CMD",
                    .help = "a program and its arguments, run while the key is kept alive",
                    .count = OperandSpec::Count::kAny}},
      .options = write_options(true),
      .no_when = "--if-absent or --if-match was not met, or with --refresh KEY is absent",
      .examples = {{.text = "$ ksv assoc :user '{:name \"Alice\"}'\n"
                            "$ ksv assoc :user 1 --if-absent\n"
                            "? 1\n"
                            "$ echo '[1, 2]' | ksv assoc :list - --json\n"
                            "$ ksv assoc :list '[3]' --print\n"
                            "[[1 2] [3]]",
                    .setup = "ksv create-store"},
                   {.text = "$ ksv assoc /lock \"$HOSTNAME\" --if-absent --ttl 10s -- sh -c "
                            "'ksv exists \"$KSV_KEY\"; exit 3'\n"
                            "true\n"
                            "? 3\n"
                            "$ ksv exists /lock\n"
                            "false\n"
                            "? 1",
                    .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS/man-hold",
                    .server = "etcd"},
                   {.text = "$ ksv assoc 1 '{:n 1}' --condition 'attribute_not_exists(id)'\n"
                            "$ ksv assoc 1 '{:n 2}' --condition 'attribute_not_exists(id)'\n"
                            "ksv: the condition failed; there is {:id 1, :n 1}\n"
                            "? 1\n"
                            "$ ksv assoc 1 '{:n 2}' --return old\n"
                            "{:id 1, :n 1}",
                    .setup = "export KSV_STORE=dynamodb://man-assoc\n"
                             "ksv create-store --hash-key id:n",
                    .server = "dynamodb"}},
      .run = run_assoc,
      .synopsis =
          "KEY VALUE\nKEY VALUE --ttl DURATION -- CMD [ARG]...\n"
          "KEY --refresh [--ttl DURATION]",
      .command_after = 2};
}

CommandSpec assoc_in_command() {
  return {.name = "assoc-in",
          .group = Group::kValues,
          .summary = "write a part of a value",
          .description =
              "Puts VALUE where PATH leads, making maps on the way, and writes the whole value "
              "back atomically. PATH is an EDN vector whose first item is the key.",
          .operands = {path_operand(), kValueOperand},
          .options = write_options(false),
          .no_when = "--if-absent or --if-match was not met",
          .examples = {{.text = "$ ksv assoc-in '[:user :address :city]' '\"Berlin\"' --print\n"
                                "[nil {:address {:city \"Berlin\"}}]",
                        .setup = "ksv create-store"}},
          .run = run_assoc_in};
}

}  // namespace ksv::cli
