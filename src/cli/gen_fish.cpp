// The completion script for fish.
#include "cli/gen_completions.h"

namespace ksv::cli {
namespace {

constexpr std::string_view kHead =
    R"sh(# fish completion for ksv; written by ksv_gendocs from the table of commands.

# Files for a word that begins with "@".
function __ksv_at_files
    __fish_complete_path (string sub -s 2 -- $argv[1]) | string replace -r '^' @
end

function __ksv_stores
    set -l token (commandline -ct)
    switch $token
        case 'file:*'
            __fish_complete_directories (string sub -s 6 -- $token) '' | string replace -r '^' file:
            return
        case '@*'
            __ksv_at_files $token
            return
    end
    set -l config $HOME/.config
    set -q XDG_CONFIG_HOME; and set config $XDG_CONFIG_HOME
    if test -r $config/ksv/config.toml
        string replace -rf '^\s*\[\s*stores\.(?:"([^"]+)"|([A-Za-z0-9_-]+))\s*\].*' '$1$2\tprofile' <$config/ksv/config.toml
    end
    printf '%s\n' 'memory:'\t'within one process' 'file:'\t'a folder'
    if string match -qr '^[/.~]' -- $token
        __fish_complete_directories $token 'a folder'
    else
        echo ./\t'a folder'
    end
end

# The command and how many operands stand between it and the cursor.
function __ksv_parse
    set -l words (commandline -opc)
    set -e words[1]
    set -l command ''
    set -l count 0
    while set -q words[1]
        switch $words[1]
            case --
                set -e words[1]
                set count (math $count + (count $words))
                break
            case $__ksv_options_with_argument
                set -e words[1]
            case '-?*'
            case '*'
                if test -z "$command"
                    set command $words[1]
                else
                    set count (math $count + 1)
                end
        end
        set -e words[1]
    end
    echo $command
    echo $count
end

# Whether the command is one of the arguments; with none, whether there is no command yet.
function __ksv_is
    set -l parsed (__ksv_parse)
    if set -q argv[1]
        contains -- "$parsed[1]" $argv
    else
        test -z "$parsed[1]"
    end
end

# Whether what follows is the command that --exec runs.
function __ksv_exec
    set -l words (commandline -opc)
    contains -- --exec $words; and contains -- -- $words
end

function __ksv_exec_words
    set -l words (commandline -opc) (commandline -ct)
    set -l dashes (contains -i -- -- $words)
    complete -C (string join ' ' -- $words[(math $dashes + 1)..-1])
end

)sh";

constexpr std::string_view kTail = R"sh(complete -c ksv -f
complete -c ksv -n __ksv_exec -a '(__ksv_exec_words)'
complete -c ksv -n 'not __ksv_exec; and __ksv_wants file' -F
complete -c ksv -n 'not __ksv_exec' -a '(__ksv_operands)'
)sh";

std::string quoted(std::string_view text) {
  return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

// Lines of "word<tab>explanation".
std::string printing_function(std::string_view name, const std::string& lines) {
  return "function " + std::string(name) + "\n    printf '%s\\t%s\\n' \\\n" + lines + "end\n\n";
}

std::string item(std::string_view name, std::string_view summary, bool is_last) {
  return "        " + quoted(name) + " " + quoted(summary) + (is_last ? "\n" : " \\\n");
}

std::string lists() {
  std::string commands;
  for (const CommandSpec& command : all_commands()) {
    commands += item(command.name, command.summary, &command == &all_commands().back());
  }
  std::string topics;
  for (const TopicSpec& topic : all_topics()) {
    topics += item(topic.name, topic.summary, &topic == &all_topics().back());
  }
  std::string functions = "function __ksv_functions\n    printf '%s\\n'";
  for (const std::string_view name : function_names()) {
    functions += " \\\n        " + quoted(name);
  }
  return printing_function("__ksv_commands", commands) + printing_function("__ksv_topics", topics) +
         functions + "\nend\n\n";
}

std::string options_with_argument() {
  std::string out = "set -g __ksv_options_with_argument";
  const auto add = [&](const OptionSpec& option) {
    if (option.argument.empty()) return;
    const std::string word = " --" + std::string(option.name);
    if ((out + " ").find(word + " ") == std::string::npos) out += word;
    if (option.letter != 0) out += std::string(" -") + option.letter;
  };
  for (const OptionSpec& option : common_options()) add(option);
  for (const CommandSpec& command : all_commands()) {
    for (const OptionSpec& option : command.options) add(option);
  }
  return out + "\n\n";
}

// What the operand at the cursor is: "file", "store" ...
std::string kind_function() {
  std::string out =
      "# Whether the operand at the cursor is of this kind.\nfunction __ksv_wants\n"
      "    set -l parsed (__ksv_parse)\n    set -l kind nothing\n    switch \"$parsed\"\n";
  for (const CommandSpec& command : all_commands()) {
    for (std::size_t i = 0; i < command.operands.size(); ++i) {
      const OperandSpec& operand = command.operands[i];
      if (operand.completes == Completes::kNothing) continue;
      const bool repeats = operand_at(command, i + 1) == &operand;
      out += "        case '" + std::string(command.name) + " " +
             (repeats ? "*" : std::to_string(i)) + "'\n            set kind " +
             std::string(completes_word(operand.completes)) + "\n";
    }
  }
  return out + "    end\n    test $kind = $argv[1]\nend\n\n";
}

std::string operand_function() {
  std::string out =
      "function __ksv_operands\n    set -l token (commandline -ct)\n"
      "    set -l parsed (__ksv_parse)\n"
      "    if __ksv_is\n        __ksv_commands\n"
      "    else if string match -q '@*' -- $token\n        __ksv_at_files $token\n"
      "    else if __ksv_wants store\n        __ksv_stores\n"
      "    else if __ksv_wants command\n        __ksv_commands\n"
      "    else if __ksv_wants topic\n        __ksv_topics\n        __ksv_commands\n"
      "    else if __ksv_wants function\n        __ksv_functions\n";
  for (const CommandSpec& command : all_commands()) {
    for (std::size_t i = 0; i < command.operands.size(); ++i) {
      if (command.operands[i].choices.empty()) continue;
      out += "    else if test \"$parsed\" = '" + std::string(command.name) + " " +
             std::to_string(i) + "'\n        printf '%s\\n' " +
             replaced(command.operands[i].choices, "|", " ") + "\n";
    }
  }
  return out + "    end\nend\n\n";
}

std::string option_line(const OptionSpec& option, std::string_view condition) {
  std::string out = "complete -c ksv";
  if (!condition.empty()) out += " -n " + quoted(condition);
  if (option.letter != 0) out += std::string(" -s ") + option.letter;
  out += " -l " + std::string(option.name);
  if (!option.argument.empty()) out += option.completes == Completes::kFile ? " -r -F" : " -x";
  if (option.completes == Completes::kStore) out += " -a '(__ksv_stores)'";
  if (option.completes == Completes::kFunction) out += " -a '(__ksv_functions)'";
  if (option.completes == Completes::kChoices) {
    out += " -a '" + replaced(option.choices, "|", " ") + "'";
  }
  return out + " -d " + quoted(option.help) + "\n";
}

}  // namespace

std::string fish_completion() {
  std::string out(kHead);
  out += options_with_argument() + lists() + kind_function() + operand_function();
  out += kTail;
  for (const OptionSpec& option : common_options()) out += option_line(option, "");
  for (const CommandSpec& command : all_commands()) {
    for (const OptionSpec& option : command.options) {
      out += option_line(option, "__ksv_is " + std::string(command.name));
    }
  }
  return out;
}

}  // namespace ksv::cli
