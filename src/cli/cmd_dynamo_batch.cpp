// batch-get and batch-write: any number of items, in as many requests as they need.
#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_expression.h"
#include "cli/item_command.h"
#include "cli/session.h"

#include "ksv/limits.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/dynamodb/dynamo_item_text.h"
#include "base/parallel.h"
#include "base/read_source.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"
#include "core/update.h"

namespace ksv::cli {
namespace {

// Requests in flight.
constexpr std::size_t kInFlight = 16;
constexpr std::chrono::milliseconds kPauseFirst{50};
// A request takes no more (Amazon DynamoDB Developer Guide, "Service quotas"); JSON needs room.
constexpr std::size_t kRequestBytesMax = std::size_t{15} << 20;

// The values of the operands, or those that standard input or a file ("-", "@FILE") has, one after
// the other: EDN, or with --json an object a line.
Result<Values> values_of(Session& session, const Arguments& arguments) {
  Values values;
  for (const std::string& operand : arguments.operands) {
    if (operand != "-" && !operand.starts_with('@')) {
      Value value = KSV_TRY(session.typed_json()
                                ? session.value(operand, "ITEM")
                                : read_value(session.env(), operand, session.syntax(), "ITEM"));
      values.push_back(std::move(value));
      continue;
    }
    const ByteSource source =
        KSV_TRY(open_source(session.env(), operand == "-" ? operand : operand.substr(1)));
    Bytes bytes = KSV_TRY(read_source(source, limits::kValueBytesMax, "a batch"));
    const std::string_view text = text_of(bytes);
    if (session.typed_json() || session.syntax() == ValueSyntax::kJson) {
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (line.find_first_not_of(" \t\r") == line.npos) continue;
        Value value = KSV_TRY(session.typed_json() ? read_typed_json(line) : read_plain_json(line));
        values.push_back(std::move(value));
      }
      continue;
    }
    EdnStream stream(text);
    for (;;) {
      auto next = stream.next();
      if (!next.has_value()) return std::move(next).error().with_context(operand);
      if (!*next) break;
      values.push_back(**std::move(next));
    }
  }
  return values;
}

// One put or removal, as the user wrote it.
struct Task {
  Value shown;
  dynamodb::BatchWrite write{};
};

// {:id 1 ...}, [:put ITEM], [:delete KEY]; with `removes` a KEY.
Result<Task> task_of(const std::string& table, const Value& value, bool removes) {
  Task task{.shown = value, .write = {.table = table}};
  const Value* content = &value;
  bool is_removal = removes;
  if (value.is(Kind::kVector) && value.items().size() == 2 && value.items()[0].is(Kind::kKeyword)) {
    const std::string word = value.items()[0].as_name().text();
    if (word != "put" && word != "delete") {
      return Error(ErrorCode::kUsage, edn_excerpt(value) + " is neither :put nor :delete");
    }
    is_removal = word == "delete";
    content = &value.items()[1];
  }
  if (!content->is(Kind::kMap)) {
    return Error(ErrorCode::kUsage, "an item is a map, got " + edn_excerpt(*content));
  }
  std::string json = KSV_TRY(write_item(*content));
  (is_removal ? task.write.key : task.write.item) = std::move(json);
  return task;
}

// What became of the items of a batch.
struct Left {
  Values items;
  std::optional<Error> why{};
  bool is_unknown = false;
};

class BatchWriter {
 public:
  BatchWriter(Session& session, dynamodb::ItemPlace& place) : session_(session), place_(place) {}

  Result<Left> run(std::vector<Task> tasks) {
    const std::vector<std::vector<Task>> batches = split(std::move(tasks));
    KSV_CHECK(for_each_parallel(batches.size(), kInFlight, [&](std::size_t i) {
      write(batches[i]);
      return ok();
    }));
    return std::move(left_);
  }

 private:
  static std::vector<std::vector<Task>> split(std::vector<Task> tasks) {
    std::vector<std::vector<Task>> batches;
    std::size_t bytes = 0;
    for (Task& task : tasks) {
      const std::size_t size = task.write.item.size() + task.write.key.size();
      const bool is_full = batches.empty() || batches.back().size() == dynamodb::kBatchWriteMax ||
                           bytes + size > kRequestBytesMax;
      if (is_full) {
        batches.emplace_back();
        bytes = 0;
      }
      bytes += size;
      batches.back().push_back(std::move(task));
    }
    return batches;
  }

  // Until all is done, or the time is up.
  void write(const std::vector<Task>& batch) {
    std::vector<dynamodb::BatchWrite> writes;
    for (const Task& task : batch) writes.push_back(task.write);
    for (std::uint32_t round = 2;; ++round) {
      auto reply = dynamodb::batch_write(place_.wire(), writes, "", net::Repeat::kOnce);
      if (!reply.has_value()) return note_left(batch, writes, reply.error());
      if (reply->unprocessed.empty()) return;
      // After progress the pauses begin anew.
      if (reply->unprocessed.size() < writes.size()) round = 2;
      writes = std::move(reply->unprocessed);
      if (session_.call().deadline.passed()) {
        return note_left(batch, writes,
                         Error(ErrorCode::kDeadline, "the time is up; the service put it off"));
      }
      session_.env().sleep(backoff(kPauseFirst, round, session_.env()));
    }
  }

  void note_left(const std::vector<Task>& batch, const std::vector<dynamodb::BatchWrite>& writes,
                 const Error& why) {
    std::set<std::string> texts;
    for (const auto& write : writes) {
      const std::string& json = write.item.empty() ? write.key : write.item;
      const auto canonical = dynamodb::canonical_item(json);
      texts.insert(canonical.has_value() ? *canonical : json);
    }
    const std::lock_guard guard(mutex_);
    left_.why = why;
    left_.is_unknown = left_.is_unknown || why.effect() == Effect::kUnknown;
    for (const Task& task : batch) {
      const std::string& json = task.write.item.empty() ? task.write.key : task.write.item;
      const auto canonical = dynamodb::canonical_item(json);
      if (texts.count(canonical.has_value() ? *canonical : json) > 0) {
        left_.items.push_back(task.shown);
      }
    }
  }

  Session& session_;
  dynamodb::ItemPlace& place_;
  std::mutex mutex_;
  Left left_;
};

Result<Answer> run_batch_write(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  std::vector<Task> tasks;
  for (const Value& value : KSV_TRY(values_of(session, arguments))) {
    tasks.push_back(KSV_TRY(task_of(place->table(), value, arguments.has("delete"))));
  }
  const std::size_t total = tasks.size();
  BatchWriter writer(session, *place);
  const Left left = KSV_TRY(writer.run(std::move(tasks)));
  if (left.items.empty()) return Answer::kYes;
  for (const Value& item : left.items) session.out().record(item);
  const Effect effect = left.is_unknown ? Effect::kUnknown : Effect::kNone;
  if (left.items.size() == total && !left.is_unknown) return *left.why;
  return Error(ErrorCode::kPartial,
               std::to_string(left.items.size()) + " of " + std::to_string(total) +
                   " were not done" + (left.is_unknown ? ", as far as is known" : "") + ": " +
                   left.why->message(),
               effect)
      .with_hint("They are printed, so that batch-write - takes them");
}

Result<Answer> run_batch_get(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  Expressions expressions = KSV_TRY(Expressions::make({}, {}));
  std::string projection;
  if (const std::string* paths = arguments.find("projection")) {
    projection = KSV_TRY(expressions.add("--projection", *paths));
  }
  std::set<std::string> keys;  // the service refuses one that is named twice
  for (const Value& value : KSV_TRY(values_of(session, arguments))) {
    const Value key = value.is(Kind::kMap) ? value : KSV_TRY(session.key(print_edn(value)));
    const std::string json = KSV_TRY(write_item(key));
    keys.insert(KSV_TRY(dynamodb::canonical_item(json)));
  }
  const std::vector<std::string> all(keys.begin(), keys.end());
  const std::size_t batches = (all.size() + dynamodb::kBatchGetMax - 1) / dynamodb::kBatchGetMax;
  std::mutex mutex;
  const auto get = [&](std::size_t batch) -> Status {
    const std::size_t from = batch * dynamodb::kBatchGetMax;
    const std::size_t to = std::min(all.size(), from + dynamodb::kBatchGetMax);
    std::vector<dynamodb::TableKeys> wanted(1);
    wanted[0] = {.table = place->table(),
                 .keys = {},
                 .projection = projection,
                 .names = expressions.names_json(),
                 .stale = place->wire().settings().stale};
    for (std::size_t i = from; i < to; ++i) wanted[0].keys.push_back(all[i]);
    for (std::uint32_t round = 2; !wanted.empty(); ++round) {
      const dynamodb::BatchGetReply reply = KSV_TRY(dynamodb::batch_get(place->wire(), wanted, ""));
      {
        const std::lock_guard guard(mutex);
        for (const dynamodb::TableItem& item : reply.items) {
          KSV_CHECK(print_item(session, item.item));
        }
      }
      if (reply.unprocessed.empty()) break;
      if (!reply.items.empty()) round = 2;
      wanted = reply.unprocessed;
      if (session.call().deadline.passed()) {
        return Error(ErrorCode::kPartial, "the time is up; the service put off some keys");
      }
      session.env().sleep(backoff(kPauseFirst, round, session.env()));
    }
    return ok();
  };
  KSV_CHECK(for_each_parallel(batches, kInFlight, get));
  return Answer::kYes;
}

}  // namespace

CommandSpec batch_get_command() {
  return {
      .name = "batch-get",
      .group = Group::kDynamo,
      .summary = "read many items",
      .description =
          "Prints the items that are there of the keys given, an item a line, in no order. Any "
          "number of keys, from operands, or one after the other from standard input (`-`) or a "
          "file (`@FILE`): EDN, with --json an object a line. What the service puts off is asked "
          "for again until the time is up.",
      .operands = {{.name = "KEY",
                    .help = "keys as EDN, - or @FILE",
                    .count = OperandSpec::Count::kSome}},
      .options = {{.name = "projection", .argument = "PATHS", .help = "only these attributes"},
                  {.name = "stale", .help = "eventually consistent reads, at half the price"}},
      .examples = {},
      .run = run_batch_get};
}

CommandSpec batch_write_command() {
  return {
      .name = "batch-write",
      .group = Group::kDynamo,
      .summary = "write or remove many items",
      .description =
          "Writes each ITEM, a map with its key, whatever was there; `[:delete KEY]` removes, as "
          "all do with --delete, and `[:put ITEM]` says the usual. Any number, from operands, or "
          "one after the other from standard input (`-`) or a file (`@FILE`): EDN, with --json "
          "an object a line. Each is written for itself, without a condition.\n\n"
          "What the service puts off is sent again, with growing pauses, until the time is up; "
          "then what is left is printed, and the status is 11.",
      .operands = {{.name = "ITEM",
                    .help = "items as EDN, - or @FILE",
                    .count = OperandSpec::Count::kSome}},
      .options = {{.name = "delete", .help = "what is given are keys of items to remove"}},
      .examples = {},
      .run = run_batch_write};
}

}  // namespace ksv::cli
