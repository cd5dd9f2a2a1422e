// Parsing the command line with CLI11, of which this file is the only owner.
//
// A parser that knows all commands takes 2 ms to set up, so the command is looked for first, and
// CLI11 is given its options alone. Operands stay with us: CLI11 would take `[:a 1]` for a list.
#include "cli/parse.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "cli/help_text.h"

namespace ksv::cli {
namespace {

Error usage(std::string message, std::string hint) {
  return Error(ErrorCode::kUsage, std::move(message)).with_hint(std::move(hint));
}

// "-5" and "-1.5" are operands.
bool is_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9') &&
         !(word[1] == '.' && word.size() > 2);
}

// Whether the option takes the next word as its argument: "--store X" and "-s X", but not
// "--store=X" and "-sX".
bool takes_next_word(std::string_view word) {
  if (word.starts_with("--")) {
    if (word.find('=') != std::string_view::npos) return false;
    const OptionSpec* option = find_option(nullptr, word.substr(2));
    return option != nullptr && !option->argument.empty();
  }
  const OptionSpec* option = find_option(nullptr, word.substr(1, 1));
  return word.size() == 2 && option != nullptr && !option->argument.empty();
}

// The index of the first word that is neither a common option nor its argument.
std::size_t find_command_word(const std::vector<std::string>& words) {
  std::size_t at = 0;
  while (at < words.size() && is_option(words[at]) && words[at] != "--") {
    at += takes_next_word(words[at]) ? 2 : 1;
  }
  return std::min(at, words.size());
}

Result<const CommandSpec*> command_named(const std::string& word) {
  if (const CommandSpec* command = find_command(word)) return command;
  std::vector<std::string_view> names;
  for (const CommandSpec& command : all_commands()) names.push_back(command.name);
  const auto nearest = nearest_name(word, names);
  return usage(
      "no command \"" + word + "\"",
      nearest ? "Did you mean \"" + std::string(*nearest) + "\"?" : "ksv help lists the commands");
}

// "--if-match" and -s style names for CLI11: "-s,--store".
std::string cli11_name(const OptionSpec& option) {
  std::string name = "--" + std::string(option.name);
  if (option.letter != 0) name = std::string("-") + option.letter + "," + name;
  return name;
}

Status check_choice(const OptionSpec& option, const std::string& text) {
  if (option.completes != Completes::kChoices) return ok();
  std::string_view left = option.choices;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('|'), left.size());
    if (left.substr(0, end) == text) return ok();
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return usage("--" + std::string(option.name) + ": no such choice \"" + text + "\"",
               "Choose one of " + std::string(option.choices));
}

Error unknown_option(const CommandSpec* command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known;
  const auto add = [&](const OptionSpec& option) {
    known.push_back("--" + std::string(option.name));
  };
  if (command != nullptr) std::for_each(command->options.begin(), command->options.end(), add);
  for (const OptionSpec& option : common_options()) add(option);
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  const auto nearest = nearest_name(name, candidates);
  const std::string help =
      command != nullptr ? "ksv help " + std::string(command->name) : std::string("ksv help");
  return usage("no option \"" + name + "\"",
               nearest ? "Did you mean " + std::string(*nearest) + "?"
                       : help + " lists the options; write -- before a word that begins with -");
}

// The operands must fit the command's list of them.
Status check_count(const CommandSpec& command, const Arguments& arguments) {
  if (!command.synopsis.empty() || arguments.has("help")) return ok();  // checks for itself
  std::size_t least = 0;
  std::size_t most = 0;
  for (const OperandSpec& operand : command.operands) {
    using Count = OperandSpec::Count;
    if (operand.count == Count::kOne || operand.count == Count::kSome) ++least;
    most = operand.count == Count::kOne || operand.count == Count::kOptional
               ? most + (most == SIZE_MAX ? 0 : 1)
               : SIZE_MAX;
  }
  const std::size_t count = arguments.operands.size();
  const std::string help = "ksv help " + std::string(command.name);
  if (count < least) {
    std::string_view missing;
    for (std::size_t i = 0; i < command.operands.size() && i <= count; ++i) {
      missing = command.operands[i].name;
    }
    return usage(std::string(missing) + " is missing", help);
  }
  if (count > most) return usage("too many operands: \"" + arguments.operands[most] + "\"", help);
  return ok();
}

struct Bindings {
  std::vector<std::pair<const OptionSpec*, CLI::Option*>> options;
};

Bindings bind(CLI::App& parser, const CommandSpec* command) {
  Bindings bindings;
  const auto add = [&](const OptionSpec& option) {
    if (option.argument.empty()) {
      bindings.options.emplace_back(&option, parser.add_flag(cli11_name(option)));
      return;
    }
    CLI::Option* bound = parser.add_option(cli11_name(option));
    bound->type_size(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    bindings.options.emplace_back(&option, bound);
  };
  if (command != nullptr) std::for_each(command->options.begin(), command->options.end(), add);
  for (const OptionSpec& option : common_options()) add(option);
  return bindings;
}

}  // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& words) {
  CommandLine line;
  std::vector<std::string> rest = words;
  const std::size_t at = find_command_word(words);
  if (at < words.size() && words[at] != "--") {
    line.command = KSV_TRY(command_named(words[at]));
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at));
  }
  // What follows the first `--` is not for the parser.
  const auto dashes = std::find(rest.begin(), rest.end(), "--");
  std::vector<std::string> after(dashes == rest.end() ? dashes : dashes + 1, rest.end());
  rest.erase(dashes, rest.end());

  CLI::App parser;
  parser.set_help_flag();
  parser.allow_extras();
  const Bindings bindings = bind(parser, line.command);
  std::reverse(rest.begin(), rest.end());  // CLI11 takes its words from the back
  try {
    parser.parse(rest);
  } catch (const CLI::ParseError& error) {
    return usage(error.what(), line.command != nullptr
                                   ? "ksv help " + std::string(line.command->name)
                                   : std::string("ksv help"));
  }
  Arguments& arguments = line.arguments;
  for (const auto& [option, bound] : bindings.options) {
    if (bound->count() == 0) continue;
    std::string text =
        option->argument.empty() ? std::to_string(bound->count()) : bound->results().back();
    KSV_CHECK(check_choice(*option, text));
    arguments.options.emplace(option->name, std::move(text));
  }
  arguments.operands = parser.remaining();
  for (const std::string& word : arguments.operands) {
    if (is_option(word)) return unknown_option(line.command, word);
  }
  const std::size_t before = line.command != nullptr ? line.command->command_after : 0;
  if (arguments.has("exec") || (before > 0 && arguments.operands.size() >= before)) {
    arguments.exec = std::move(after);
  } else {
    arguments.operands.insert(arguments.operands.end(), after.begin(), after.end());
  }
  if (line.command != nullptr) KSV_CHECK(check_count(*line.command, arguments));
  return line;
}

}  // namespace ksv::cli
