// Completion scripts for shells, made from the table of commands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace ksv::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

// The script for "bash", "zsh" or "fish", whole and with its last newline; nothing for other names.
std::optional<std::string> completion_script(std::string_view shell);

// What the three have in common.

// "auto|always" -> {"auto", "always"}.
std::vector<std::string_view> split_choices(std::string_view choices);
// The functions that FN may name, in the order of the manual.
std::vector<std::string_view> function_names();
// What the n-th operand of a command is, its last operand repeating where it may; nothing for too
// many.
const OperandSpec* operand_at(const CommandSpec& command, std::size_t index);
// "file", "store" ...: the word by which the scripts name what may be offered.
std::string_view completes_word(Completes completes);
// The text with `from` replaced by `to` everywhere.
std::string replaced(std::string_view text, std::string_view from, std::string_view to);
// In single quotes for bash and zsh.
std::string shell_quoted(std::string_view text);

}  // namespace ksv::cli
