// ksv(1), ksv-COMMAND(1), ksv-config(5), ksv-format(5) and ksv-functions(7).
#include "cli/gen_man.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "cli/command.h"
#include "cli/help_text.h"
#include "cli/man_roff.h"
#include "cli/prose.h"

#include "expr/builtins.h"

namespace ksv::cli {
namespace {

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

// The blocks under "## TITLE" of a text; all before the first heading when the title is empty.
std::vector<Block> section_of(const std::vector<Block>& blocks, std::string_view title) {
  std::vector<Block> section;
  bool inside = title.empty();
  for (const Block& block : blocks) {
    if (block.kind == Block::Kind::kHeading) {
      inside = block.text == title;
    } else if (inside) {
      section.push_back(block);
    }
  }
  return section;
}

// An explanation as a sentence.
std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty() && !out.starts_with("ksv")) {
    out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  }
  return out + ".";
}

void add_options(ManPage& page, std::span<const OptionSpec> options) {
  for (const OptionSpec& option : options) {
    std::string term;
    if (option.letter != 0) term = code(std::string("-") + option.letter) + ", ";
    term += code("--" + std::string(option.name));
    if (!option.argument.empty()) term += " " + std::string(option.argument);
    page.item(term, sentence(option_help(option)));
  }
}

void add_synopsis(ManPage& page, const CommandSpec& command) {
  const std::string bold = "ksv " + std::string(command.name);
  for (const std::string& line : synopsis_lines(command)) {
    page.synopsis(bold, std::string_view(line).substr(bold.size() + 1));
  }
}

GeneratedFile command_page(const CommandSpec& command) {
  const std::string name = "ksv-" + std::string(command.name);
  ManPage page(name, "1", command.summary);
  page.heading("SYNOPSIS");
  add_synopsis(page, command);
  page.heading("DESCRIPTION");
  page.prose(parse_prose(command.description));
  for (const OperandSpec& operand : command.operands) {
    page.item(code(operand.name), sentence(operand.help));
  }
  page.heading("OPTIONS");
  add_options(page, command.options);
  page.paragraph(
      command.options.empty()
          ? "The options of every command are described in `ksv`(1)."
          : "The options of every command, described in `ksv`(1), may be given as well.");
  page.heading("EXIT STATUS");
  page.item("0", "Done.");
  if (!command.no_when.empty()) page.item("1", "No: " + std::string(command.no_when) + ".");
  page.item("2 and above", "An error; `ksv`(1) lists them.");
  if (!command.examples.empty()) {
    page.heading("EXAMPLES");
    for (const Example& example : command.examples) {
      page.verbatim(split_lines(shown_example(example)));
    }
  }
  page.see_also({"ksv(1)", "ksv-config(5)", "ksv-functions(7)"});
  return {name + ".1", page.text()};
}

void add_command_list(ManPage& page) {
  constexpr Group kGroups[] = {Group::kStores, Group::kValues, Group::kMany,
                               Group::kLogs,   Group::kEtcd,   Group::kTools};
  for (const Group group : kGroups) {
    std::vector<std::vector<std::string>> rows;
    for (const CommandSpec& command : all_commands()) {
      if (command.group == group) {
        rows.push_back(
            {code("ksv-" + std::string(command.name)) + "(1)", std::string(command.summary)});
      }
    }
    if (rows.empty()) continue;
    page.subheading("Commands: " + std::string(group_title(group)));
    page.table(rows, false);
  }
}

std::vector<std::vector<std::string>> exit_status_rows() {
  std::vector<std::vector<std::string>> rows = {{"Status", "Name", "Written?", "Meaning"}};
  for (const ExitStatusSpec& spec : all_exit_statuses()) {
    rows.push_back({std::to_string(spec.status), std::string(spec.name),
                    std::string(spec.written.substr(0, spec.written.find(':'))),
                    std::string(spec.meaning)});
  }
  return rows;
}

GeneratedFile program_page(const std::string& text) {
  const std::vector<Block> blocks = parse_prose(text);
  ManPage page("ksv", "1", "atomic work on key-value stores");
  page.heading("SYNOPSIS");
  page.synopsis("ksv", "[OPTION]... COMMAND [ARGUMENT]...");
  page.synopsis("ksv help", "[COMMAND | TOPIC]");
  page.heading("DESCRIPTION");
  page.prose(section_of(blocks, "DESCRIPTION"));
  add_command_list(page);
  page.subheading("Stores");
  page.prose(parse_prose(topic_source("stores")));
  page.subheading("Keys and values");
  page.prose(parse_prose(topic_source("values")));
  page.heading("OPTIONS");
  page.prose(section_of(blocks, "OPTIONS"));
  add_options(page, common_options());
  page.heading("EXIT STATUS");
  page.table(exit_status_rows(), true);
  page.prose(section_of(blocks, "EXIT STATUS"));
  page.heading("ENVIRONMENT");
  for (const VariableSpec& variable : all_variables()) {
    page.item(code(variable.name), sentence(variable.help));
  }
  page.heading("FILES");
  page.prose(section_of(blocks, "FILES"));
  page.heading("EXAMPLES");
  page.prose(section_of(blocks, "EXAMPLES"));
  page.see_also({"ksv-config(5)", "ksv-format(5)", "ksv-functions(7)"});
  return {"ksv.1", page.text()};
}

GeneratedFile text_page(std::string_view name, std::string_view summary, const std::string& text,
                        const std::vector<std::string>& others) {
  ManPage page(name, "5", summary);
  const std::vector<Block> blocks = parse_prose(text);
  const bool has_sections = std::any_of(blocks.begin(), blocks.end(), [](const Block& block) {
    return block.kind == Block::Kind::kHeading && block.text == "DESCRIPTION";
  });
  if (!has_sections) page.heading("DESCRIPTION");
  page.prose(blocks);
  page.see_also(others);
  return {std::string(name) + ".5", page.text()};
}

GeneratedFile functions_page() {
  ManPage page("ksv-functions", "7", "the language of update functions");
  page.heading("DESCRIPTION");
  std::vector<Block> blocks = parse_prose(topic_source("functions"));
  for (Block& block : blocks) {
    if (block.kind == Block::Kind::kHeading) block.kind = Block::Kind::kSubheading;
  }
  page.prose(blocks);
  page.heading("FORMS");
  for (const expr::SpecialFormInfo& form : expr::special_forms()) {
    page.item(code(form.shape), sentence(form.summary));
    if (!form.example.empty()) page.verbatim({std::string(form.example)});
  }
  page.heading("FUNCTIONS");
  for (const expr::BuiltinFamily& family : expr::builtin_families()) {
    page.subheading(family.title);
    for (const expr::BuiltinInfo& function : family.functions) {
      if (function.example.empty()) continue;
      page.item(code(function.name),
                std::string(function.summary) + ". Arguments: " + expr::arity_text(function) + ".");
      page.verbatim({std::string(function.example)});
    }
  }
  page.see_also({"ksv(1)", "ksv-update(1)", "ksv-swap(1)", "ksv-reduce-log(1)"});
  return {"ksv-functions.7", page.text()};
}

}  // namespace

std::vector<GeneratedFile> manual_pages(const ManualTexts& texts) {
  std::vector<GeneratedFile> pages;
  pages.push_back(program_page(texts.program));
  for (const CommandSpec& command : all_commands()) pages.push_back(command_page(command));
  pages.push_back(
      text_page("ksv-config", "named stores for ksv", texts.config, {"ksv(1)", "ksv-format(5)"}));
  pages.push_back(text_page("ksv-format", "what ksv and konserve keep in their stores",
                            texts.format, {"ksv(1)", "ksv-inspect(1)", "ksv-hash(1)"}));
  pages.push_back(functions_page());
  return pages;
}

}  // namespace ksv::cli
