// Help: guesses at mistyped words, calls of a command, and what an example shows.
#include "cli/help_text.h"

#include <array>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>

namespace ksv::cli {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"get", "update", "update-in", "dissoc"};

std::string nearest(std::string_view word) {
  return std::string(nearest_name(word, kNames).value_or("(none)"));
}

TEST_CASE("a mistyped word is taken for the nearest name") {
  CHECK(nearest("updte") == "update");
  CHECK(nearest("udpate") == "update");
  CHECK(nearest("update-ni") == "update-in");
  CHECK(nearest("disoc") == "dissoc");
  CHECK(nearest("gte") == "get");
}

TEST_CASE("a word that is near to no name is not guessed at") {
  CHECK(nearest("x") == "(none)");
  CHECK(nearest("") == "(none)");
  CHECK(nearest("delete") == "(none)");
  CHECK(nearest(std::string(100'000, 'u')) == "(none)");
}

TEST_CASE("each way to call a command is a line") {
  CommandSpec command;
  command.name = "cas";
  command.synopsis = "KEY OLD NEW\nKEY NEW --absent";
  CHECK(synopsis_lines(command) ==
        std::vector<std::string>{"ksv cas [OPTION]... KEY OLD NEW",
                                 "ksv cas [OPTION]... KEY NEW --absent"});
  using Count = OperandSpec::Count;
  command.synopsis = {};
  command.operands = {{.name = "KEY", .help = ""},
                      {.name = "FILE", .help = "", .count = Count::kOptional},
                      {.name = "ARG", .help = "", .count = Count::kAny}};
  CHECK(synopsis_lines(command) ==
        std::vector<std::string>{"ksv cas [OPTION]... KEY [FILE] [ARG]..."});
}

TEST_CASE("an example is shown without statuses and marks") {
  CHECK(shown_example({.text = "$ ksv get :a\n! ksv: get :a: no store\n? 8"}) ==
        "$ ksv get :a\nksv: get :a: no store\n");
}

TEST_CASE("the help of each command has its name, its options and its examples") {
  for (const CommandSpec& command : all_commands()) {
    const std::string help = command_help(command, false);
    INFO(help);
    CHECK(help.starts_with("ksv " + std::string(command.name) + ": "));
    for (const OptionSpec& option : command.options) {
      CHECK(help.find("--" + std::string(option.name)) != std::string::npos);
    }
    CHECK(help.find('\x1b') == std::string::npos);
    CHECK_FALSE(help.ends_with('\n'));
  }
}

TEST_CASE("the overview names all commands and topics") {
  const std::string overview = overview_text();
  for (const CommandSpec& command : all_commands()) {
    CHECK(overview.find(" " + std::string(command.name)) != std::string::npos);
  }
  for (const TopicSpec& topic : all_topics()) {
    CHECK(overview.find(" " + std::string(topic.name)) != std::string::npos);
    CHECK_FALSE(topic.text().empty());
    CHECK_FALSE(topic_source(topic.name).empty());
  }
}

TEST_CASE("the README has the table of exit statuses as it is") {
  std::ifstream file(KSV_GOLDEN_DIR "/../../README.md", std::ios::binary);
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  REQUIRE_FALSE(readme.empty());
  for (const ExitStatusSpec& spec : all_exit_statuses()) {
    const std::string row = "\n| " + std::to_string(spec.status) + " | " + std::string(spec.name) +
                            " | " + std::string(spec.meaning) + " | " + std::string(spec.written) +
                            " |\n";
    INFO(row);
    CHECK(readme.find(row) != std::string::npos);
  }
}

}  // namespace
}  // namespace ksv::cli
