// The operations of DynamoDB (Amazon DynamoDB API Reference), as far as ksv asks for them.
//
// Items, keys, attribute values and what describes a table go in and out as JSON text, as the
// service writes it: an item is {"id":{"N":"1"}}. Values are made of that elsewhere
// (codec/dynamo_item.h). Each function is one request, and its repeats while no usable answer came
// (net/request_loop.h). What is empty in an input is left out of the request.
//
// Errors are those of Wire::send and Wire::refused; those of a write carry Effect::kUnknown when it
// may have taken effect. A table that is not there is kState, unless the function says otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "backend/dynamodb/dynamo_wire.h"

namespace ksv::dynamodb {

// What stands for names and values in the expressions of one request: objects such as
// {"#n":"name"} and {":v":{"N":"1"}}.
struct Placeholders {
  std::string names{};
  std::string values{};
};

// What a request is to tell of the capacity that it took, "NONE", "TOTAL" or "INDEXES". Replies
// carry it as JSON; empty where it was not asked for.
inline constexpr const char* kCapacityTotal = "TOTAL";
inline constexpr const char* kCapacityIndexes = "INDEXES";

// --- single items (dynamo_items.cpp) ---

struct GetInput {
  std::string table;
  std::string key;
  std::string projection{};
  Placeholders placeholders{};  // names alone
  bool stale = false;           // eventually consistent
  std::string capacity{};
};
struct GetReply {
  std::optional<std::string> item{};
  std::string capacity{};
};
Result<GetReply> get_item(Wire& wire, const GetInput& input);

// A put gives `item`, an update and a removal `key`.
struct WriteInput {
  std::string table;
  std::string item{};
  std::string key{};
  std::string update{};     // an update expression
  std::string condition{};  // a condition expression
  Placeholders placeholders{};
  std::string returned{};       // "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"
  bool old_on_failure = false;  // a failed condition brings the present item along
  std::string capacity{};
  // kConditional only for a write whose own success makes its condition false, or that does no more
  // the second time; it is then sent again when its answer is lost.
  net::Repeat repeat = net::Repeat::kOnce;
};
// The write took effect.
struct Applied {
  std::optional<std::string> attributes{};  // those of `returned`
  std::string capacity{};
};
// The condition did not hold. `doubtful`: an earlier attempt got no answer, so this may be the
// refusal of its own success.
struct ConditionFailed {
  std::optional<std::string> item{};
  bool doubtful = false;
};
using WriteReply = std::variant<Applied, ConditionFailed>;
Result<WriteReply> put_item(Wire& wire, const WriteInput& input);
Result<WriteReply> update_item(Wire& wire, const WriteInput& input);
Result<WriteReply> delete_item(Wire& wire, const WriteInput& input);

// --- several items (dynamo_batches.cpp) ---

inline constexpr std::size_t kBatchGetMax = 100;
inline constexpr std::size_t kBatchWriteMax = 25;
inline constexpr std::size_t kTransactionMax = 100;

// Of one table: at most kBatchGetMax keys in all tables of one request, none twice.
struct TableKeys {
  std::string table;
  std::vector<std::string> keys;
  std::string projection{};
  std::string names{};
  bool stale = false;
};
struct TableItem {
  std::string table;
  std::string item;
};
struct BatchGetReply {
  std::vector<TableItem> items;  // in no order; absent ones are left out
  // What the service did not get to, to be asked for again after a pause.
  std::vector<TableKeys> unprocessed;
  std::string capacity{};
};
Result<BatchGetReply> batch_get(Wire& wire, const std::vector<TableKeys>& tables,
                                const std::string& capacity);

// One put (an item) or removal (a key).
struct BatchWrite {
  std::string table;
  std::string item{};
  std::string key{};
};
struct BatchWriteReply {
  std::vector<BatchWrite> unprocessed;  // not done, to be sent again after a pause
  std::string capacity{};
};
// At most kBatchWriteMax. Sent once unless it certainly did not arrive; a caller that knows that
// its writes do no more the second time says kConditional.
Result<BatchWriteReply> batch_write(Wire& wire, const std::vector<BatchWrite>& writes,
                                    const std::string& capacity, net::Repeat repeat);

// --- query and scan (dynamo_pages.cpp) ---

struct PageInput {
  std::string table;
  std::string index{};
  std::string key_condition{};  // with it the page is of a query, else of a scan
  std::string filter{};
  std::string projection{};
  Placeholders placeholders{};
  bool backwards = false;  // queries
  bool stale = false;      // eventually consistent
  bool count_only = false;
  std::int64_t limit = 0;  // items looked at, before the filter; 0: up to 1 MB
  std::string start{};     // ItemPage::next of the page before
  std::int64_t segment = 0;
  std::int64_t segments = 0;  // scans; 0: not in parallel
  std::string capacity{};
};
struct ItemPage {
  std::vector<std::string> items{};
  std::int64_t count = 0;
  std::int64_t scanned = 0;
  std::string next{};  // a key; empty: this was the last page. A page may be empty and not the last
  std::string capacity{};
};
Result<ItemPage> read_page(Wire& wire, const PageInput& input);

// --- transactions (dynamo_transactions.cpp) ---

// `operations` are objects such as {"Put":{"TableName":"t","Item":{...}}}, at most kTransactionMax.
// The token makes the request do its work once within ten minutes, however often it is sent; one is
// minted where none is given.
struct TransactInput {
  std::vector<std::string> operations;
  std::string token{};
  std::string capacity{};
};
struct Transacted {
  std::string capacity{};
};
// Nothing was done. In the order of the operations.
struct Cancelled {
  std::vector<CancelReason> reasons{};
  Error error;  // for whoever has no other use for it
};
using TransactReply = std::variant<Transacted, Cancelled>;
Result<TransactReply> transact_write(Wire& wire, const TransactInput& input);

struct TransactGetReply {
  std::vector<std::optional<std::string>> items{};  // in the order of the operations
  std::string capacity{};
};
// `operations` are objects such as {"Get":{"TableName":"t","Key":{...}}}.
Result<TransactGetReply> transact_get(Wire& wire, const std::vector<std::string>& operations,
                                      const std::string& capacity);

// --- tables (dynamo_tables.cpp) ---

// TableDescription, or nothing when there is no such table.
Result<std::optional<std::string>> describe_table(Wire& wire, const std::string& table);
// `body` is the request's. TableDescription; nothing when a table of that name is there already.
struct CreateReply {
  std::optional<std::string> description{};
  bool doubtful = false;  // there already, perhaps by an attempt whose answer was lost
};
Result<CreateReply> create_table(Wire& wire, const std::string& table, const std::string& body);
Result<std::string> update_table(Wire& wire, const std::string& table, const std::string& body);
// TableDescription; nothing when there is no such table.
Result<std::optional<std::string>> delete_table(Wire& wire, const std::string& table);

struct TablePage {
  std::vector<std::string> names{};
  std::string next{};  // the name to start after; empty: this was the last page
};
Result<TablePage> list_tables(Wire& wire, const std::string& start);
Result<std::vector<std::string>> list_all_tables(Wire& wire);

// TimeToLiveDescription, and TimeToLiveSpecification as it became.
Result<std::string> describe_ttl(Wire& wire, const std::string& table);
Result<std::string> update_ttl(Wire& wire, const std::string& table, const std::string& body);

// What a description says of a table.
struct TableState {
  std::string status{};                     // "ACTIVE", "CREATING", "UPDATING", "DELETING", ...
  std::vector<std::string> indexes_busy{};  // global indexes that are not ACTIVE
  std::string hash_key{};
  std::string hash_type{};  // "S", "N", "B"
  std::string range_key{};  // empty: none
  std::string range_type{};
  std::map<std::string, std::vector<std::string>> index_keys{};  // by index: its attributes
  std::int64_t item_count = 0;                                   // some hours old
  std::int64_t size_bytes = 0;
};
Result<TableState> read_table_state(const std::string& description);

// Asks until the table is ACTIVE with all of its indexes, or, with `gone`, until it is not there,
// with pauses that grow from 50 ms to 2 s. kDeadline when the call's time runs out; `progress` is
// told each state. The last description; empty when the table is gone.
enum class TableGoal { kActive, kGone };
Result<std::string> wait_for_table(Wire& wire, const std::string& table, TableGoal goal,
                                   const std::function<void(const TableState&)>& progress);

// Any other operation, and those of streams: the body of the answer. Refusals are errors.
Result<std::string> ask(Wire& wire, const Request& request);

}  // namespace ksv::dynamodb
