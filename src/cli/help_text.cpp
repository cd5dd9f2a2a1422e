// Help screens, and the guess at what a mistyped word was meant to be.
#include "cli/help_text.h"

#include <algorithm>
#include <utility>

#include "cli/prose.h"

namespace ksv::cli {
namespace {

constexpr std::string_view kOverviewHead =
    R"(ksv: atomic work on key-value stores in files

  ksv create-store                     a store in the default place
  ksv assoc :user '{:name "Alice"}'    write a value
  ksv update :visits '(fnil inc 0)'    change it, safely, whoever else writes
  ksv get :visits                      read it
  ksv -s ./app-data keys               another store: a folder that konserve uses

Commands
)";

constexpr Group kGroups[] = {Group::kStores, Group::kValues, Group::kMany, Group::kLogs,
                             Group::kEtcd,   Group::kDynamo, Group::kTools};

std::string operand_label(const OperandSpec& operand) {
  const std::string name(operand.name);
  switch (operand.count) {
    case OperandSpec::Count::kOne: return name;
    case OperandSpec::Count::kOptional: return "[" + name + "]";
    case OperandSpec::Count::kAny: return "[" + name + "]...";
    case OperandSpec::Count::kSome: return name + "...";
  }
  return name;
}

std::vector<std::vector<std::string>> option_rows(std::span<const OptionSpec> options) {
  std::vector<std::vector<std::string>> rows;
  for (const OptionSpec& option : options) {
    rows.push_back({option_label(option, true), option_help(option)});
  }
  return rows;
}

std::string examples_text(const CommandSpec& command) {
  std::string out;
  for (const Example& example : command.examples) {
    if (!out.empty()) out += '\n';
    for (const std::string& line : split_lines(shown_example(example))) {
      out += line.empty() ? "\n" : "  " + line + "\n";
    }
  }
  return out;
}

// Insertions, deletions, replacements, and exchanges of neighbours that turn `a` into `b` (optimal
// string alignment). Words are short: commands, options, functions.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string overview_text() {
  std::string out(kOverviewHead);
  std::vector<std::vector<std::string>> rows;
  for (const Group group : kGroups) {
    std::string names;
    for (const CommandSpec& command : all_commands()) {
      if (command.group != group) continue;
      names += (names.empty() ? "" : " ") + std::string(command.name);
    }
    if (!names.empty()) rows.push_back({std::string(group_title(group)), names});
  }
  out += render_columns(rows, 2, 79);
  std::string topics;
  for (const TopicSpec& topic : all_topics()) {
    topics += (topics.empty() ? "" : " ") + std::string(topic.name);
  }
  out += "\nHelp\n";
  out += render_columns({{"ksv help COMMAND", "what a command does, its options and examples"},
                         {"ksv help TOPIC", topics}},
                        2, 79);
  return without_last_newline(std::move(out));
}

std::string command_help(const CommandSpec& command, bool terminal) {
  const Screen screen{.width = 79, .styled = terminal};
  std::string out =
      "ksv " + std::string(command.name) + ": " + std::string(command.summary) + "\n\n";
  for (const std::string& line : synopsis_lines(command)) out += "  " + line + "\n";
  if (!command.description.empty()) {
    out += "\n" + render_prose(parse_prose(command.description), screen);
  }
  if (!command.operands.empty()) {
    std::vector<std::vector<std::string>> rows;
    for (const OperandSpec& operand : command.operands) {
      rows.push_back({std::string(operand.name), std::string(operand.help)});
    }
    out += "\n" + styled_heading("Operands", screen) + render_columns(rows, 2, screen.width);
  }
  if (!command.options.empty()) {
    out += "\n" + styled_heading("Options", screen) +
           render_columns(option_rows(command.options), 2, screen.width);
  }
  out += "\n" + styled_heading("Options of every command (ksv help options)", screen);
  std::string common;
  for (const OptionSpec& option : common_options()) {
    common += (common.empty() ? "" : " ") + ("--" + std::string(option.name));
  }
  out += render_columns({{common}}, 2, screen.width);
  if (!command.no_when.empty()) {
    out += "\nStatus 1: " + std::string(command.no_when) + ". Others: ksv help exit-status\n";
  }
  if (!command.examples.empty()) {
    out += "\n" + styled_heading("Examples", screen) + examples_text(command);
  }
  return without_last_newline(std::move(out));
}

std::optional<std::string_view> nearest_name(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  constexpr std::size_t kWordMax = 64;  // the distance takes quadratic time
  if (word.empty() || word.size() > kWordMax) return std::nullopt;
  std::optional<std::string_view> nearest;
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best && distance < candidate.size()) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::optional<std::string_view> nearest_command(std::string_view word) {
  std::vector<std::string_view> names;
  for (const CommandSpec& command : all_commands()) names.push_back(command.name);
  return nearest_name(word, names);
}

std::vector<std::string> synopsis_lines(const CommandSpec& command) {
  const std::string head = "ksv " + std::string(command.name) + " [OPTION]...";
  if (command.synopsis.empty()) {
    std::string line = head;
    for (const OperandSpec& operand : command.operands) line += " " + operand_label(operand);
    return {line};
  }
  std::vector<std::string> lines;
  for (const std::string& way : split_lines(command.synopsis)) lines.push_back(head + " " + way);
  return lines;
}

std::string option_label(const OptionSpec& option, bool aligned) {
  std::string label = aligned ? "    " : "";
  if (option.letter != 0) label = std::string("-") + option.letter + ", ";
  label += "--" + std::string(option.name);
  if (!option.argument.empty()) label += " " + std::string(option.argument);
  return label;
}

std::string option_help(const OptionSpec& option) {
  std::string help(option.help);
  if (option.choices.empty()) return help;
  help += ": ";
  for (const char c : option.choices) help += c == '|' ? std::string(", ") : std::string(1, c);
  return help;
}

std::string shown_example(const Example& example) {
  std::string out;
  for (const std::string& line : split_lines(example.text)) {
    const std::string_view view = line;
    if (view.starts_with("? ")) continue;
    out += view.starts_with("! ") ? view.substr(2) : view;
    out += '\n';
  }
  return out;
}

}  // namespace ksv::cli
