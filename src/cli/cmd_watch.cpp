// watch: the changes of a key or a directory, as they happen.
#include <charconv>

#include "cli/command_list.h"
#include "cli/etcd_node.h"
#include "cli/foreground.h"
#include "cli/session.h"

#include "backend/etcd/etcd_place.h"
#include "base/utf8.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

Result<std::int64_t> number_of(const Arguments& arguments, const char* option) {
  const std::string* text = arguments.find(option);
  if (text == nullptr) return std::int64_t{0};
  std::int64_t number = 0;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, number);
  if (error == std::errc() && end == last && number > 0) return number;
  return Error(ErrorCode::kUsage,
               "--" + std::string(option) + ": \"" + *text + "\" is not a whole number from 1");
}

Value value_of_event(const etcd::EtcdPlace& place, const etcd::Event& event) {
  Value map = Value::map();
  map.put(Value::keyword("action"), Value::keyword(event.action));
  map.put(Value::keyword("key"), Value::string("/" + place.key_of(event.node.path)));
  if (event.action == "put") map.put(Value::keyword("value"), value_of_node(event.node));
  map.put(Value::keyword("version"), Value::string(std::to_string(event.node.modified)));
  return map;
}

// The kernel takes 128 KiB for a variable, name included; a value that does not fit, or is no text,
// is on standard input alone.
constexpr std::size_t kVariableBytesMax = 100'000;

bool fits_variable(std::string_view text) {
  return text.size() <= kVariableBytesMax && text.find('\0') == text.npos && is_utf8(text);
}

// Runs the user's command for one event. Its failure ends the watch.
Status run_for_event(Session& session, const Arguments& arguments, const etcd::Event& event,
                     const Value& map) {
  const bool as_json = session.out().options().format == Format::kJson;
  const std::string line = (as_json ? print_json(map) : print_edn(map)) + "\n";
  const std::string version = std::to_string(event.node.modified);
  const std::string& key = field(map, "key")->as_string();
  ChildRequest request{.words = arguments.exec,
                       .variables = {{"KSV_KEY", key},
                                     {"KSV_ACTION", event.action},
                                     {"KSV_REVISION", version},
                                     {"KSV_STORE", session.store_form()}},
                       .input = bytes_of(line)};
  const std::string_view value = text_of(event.node.value);
  if (event.action == "put" && !event.node.is_directory && fits_variable(value)) {
    request.variables.emplace_back("KSV_VALUE", std::string(value));
  }
  const ChildResult result = KSV_TRY(run_foreground(session, request, RunningChild::Input::kGiven));
  if (result.status == 0 || session.env().signalled() != 0) return ok();
  return Error(ErrorCode::kFunction, "the command " + end_of(result) + " at the change of " + key +
                                         " with version " + version)
      .with_hint("With --from " + version + " the watch begins with that change");
}

Error cleared(const etcd::WatchEnd& end) {
  std::string message = "the server has forgotten the changes from " + std::to_string(end.next);
  if (end.oldest > 0) message += "; its oldest is " + std::to_string(end.oldest);
  return Error(ErrorCode::kState, std::move(message))
      .with_hint("Changes may be missed: read the state anew, then watch from its version on");
}

Result<Answer> run_watch(Session& session, const Arguments& arguments) {
  if (arguments.operands.size() != 1) {
    return Error(ErrorCode::kUsage, "takes one KEY, and perhaps a command after --")
        .with_hint("ksv help watch");
  }
  const std::string key = KSV_TRY(session.etcd_path(arguments.operands[0]));
  etcd::EtcdPlace* place = KSV_TRY(session.etcd());
  const std::string path = KSV_TRY(place->path_of(key));
  std::int64_t left = KSV_TRY(number_of(arguments, "count"));
  const std::int64_t from = KSV_TRY(number_of(arguments, "from"));
  Output& out = session.out();
  std::optional<Error> failure;  // of the command
  const etcd::EventSink sink = [&](const etcd::Event& event) -> Result<bool> {
    const Value map = value_of_event(*place, event);
    if (arguments.exec.empty()) {
      out.record(map);
      KSV_CHECK(out.flush());
    } else {
      const Status run = run_for_event(session, arguments, event, map);
      if (!run.has_value()) {
        failure = run.error();
        return false;
      }
    }
    return session.env().signalled() == 0 && (left == 0 || --left > 0);
  };
  const bool recursive = arguments.has("recursive");
  const auto end = KSV_TRY(place->client().watch(
      path, {.recursive = recursive, .from = from, .time = session.watch_time()}, sink));
  if (failure) return *std::move(failure);
  if (end.cleared) return cleared(end);
  return Answer::kYes;
}

}  // namespace

CommandSpec watch_command() {
  return {.name = "watch",
          .group = Group::kEtcd,
          .summary = "show changes as they happen",
          .description =
              "Prints each change of KEY as a map, one a line: its action (put, delete, expire), "
              "key, value and version. With --recursive those of everything in the directory KEY. "
              "With --from it begins with the changes of that version, so that a watch which "
              "ended goes on with the version after its last line: no change is missed or shown "
              "twice, over lost connections, too. Where the server has forgotten them, ksv says "
              "so and ends with status 8.\n\n"
              "With a command after -- nothing is printed: the command runs for each change, one "
              "after the other, with the map on its standard input (JSON with --json), and the "
              "variables KSV_KEY, KSV_ACTION, KSV_REVISION and, where it is a text of a moderate "
              "size, KSV_VALUE. When it fails, the watch ends with status 9 and says which change "
              "that was; --from then goes on there.\n\n"
              "It goes on until it is interrupted, --count changes were shown, or the time of "
              "--timeout is up; without that option there is no limit.",
          .operands = {{.name = "KEY", .help = "the key, or with --recursive the directory"},
                       {.name = "CMD",
                        .help = "a program and its arguments, run for each change",
                        .count = OperandSpec::Count::kAny}},
          .options = {recursive_option(),
                      {.name = "from", .argument = "VERSION", .help = "the first change to show"},
                      {.name = "count", .argument = "N", .help = "end after N changes"}},
          .examples = {{.text = "$ ksv watch /a --from \"$version\" --count 1 | "
                                "sed 's/, :version.*//'\n"
                                "{:action :put, :key \"/a\", :value \"one\"",
                        .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS/man-watch\n"
                                 "version=$(ksv assoc /a one --print-version)\n"
                                 "ksv assoc /a two",
                        .server = "etcd"},
                       {.text = "$ ksv watch /a --from \"$version\" --count 2 -- sh -c "
                                "'echo \"$KSV_ACTION $KSV_VALUE\"'\n"
                                "put one\n"
                                "put two",
                        .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS/man-watch-cmd\n"
                                 "version=$(ksv assoc /a one --print-version)\n"
                                 "ksv assoc /a two",
                        .server = "etcd"}},
          .run = run_watch,
          .synopsis = "KEY\nKEY -- CMD [ARG]...",
          .command_after = 1};
}

}  // namespace ksv::cli
