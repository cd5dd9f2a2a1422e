// What a command is: data that parses it, explains it and completes it, and the function that runs
// it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/result.h"

namespace ksv::cli {

class Session;

// What a shell may offer for an operand or an option's argument.
enum class Completes { kNothing, kFile, kStore, kCommand, kTopic, kFunction, kChoices };

struct OptionSpec {
  std::string_view name;           // "if-match", without dashes
  char letter = 0;                 // 's' for -s, or 0
  std::string_view argument = {};  // "VERSION"; empty for a flag
  std::string_view help{};         // one sentence, first word lower case, no period
  Completes completes = Completes::kNothing;
  std::string_view choices = {};  // "auto|always|never" for kChoices
};

struct OperandSpec {
  std::string_view name;  // "KEY"
  std::string_view help;
  enum class Count { kOne, kOptional, kAny, kSome } count = Count::kOne;  // kAny: 0.., kSome: 1..
  Completes completes = Completes::kNothing;
  std::string_view choices = {};  // "bash|zsh|fish" for kChoices
};

// A transcript that runs as a test: `setup` (shell lines, not shown), then `$ command` lines with
// the output that follows each. "? N" after an output gives a status other than 0.
struct Example {
  std::string_view text;
  std::string_view setup = {};
  // "etcd", "dynamodb": runs only where that is up; its setup sets KSV_STORE
  std::string_view server = {};
};

enum class Group { kStores, kValues, kMany, kLogs, kEtcd, kDynamo, kTools };

// The exit status of a command that did not fail: 0, or 1 for a clean negative answer. A command
// that ran another gives the status of that one.
enum class Answer { kYes = 0, kNo = 1 };
inline Answer answer_of_status(int status) { return static_cast<Answer>(status); }

struct Arguments {
  // By long name. Flags map to how often they were given.
  std::map<std::string, std::string, std::less<>> options;
  std::vector<std::string> operands;
  std::vector<std::string> exec;  // the command after `--exec --`, or after `--` alone

  bool has(std::string_view option) const { return options.find(option) != options.end(); }
  // The option's argument, or null.
  const std::string* find(std::string_view option) const {
    const auto found = options.find(option);
    return found == options.end() ? nullptr : &found->second;
  }
};

struct CommandSpec {
  std::string_view name;
  Group group;
  std::string_view summary;      // one line, no period: "write a value"
  std::string_view description;  // paragraphs for help and manual, separated by empty lines
  std::vector<OperandSpec> operands;
  std::vector<OptionSpec> options;  // besides the common ones
  std::string_view no_when = {};    // "the key is absent"; empty when it never exits 1
  std::vector<Example> examples;
  Result<Answer> (*run)(Session&, const Arguments&);
  // Too few or too many operands for the options given; empty when the operands alone decide.
  std::string_view synopsis = {};  // overrides the one made from operands: "KEY OLD NEW | ..."
  // Not 0: where so many operands stand before `--`, what follows is a command to run.
  std::size_t command_after = 0;
};

// All commands, in the order of the manual.
std::span<const CommandSpec> all_commands();
const CommandSpec* find_command(std::string_view name);

// Options that every command takes.
std::span<const OptionSpec> common_options();
const OptionSpec* find_option(const CommandSpec* command, std::string_view name_or_letter);

// Each command group's title, for the overview: "stores", "values" ...
std::string_view group_title(Group group);

// Topics of `ksv help TOPIC` that are not commands: name, one line, text.
struct TopicSpec {
  std::string_view name;
  std::string_view summary;
  std::string (*text)();
};
std::span<const TopicSpec> all_topics();

// The exit status table: one place for help, manual and code.
struct ExitStatusSpec {
  int status;
  std::string_view name;
  std::string_view meaning;
  std::string_view written;  // "no", "as asked", "perhaps: ..."
};
std::span<const ExitStatusSpec> all_exit_statuses();

// Environment variables, for ksv(1).
struct VariableSpec {
  std::string_view name;
  std::string_view help;
};
std::span<const VariableSpec> all_variables();

}  // namespace ksv::cli
