// help, version, completion: what ksv says of itself.
#include "cli/command_list.h"
#include "cli/gen_completions.h"
#include "cli/help_text.h"
#include "cli/release.h"
#include "cli/session.h"

#include "backend/etcd/etcd_place.h"

namespace ksv::cli {
namespace {

Result<Answer> run_help(Session& session, const Arguments& arguments) {
  if (arguments.operands.empty()) {
    session.out().line(overview_text());
    return Answer::kYes;
  }
  const std::string& word = arguments.operands[0];
  if (const CommandSpec* command = find_command(word)) {
    session.out().line(command_help(*command, session.out().options().pretty));
    return Answer::kYes;
  }
  std::vector<std::string_view> names;
  for (const TopicSpec& topic : all_topics()) {
    if (topic.name == word) {
      session.out().line(topic.text());
      return Answer::kYes;
    }
    names.push_back(topic.name);
  }
  for (const CommandSpec& command : all_commands()) names.push_back(command.name);
  const auto nearest = nearest_name(word, names);
  return Error(ErrorCode::kUsage, "no command or topic \"" + word + "\"")
      .with_hint(nearest ? "Did you mean \"" + std::string(*nearest) + "\"?"
                         : "ksv help lists them");
}

// What runs where the store is, for a store in etcd.
Result<Answer> print_server_version(Session& session) {
  etcd::EtcdPlace* place = KSV_TRY(session.etcd());
  const etcd::Release release = KSV_TRY(place->client().release());
  const auto put = [](Value& map, const char* name, const std::string& text) {
    if (!text.empty()) map.put(Value::keyword(name), Value::string(text));
  };
  Value map = Value::map();
  put(map, "version", std::string(kVersion));
  put(map, "server", release.server);
  put(map, "cluster", release.cluster);
  put(map, "api", release.api == etcd::Api::kV2 ? "v2" : "v3");
  put(map, "path", release.prefix);
  session.out().value(map);
  return Answer::kYes;
}

Result<Answer> run_version(Session& session, const Arguments& arguments) {
  if (arguments.has("store")) return print_server_version(session);
  if (session.out().options().format == Format::kJson) {
    session.out().value(
        Value::map({{Value::keyword("version"), Value::string(std::string(kVersion))}}));
  } else {
    session.out().line("ksv " + std::string(kVersion));
  }
  return Answer::kYes;
}

Result<Answer> run_completion(Session& session, const Arguments& arguments) {
  const auto script = completion_script(arguments.operands[0]);
  if (!script) {
    return Error(ErrorCode::kUsage, "no completion for \"" + arguments.operands[0] + "\"")
        .with_hint("Choose one of bash, zsh, fish");
  }
  session.out().bytes(bytes_of(*script));
  return Answer::kYes;
}

}  // namespace

CommandSpec help_command() {
  return {.name = "help",
          .group = Group::kTools,
          .summary = "explain a command or a topic",
          .description = "Without TOPIC, an overview.",
          .operands = {{.name = "TOPIC",
                        .help = "a command, or a topic such as stores, functions, exit-status",
                        .count = OperandSpec::Count::kOptional,
                        .completes = Completes::kTopic}},
          .options = {},
          .examples = {{.text = "$ ksv help cas | head -n 1\n"
                                "ksv cas: write a value if the old one is as expected"}},
          .run = run_help};
}

CommandSpec version_command() {
  static const std::string example = "$ ksv version\nksv " + std::string(kVersion);
  return {.name = "version",
          .group = Group::kTools,
          .summary = "print the version of ksv",
          .description =
              "Prints one line. With -s STORE, a store in etcd, a map with the version of the "
              "server and of the cluster, too, and which API ksv speaks with it.",
          .operands = {},
          .options = {},
          .examples = {{.text = example},
                       {.text = "$ ksv version -s etcd://$KSV_TEST_ETCD_ENDPOINTS --json | jq -r "
                                ".api\n"
                                "v3",
                        .server = "etcd"}},
          .run = run_version};
}

CommandSpec completion_command() {
  return {
      .name = "completion",
      .group = Group::kTools,
      .summary = "print a completion script",
      .description =
          "Prints the script that makes a shell complete ksv's commands and options; installs "
          "nothing. For bash: source <(ksv completion bash).",
      .operands = {{.name = "SHELL",
                    .help = "bash, zsh or fish",
                    .completes = Completes::kChoices,
                    .choices = "bash|zsh|fish"}},
      .options = {},
      .examples = {{.text = "$ mkdir -p ~/.local/share/bash-completion/completions\n"
                            "$ ksv completion bash > ~/.local/share/bash-completion/completions/"
                            "ksv"}},
      .run = run_completion};
}

}  // namespace ksv::cli
