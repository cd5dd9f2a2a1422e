// The completion script for zsh.
#include "cli/gen_completions.h"

namespace ksv::cli {
namespace {

constexpr std::string_view kHead = R"sh(#compdef ksv
# zsh completion for ksv; written by ksv_gendocs from the table of commands.

_ksv_stores() {
  local file="${XDG_CONFIG_HOME:-$HOME/.config}/ksv/config.toml" line
  local -a profiles
  if [[ -r $file ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      if [[ $line =~ '^[[:space:]]*\[[[:space:]]*stores\.("([^"]+)"|([A-Za-z0-9_-]+))[[:space:]]*\]' ]]; then
        profiles+=("$match[2]$match[3]")
      fi
    done <"$file"
  fi
  if compset -P 'file:'; then
    _files -/
  elif compset -P '@'; then
    _files
  elif [[ $PREFIX == [/.~]* ]]; then
    _files -/
  else
    _alternative \
      'profiles:profile:compadd -a profiles' \
      'forms:form:compadd -S "" -- memory: file: ./'
  fi
}

_ksv_files() {
  compset -P '@'
  _files
}

# A value, or a file that holds it.
_ksv_value() {
  if compset -P '@'; then _files; else _message "$1"; fi
}

# The command after `--exec ... --`.
_ksv_exec() {
  local dashes=${words[(i)--]}
  (( ${words[(I)--exec]} && dashes < CURRENT )) || return 1
  shift $dashes words
  (( CURRENT -= dashes ))
  _normal
}

)sh";

constexpr std::string_view kMain = R"sh(_ksv() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  _arguments -C -s -S $_ksv_common '(-): :_ksv_commands' '(-)*:: :->rest' && return 0
  [[ $state == rest ]] || return 1
  curcontext="${curcontext%:*:*}:ksv-$words[1]:"
  _ksv_exec && return 0
  case $words[1] in
)sh";

constexpr std::string_view kTail = R"sh(    *) return 1 ;;
  esac
}

if [[ $funcstack[1] == _ksv ]]; then
  _ksv "$@"
else
  compdef _ksv ksv
fi
)sh";

// In a "[...]" or between ":" of a specification.
std::string escaped(std::string_view text) {
  std::string out = replaced(text, "\\", "\\\\");
  out = replaced(out, "[", "\\[");
  out = replaced(out, "]", "\\]");
  return replaced(out, ":", "\\:");
}

// What completes it, as the action of a specification.
std::string action(Completes completes, std::string_view choices, std::string_view name) {
  switch (completes) {
    case Completes::kFile: return "_ksv_files";
    case Completes::kStore: return "_ksv_stores";
    case Completes::kCommand: return "_ksv_commands";
    case Completes::kTopic: return "_ksv_topics";
    case Completes::kFunction: return "_ksv_functions";
    case Completes::kChoices: return "(" + replaced(choices, "|", " ") + ")";
    case Completes::kNothing: break;
  }
  return "{_ksv_value " + shell_quoted(name) + "}";
}

// '(-s --store)'{-s+,--store=}'[help]:STORE:action'
std::string option_spec(const OptionSpec& option) {
  const std::string name = "--" + std::string(option.name);
  std::string after = "[" + escaped(option.help) + "]";
  const bool takes = !option.argument.empty();
  if (takes) {
    const bool is_plain = option.completes == Completes::kNothing;
    after +=
        ":" + escaped(option.argument) + ":" +
        (is_plain ? std::string(" ") : action(option.completes, option.choices, option.argument));
  }
  if (option.letter == 0) return shell_quoted(name + (takes ? "=" : "") + after);
  const std::string letter = std::string("-") + option.letter;
  return shell_quoted("(" + letter + " " + name + ")") + "{" + letter + (takes ? "+" : "") + "," +
         name + (takes ? "=" : "") + "}" + shell_quoted(after);
}

std::string operand_spec(const OperandSpec& operand) {
  std::string mark = ":";
  if (operand.count == OperandSpec::Count::kOptional) mark = "::";
  if (operand.count == OperandSpec::Count::kAny || operand.count == OperandSpec::Count::kSome) {
    mark = "*:";
  }
  return shell_quoted(mark + escaped(operand.name) + ":" +
                      action(operand.completes, operand.choices, operand.name));
}

std::string described(std::string_view function, std::string_view tag, const std::string& items,
                      std::string_view more) {
  return std::string(function) + "() {\n  local -a items=(\n" + items + "  )\n  _describe -t " +
         std::string(tag) + "s " + std::string(tag) + " items\n" + std::string(more) + "}\n\n";
}

std::string item(std::string_view name, std::string_view summary) {
  return "    " + shell_quoted(replaced(name, ":", "\\:") + ":" + std::string(summary)) + "\n";
}

std::string lists() {
  std::string commands;
  for (const CommandSpec& command : all_commands()) commands += item(command.name, command.summary);
  std::string topics;
  for (const TopicSpec& topic : all_topics()) topics += item(topic.name, topic.summary);
  std::string functions = "_ksv_functions() {\n  local -a names=(\n";
  for (const std::string_view name : function_names()) {
    functions += "    " + shell_quoted(name) + "\n";
  }
  return described("_ksv_commands", "command", commands, "") +
         described("_ksv_topics", "topic", topics, "  _ksv_commands\n") + functions +
         "  )\n  compadd -a names\n}\n\n";
}

std::string command_case(const CommandSpec& command) {
  std::string out = "    " + std::string(command.name) + ")\n      _arguments -s -S $_ksv_common";
  for (const OptionSpec& option : command.options) out += " \\\n        " + option_spec(option);
  for (const OperandSpec& operand : command.operands) {
    out += " \\\n        " + operand_spec(operand);
  }
  return out + "\n      ;;\n";
}

}  // namespace

std::string zsh_completion() {
  std::string out(kHead);
  out += lists();
  out += "typeset -ga _ksv_common=(\n";
  for (const OptionSpec& option : common_options()) out += "  " + option_spec(option) + "\n";
  out += ")\n\n";
  out += kMain;
  for (const CommandSpec& command : all_commands()) out += command_case(command);
  out += kTail;
  return out;
}

}  // namespace ksv::cli
