// The completion script for bash. It needs nothing but bash 4.3; bash-completion may load it.
#include <algorithm>
#include <cctype>

#include "cli/gen_completions.h"
#include "cli/prose.h"

namespace ksv::cli {
namespace {

constexpr std::string_view kProfiles =
    R"sh(# bash completion for ksv; written by ksv_gendocs from the table of commands.

# The names of the profiles, read without starting a process.
_ksv_profiles() {
  local file="${XDG_CONFIG_HOME:-$HOME/.config}/ksv/config.toml" line
  local pattern='^[[:space:]]*\[[[:space:]]*stores\.("([^"]+)"|([A-Za-z0-9_-]+))[[:space:]]*\]'
  [[ -r $file ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ $pattern ]] && printf '%s\n' "${BASH_REMATCH[2]}${BASH_REMATCH[3]}"
  done <"$file"
}

)sh";

constexpr std::string_view kOffer =
    R"sh(# Offers the lines of standard input, each after the prefix $1.
_ksv_take() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$1$line"); done
}

# With a prefix, readline would quote that too and could not see folders.
_ksv_files() {  # PREFIX CURRENT [-d]
  local name
  if [[ -z $1 ]]; then
    compopt -o filenames 2>/dev/null
    _ksv_take "" < <(compgen "${3:--f}" -- "$2")
    return
  fi
  while IFS= read -r name; do
    [[ -d $name ]] && name+=/
    printf -v name %q "$name"
    COMPREPLY+=("$1$name")
  done < <(compgen "${3:--f}" -- "$2")
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
}

_ksv_offer() {  # KIND CURRENT CHOICES
  local current=$2
  case $1 in
    file)
      if [[ $current == @* ]]; then
        _ksv_files @ "${current#@}"
      else
        _ksv_files "" "$current"
      fi
      ;;
    store)
      case $current in
        file:*) _ksv_files file: "${current#file:}" -d ;;
        @*) _ksv_files @ "${current#@}" ;;
        /* | ./* | ../* | \~*) _ksv_files "" "$current" -d ;;
        *)
          _ksv_take "" < <(compgen -W "$(_ksv_profiles) memory: file: ./" -- "$current")
          [[ ${COMPREPLY[*]} == file: || ${COMPREPLY[*]} == ./ ]] && compopt -o nospace 2>/dev/null
          ;;
      esac
      ;;
    command) _ksv_take "" < <(compgen -W "$_ksv_commands" -- "$current") ;;
    topic) _ksv_take "" < <(compgen -W "$_ksv_commands $_ksv_topics" -- "$current") ;;
    function) _ksv_take "" < <(compgen -W "$_ksv_functions" -- "$current") ;;
    choices) _ksv_take "" < <(compgen -W "$3" -- "$current") ;;
    *) [[ $current == @* ]] && _ksv_files @ "${current#@}" ;;
  esac
}

)sh";

constexpr std::string_view kMain = R"sh(_ksv() {
  # bash breaks words at ":", "=" and "@"; they are put together again where no blank stands between.
  local words=() rest=$COMP_LINE word i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 0)) && [[ -n $rest && $rest != [[:space:]]* ]]; then
      words[${#words[@]}-1]+=$word
    else
      words+=("$word")
      rest=${rest#"${rest%%[![:space:]]*}"}
    fi
    rest=${rest#"$word"}
  done

  local current=${words[${#words[@]}-1]} command="" operands=0 ended="" exec="" kind="" choices=""
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    kind="" choices=""
    if [[ -n $ended || $word != -?* || $word == -[0-9]* ]]; then
      if [[ -z $command ]]; then command=$word; else ((operands++)); fi
    elif [[ $word == -- ]]; then
      ended=$i
      [[ -n $exec ]] && break
    else
      [[ $word == --exec ]] && exec=yes
      [[ $word == *=* ]] && continue
      _ksv_option "$command" "$word"
      [[ -n $kind ]] && ((i++))
    fi
  done

  COMPREPLY=()
  if [[ -n $exec && -n $ended ]]; then
    if ((ended == ${#words[@]} - 2)); then
      _ksv_take "" < <(compgen -c -- "$current")
    else
      _ksv_files "" "$current"
    fi
  elif ((i == ${#words[@]})); then  # the last word but one takes an argument
    _ksv_offer "$kind" "$current" "$choices"
  elif [[ -z $ended && $current == --*=* ]]; then
    _ksv_option "$command" "${current%%=*}"
    word=${current%%=*}=
    _ksv_offer "$kind" "${current#*=}" "$choices"
    COMPREPLY=("${COMPREPLY[@]/#/$word}")
  elif [[ -z $ended && $current == -* ]]; then
    _ksv_take "" < <(compgen -W "$(_ksv_options "$command")" -- "$current")
  elif [[ -z $command ]]; then
    _ksv_offer command "$current"
  else
    kind=""
    _ksv_operand "$command" "$operands"
    _ksv_offer "$kind" "$current" "$choices"
  fi

  # bash replaces only what stands after the last ":" or "=".
  local mark
  for mark in : =; do
    if [[ $COMP_WORDBREAKS == *$mark* && $current == *$mark* ]]; then
      word=${current%"${current##*"$mark"}"}
      COMPREPLY=("${COMPREPLY[@]#"$word"}")
      current=${current##*"$mark"}
    fi
  done
}

complete -F _ksv ksv
)sh";

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

// `name='a b c'`, wrapped.
std::string variable(std::string_view name, const std::vector<std::string_view>& words) {
  std::string out = std::string(name) + "='";
  std::string separator;
  for (const std::string& line : wrap_words(joined(words), 94)) {
    out += separator + line;
    separator = "\n  ";
  }
  return out + "'\n";
}

// Names that need no quoting: bash inserts what it is given.
std::vector<std::string_view> plain_names(std::vector<std::string_view> names) {
  const auto is_special = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '/';
  };
  std::erase_if(names, [&](std::string_view name) {
    return std::any_of(name.begin(), name.end(), is_special);
  });
  return names;
}

std::string option_words(std::span<const OptionSpec> options) {
  std::string out;
  for (const OptionSpec& option : options) {
    out += (out.empty() ? "--" : " --") + std::string(option.name);
  }
  return out;
}

std::string options_function() {
  std::string out = "_ksv_options() {  # COMMAND\n  local common='" +
                    option_words(common_options()) + "'\n  case $1 in\n";
  for (const CommandSpec& command : all_commands()) {
    if (command.options.empty()) continue;
    out += "    " + std::string(command.name) + ") echo \"" + option_words(command.options) +
           " $common\" ;;\n";
  }
  return out + "    *) echo \"$common\" ;;\n  esac\n}\n\n";
}

std::string sets_kind(Completes completes, std::string_view choices) {
  std::string out = "kind=" + std::string(completes_word(completes));
  if (!choices.empty()) out += " choices=" + shell_quoted(joined(split_choices(choices)));
  return out + " ;;\n";
}

// A case label for "COMMAND OPTION"; options of every command match any COMMAND.
std::string option_label(std::string_view command, std::string_view option) {
  return command.empty() ? "*\" " + std::string(option) + "\""
                         : "\"" + std::string(command) + " " + std::string(option) + "\"";
}

std::string option_case(std::string_view command, const OptionSpec& option) {
  if (option.argument.empty()) return "";
  std::string out = "    " + option_label(command, "--" + std::string(option.name));
  if (option.letter != 0) out += " | " + option_label(command, std::string("-") + option.letter);
  return out + ") " + sets_kind(option.completes, option.choices);
}

std::string option_function() {
  std::string out =
      "# Sets `kind` to what the argument of an option is; it stays empty for flags.\n"
      "_ksv_option() {  # COMMAND OPTION\n  kind=\"\" choices=\"\"\n  case \"$1 $2\" in\n";
  for (const CommandSpec& command : all_commands()) {
    for (const OptionSpec& option : command.options) out += option_case(command.name, option);
  }
  for (const OptionSpec& option : common_options()) out += option_case("", option);
  return out + "  esac\n}\n\n";
}

std::string operand_function() {
  std::string out =
      "# Sets `kind` to what the operand after so many others is.\n"
      "_ksv_operand() {  # COMMAND COUNT\n  case \"$1 $2\" in\n";
  for (const CommandSpec& command : all_commands()) {
    const auto completes = [](const OperandSpec& operand) {
      return operand.completes != Completes::kNothing;
    };
    if (std::none_of(command.operands.begin(), command.operands.end(), completes)) continue;
    for (std::size_t i = 0; i < command.operands.size(); ++i) {
      const bool repeats = operand_at(command, i + 1) == &command.operands[i];
      out += "    \"" + std::string(command.name) + " \"" + (repeats ? "*" : std::to_string(i)) +
             ") " + sets_kind(command.operands[i].completes, command.operands[i].choices);
    }
  }
  return out + "  esac\n}\n\n";
}

}  // namespace

std::string bash_completion() {
  std::vector<std::string_view> commands;
  for (const CommandSpec& command : all_commands()) commands.push_back(command.name);
  std::vector<std::string_view> topics;
  for (const TopicSpec& topic : all_topics()) topics.push_back(topic.name);
  std::string out(kProfiles);
  out += variable("_ksv_commands", commands) + variable("_ksv_topics", topics) +
         variable("_ksv_functions", plain_names(function_names())) + "\n";
  out += options_function() + option_function() + operand_function();
  out += kOffer;
  out += kMain;
  return out;
}

}  // namespace ksv::cli
