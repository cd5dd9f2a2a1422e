// assoc, assoc-in: writing values.
#include "cli/command_list.h"
#include "cli/session.h"

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

Result<Answer> run_assoc(Session& session, const Arguments& arguments) {
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
  if (put == nullptr) return Answer::kNo;
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

std::vector<OptionSpec> write_options() {
  return {{.name = "if-absent", .help = "only if the key is absent"},
          {.name = "if-match", .argument = "VERSION", .help = "only if the key has this version"},
          {.name = "print", .help = "print [old new]"},
          print_version_option(),
          ttl_option(),
          edn_option(),
          dry_run_option()};
}

const OperandSpec kValueOperand = {
    .name = "VALUE", .help = "the value, as EDN; - reads standard input, @FILE a file"};

}  // namespace

CommandSpec assoc_command() {
  return {.name = "assoc",
          .group = Group::kValues,
          .summary = "write a value",
          .description =
              "Writes VALUE under KEY, whatever was there, in one atomic step. With --if-absent or "
              "--if-match only if that holds at the moment of the write.\n\n"
              "VALUE may be - for standard input or @FILE; a text that begins with @ is written "
              "@@. With --json it is JSON, with --raw a string as it stands.",
          .operands = {key_operand(), kValueOperand},
          .options = write_options(),
          .no_when = "--if-absent or --if-match was not met",
          .examples = {{.text = "$ ksv assoc :user '{:name \"Alice\"}'\n"
                                "$ ksv assoc :user 1 --if-absent\n"
                                "? 1\n"
                                "$ echo '[1, 2]' | ksv assoc :list - --json\n"
                                "$ ksv assoc :list '[3]' --print\n"
                                "[[1 2] [3]]",
                        .setup = "ksv create-store"}},
          .run = run_assoc};
}

CommandSpec assoc_in_command() {
  return {.name = "assoc-in",
          .group = Group::kValues,
          .summary = "write a part of a value",
          .description =
              "Puts VALUE where PATH leads, making maps on the way, and writes the whole value "
              "back atomically. PATH is an EDN vector whose first item is the key.",
          .operands = {path_operand(), kValueOperand},
          .options = write_options(),
          .no_when = "--if-absent or --if-match was not met",
          .examples = {{.text = "$ ksv assoc-in '[:user :address :city]' '\"Berlin\"' --print\n"
                                "[nil {:address {:city \"Berlin\"}}]",
                        .setup = "ksv create-store"}},
          .run = run_assoc_in};
}

}  // namespace ksv::cli
