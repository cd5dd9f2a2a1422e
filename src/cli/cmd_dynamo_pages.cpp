// query and scan: the items of a table, page after page, an item a line.
#include <algorithm>
#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_capacity.h"
#include "cli/dynamo_expression.h"
#include "cli/dynamo_walk.h"
#include "cli/item_command.h"
#include "cli/session.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "codec/edn.h"

namespace ksv::cli {
namespace {

using dynamodb::PageInput;

constexpr std::uint64_t kSegmentsMax = 1'000'000;

// The attributes of which a place in the table or index consists.
Result<std::vector<std::string>> keys_of(dynamodb::ItemPlace& place, const std::string& index) {
  const dynamodb::TableState table = KSV_TRY(place.items().table());
  std::vector<std::string> keys = {table.hash_key};
  if (!table.range_key.empty()) keys.push_back(table.range_key);
  const auto found = table.index_keys.find(index);
  if (found == table.index_keys.end()) return keys;
  for (const std::string& name : found->second) {
    if (std::find(keys.begin(), keys.end(), name) == keys.end()) keys.push_back(name);
  }
  return keys;
}

// Whether one of the paths of a projection, of placeholders, is that of the whole attribute.
bool has_path(std::string_view projection, std::string_view placeholder) {
  while (!projection.empty()) {
    const auto comma = std::min(projection.find(','), projection.size());
    std::string_view path = projection.substr(0, comma);
    projection.remove_prefix(std::min(comma + 1, projection.size()));
    while (path.starts_with(' ')) path.remove_prefix(1);
    while (path.ends_with(' ')) path.remove_suffix(1);
    if (path == placeholder) return true;
  }
  return false;
}

// Asks for the keys, too, where the projection leaves them out.
Status add_projection(const std::string& paths, Expressions* expressions, Walk::Plan* plan) {
  std::string& projection = plan->input.projection;
  projection = KSV_TRY(expressions->add("--projection", paths));
  const std::string wanted = projection;
  for (const std::string& key : plan->keys) {
    const std::string placeholder = KSV_TRY(expressions->add("--projection", "`" + key + "`"));
    if (has_path(wanted, placeholder)) continue;
    projection += ", " + placeholder;
    plan->hidden.push_back(key);
  }
  return ok();
}

Status check_index(const std::string& index) {
  if (dynamodb::check_table_name(index).has_value()) return ok();
  return Error(ErrorCode::kUsage, "--index: \"" + index + "\" cannot be the name of an index")
      .with_hint("A name has 3 to 255 of A-Z a-z 0-9 _ - and the dot");
}

Result<std::uint64_t> count_of(const Arguments& arguments, const char* option, std::uint64_t max,
                               std::uint64_t otherwise) {
  const std::string* text = arguments.find(option);
  if (text == nullptr) return otherwise;
  const std::string name = "--" + std::string(option);
  const std::uint64_t count = KSV_TRY(read_count(*text, name, max));
  if (count == 0) return Error(ErrorCode::kUsage, name + ": at least 1");
  return count;
}

// As a word of a shell.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

Result<Walk::Plan> plan_of(const Arguments& arguments, dynamodb::ItemPlace& place,
                           Expressions* expressions, bool is_parallel) {
  Walk::Plan plan{.input = {.table = place.table()}};
  PageInput& input = plan.input;
  if (const std::string* index = arguments.find("index")) {
    KSV_CHECK(check_index(*index));
    input.index = *index;
  }
  if (const std::string* filter = arguments.find("filter")) {
    input.filter = KSV_TRY(expressions->add_either("--filter", *filter));
  }
  plan.limit = KSV_TRY(count_of(arguments, "limit", 1'000'000'000'000, 0));
  if (plan.limit > 0 && (is_parallel || !input.filter.empty())) {
    plan.keys = KSV_TRY(keys_of(place, input.index));
  }
  input.count_only = arguments.has("count");
  for (const char* other : {"limit", "projection"}) {
    if (!input.count_only || !arguments.has(other)) continue;
    return Error(ErrorCode::kUsage,
                 "--count counts all, so --" + std::string(other) + " says nothing to it");
  }
  if (const std::string* paths = arguments.find("projection")) {
    KSV_CHECK(add_projection(*paths, expressions, &plan));
  }
  // A global index has no consistent reads, and the service would refuse them.
  input.stale =
      place.wire().settings().stale || (!input.index.empty() && !arguments.has("consistent"));
  return plan;
}

Result<Answer> walk(Session& session, const Arguments& arguments, bool is_query) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  const auto names = KSV_TRY(find_edn(session, arguments, "names"));
  const auto values = KSV_TRY(find_edn(session, arguments, "values"));
  Expressions expressions = KSV_TRY(Expressions::make(names, values));
  const std::uint64_t segments = KSV_TRY(count_of(arguments, "segments", kSegmentsMax, 1));
  Walk::Plan plan = KSV_TRY(plan_of(arguments, *place, &expressions, segments > 1));
  if (is_query) {
    plan.input.key_condition = KSV_TRY(expressions.add_either("CONDITION", arguments.operands[0]));
    const std::string* order = arguments.find("order");
    plan.input.backwards = order != nullptr && *order == "desc";
  }
  KSV_CHECK(expressions.check_used());
  plan.input.placeholders = {expressions.names_json(), expressions.values_json()};
  const auto start = KSV_TRY(find_edn(session, arguments, "start"));
  CapacityMeter capacity(session, arguments);
  Walk walk(session, place->wire(), capacity, std::move(plan));
  KSV_CHECK(walk.begin(segments, start));
  const Status status = walk.run();
  capacity.tell();
  if (arguments.has("count") && status.has_value()) {
    session.out().value(Value::integer(walk.count()));
    return Answer::kYes;
  }
  const std::string more = walk.continuation();
  if (!more.empty() && (status.has_value() || status.error().code() != ErrorCode::kUsage)) {
    session.out().note("there is more: --start " + quoted(more));
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
      {.name = "stale", .help = "eventually consistent reads, at half the price"},
      consistent_option(),
      capacity_option(),
      typed_json_option()};
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
      .examples =
          {{.text =
                "$ ksv query 'artist = \"X\" AND begins_with(song, \"B\")'\n"
                "{:artist \"X\", :song \"B\", :year 2001}\n"
                "$ ksv query '{:artist \"X\"}' --filter 'year > 2000' --order desc \\\n"
                "    --projection song\n"
                "{:song \"C\"}\n"
                "{:song \"B\"}\n"
                "$ ksv query 'artist = :a' --values '{:a \"X\"}' --count\n"
                "3\n"
                "$ ksv query 'artist = \"X\"' --limit 1\n"
                "{:artist \"X\", :song \"A\", :year 1999}\n"
                "ksv: there is more: --start '{:artist \"X\", :song \"A\"}'\n"
                "$ ksv query 'artist = \"X\"' --limit 1 --start '{:artist \"X\", :song \"A\"}'\n"
                "{:artist \"X\", :song \"B\", :year 2001}\n"
                "ksv: there is more: --start '{:artist \"X\", :song \"B\"}'",
            .setup = "export KSV_STORE=dynamodb://man-query\n"
                     "ksv create-store --hash-key artist:s --range-key song:s\n"
                     "ksv batch-write '{:artist \"X\" :song \"A\" :year 1999}' '{:artist \"X\" "
                     ":song \"B\" :year 2001}' '{:artist \"X\" :song \"C\" :year 2004}'",
            .server = "dynamodb"}},
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
  return {
      .name = "scan",
      .group = Group::kDynamo,
      .summary = "list the items of a table",
      .description = description,
      .operands = {},
      .options = std::move(options),
      .examples = {{.text = "$ ksv scan --filter '{:year [:between 2000 2002]}'\n"
                            "{:artist \"X\", :song \"B\", :year 2001}\n"
                            "$ ksv scan --segments 4 --count\n"
                            "3\n"
                            "$ ksv scan --json --projection 'song, year' --stale\n"
                            "{\"song\":\"A\",\"year\":1999}\n"
                            "{\"song\":\"B\",\"year\":2001}\n"
                            "{\"song\":\"C\",\"year\":2004}",
                    .setup =
                        "export KSV_STORE=dynamodb://man-scan\n"
                        "ksv create-store --hash-key artist:s --range-key song:s\n"
                        "ksv batch-write '{:artist \"X\" :song \"A\" :year 1999}' '{:artist \"X\" "
                        ":song \"B\" :year 2001}' '{:artist \"X\" :song \"C\" :year 2004}'",
                    .server = "dynamodb"}},
      .run = run_scan};
}

}  // namespace ksv::cli
