// doctor: proves a store before it is trusted.
#include <cmath>
#include <fmt/format.h>

#include "cli/command_list.h"
#include "cli/session.h"

#include "ksv/checkup.h"

namespace ksv::cli {
namespace {

using State = Finding::State;

constexpr std::string_view state_name(State state) {
  switch (state) {
    case State::kGood: return "good";
    case State::kWarning: return "warning";
    case State::kBad: return "bad";
    case State::kSkipped: return "skipped";
  }
  return "skipped";
}

constexpr std::string_view color_of(State state) {
  switch (state) {
    case State::kGood: return "\x1b[32m";
    case State::kWarning: return "\x1b[33m";
    case State::kBad: return "\x1b[31m";
    case State::kSkipped: return "\x1b[2m";
  }
  return "";
}

Value finding_value(const Finding& finding) {
  Value map = Value::map();
  map.put(Value::keyword("check"), Value::string(finding.check));
  map.put(Value::keyword("state"), Value::string(std::string(state_name(finding.state))));
  map.put(Value::keyword("text"), Value::string(finding.text));
  if (!finding.advice.empty()) map.put(Value::keyword("advice"), Value::string(finding.advice));
  if (finding.milliseconds > 0) {
    map.put(Value::keyword("milliseconds"),
            Value::real(std::round(finding.milliseconds * 1000) / 1000));
  }
  return map;
}

// "  race         12 writers, ...                      fine", the advice on a line of its own.
void print_line(Output& out, const Finding& finding) {
  std::string last =
      finding.state == State::kGood ? "fine" : std::string(state_name(finding.state));
  if (finding.state == State::kGood && finding.milliseconds >= 0.5) {
    last = fmt::format("{:.0f} ms", finding.milliseconds);
  }
  if (out.options().color) last = fmt::format("{}{}\x1b[0m", color_of(finding.state), last);
  out.line(fmt::format("  {:<12} {:<56} {}", finding.check, finding.text, last));
  if (!finding.advice.empty()) out.line(fmt::format("  {:<12} {}", "", finding.advice));
}

Result<Answer> run(Session& session, const Arguments& arguments) {
  if (!arguments.operands.empty()) KSV_CHECK(session.use_store(arguments.operands[0]));
  const StoreSpec* spec = KSV_TRY(session.find_spec());
  Output& out = session.out();
  const bool lines = out.options().format == Format::kTable ||
                     (out.options().pretty && out.options().format == Format::kEdn);
  std::size_t warnings = 0;
  const auto report = [&](const Finding& finding) {
    warnings += finding.state == State::kWarning ? 1 : 0;
    if (lines) {
      print_line(out, finding);
    } else {
      out.record(finding_value(finding));
    }
    // Some checks take seconds. A failure is kept, and told at the end.
    static_cast<void>(out.flush());
  };
  const Status verdict = examine(spec->address, session.env(), session.call(), report);
  if (!verdict.has_value()) {
    const bool unsafe = verdict.error().code() == ErrorCode::kUnsafe;
    if (!unsafe) return verdict.error();
    return Error(verdict.error()).with_context(session.store_text() + " cannot be trusted");
  }
  if (lines) {
    out.line(session.store_text() + " can be trusted with ksv" +
             (warnings == 0 ? "." : "; see the warnings."));
  }
  return Answer::kYes;
}

}  // namespace

CommandSpec doctor_command() {
  return {
      .name = "doctor",
      .group = Group::kStores,
      .summary = "prove a store before it is trusted",
      .description =
          "Examines STORE and prints a line for each check, with what to do where something is "
          "amiss; with --json an object a line: `check`, `state` (good, warning, bad, skipped), "
          "`text`, `advice`, `milliseconds`. It writes objects of its own, and leaves nothing "
          "behind.\n\n"
          "Of a bucket, or a store in one: the name of its host, the connection, its clock beside "
          "ours, the credentials and where they come from, the rights to list, write, read and "
          "delete, latency, whether reads and listings show what was written before; then whether "
          "a second creation and a stale write are refused, whether of many writers at once only "
          "one wins, whether a removal and the completion of an upload in parts look at the "
          "version, "
          "and whether plain writes are kept that meet conditional ones. Later commands know what "
          "it found out about conditions.\n\n"
          "Of a folder: whether it is there or can be made, the kind of file system, free space, "
          "sync, rename, links, locks between processes, races of several writers, and what killed "
          "writers left.\n\n"
          "The status is 0 when nothing is bad, warnings or not; 10 when the store lets one writer "
          "overwrite another; else that of what failed: 5 not reachable, 6 not permitted, 8 no "
          "such bucket or store. It proves what it saw: no number of races shows that a window "
          "never opens.",
      .operands = {{.name = "STORE",
                    .help = "the store or bucket; without it, what --store names",
                    .count = OperandSpec::Count::kOptional,
                    .completes = Completes::kStore}},
      .options = {},
      .examples = {{.text = "$ ksv doctor ./stock --json | grep locks\n"
                            "{\"check\":\"locks\",\"state\":\"good\",\"text\":\"exclude other "
                            "processes, end with their holder\"}",
                    .setup = "ksv -s ./stock create-store"}},
      .run = run};
}

}  // namespace ksv::cli
