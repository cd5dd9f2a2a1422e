// Command lines into commands and arguments.
#include "cli/parse.h"

#include "support/result_checks.h"

namespace ksv::cli {
namespace {

using Words = std::vector<std::string>;

CommandLine parsed(const Words& words) {
  auto line = parse_command_line(words);
  REQUIRE_OK(line);
  return *std::move(line);
}

TEST_CASE("common options may stand before and after the command, in every spelling") {
  for (const Words& words : {Words{"-s", "./x", "get", ":a"}, Words{"get", "-s", "./x", ":a"},
                             Words{"get", ":a", "--store=./x"},
                             Words{"--store", "./x", "get", ":a"}, Words{"-s./x", "get", ":a"}}) {
    const CommandLine line = parsed(words);
    REQUIRE(line.command != nullptr);
    CHECK(line.command->name == "get");
    CHECK(*line.arguments.find("store") == "./x");
    CHECK(line.arguments.operands == Words{":a"});
  }
}

TEST_CASE("operands reach the command as they were written") {
  CHECK(parsed({"get", "[:a 1, :b]"}).arguments.operands == Words{"[:a 1, :b]"});
  CHECK(parsed({"assoc", ":a", "-5"}).arguments.operands == Words{":a", "-5"});
  CHECK(parsed({"assoc", ":a", "-"}).arguments.operands == Words{":a", "-"});
  CHECK(parsed({"assoc", ":a", ""}).arguments.operands == Words{":a", ""});
  CHECK(parsed({"get", "--", "--json"}).arguments.operands == Words{"--json"});
  CHECK(parsed({"update", ":a", "+", "1", "2"}).arguments.operands == Words{":a", "+", "1", "2"});
}

TEST_CASE("what follows -- is the command where --exec is given") {
  const CommandLine line = parsed({"swap", ":a", "--exec", "--", "jq", "--raw-output", "."});
  CHECK(line.arguments.operands == Words{":a"});
  CHECK(line.arguments.exec == Words{"jq", "--raw-output", "."});
}

TEST_CASE("short flags can be grouped, and of a repeated option the last counts") {
  const CommandLine line = parsed({"keys", "-q0v", "--prefix", ":a", "--prefix", ":b"});
  CHECK(line.arguments.has("quiet"));
  CHECK(line.arguments.has("null"));
  CHECK(line.arguments.has("verbose"));
  CHECK(*line.arguments.find("prefix") == ":b");
}

TEST_CASE("what is unknown, missing or too much is a usage error with a way out") {
  const auto hint_of = [](const Words& words) {
    auto line = parse_command_line(words);
    REQUIRE_ERROR(line, ErrorCode::kUsage);
    return line.error().hint();
  };
  CHECK(hint_of({"gett", ":a"}) == "Did you mean \"get\"?");
  CHECK(hint_of({"get", ":a", "--jsn"}) == "Did you mean --json?");
  CHECK(hint_of({"get"}) == "ksv help get");
  CHECK(hint_of({"get", ":a", ":b", ":c"}) == "ksv help get");
  CHECK(hint_of({"keys", "--prefix"}) == "ksv help keys");
  CHECK(hint_of({"get", ":a", "--color", "red"}) == "Choose one of auto|always|never");
}

}  // namespace
}  // namespace ksv::cli
