// keys: listing a store's keys.
#include "cli/command_list.h"
#include "cli/session.h"

#include "codec/edn.h"

namespace ksv::cli {
namespace {

// How a key is compared with --prefix: as it is printed, or its text with --string-keys.
bool begins_with(const Value& key, const std::string& prefix, bool string_keys) {
  if (string_keys) return key.is(Kind::kString) && key.as_string().starts_with(prefix);
  return print_edn(key).starts_with(prefix);
}

Result<Answer> run_keys(Session& session, const Arguments& arguments) {
  Store* store = KSV_TRY(session.store());
  const std::string* prefix = arguments.find("prefix");
  const bool string_keys = arguments.has("string-keys");
  const bool meta = arguments.has("meta");
  Output& out = session.out();
  std::uint64_t unreadable = 0;
  KSV_CHECK(store->each_key(
      [&](const Value& key, const Entry& entry) -> Status {
        if (prefix != nullptr && !begins_with(key, *prefix, string_keys)) return ok();
        if (meta) {
          out.record(entry.meta);
        } else if (string_keys && key.is(Kind::kString)) {
          out.line(key.as_string());
        } else {
          out.record(key);
        }
        if (out.closed_pipe()) return Error(ErrorCode::kCancelled, "standard output was closed");
        return ok();
      },
      [&](const std::string& name, const Error& error) {
        ++unreadable;
        out.note("keys: " + name + ": " + error.message());
      }));
  if (unreadable == 0) return Answer::kYes;
  return Error(ErrorCode::kCorrupt, std::to_string(unreadable) + " blobs could not be read")
      .with_hint("All other keys were printed");
}

}  // namespace

CommandSpec keys_command() {
  return {.name = "keys",
          .group = Group::kValues,
          .summary = "list the keys",
          .description =
              "Prints the keys, one a line, in no order, as they are found. With --meta the "
              "metadata map of each key instead, whose :key is the key. The elements of append "
              "logs carry their log's key, so it shows once for each.\n\n"
              "A blob that cannot be read is named on standard error; the other keys are printed "
              "all the same and the exit status is 7.",
          .operands = {},
          .options = {{.name = "prefix",
                       .argument = "TEXT",
                       .help = "only keys whose EDN text begins so; with --string-keys, strings"},
                      {.name = "meta", .help = "print each key's metadata"}},
          .examples = {{.text = "$ ksv keys | sort\n"
                                ":counter\n"
                                "[:user 42]\n"
                                "$ ksv keys --prefix '[:user'\n"
                                "[:user 42]",
                        .setup = "ksv create-store\nksv assoc :counter 1\nksv assoc '[:user 42]' "
                                 "'{}'"}},
          .run = run_keys};
}

}  // namespace ksv::cli
