// Options that every command takes, and the tables of exit statuses and environment variables.
#include <array>

#include "cli/command.h"

namespace ksv::cli {
namespace {

constexpr std::array kCommonOptions = {
    OptionSpec{.name = "store",
               .letter = 's',
               .argument = "STORE",
               .help = "the store to work on: a path, file:PATH, memory:, a konserve config map, "
                       "@FILE, or a profile; see ksv help stores",
               .completes = Completes::kStore},
    OptionSpec{.name = "json", .help = "read and print values as JSON; errors too"},
    OptionSpec{.name = "raw", .help = "values are strings, taken and printed byte for byte"},
    OptionSpec{.name = "format",
               .argument = "FORMAT",
               .help = "how to print answers; edn and json also print errors so",
               .completes = Completes::kChoices,
               .choices = "edn|json|raw|table"},
    OptionSpec{.name = "string-keys", .help = "KEY is a string as it stands, not EDN"},
    OptionSpec{.name = "null", .letter = '0', .help = "end records with NUL instead of newline"},
    OptionSpec{.name = "quiet", .letter = 'q', .help = "no notes on standard error"},
    OptionSpec{.name = "verbose",
               .letter = 'v',
               .help = "log each step to standard error; -vv with the headers of each request"},
    OptionSpec{.name = "stats", .help = "print one line of figures to standard error at the end"},
    OptionSpec{.name = "timeout",
               .argument = "DURATION",
               .help = "bound the whole command, such as 500ms, 30s (the default) or 5m"},
    OptionSpec{.name = "connect-timeout",
               .argument = "DURATION",
               .help = "bound the making of one connection, 5s when not given"},
    OptionSpec{.name = "conflict-retries",
               .argument = "N",
               .help = "give up after N lost races instead of at the timeout"},
    OptionSpec{.name = "no-sync",
               .help = "file stores: do not wait for the disk; a power cut may lose the write"},
    OptionSpec{.name = "allow-unsafe",
               .help =
                   "work on a store that ignores or refuses conditions: others' writes may then "
                   "be lost"},
    OptionSpec{.name = "x-ray", .help = "S3: trace the requests with AWS X-Ray"},
    OptionSpec{.name = "color",
               .argument = "WHEN",
               .help = "colour the answers",
               .completes = Completes::kChoices,
               .choices = "auto|always|never"},
    OptionSpec{.name = "help", .letter = 'h', .help = "explain the command"},
};

constexpr std::array kExitStatuses = {
    ExitStatusSpec{0, "ok", "done", "as asked"},
    ExitStatusSpec{1, "no", "a clean negative answer: absent, not equal, condition not met", "no"},
    ExitStatusSpec{2, "usage", "the command line or a value on it is wrong", "no"},
    ExitStatusSpec{3, "conflict", "others kept winning until the retries or the time ran out",
                   "no"},
    ExitStatusSpec{4, "unknown", "a write was sent and its fate could not be established",
                   "perhaps: the message says how to find out"},
    ExitStatusSpec{5, "unavailable", "network, server, disk or time, before any write was accepted",
                   "no"},
    ExitStatusSpec{6, "denied", "credentials missing, wrong, expired or not permitted", "no"},
    ExitStatusSpec{7, "data",
                   "stored bytes are damaged, encrypted with another key, or of an unknown kind",
                   "no"},
    ExitStatusSpec{8, "state", "the store exists, does not exist, or is of another kind", "no"},
    ExitStatusSpec{9, "function", "the update function or the command in its place failed", "no"},
    ExitStatusSpec{10, "unsafe", "the store cannot do this safely, and ksv refuses", "no"},
    ExitStatusSpec{11, "partial", "of many items some were done and some not; each is listed",
                   "as listed"},
    ExitStatusSpec{70, "bug", "an error in ksv itself", "the message says"},
};

constexpr std::array kVariables = {
    VariableSpec{"KSV_STORE", "the store when no --store is given, in any of its forms"},
    VariableSpec{"XDG_DATA_HOME",
                 "where the default store lives: $XDG_DATA_HOME/ksv/default, or "
                 "~/.local/share/ksv/default"},
    VariableSpec{"XDG_CONFIG_HOME",
                 "where profiles are kept: $XDG_CONFIG_HOME/ksv/config.toml, or "
                 "~/.config/ksv/config.toml"},
    VariableSpec{"NO_COLOR", "no colour unless --color=always is given"},
};

}  // namespace

std::span<const OptionSpec> common_options() { return kCommonOptions; }
std::span<const ExitStatusSpec> all_exit_statuses() { return kExitStatuses; }
std::span<const VariableSpec> all_variables() { return kVariables; }

const OptionSpec* find_option(const CommandSpec* command, std::string_view name_or_letter) {
  const auto matches = [&](const OptionSpec& option) {
    return option.name == name_or_letter ||
           (name_or_letter.size() == 1 && option.letter == name_or_letter[0]);
  };
  if (command != nullptr) {
    for (const OptionSpec& option : command->options) {
      if (matches(option)) return &option;
    }
  }
  for (const OptionSpec& option : kCommonOptions) {
    if (matches(option)) return &option;
  }
  return nullptr;
}

std::string_view group_title(Group group) {
  switch (group) {
    case Group::kStores: return "stores";
    case Group::kValues: return "values";
    case Group::kMany: return "many";
    case Group::kLogs: return "logs";
    case Group::kEtcd: return "etcd";
    case Group::kDynamo: return "DynamoDB";
    case Group::kTools: return "tools";
  }
  return "";
}

}  // namespace ksv::cli
