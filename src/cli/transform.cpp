// Making the update function from the command line.
#include "cli/transform.h"

#include <utility>

#include "cli/exec_function.h"

#include "codec/edn.h"

namespace ksv::cli {
namespace {

// Each level takes 8 KiB of stack. Values that are written nest limits::kDepthMax deep all the
// same.
constexpr std::uint64_t kCallDepthMax = 100'000;

}  // namespace

std::vector<OptionSpec> function_options() {
  return {{.name = "exec", .help = "run the command after -- as the function, in place of FN"},
          {.name = "exec-timeout",
           .argument = "DURATION",
           .help = "end the command of --exec after this long"},
          {.name = "max-steps", .argument = "N", .help = "let FN take up to N steps"},
          {.name = "max-memory", .argument = "BYTES", .help = "let FN build up to this many bytes"},
          {.name = "max-depth", .argument = "N", .help = "let FN's calls and values nest N deep"}};
}

Result<FunctionLimits> function_limits(const Arguments& arguments) {
  FunctionLimits limits;
  if (const std::string* text = arguments.find("max-steps")) {
    limits.steps_max = KSV_TRY(read_count(*text, "--max-steps", UINT64_MAX));
  }
  if (const std::string* text = arguments.find("max-memory")) {
    limits.bytes_max = KSV_TRY(read_count(*text, "--max-memory", SIZE_MAX));
  }
  if (const std::string* text = arguments.find("max-depth")) {
    limits.depth_max =
        static_cast<std::uint32_t>(KSV_TRY(read_count(*text, "--max-depth", kCallDepthMax)));
  }
  return limits;
}

Error explain_function_error(Error error, std::string_view function, const Value& value) {
  if (error.code() != ErrorCode::kFunction) return error;
  return std::move(error)
      .with_hint("Nothing was written")
      .with_detail("function", std::string(function))
      .with_detail("value", edn_excerpt(value));
}

Result<Compute> make_compute(Session& session, const Arguments& arguments, std::size_t first) {
  if (arguments.has("exec")) return make_exec_compute(session, arguments, first);
  if (arguments.has("exec-timeout")) {
    return Error(ErrorCode::kUsage, "--exec-timeout is for --exec").with_hint("ksv help update");
  }
  if (arguments.operands.size() <= first) {
    return Error(ErrorCode::kUsage, "FN is missing").with_hint("ksv help functions shows them");
  }
  const FunctionLimits limits = KSV_TRY(function_limits(arguments));
  auto compiled = Function::compile(arguments.operands[first], limits);
  if (!compiled.has_value()) return std::move(compiled).error().with_context("FN");
  Values inputs{Value()};  // the value itself is filled in at each round
  for (std::size_t i = first + 1; i < arguments.operands.size(); ++i) {
    inputs.push_back(KSV_TRY(session.argument(arguments.operands[i])));
  }
  return Compute([function = *std::move(compiled), inputs = std::move(inputs)](
                     const Entry* present, std::uint32_t) mutable -> Result<Value> {
    inputs[0] = present != nullptr ? present->value : Value();
    auto result = function.apply(inputs);
    if (result.has_value()) return result;
    return explain_function_error(std::move(result).error().with_context("FN"), function.text(),
                                  inputs[0]);
  });
}

}  // namespace ksv::cli
