// Commands as update functions.
#include "cli/exec_function.h"

#include <utility>

#include "ksv/limits.h"

#include "base/child_process.h"
#include "base/utf8.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

Bytes input_of(const Entry* present, ValueSyntax syntax) {
  if (present == nullptr) return {};
  const Value& value = present->value;
  switch (syntax) {
    case ValueSyntax::kJson:
    case ValueSyntax::kExactJson: return copy_of(bytes_of(print_json(value) + "\n"));
    case ValueSyntax::kRaw:
      if (value.is(Kind::kString)) return copy_of(bytes_of(value.as_string()));
      if (value.is(Kind::kBytes)) return value.as_bytes();
      break;
    case ValueSyntax::kEdn: break;
  }
  return copy_of(bytes_of(print_edn(value) + "\n"));
}

Result<Value> output_value(const Bytes& output, ValueSyntax syntax) {
  const std::string_view text = text_of(output);
  switch (syntax) {
    case ValueSyntax::kJson: return read_json(text, JsonKeys::kStrings);
    case ValueSyntax::kExactJson: return read_plain_json(text);
    case ValueSyntax::kRaw:
      return is_utf8(text) ? Value::string(std::string(text)) : Value::bytes(output);
    case ValueSyntax::kEdn: break;
  }
  return read_edn(text);
}

struct ExecFunction {
  std::vector<std::string> words;
  std::string key_text;
  ValueSyntax syntax;
  std::optional<std::chrono::milliseconds> time_allowed;
  Session* session;

  Result<Value> operator()(const Entry* present, std::uint32_t round) const {
    const Bytes input = input_of(present, syntax);
    ChildRequest request{
        .words = words,
        .variables = {{"KSV_KEY", key_text},
                      {"KSV_STORE",
                       session->names_store() ? session->store_form() : session->store_text()},
                      {"KSV_ATTEMPT", std::to_string(round)}},
        .input = input,
        .output_max = limits::kValueBytesMax};
    if (present == nullptr) request.variables.emplace_back("KSV_ABSENT", "1");
    Deadline deadline = session->call().deadline;
    if (time_allowed && *time_allowed < deadline.left()) {
      deadline = Deadline(session->env(), *time_allowed);
    }
    auto ran = run_child(request, deadline);
    if (!ran.has_value() && ran.error().code() == ErrorCode::kFunction) {
      return std::move(ran).error().with_hint(
          "Nothing was written. Give more with --timeout or --exec-timeout");
    }
    const ChildResult result = KSV_TRY(std::move(ran));
    if (result.status != 0) {
      const std::string how = result.signal != 0
                                  ? "was ended by signal " + std::to_string(result.signal)
                                  : "exited with status " + std::to_string(result.status);
      return Error(ErrorCode::kFunction, "the command " + how).with_hint("Nothing was written");
    }
    auto value = output_value(result.output, syntax);
    if (value.has_value()) return value;
    return Error(ErrorCode::kFunction, "its output is no value: " + value.error().message())
        .with_hint("Nothing was written");
  }
};

}  // namespace

Result<Compute> make_exec_compute(Session& session, const Arguments& arguments,
                                  std::size_t operands_max) {
  if (arguments.exec.empty()) {
    return Error(ErrorCode::kUsage, "--exec needs a command after --")
        .with_hint("Such as: --exec -- jq '.n += 1'");
  }
  if (arguments.operands.size() > operands_max) {
    return Error(ErrorCode::kUsage, "--exec takes the place of FN, so \"" +
                                        arguments.operands[operands_max] + "\" is too much");
  }
  ExecFunction function{.words = arguments.exec,
                        .key_text = arguments.operands[0],
                        .syntax = session.syntax(),
                        .time_allowed = {},
                        .session = &session};
  if (const std::string* text = arguments.find("exec-timeout")) {
    function.time_allowed = KSV_TRY(read_duration(*text));
  }
  return Compute(
      [function = std::move(function)](const Entry* present, std::uint32_t round) -> Result<Value> {
        auto value = function(present, round);
        if (value.has_value()) return value;
        return std::move(value).error().with_context("--exec " + function.words[0]);
      });
}

}  // namespace ksv::cli
