// The examples of the manual as transcripts in the format of tests/cli, so that they run as tests.
#include <utility>

#include "cli/command.h"
#include "cli/gen_man.h"
#include "cli/help_text.h"
#include "cli/prose.h"

#include "expr/builtins.h"

namespace ksv::cli {
namespace {

// What an example finds that is set up anew: no store, no profile, an empty folder.
constexpr std::string_view kFreshPlace =
    "$ cd \"$T/work\" && rm -rf \"$T/work\"/* \"$T/data\"/* \"$T/config\"/*\n";

// One line of an example. What ksv says on standard error is shown as it stands; the further lines
// of an error are indented.
std::string transcript_line(const std::string& line, bool& in_error) {
  const std::string_view view = line;
  in_error = view.starts_with("ksv: ") || (in_error && view.starts_with("     "));
  return (in_error ? "! " : "") + line + "\n";
}

std::string transcript_of(const Example& example) {
  std::string out;
  if (!example.setup.empty()) {
    out += kFreshPlace;
    for (const std::string& line : split_lines(example.setup)) {
      out += "$ " + line + "\n...\n";
    }
  }
  bool in_error = false;
  for (const std::string& line : split_lines(example.text)) out += transcript_line(line, in_error);
  return out + "\n";
}

// Verbatim blocks that show commands.
std::string transcript_of(const std::vector<Block>& blocks) {
  std::string out;
  for (const Block& block : blocks) {
    if (block.kind != Block::Kind::kVerbatim || !block.lines[0].starts_with("$ ")) continue;
    bool in_error = false;
    for (const std::string& line : block.lines) out += transcript_line(line, in_error);
    out += "\n";
  }
  return out;
}

// "(inc 1) => 2" as an update whose function takes no notice of the value it is given.
std::string function_step(std::string_view example) {
  constexpr std::string_view kGives = " => ";
  const std::size_t at = example.rfind(kGives);
  if (at == std::string_view::npos) return "";
  std::string form(example.substr(0, at));
  std::string quoted;
  for (const char c : form) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  const std::string_view result = example.substr(at + kGives.size());
  return "$ ksv get :x --select '(fn [x] " + quoted + ")'\n" +
         (result.starts_with('\\') ? "\\" : "") + std::string(result) + "\n";
}

std::string function_transcript() {
  std::string out =
      "# The example of each form and function in ksv-functions(7).\n"
      "$ ksv create-store\n$ ksv assoc :x nil\n";
  for (const expr::SpecialFormInfo& form : expr::special_forms()) {
    out += function_step(form.example);
  }
  for (const expr::BuiltinFamily& family : expr::builtin_families()) {
    for (const expr::BuiltinInfo& function : family.functions) {
      out += function_step(function.example);
    }
  }
  return out;
}

// The variables of the environment that examples with a server take.
std::string needs_of(std::string_view server) {
  if (server == "etcd") return "@ needs KSV_TEST_ETCD_ENDPOINTS\n";
  if (server != "dynamodb") return "";
  return "@ needs AWS_ENDPOINT_URL_DYNAMODB AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY "
         "AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE\n";
}

}  // namespace

// Of the examples that need `server`, or none.
std::vector<GeneratedFile> command_transcripts(std::string_view server) {
  std::vector<GeneratedFile> files;
  for (const CommandSpec& command : all_commands()) {
    std::string text;
    for (const Example& example : command.examples) {
      if (example.server == server) text += transcript_of(example);
    }
    if (text.empty()) continue;
    std::string title = "# The examples of ksv-" + std::string(command.name) + "(1).\n";
    title += needs_of(server);
    files.push_back({std::string(command.name) + ".test", std::move(title) + text});
  }
  return files;
}

std::vector<GeneratedFile> example_transcripts(const ManualTexts& texts) {
  std::vector<GeneratedFile> files = command_transcripts("");
  const auto add = [&](std::string_view name, const std::vector<Block>& blocks) {
    std::string text = transcript_of(blocks);
    if (!text.empty()) files.push_back({std::string(name) + ".test", std::move(text)});
  };
  add("ksv", parse_prose(texts.program));
  add("page-ksv-config", parse_prose(texts.config));
  add("page-ksv-format", parse_prose(texts.format));
  for (const TopicSpec& topic : all_topics()) {
    const std::string text = transcript_of(parse_prose(topic_source(topic.name)));
    if (text.empty()) continue;
    files.push_back({"topic-" + std::string(topic.name) + ".test", "$ ksv create-store\n" + text});
  }
  files.push_back({"functions.test", function_transcript()});
  return files;
}

}  // namespace ksv::cli
