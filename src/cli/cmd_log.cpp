// append, log, reduce-log: konserve's append-only logs.
#include "cli/command_list.h"
#include "cli/session.h"
#include "cli/transform.h"

#include "core/append_log.h"

namespace ksv::cli {
namespace {

Result<Answer> run_append(Session& session, const Arguments& arguments) {
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  const Value element = KSV_TRY(session.value(arguments.operands[1], "ELEM"));
  Store* store = KSV_TRY(session.store());
  KSV_CHECK(append_to_log(*store, key, element, session.env(), session.call()));
  return Answer::kYes;
}

Result<Answer> run_log(Session& session, const Arguments& arguments) {
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  Store* store = KSV_TRY(session.store());
  const bool there = KSV_TRY(each_log_element(*store, key, [&](const Value& element) -> Status {
    session.out().record(element);
    if (!session.out().closed_pipe()) return ok();
    return Error(ErrorCode::kCancelled, "standard output was closed");
  }));
  return there ? Answer::kYes : Answer::kNo;
}

Result<Answer> run_reduce_log(Session& session, const Arguments& arguments) {
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  const FunctionLimits limits = KSV_TRY(function_limits(arguments));
  auto function = Function::compile(arguments.operands[1], limits);
  if (!function.has_value()) return std::move(function).error().with_context("FN");
  Value result = KSV_TRY(session.value(arguments.operands[2], "INIT"));
  Store* store = KSV_TRY(session.store());
  const auto fold = [&](const Value& element) -> Status {
    auto next = function->apply({result, element});
    if (!next.has_value()) {
      return explain_function_error(std::move(next).error().with_context("FN"), function->text(),
                                    element);
    }
    result = *std::move(next);
    return ok();
  };
  const bool there = KSV_TRY(each_log_element(*store, key, fold));
  static_cast<void>(there);  // of an absent log INIT is the answer, as in konserve
  session.out().value(result);
  return Answer::kYes;
}

constexpr std::string_view kSetup =
    "ksv create-store\nksv append :events '{:n 1}'\nksv append :events '{:n 2}'";

}  // namespace

CommandSpec append_command() {
  return {.name = "append",
          .group = Group::kLogs,
          .summary = "add an element to an append-only log",
          .description =
              "Adds ELEM to the end of the log under KEY, which begins with the first element. "
              "Many may append at once: no element is lost or doubled. The log is konserve's: a "
              "linked list of blobs, whose ids are random.",
          .operands = {key_operand(), {.name = "ELEM", .help = "the element, as EDN"}},
          .options = {},
          .examples = {{.text = "$ ksv append :events '{:n 1}'\n"
                                "$ ksv append :events '{:n 2}'\n"
                                "$ ksv log :events\n"
                                "{:n 1}\n"
                                "{:n 2}",
                        .setup = "ksv create-store"}},
          .run = run_append};
}

CommandSpec log_command() {
  return {.name = "log",
          .group = Group::kLogs,
          .summary = "print the elements of a log",
          .description = "Prints the elements of the log under KEY, first to last, one a line.",
          .operands = {key_operand()},
          .options = {},
          .no_when = "the key is absent",
          .examples = {{.text = "$ ksv log :events --json\n{\"n\":1}\n{\"n\":2}", .setup = kSetup}},
          .run = run_log};
}

CommandSpec reduce_log_command() {
  return {
      .name = "reduce-log",
      .group = Group::kLogs,
      .summary = "fold the elements of a log",
      .description =
          "Prints FN of INIT and the first element, then FN of that and the second, and so "
          "on; INIT for a log that is absent.",
      .operands = {key_operand(),
                   {.name = "FN",
                    .help = "a function of the result so far and an element",
                    .completes = Completes::kFunction},
                   {.name = "INIT", .help = "the first result, as EDN"}},
      .options = {{.name = "max-steps", .argument = "N", .help = "let FN take up to N steps"},
                  {.name = "max-memory",
                   .argument = "BYTES",
                   .help = "let FN build up to this many bytes"},
                  {.name = "max-depth",
                   .argument = "N",
                   .help = "let FN's calls and values nest N deep"}},
      .examples = {{.text = "$ ksv reduce-log :events '#(+ %1 (:n %2))' 0\n3", .setup = kSetup}},
      .run = run_reduce_log};
}

}  // namespace ksv::cli
