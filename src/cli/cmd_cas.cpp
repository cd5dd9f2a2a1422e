// cas: compare-and-set by value, by version, or for an absent key.
#include "cli/command_list.h"
#include "cli/item_command.h"
#include "cli/session.h"

namespace ksv::cli {
namespace {

Result<Answer> print_outcome(Session& session, const Arguments& arguments,
                             const std::optional<Version>& written) {
  if (written && arguments.has("print-version")) {
    session.print_version(*written);
  } else {
    session.out().boolean(written.has_value());
  }
  return written ? Answer::kYes : Answer::kNo;
}

Result<std::optional<Version>> cas_state(Store& store, const Value& key, const Value& value,
                                         const Precondition& precondition) {
  // The state that is replaced gives its metadata, if it is still there to be read.
  std::optional<Entry> base;
  if (std::holds_alternative<Match>(precondition)) {
    base = KSV_TRY(store.get_meta(key));
    if (!base) return std::optional<Version>();
  }
  const PutOutcome outcome = KSV_TRY(
      store.put(key, value, {.precondition = precondition, .base = base ? &*base : nullptr}));
  const auto* put = std::get_if<Put>(&outcome);
  if (put == nullptr) return std::optional<Version>();
  return std::optional<Version>(put->version);
}

Result<Answer> run_cas(Session& session, const Arguments& arguments) {
  const std::string* version = arguments.find("version");
  const bool absent = arguments.has("absent");
  if (version != nullptr && absent) {
    return Error(ErrorCode::kUsage, "--version and --absent exclude each other");
  }
  const std::size_t wanted = version != nullptr || absent ? 2 : 3;
  if (arguments.operands.size() != wanted) {
    return Error(ErrorCode::kUsage, "takes KEY OLD NEW, or KEY NEW with --version or --absent")
        .with_hint("ksv help cas");
  }
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  if (wanted == 3) {
    const Value old_value = KSV_TRY(session.value(arguments.operands[1], "OLD"));
    const Value new_value = KSV_TRY(session.value(arguments.operands[2], "NEW"));
    Store* store = KSV_TRY(session.store());
    const auto written =
        KSV_TRY(cas_value(*store, key, old_value, new_value, session.env(), session.call()));
    return print_outcome(session, arguments, written);
  }
  const Value new_value = KSV_TRY(session.value(arguments.operands[1], "NEW"));
  Store* store = KSV_TRY(session.store());
  const Precondition precondition =
      absent ? Precondition(Absent{}) : Precondition(Match{Version{*version}});
  const auto written = KSV_TRY(cas_state(*store, key, new_value, precondition));
  return print_outcome(session, arguments, written);
}

}  // namespace

CommandSpec cas_command() {
  return {.name = "cas",
          .group = Group::kValues,
          .summary = "write a value if the old one is as expected",
          .description =
              "Writes NEW in one atomic step if the value under KEY is OLD, and prints whether it "
              "did. Values are compared as Clojure's = does: 1 and 1N are equal, 1 and 1.0 are "
              "not.\n\n"
              "With --version the version decides, as printed by get --meta and --print-version; "
              "with --absent the key must be absent.",
          .operands = {key_operand(),
                       {.name = "OLD", .help = "the value that must be there"},
                       {.name = "NEW", .help = "the value to write"}},
          .options = {{.name = "version",
                       .argument = "VERSION",
                       .help = "write if the key has this version; OLD is left out"},
                      {.name = "absent", .help = "write if the key is absent; OLD is left out"},
                      print_version_option(),
                      ttl_option(),
                      edn_option(),
                      version_attr_option(),
                      exactly_once_option()},
          .no_when = "it was not written",
          .examples = {{.text = "$ ksv cas :deploy :idle :running\n"
                                "true\n"
                                "$ ksv cas :deploy :idle :running\n"
                                "false\n"
                                "? 1\n"
                                "$ ksv cas :leader '\"host-1\"' --absent\n"
                                "true",
                        .setup = "ksv create-store\nksv assoc :deploy :idle"}},
          .run = run_cas,
          .synopsis = "KEY OLD NEW\nKEY NEW --version VERSION\nKEY NEW --absent"};
}

}  // namespace ksv::cli
