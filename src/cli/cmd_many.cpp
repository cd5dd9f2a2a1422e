// multi-get, multi-assoc, multi-dissoc: several keys in one command.
#include "cli/command_list.h"
#include "cli/report.h"
#include "cli/session.h"

#include "codec/edn.h"
#include "core/many.h"

namespace ksv::cli {
namespace {

// Reports the keys that failed, a line each; an error when there are any.
Status report_failures(const std::vector<ManyFailure>& failures, std::size_t total,
                       const Arguments& arguments) {
  if (failures.empty()) return ok();
  std::size_t unknown = 0;
  for (const ManyFailure& failure : failures) {
    report_key_failure(failure.error, failure.key, arguments);
    if (failure.error.effect() == Effect::kUnknown) ++unknown;
  }
  const auto share = [&](std::size_t count) {
    return std::to_string(count) + " of " + std::to_string(total) + " keys";
  };
  const bool is_all = failures.size() == total;
  if (unknown > 0) {
    return Error(is_all ? failures[0].error.code() : ErrorCode::kPartial,
                 share(failures.size()) + " failed; of " + share(unknown) +
                     " it is unknown whether the write took effect",
                 Effect::kUnknown);
  }
  if (is_all) {
    return Error(failures[0].error.code(), "nothing was done: every key failed");
  }
  return Error(ErrorCode::kPartial, share(failures.size()) + " failed; the others are done");
}

void note_not_atomic(Session& session, const Store& store, std::size_t count) {
  if (count < 2 || store.capabilities().many_atomic) return;
  session.out().note("this store has no writes over several keys: each was written for itself");
}

Result<Values> keys_of(Session& session, const Arguments& arguments) {
  Values keys;
  for (const std::string& operand : arguments.operands) {
    keys.push_back(KSV_TRY(session.key(operand)));
  }
  return keys;
}

Result<Answer> run_multi_get(Session& session, const Arguments& arguments) {
  const Values keys = KSV_TRY(keys_of(session, arguments));
  Store* store = KSV_TRY(session.store());
  Table found;
  for (KeyValue& pair : KSV_TRY(get_many(*store, keys))) {
    found.put(std::move(pair.key), std::move(pair.value));
  }
  session.out().value(Value::map(std::move(found)));
  return Answer::kYes;
}

Result<Answer> run_multi_assoc(Session& session, const Arguments& arguments) {
  const auto& operands = arguments.operands;
  if (operands.size() % 2 != 0) {
    return Error(ErrorCode::kUsage, "KEY " + operands.back() + " has no VALUE");
  }
  std::vector<KeyValue> pairs;
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    KeyValue pair;
    pair.key = KSV_TRY(session.key(operands[i]));
    pair.value = KSV_TRY(session.value(operands[i + 1], "VALUE"));
    pairs.push_back(std::move(pair));
  }
  Store* store = KSV_TRY(session.store());
  const std::vector<ManyFailure> failures = KSV_TRY(put_many(*store, pairs));
  KSV_CHECK(report_failures(failures, pairs.size(), arguments));
  note_not_atomic(session, *store, pairs.size());
  return Answer::kYes;
}

Result<Answer> run_multi_dissoc(Session& session, const Arguments& arguments) {
  const Values keys = KSV_TRY(keys_of(session, arguments));
  Store* store = KSV_TRY(session.store());
  const Removed removed = KSV_TRY(remove_many(*store, keys));
  Table existed;
  for (const auto& [key, was_there] : removed.existed) existed.put(key, Value::boolean(was_there));
  session.out().value(Value::map(std::move(existed)));
  KSV_CHECK(report_failures(removed.failures, keys.size(), arguments));
  note_not_atomic(session, *store, keys.size());
  return Answer::kYes;
}

OperandSpec keys_operand() {
  return {.name = "KEY", .help = "the keys, as EDN", .count = OperandSpec::Count::kSome};
}

}  // namespace

CommandSpec multi_get_command() {
  return {.name = "multi-get",
          .group = Group::kMany,
          .summary = "read several values",
          .description = "Prints a map of the keys that are there and their values.",
          .operands = {keys_operand()},
          .options = {},
          .examples = {{.text = "$ ksv multi-get :a :b :nothing\n{:a 1, :b 2}",
                        .setup = "ksv create-store\nksv multi-assoc :a 1 :b 2 -q"}},
          .run = run_multi_get};
}

CommandSpec multi_assoc_command() {
  return {.name = "multi-assoc",
          .group = Group::kMany,
          .summary = "write several values",
          .description =
              "Writes each VALUE under the KEY before it. All or nothing where the store can do "
              "that; a file store cannot: it writes one after the other and says so. Keys that "
              "failed are listed on standard error; status 11 when others are done.",
          .operands = {{.name = "KEY VALUE",
                        .help = "keys and values in turn, as EDN",
                        .count = OperandSpec::Count::kSome}},
          .options = {},
          .examples = {{.text = "$ ksv multi-assoc :a 1 :b 2\n"
                                "! ksv: this store has no writes over several keys: each was "
                                "written for itself\n"
                                "$ ksv multi-get :a :b\n"
                                "{:a 1, :b 2}",
                        .setup = "ksv create-store"}},
          .run = run_multi_assoc};
}

CommandSpec multi_dissoc_command() {
  return {.name = "multi-dissoc",
          .group = Group::kMany,
          .summary = "remove several keys",
          .description =
              "Removes the keys and prints a map that tells of each whether it was there. All or "
              "nothing where the store can do that, as with multi-assoc.",
          .operands = {keys_operand()},
          .options = {},
          .examples = {{.text = "$ ksv multi-dissoc :a :nothing -q\n{:a true, :nothing false}",
                        .setup = "ksv create-store\nksv assoc :a 1"}},
          .run = run_multi_dissoc};
}

}  // namespace ksv::cli
