// batch-get and batch-write: any number of items, in as many requests as they need.
#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_batch_form.h"
#include "cli/dynamo_capacity.h"
#include "cli/dynamo_expression.h"
#include "cli/item_command.h"
#include "cli/session.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/dynamodb/dynamo_item_text.h"
#include "base/parallel.h"
#include "codec/dynamo_item.h"
#include "core/update.h"

namespace ksv::cli {
namespace {

// Requests in flight.
constexpr std::size_t kInFlight = 16;
constexpr std::chrono::milliseconds kPauseFirst{50};
// A request takes no more (Amazon DynamoDB Developer Guide, "Service quotas"); JSON needs room.
constexpr std::size_t kRequestBytesMax = std::size_t{15} << 20;

// What became of the items of a batch.
struct Left {
  Values items;
  std::optional<Error> why{};
  bool is_unknown = false;
};

class BatchWriter {
 public:
  BatchWriter(Session& session, dynamodb::ItemPlace& place, CapacityMeter& capacity)
      : session_(session), place_(place), capacity_(capacity) {}

  Result<Left> run(std::vector<BatchTask> tasks) {
    const std::vector<std::vector<BatchTask>> batches = split(std::move(tasks));
    KSV_CHECK(for_each_parallel(batches.size(), kInFlight, [&](std::size_t i) {
      write(batches[i]);
      return ok();
    }));
    return std::move(left_);
  }

 private:
  static std::vector<std::vector<BatchTask>> split(std::vector<BatchTask> tasks) {
    std::vector<std::vector<BatchTask>> batches;
    std::size_t bytes = 0;
    for (BatchTask& task : tasks) {
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
  void write(const std::vector<BatchTask>& batch) {
    std::vector<dynamodb::BatchWrite> writes;
    for (const BatchTask& task : batch) writes.push_back(task.write);
    for (std::uint32_t round = 2;; ++round) {
      auto reply =
          dynamodb::batch_write(place_.wire(), writes, capacity_.wish(), net::Repeat::kOnce);
      if (!reply.has_value()) return note_left(batch, writes, reply.error());
      capacity_.add(reply->capacity);
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

  void note_left(const std::vector<BatchTask>& batch,
                 const std::vector<dynamodb::BatchWrite>& writes, const Error& why) {
    std::set<std::string> texts;
    for (const auto& write : writes) {
      const std::string& json = write.item.empty() ? write.key : write.item;
      const auto canonical = dynamodb::canonical_item(json);
      texts.insert(canonical.has_value() ? *canonical : json);
    }
    const std::lock_guard guard(mutex_);
    left_.why = why;
    left_.is_unknown = left_.is_unknown || why.effect() == Effect::kUnknown;
    for (const BatchTask& task : batch) {
      const std::string& json = task.write.item.empty() ? task.write.key : task.write.item;
      const auto canonical = dynamodb::canonical_item(json);
      if (texts.count(canonical.has_value() ? *canonical : json) > 0) {
        left_.items.push_back(task.shown);
      }
    }
  }

  Session& session_;
  dynamodb::ItemPlace& place_;
  CapacityMeter& capacity_;
  std::mutex mutex_;
  Left left_;
};

// As batch-write takes it again.
Status print_task(Session& session, const Value& task) {
  if (!session.typed_json() || !task.is(Kind::kMap)) {
    session.out().record(task);
    return ok();
  }
  const std::string json = KSV_TRY(write_item(task));
  session.out().line(json);
  return ok();
}

Result<Answer> run_batch_write(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  std::vector<BatchTask> tasks = KSV_TRY(read_batch_tasks(session, arguments));
  const std::size_t total = tasks.size();
  CapacityMeter capacity(session, arguments);
  BatchWriter writer(session, *place, capacity);
  const Left left = KSV_TRY(writer.run(std::move(tasks)));
  capacity.tell();
  if (left.items.empty()) return Answer::kYes;
  for (const Value& item : left.items) KSV_CHECK(print_task(session, item));
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
  const std::vector<std::string> all = KSV_TRY(read_batch_keys(session, arguments));
  const std::size_t batches = (all.size() + dynamodb::kBatchGetMax - 1) / dynamodb::kBatchGetMax;
  CapacityMeter capacity(session, arguments);
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
      const dynamodb::BatchGetReply reply =
          KSV_TRY(dynamodb::batch_get(place->wire(), wanted, capacity.wish()));
      capacity.add(reply.capacity);
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
  const Status status = for_each_parallel(batches, kInFlight, get);
  capacity.tell();
  KSV_CHECK(status);
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
          "file (`@FILE`): EDN, with --json or --typed-json an object a line. What the service "
          "puts "
          "off is asked for again until the time is up.",
      .operands = {{.name = "KEY",
                    .help = "keys as EDN, - or @FILE",
                    .count = OperandSpec::Count::kSome}},
      .options = {{.name = "projection", .argument = "PATHS", .help = "only these attributes"},
                  multi_values_option(),
                  {.name = "stale", .help = "eventually consistent reads, at half the price"},
                  consistent_option(),
                  capacity_option(),
                  typed_json_option()},
      .examples = {{.text = "$ ksv batch-get 1 2 999 | sort\n"
                            "{:id 1, :n 1}\n"
                            "{:id 2, :n 2}\n"
                            "$ ksv batch-get '{:id [1 2]}' --multi-values --projection n | sort\n"
                            "{:n 1}\n"
                            "{:n 2}\n"
                            "$ seq 1 3 | ksv batch-get - --json --capacity | wc -l | tr -d ' '\n"
                            "3\n"
                            "ksv: capacity {\"TableName\":\"man-batch-get\",\"CapacityUnits\":3.0}",
                    .setup = "export KSV_STORE=dynamodb://man-batch-get\n"
                             "ksv create-store --hash-key id:n\n"
                             "ksv batch-write '{:id 1 :n 1}' '{:id 2 :n 2}' '{:id 3 :n 3}'",
                    .server = "dynamodb"}},
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
          "one after the other from standard input (`-`) or a file (`@FILE`): EDN, with --json or "
          "--typed-json an object a line. Each is written for itself, without a condition; of "
          "several with one key the last counts. Of what is removed the attributes of the key "
          "count, so that whole items do, too.\n\n"
          "All are read and checked before the first is sent. "
          "What the service puts off is sent again, with growing pauses, until the time is up; "
          "then what is left is printed, and the status is 11.",
      .operands = {{.name = "ITEM",
                    .help = "items as EDN, - or @FILE",
                    .count = OperandSpec::Count::kSome}},
      .options = {{.name = "delete", .help = "what is given are keys of items to remove"},
                  multi_values_option(),
                  capacity_option(),
                  typed_json_option()},
      .examples = {{.text =
                        "$ seq 1 100 | sed 's/.*/{\"id\":&,\"kind\":\"even\"}/' | ksv batch-write "
                        "- --json\n"
                        "$ ksv batch-write '{:id 101}' '[:delete {:id 1}]' '{:id [102 103]}' \\\n"
                        "    --multi-values\n"
                        "$ ksv scan --count\n"
                        "102\n"
                        "$ ksv scan --filter 'id > 100' | ksv batch-write - --delete\n"
                        "$ ksv scan --count\n"
                        "99",
                    .setup = "export KSV_STORE=dynamodb://man-batch-write\n"
                             "ksv create-store --hash-key id:n",
                    .server = "dynamodb"}},
      .run = run_batch_write};
}

}  // namespace ksv::cli
