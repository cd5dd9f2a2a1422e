// stream: what changed in a table of DynamoDB.
#include <algorithm>
#include <cctype>
#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_account.h"
#include "cli/item_command.h"
#include "cli/session.h"

#include "backend/dynamodb/dynamo_item_text.h"
#include "backend/dynamodb/dynamo_json.h"
#include "backend/dynamodb/dynamo_place.h"
#include "backend/dynamodb/dynamo_reply.h"
#include "backend/dynamodb/dynamo_stream_reader.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

using dynamodb::StreamPlace;
using dynamodb::StreamPlan;
using dynamodb::StreamRecord;

constexpr std::uint64_t kCountMax = 1'000'000'000'000;

// That of the operand, else the latest of the store's table.
Result<std::string> find_arn(const Arguments& arguments, DynamoAccount& account) {
  if (arguments.operands.size() > 1) {
    KSV_CHECK(dynamodb::check_stream_arn(arguments.operands[1]));
    return arguments.operands[1];
  }
  const std::string& table = account.table;
  if (table.empty()) {
    return Error(ErrorCode::kUsage, "it is not said which stream")
        .with_hint("Name its table with -s dynamodb://TABLE, or the ARN as stream list shows it");
  }
  const auto description = KSV_TRY(describe_table(*account.wire, table));
  if (!description) return absent_table(table);
  const JsonMembers members = KSV_TRY(json_members(*description));
  std::string arn = KSV_TRY(dynamodb::string_field(members, "LatestStreamArn"));
  if (!arn.empty()) return arn;
  return Error(ErrorCode::kState, "the table " + table + " has no stream")
      .with_hint("ksv table update " + table + " --stream new-and-old-images begins one");
}

void put_text(Value* map, const char* name, const std::string& text) {
  if (!text.empty()) map->put(Value::keyword(name), Value::string(text));
}

// "NEW_IMAGE" as :new-image.
std::string lower_word(std::string_view word) {
  std::string lower;
  for (const char c : word) {
    lower += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return lower;
}

void put_word(Value* map, const char* name, const std::string& word) {
  if (!word.empty()) map->put(Value::keyword(name), Value::keyword(lower_word(word)));
}

Result<Answer> run_list(Session& session, const Arguments& arguments, DynamoAccount& account) {
  const std::string table = arguments.has("all") ? "" : account.table;
  std::string start;
  do {
    const auto page = KSV_TRY(list_streams(*account.wire, table, start));
    for (const dynamodb::StreamName& name : page.streams) {
      Value map = Value::map();
      put_text(&map, "arn", name.arn);
      put_text(&map, "table", name.table);
      put_text(&map, "label", name.label);
      session.out().record(map);
    }
    if (session.out().closed_pipe() || page.next == start) break;
    start = page.next;
  } while (!start.empty());
  return Answer::kYes;
}

Value value_of_state(const dynamodb::StreamState& state) {
  Value map = Value::map();
  put_text(&map, "arn", state.arn);
  put_text(&map, "label", state.label);
  put_word(&map, "status", state.status);
  put_word(&map, "view-type", state.view);
  map.put(Value::keyword("created"), Value::inst(state.created_ms));
  put_text(&map, "table", state.table);
  Values schema;
  for (const dynamodb::StreamKey& key : state.key_schema) {
    Value each = Value::map();
    put_text(&each, "name", key.name);
    put_word(&each, "type", key.type);
    schema.push_back(std::move(each));
  }
  map.put(Value::keyword("key-schema"), Value::vector(std::move(schema)));
  Values shards;
  for (const dynamodb::Shard& shard : state.shards) {
    Value each = Value::map();
    put_text(&each, "id", shard.id);
    put_text(&each, "parent", shard.parent);
    put_text(&each, "first", shard.first);
    put_text(&each, "last", shard.last);
    shards.push_back(std::move(each));
  }
  map.put(Value::keyword("shards"), Value::vector(std::move(shards)));
  return map;
}

Result<Answer> run_describe(Session& session, const Arguments& arguments, DynamoAccount& account) {
  const std::string arn = KSV_TRY(find_arn(arguments, account));
  const auto state = KSV_TRY(describe_stream(*account.wire, arn));
  if (!state) return dynamodb::absent_stream(arn);
  session.out().value(value_of_state(*state));
  return Answer::kYes;
}

bool is_sequence(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

Result<StreamPlace> find_place(const Arguments& arguments) {
  using Kind = StreamPlace::Kind;
  const std::string* from = arguments.find("from");
  const std::string* after = arguments.find("after");
  if (from != nullptr && after != nullptr) {
    return Error(ErrorCode::kUsage, "--from and --after exclude each other");
  }
  const std::string* text = after != nullptr ? after : from;
  if (text == nullptr || (after == nullptr && *text == "oldest")) return StreamPlace{};
  if (after == nullptr && *text == "now") return StreamPlace{.kind = Kind::kNow};
  const std::string option = after != nullptr ? "--after" : "--from";
  if (!is_sequence(*text)) {
    const std::string words = after != nullptr ? "" : "oldest, now or ";
    return Error(ErrorCode::kUsage,
                 option + ": \"" + *text + "\" is not " + words + "a sequence number");
  }
  if (!arguments.has("shard")) {
    return Error(ErrorCode::kUsage, option + ": a sequence number is one of a shard")
        .with_hint("Say with --shard which, as the record tells it");
  }
  return StreamPlace{.kind = after != nullptr ? Kind::kAfter : Kind::kAt, .sequence = *text};
}

Result<std::string> typed_line(const StreamRecord& record) {
  dynamodb::ObjectText line;
  line.text("action", lower_word(record.action));
  const std::pair<const char*, const std::string*> items[] = {
      {"key", &record.key}, {"new", &record.new_image}, {"old", &record.old_image}};
  for (const auto& [name, item] : items) {
    if (item->empty()) continue;
    const std::string sorted = KSV_TRY(dynamodb::canonical_item(*item));
    line.json(name, sorted);
  }
  line.text("shard", record.shard).text("sequence", record.sequence);
  return line.json("time", print_json(Value::inst(record.created_ms))).take();
}

Result<Value> value_of_record(const StreamRecord& record) {
  Value map = Value::map();
  put_word(&map, "action", record.action);
  const std::pair<const char*, const std::string*> items[] = {
      {"key", &record.key}, {"new", &record.new_image}, {"old", &record.old_image}};
  for (const auto& [name, item] : items) {
    if (item->empty()) continue;
    Value value = KSV_TRY(shown_item(*item));
    map.put(Value::keyword(name), std::move(value));
  }
  put_text(&map, "shard", record.shard);
  put_text(&map, "sequence", record.sequence);
  map.put(Value::keyword("time"), Value::inst(record.created_ms));
  return map;
}

Result<Answer> run_read(Session& session, const Arguments& arguments, DynamoAccount& account) {
  StreamPlan plan;
  plan.from = KSV_TRY(find_place(arguments));
  if (const std::string* text = arguments.find("count")) {
    plan.count = KSV_TRY(read_count(*text, "--count", kCountMax));
    if (plan.count == 0) return Error(ErrorCode::kUsage, "--count: at least 1");
  }
  if (const std::string* shard = arguments.find("shard")) plan.shard = *shard;
  plan.follow = arguments.has("follow");
  plan.endless = plan.follow && session.watch_time().count() == 0;
  plan.arn = KSV_TRY(find_arn(arguments, account));
  Output& out = session.out();
  const dynamodb::RecordSink sink = [&](const StreamRecord& record) -> Status {
    if (session.typed_json()) {
      const std::string line = KSV_TRY(typed_line(record));
      out.line(line);
    } else {
      const Value map = KSV_TRY(value_of_record(record));
      out.record(map);
    }
    if (plan.follow) return out.flush();
    if (!out.closed_pipe()) return ok();
    return Error(ErrorCode::kCancelled, "standard output was closed");
  };
  KSV_CHECK(read_stream(*account.wire, plan, sink));
  return Answer::kYes;
}

// Which options say something to which action.
Status check_options(const Arguments& arguments, const std::string& action) {
  if (arguments.has("all") && action != "list") {
    return Error(ErrorCode::kUsage, "--all says nothing to stream " + action);
  }
  for (const char* option : {"shard", "from", "after", "count", "follow", "typed-json"}) {
    if (!arguments.has(option) || action == "read") continue;
    return Error(ErrorCode::kUsage,
                 "--" + std::string(option) + " says nothing to stream " + action);
  }
  if (action == "list" && arguments.operands.size() > 1) {
    return Error(ErrorCode::kUsage, "stream list takes no ARN");
  }
  return ok();
}

Result<Answer> run_stream(Session& session, const Arguments& arguments) {
  const std::string& action = arguments.operands[0];
  DynamoAccount account = KSV_TRY(open_dynamo_account(session));
  KSV_CHECK(check_options(arguments, action));
  if (action == "list") return run_list(session, arguments, account);
  if (action == "describe") return run_describe(session, arguments, account);
  if (action == "read") return run_read(session, arguments, account);
  return Error(ErrorCode::kUsage, "\"" + action + "\" is nothing to do with a stream")
      .with_hint("list, describe or read");
}

}  // namespace

CommandSpec stream_command() {
  return {
      .name = "stream",
      .group = Group::kDynamo,
      .summary = "list, describe and read the streams of tables: what changed",
      .description =
          "The stream of a DynamoDB table holds the changes of its items for 24 hours, once `table "
          "update --stream` has begun one. Without ARN it is the latest stream of the store's "
          "table.\n\n"
          "`list` prints the streams of the store's table, one a line; with --all, or where the "
          "store names no table, those of the account in the region. `describe` prints one as a "
          "map, with all of its shards; one without :last is open.\n\n"
          "`read` prints the records, one a line: :action (:insert, :modify, :remove), the :key, "
          "the :new and the :old item as far as the stream has them, :shard, :sequence and "
          "the :time, which the service rounds. The changes of one key come in their order; each "
          "shard is read after its parent. It ends when what was there was read. The service does "
          "not tell the end of an open shard: it is taken for read when 20 answers in a row were "
          "empty.\n\n"
          "With --follow it goes on with what comes, in new shards, too, until it is interrupted, "
          "--count records were shown, or the time of --timeout is up; without that option there "
          "is no limit. --shard with --after goes on behind a record that was shown before. Where "
          "the service has forgotten what comes next, ksv says so and ends with status 8.",
      .operands = {{.name = "ACTION",
                    .help = "list, describe or read",
                    .completes = Completes::kChoices,
                    .choices = "list|describe|read"},
                   {.name = "ARN",
                    .help = "the stream; else the latest of the store's table",
                    .count = OperandSpec::Count::kOptional}},
      .options = {{.name = "all", .help = "list those of all tables"},
                  {.name = "shard", .argument = "ID", .help = "read this shard alone"},
                  {.name = "from",
                   .argument = "PLACE",
                   .help = "where to begin: oldest (the default), now, or a sequence number"},
                  {.name = "after",
                   .argument = "SEQUENCE",
                   .help = "begin behind the record of this number"},
                  {.name = "count", .argument = "N", .help = "end after N records"},
                  {.name = "follow", .help = "go on with what comes"},
                  typed_json_option()},
      .examples = {{.text = "$ ksv stream list --json | jq -r .table\n"
                            "man-stream\n"
                            "$ ksv stream describe --json | jq -c '[.status, .[\"view-type\"]]'\n"
                            "[\"enabled\",\"new-and-old-images\"]\n"
                            "$ ksv stream read | sed 's/, :shard.*//'\n"
                            "{:action :insert, :key {:id 1}, :new {:id 1, :n 1}\n"
                            "{:action :modify, :key {:id 1}, :new {:id 1, :n 2}, :old {:id 1, :n "
                            "1}\n"
                            "$ ksv stream read --follow --count 1 --json | jq -c .new\n"
                            "{\"id\":1,\"n\":1}",
                    .setup = "export KSV_STORE=dynamodb://man-stream\n"
                             "ksv table create --hash-key id:n --stream new-and-old-images "
                             "--block > made 2>&1\n"
                             "ksv assoc 1 '{:n 1}'\n"
                             "ksv assoc 1 '{:n 2}'",
                    .server = "dynamodb"}},
      .run = run_stream};
}

}  // namespace ksv::cli
