// create-store, store-exists, delete-store: the life of a store.
#include <cstdio>
#include <string>
#include <unistd.h>

#include "cli/command_list.h"
#include "cli/progress.h"
#include "cli/session.h"

namespace ksv::cli {
namespace {

Result<Answer> run_create(Session& session, const Arguments& arguments) {
  StorePlace* place = KSV_TRY(session.place());
  if (arguments.has("dry-run")) {
    const bool exists = KSV_TRY(place->exists());
    session.out().note(session.store_text() + (exists ? " exists" : " would be created"));
    return Answer::kYes;
  }
  const SignalHold hold(session.env());
  const CreateOutcome outcome = KSV_TRY(place->create());
  if (outcome == CreateOutcome::kCreated || arguments.has("if-absent")) return Answer::kYes;
  return Error(ErrorCode::kState, session.store_text() + " exists already")
      .with_hint("With --if-absent that is no error");
}

Result<Answer> run_exists(Session& session, const Arguments&) {
  StorePlace* place = KSV_TRY(session.place());
  const bool exists = KSV_TRY(place->exists());
  session.out().boolean(exists);
  return exists ? Answer::kYes : Answer::kNo;
}

// The last part of the store's name: what a person types to confirm.
std::string short_name(const std::string& text) {
  const auto slash = text.find_last_of('/');
  return slash == std::string::npos ? text : text.substr(slash + 1);
}

Result<bool> confirmed(Session& session, StorePlace& place) {
  if (::isatty(STDIN_FILENO) != 1) {
    return Error(ErrorCode::kUsage, "would delete " + session.store_text() + " and all its keys")
        .with_hint("Say --yes to do it without being asked");
  }
  std::uint64_t count = 0;
  std::optional<std::string> after;
  do {
    Page page = KSV_TRY(place.backend().list("", after));
    count += page.entries.size();
    after = std::move(page.next);
  } while (after);
  const std::string name = short_name(session.store_text());
  std::fprintf(stderr, "Delete store %s with %llu keys? Type its name to confirm: ",
               session.store_text().c_str(), static_cast<unsigned long long>(count));
  std::string answer;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
    answer += static_cast<char>(c);
    if (answer.size() > name.size()) break;
  }
  return answer == name;
}

Result<Answer> run_delete(Session& session, const Arguments& arguments) {
  StorePlace* place = KSV_TRY(session.place());
  if (!KSV_TRY(place->exists())) {
    if (arguments.has("if-exists")) return Answer::kYes;
    return Error(ErrorCode::kState, "no store at " + session.store_text())
        .with_hint("With --if-exists that is no error");
  }
  if (arguments.has("dry-run")) {
    session.out().note(session.store_text() + " would be deleted");
    return Answer::kYes;
  }
  if (!arguments.has("yes") && !KSV_TRY(confirmed(session, *place))) {
    return Error(ErrorCode::kUsage, "not confirmed").with_hint("Nothing was deleted");
  }
  Progress progress("deleting", session, Progress::Unit::kKeys);
  const auto count = [&](std::uint64_t keys) { progress.set(keys); };
  const DeleteOutcome outcome = KSV_TRY(place->remove(count));
  static_cast<void>(outcome);  // another may have deleted it meanwhile: it is gone all the same
  return Answer::kYes;
}

}  // namespace

CommandSpec create_store_command() {
  return {.name = "create-store",
          .group = Group::kStores,
          .summary = "create a store",
          .description =
              "Creates the store that --store names, or the default store. It is an error if it "
              "exists. A file store is a folder; missing parents are made.",
          .operands = {},
          .options = {{.name = "if-absent", .help = "no error when the store exists"},
                      hash_key_option(),
                      range_key_option(),
                      dry_run_option()},
          .examples = {{.text = "$ ksv create-store\n"
                                "$ ksv -s ./inventory create-store\n"
                                "$ ksv -s ./inventory create-store\n"
                                "! ksv: create-store: ./inventory exists already. With "
                                "--if-absent that is no error.\n"
                                "? 8"},
                       {.text = "$ ksv create-store --hash-key artist:s --range-key song:s\n"
                                "$ ksv assoc '{:artist \"X\" :song \"A\"}' '{:year 1999}'\n"
                                "$ ksv keys\n"
                                "{:artist \"X\", :song \"A\"}",
                        .setup = "export KSV_STORE=dynamodb://man-songs",
                        .server = "dynamodb"}},
          .run = run_create};
}

CommandSpec store_exists_command() {
  return {.name = "store-exists",
          .group = Group::kStores,
          .summary = "tell whether a store is there",
          .description = "Prints true or false.",
          .operands = {},
          .options = {},
          .no_when = "it does not exist",
          .examples = {{.text = "$ ksv store-exists\n"
                                "true\n"
                                "$ ksv -s ./nothing store-exists\n"
                                "false\n"
                                "? 1",
                        .setup = "ksv create-store"}},
          .run = run_exists};
}

CommandSpec delete_store_command() {
  return {.name = "delete-store",
          .group = Group::kStores,
          .summary = "delete a store and all its keys",
          .description =
              "Deletes every key of the store, then the store. On a terminal it asks for the "
              "store's name; elsewhere it needs --yes. A folder that holds files which are not "
              "the store's is left as it is. After a failure it can be run again.",
          .operands = {},
          .options = {{.name = "yes", .help = "do not ask"},
                      {.name = "if-exists", .help = "no error when there is no such store"},
                      dry_run_option()},
          .examples = {{.text = "$ ksv delete-store --yes\n"
                                "$ ksv store-exists\n"
                                "false\n"
                                "? 1",
                        .setup = "ksv create-store"}},
          .run = run_delete};
}

}  // namespace ksv::cli
