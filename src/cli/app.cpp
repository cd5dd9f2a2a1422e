// Running a command line: parse, run, report.
#include "cli/app.h"

#include <csignal>
#include <cstdio>

#include "cli/exit_status.h"
#include "cli/help_text.h"
#include "cli/output.h"
#include "cli/parse.h"
#include "cli/report.h"
#include "cli/session.h"

namespace ksv::cli {
namespace {

// Ends as the signal would have ended the process, so that shells see it.
[[noreturn]] void die_by(int signal) {
  static_cast<void>(std::signal(signal, SIG_DFL));
  static_cast<void>(std::raise(signal));
  std::_Exit(128 + signal);
}

int finish(Output& out, int status) {
  const Status flushed = out.flush();
  if (flushed.has_value()) return status;
  if (out.closed_pipe()) die_by(SIGPIPE);
  std::fprintf(stderr, "ksv: %s\n", flushed.error().message().c_str());
  return exit_status_of(flushed.error());
}

int run_command(const CommandSpec& command, const Arguments& arguments, Session& session) {
  if (arguments.has("help")) {
    session.out().line(command_help(command, session.out().options().pretty));
    return finish(session.out(), 0);
  }
  const Result<Answer> answer = command.run(session, arguments);
  int status = 0;
  if (answer.has_value()) {
    status = static_cast<int>(*answer);
  } else {
    // What was printed before the failure comes first. If nobody read that, it may be the failure;
    // but a write in doubt is told in any case.
    const bool was_closed = session.out().closed_pipe();
    static_cast<void>(session.out().flush().has_value());
    if (!was_closed || answer.error().effect() == Effect::kUnknown) {
      report_error(answer.error(), command, arguments, session);
    }
    if (session.out().closed_pipe()) die_by(SIGPIPE);
    status = exit_status_of(answer.error());
  }
  // Ending by SIGPIPE, a command that wrote says what it came to.
  static_cast<void>(session.out().flush().has_value());
  const bool wrote = session.call().resolved_by || session.call().stats.writes > 0;
  if (session.out().closed_pipe() && answer.has_value() && wrote) {
    report_interrupted(*answer, SIGPIPE, command, arguments, session);
  }
  status = finish(session.out(), status);
  session.print_stats(answer.has_value());
  if (const int signal = session.env().signalled(); signal != 0) {
    if (answer.has_value()) report_interrupted(*answer, signal, command, arguments, session);
    die_by(signal);
  }
  return status;
}

}  // namespace

int run_app(const std::vector<std::string>& words, Env& env) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  Output out(1);
  if (words.size() == 1 && words[0] == "--version") return run_app({"version"}, env);
  auto line = parse_command_line(words);
  if (!line.has_value()) {
    report_usage(line.error());
    return exit_status_of(line.error());
  }
  Session session(env, out);
  const Status configured = session.configure(line->arguments);
  if (!configured.has_value()) {
    report_usage(configured.error());
    return exit_status_of(configured.error());
  }
  if (line->command == nullptr) {
    out.line(overview_text());
    return finish(out, 0);
  }
  return run_command(*line->command, line->arguments, session);
}

}  // namespace ksv::cli
