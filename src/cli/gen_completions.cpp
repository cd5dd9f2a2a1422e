// What the completion scripts of all shells have in common.
#include "cli/gen_completions.h"

#include <algorithm>

#include "expr/builtins.h"

namespace ksv::cli {

std::optional<std::string> completion_script(std::string_view shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "zsh") return zsh_completion();
  if (shell == "fish") return fish_completion();
  return std::nullopt;
}

std::vector<std::string_view> split_choices(std::string_view rest) {
  std::vector<std::string_view> choices;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    choices.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return choices;
}

std::vector<std::string_view> function_names() {
  std::vector<std::string_view> names;
  for (const expr::BuiltinFamily& family : expr::builtin_families()) {
    for (const expr::BuiltinInfo& function : family.functions) {
      // What only expansions use has no example.
      if (!function.example.empty()) names.push_back(function.name);
    }
  }
  return names;
}

const OperandSpec* operand_at(const CommandSpec& command, std::size_t index) {
  if (index < command.operands.size()) return &command.operands[index];
  if (command.operands.empty()) return nullptr;
  const OperandSpec& last = command.operands.back();
  const bool repeats =
      last.count == OperandSpec::Count::kAny || last.count == OperandSpec::Count::kSome;
  return repeats ? &last : nullptr;
}

std::string_view completes_word(Completes completes) {
  switch (completes) {
    case Completes::kNothing: return "nothing";
    case Completes::kFile: return "file";
    case Completes::kStore: return "store";
    case Completes::kCommand: return "command";
    case Completes::kTopic: return "topic";
    case Completes::kFunction: return "function";
    case Completes::kChoices: return "choices";
  }
  return "nothing";
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (;;) {
    const std::size_t at = text.find(from);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += to;
    text.remove_prefix(at + from.size());
  }
}

std::string shell_quoted(std::string_view text) { return "'" + replaced(text, "'", "'\\''") + "'"; }

}  // namespace ksv::cli
