// query and scan: the items of a table, page after page, an item a line.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_expression.h"
#include "cli/item_command.h"
#include "cli/session.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "base/parallel.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"

namespace ksv::cli {
namespace {

using dynamodb::ItemPage;
using dynamodb::PageInput;

constexpr std::uint64_t kSegmentsMax = 1'000'000;
// Segments that are read at the same time.
constexpr std::size_t kThreadsMax = 32;

// Where each part of a walk is: a key, or nothing once it is finished.
struct Places {
  std::vector<std::string> next{};
  std::vector<bool> done{};
};

// A walk over pages whose items are printed as they come, from one part or several at once.
class Walk {
 public:
  Walk(Session& session, dynamodb::ItemPlace& place, PageInput input, std::uint64_t limit)
      : session_(session), place_(place), input_(std::move(input)), limit_(limit) {}

  // `start` is what continuation() gave, or nothing. kUsage.
  Status begin(std::size_t segments, const std::optional<Value>& start);
  Status run();
  // EDN that --start takes, where there is more; empty at the end.
  std::string continuation() const;
  std::int64_t count() const { return count_; }

 private:
  Status walk_part(std::size_t part);
  Status print(const ItemPage& page, std::size_t part, bool* is_full);
  bool is_parallel() const { return places_.next.size() > 1; }

  Session& session_;
  dynamodb::ItemPlace& place_;
  PageInput input_;
  std::uint64_t limit_;  // of items printed or counted; 0: all
  std::mutex mutex_;
  Places places_{};
  std::atomic<bool> full_ = false;
  std::uint64_t printed_ = 0;
  std::int64_t count_ = 0;
};

Status Walk::begin(std::size_t segments, const std::optional<Value>& start) {
  places_.next.assign(segments, "");
  places_.done.assign(segments, false);
  if (!start) return ok();
  const Value* at = start->is(Kind::kMap) ? field(*start, "segments") : nullptr;
  if (at == nullptr) {
    if (segments > 1) {
      return Error(ErrorCode::kUsage, "--start: is of a walk without --segments");
    }
    places_.next[0] = KSV_TRY(write_item(*start));
    return ok();
  }
  if (!at->is(Kind::kVector) || at->items().size() != segments) {
    return Error(ErrorCode::kUsage, "--start: is of a walk with another number of --segments");
  }
  for (std::size_t part = 0; part < segments; ++part) {
    const Value& place = at->items()[part];
    places_.done[part] = place.is(Kind::kKeyword);  // :done
    if (place.is(Kind::kMap)) places_.next[part] = KSV_TRY(write_item(place));
  }
  return ok();
}

std::string Walk::continuation() const {
  const bool is_done =
      std::all_of(places_.done.begin(), places_.done.end(), [](bool d) { return d; });
  if (is_done) return "";
  const auto text_of = [](const std::string& json) {
    const auto key = shown_item(json);
    return key.has_value() ? print_edn(*key) : std::string("nil");
  };
  if (!is_parallel()) return text_of(places_.next[0]);
  std::string text = "{:segments [";
  for (std::size_t part = 0; part < places_.next.size(); ++part) {
    if (part > 0) text += ' ';
    text += places_.done[part]           ? ":done"
            : places_.next[part].empty() ? "nil"
                                         : text_of(places_.next[part]);
  }
  return text + "]}";
}

Status Walk::run() {
  return for_each_parallel(places_.next.size(), kThreadsMax,
                           [&](std::size_t part) { return walk_part(part); });
}

Status Walk::walk_part(std::size_t part) {
  PageInput input = input_;
  if (is_parallel()) {
    input.segment = static_cast<std::int64_t>(part);
    input.segments = static_cast<std::int64_t>(places_.next.size());
  }
  while (!places_.done[part] && !full_) {
    {
      const std::lock_guard guard(mutex_);
      input.start = places_.next[part];
      // Without a filter each item that is looked at is one of the answer.
      if (limit_ > 0 && input.filter.empty()) {
        input.limit = static_cast<std::int64_t>(
            std::min<std::uint64_t>(limit_ - std::min(limit_, printed_), 1'000'000));
        if (input.limit == 0) return ok();
      }
    }
    const ItemPage page = KSV_TRY(read_page(place_.wire(), input));
    bool is_full = false;
    KSV_CHECK(print(page, part, &is_full));
    if (is_full) full_ = true;
  }
  return ok();
}

// Prints what the limit allows, and notes the place after it.
Status Walk::print(const ItemPage& page, std::size_t part, bool* is_full) {
  const std::lock_guard guard(mutex_);
  count_ += page.count;
  std::string after = page.next;
  bool is_cut = false;
  for (const std::string& json : page.items) {
    if (limit_ > 0 && printed_ == limit_) {
      is_cut = true;
      break;
    }
    KSV_CHECK(print_item(session_, json));
    ++printed_;
    if (limit_ > 0 && printed_ == limit_ && &json != &page.items.back()) {
      const dynamodb::TableState table = KSV_TRY(place_.items().table());
      const Value item = KSV_TRY(shown_item(json));
      Value key = Value::map();
      for (const std::string& name : {table.hash_key, table.range_key}) {
        const Value* value = name.empty() ? nullptr : item.table().value_of(Value::keyword(name));
        if (value != nullptr) key.put(Value::keyword(name), *value);
      }
      after = KSV_TRY(write_item(key));
      is_cut = true;
    }
  }
  places_.next[part] = after;
  places_.done[part] = after.empty() && !is_cut;
  *is_full = limit_ > 0 && printed_ == limit_;
  if (session_.out().closed_pipe()) {
    return Error(ErrorCode::kCancelled, "standard output was closed");
  }
  return ok();
}

Result<PageInput> input_of(const Arguments& arguments, dynamodb::ItemPlace& place,
                           Expressions* expressions) {
  PageInput input{.table = place.table()};
  if (const std::string* index = arguments.find("index")) {
    KSV_CHECK(dynamodb::check_table_name(*index));
    input.index = *index;
  }
  if (const std::string* filter = arguments.find("filter")) {
    input.filter = KSV_TRY(expressions->add_either("--filter", *filter));
  }
  if (const std::string* paths = arguments.find("projection")) {
    std::string wanted = *paths;
    // Where a page is cut, its key is needed to go on from there.
    if (arguments.has("limit") && !input.filter.empty()) {
      const dynamodb::TableState table = KSV_TRY(place.items().table());
      wanted += ", `" + table.hash_key + "`";
      if (!table.range_key.empty()) wanted += ", `" + table.range_key + "`";
    }
    input.projection = KSV_TRY(expressions->add("--projection", wanted));
  }
  input.count_only = arguments.has("count");
  // A global index has no consistent reads, and the service would refuse them.
  input.stale = place.wire().settings().stale || !input.index.empty();
  return input;
}

Result<Answer> walk(Session& session, const Arguments& arguments, bool is_query) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  const auto names = KSV_TRY(find_edn(session, arguments, "names"));
  const auto values = KSV_TRY(find_edn(session, arguments, "values"));
  Expressions expressions = KSV_TRY(Expressions::make(names, values));
  PageInput input = KSV_TRY(input_of(arguments, *place, &expressions));
  if (is_query) {
    input.key_condition = KSV_TRY(expressions.add_either("CONDITION", arguments.operands[0]));
    const std::string* order = arguments.find("order");
    input.backwards = order != nullptr && *order == "desc";
  }
  KSV_CHECK(expressions.check_used());
  input.placeholders = {expressions.names_json(), expressions.values_json()};
  std::uint64_t limit = 0;
  if (const std::string* text = arguments.find("limit")) {
    limit = KSV_TRY(read_count(*text, "--limit", 1'000'000'000'000));
    if (limit == 0) return Error(ErrorCode::kUsage, "--limit: at least 1");
  }
  if (limit > 0 && input.count_only) {
    return Error(ErrorCode::kUsage, "--count counts all, so --limit says nothing to it");
  }
  std::uint64_t segments = 1;
  if (const std::string* text = arguments.find("segments")) {
    segments = KSV_TRY(read_count(*text, "--segments", kSegmentsMax));
    if (segments == 0) return Error(ErrorCode::kUsage, "--segments: at least 1");
  }
  const auto start = KSV_TRY(find_edn(session, arguments, "start"));
  Walk walk(session, *place, std::move(input), limit);
  KSV_CHECK(walk.begin(segments, start));
  const Status status = walk.run();
  if (arguments.has("count") && status.has_value()) {
    session.out().value(Value::integer(walk.count()));
    return Answer::kYes;
  }
  const std::string more = walk.continuation();
  if (!more.empty() && (status.has_value() || status.error().code() != ErrorCode::kUsage)) {
    session.out().note("there is more: --start '" + more + "'");
  }
  KSV_CHECK(status);
  return Answer::kYes;
}

Result<Answer> run_query(Session& session, const Arguments& arguments) {
  return walk(session, arguments, true);
}

Result<Answer> run_scan(Session& session, const Arguments& arguments) {
  return walk(session, arguments, false);
}

std::vector<OptionSpec> page_options() {
  return {
      {.name = "filter",
       .argument = "EXPRESSION",
       .help = "only items of which this is true; the service reads, and bills, the others too"},
      {.name = "projection", .argument = "PATHS", .help = "only these attributes: 'a, b.c[0]'"},
      names_option(),
      values_option(),
      {.name = "index", .argument = "NAME", .help = "of this index, not of the table"},
      {.name = "limit", .argument = "N", .help = "at most so many items of the answer"},
      {.name = "start",
       .argument = "KEY",
       .help = "go on where an earlier one told that there is more"},
      {.name = "count", .help = "print their number alone"},
      {.name = "stale", .help = "eventually consistent reads, at half the price"}};
}

constexpr std::string_view kExpressionText =
    "Expressions are the service's own, but attribute names and EDN values stand in them as they "
    "are: ksv makes the placeholders, so reserved words are no trouble. A name of other characters "
    "stands between backquotes; a minus that is an operator stands between blanks. A map "
    "`{:artist \"X\" :song [:begins-with \"A\"]}` is one, too: `eq ne le lt ge gt begins-with "
    "between contains not-contains in null not-null`.";

}  // namespace

OptionSpec names_option() {
  return {.name = "names",
          .argument = "EDN",
          .help = "what #names in expressions stand for: {\"#n\" \"name\"}"};
}

OptionSpec values_option() {
  return {.name = "values",
          .argument = "EDN",
          .help = "what :values in expressions stand for: {:min 5}"};
}

CommandSpec query_command() {
  static const std::string description =
      "Prints the items of one partition of a DynamoDB table, in the order of the range key, an "
      "item a line, all pages of them. CONDITION says which: the hash key equals a value, and the "
      "range key may be compared.\n\n" +
      std::string(kExpressionText) +
      "\n\nWhere --limit ends it, standard error tells the --start to go on from.";
  std::vector<OptionSpec> options = page_options();
  options.push_back({.name = "order",
                     .argument = "ORDER",
                     .help = "of the range key: asc (the default) or desc",
                     .completes = Completes::kChoices,
                     .choices = "asc|desc"});
  return {
      .name = "query",
      .group = Group::kDynamo,
      .summary = "list the items of one partition of a table",
      .description = description,
      .operands = {{.name = "CONDITION", .help = "of the key: 'artist = \"X\" AND year > 1999'"}},
      .options = std::move(options),
      .examples = {},
      .run = run_query};
}

CommandSpec scan_command() {
  static const std::string description =
      "Prints all items of a DynamoDB table or index, in no order, an item a line, all pages of "
      "them. With --segments several parts are read at once.\n\n" +
      std::string(kExpressionText) +
      "\n\nWhere --limit or a failure ends it, standard error tells the --start to go on from.";
  std::vector<OptionSpec> options = page_options();
  options.push_back(
      {.name = "segments", .argument = "N", .help = "read so many parts of it at once"});
  return {.name = "scan",
          .group = Group::kDynamo,
          .summary = "list the items of a table",
          .description = description,
          .operands = {},
          .options = std::move(options),
          .examples = {},
          .run = run_scan};
}

}  // namespace ksv::cli
