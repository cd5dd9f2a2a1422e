// What `ksv`, `ksv help COMMAND` and `--help` print, made from the table of commands.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace ksv::cli {

// Texts come without a newline at their end.

// What `ksv` alone prints.
std::string overview_text();

// The help of one command; `terminal` sets headings in bold.
std::string command_help(const CommandSpec& command, bool terminal);

// The text of a topic in the Markdown of cli/prose.h, of which TopicSpec::text is the screen; empty
// for other names.
std::string topic_source(std::string_view name);

// The candidate that `word` was most likely meant to be, by edit distance; nothing if none is near.
std::optional<std::string_view> nearest_name(std::string_view word,
                                             std::span<const std::string_view> candidates);
// The same among the commands.
std::optional<std::string_view> nearest_command(std::string_view word);

// "ksv get [OPTION]... KEY [DEFAULT]", one line for each way to call the command.
std::vector<std::string> synopsis_lines(const CommandSpec& command);

// "-s, --store STORE"; without a letter, indented to line up when `aligned`.
std::string option_label(const OptionSpec& option, bool aligned);

// An option's help with its choices.
std::string option_help(const OptionSpec& option);

// An example as it is shown: without the lines that give the exit status and without "! " marks.
std::string shown_example(const Example& example);

}  // namespace ksv::cli
