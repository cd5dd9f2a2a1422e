// Reading, writing and listing the keys of a store.
#include "backend/dynamodb/dynamo_backend.h"

#include <algorithm>

#include "backend/dynamodb/dynamo_json.h"
#include "base/read_source.h"

namespace ksv::dynamodb {
namespace {

// A round of a write takes some ten milliseconds.
constexpr std::chrono::milliseconds kContentionWait{50};

Capabilities make_capabilities() {
  Capabilities can;
  can.many_atomic = true;
  can.versions_recur = true;  // a version is a hash of the bytes
  can.remote = true;
  can.contention_wait = kContentionWait;
  can.durability = "written to disk in at least two of the region's availability zones";
  return can;
}

// A version that this layout could not have given is that of no blob.
bool can_be_version(const Version& version) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return version.token.size() == 32 &&
         std::all_of(version.token.begin(), version.token.end(), is_digit);
}

Range cut(Stored stored, std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t size = stored.bytes.size();
  const std::uint64_t from = std::min(offset, size);
  const std::uint64_t count = std::min(length, size - from);
  Bytes bytes = count == size ? std::move(stored.bytes)
                              : copy_of(BytesView(stored.bytes).subspan(from, count));
  return {std::move(bytes), size, std::move(stored.version)};
}

}  // namespace

DynamoBackend::DynamoBackend(Wire& wire)
    : wire_(wire), table_(wire.settings().table), capabilities_(make_capabilities()) {}

Result<std::optional<Blob>> DynamoBackend::find(const std::string& key) {
  KSV_CHECK(check_key(key));
  const bool stale = wire_.settings().stale && !has_written_;
  const GetReply reply =
      KSV_TRY(get_item(wire_, {.table = table_, .key = key_text(key), .stale = stale}));
  if (!reply.item) return std::optional<Blob>();
  auto blob = blob_of_item(*reply.item);
  if (!blob.has_value()) return std::move(blob).error().with_context(key);
  known_.put(key, blob->stored.version, blob->parts);
  return std::optional<Blob>(*std::move(blob));
}

Result<std::optional<Stored>> DynamoBackend::read(const std::string& key) {
  std::optional<Blob> blob = KSV_TRY(find(key));
  if (!blob) return std::optional<Stored>();
  return std::optional<Stored>(std::move(blob->stored));
}

// The service reads the whole item anyway, and the version is that of the whole.
Result<std::optional<Range>> DynamoBackend::read_range(const std::string& key, std::uint64_t offset,
                                                       std::uint64_t length) {
  std::optional<Stored> stored = KSV_TRY(read(key));
  if (!stored) return std::optional<Range>();
  return std::optional<Range>(cut(*std::move(stored), offset, length));
}

Result<std::optional<Version>> DynamoBackend::read_stream(const std::string& key,
                                                          std::uint64_t offset,
                                                          const ByteSink& sink) {
  std::optional<Stored> stored = KSV_TRY(read(key));
  if (!stored) return std::optional<Version>();
  const Range range = cut(*std::move(stored), offset, ~std::uint64_t{0});
  if (!range.bytes.empty()) KSV_CHECK(sink(range.bytes));
  return std::optional<Version>(range.version);
}

Result<std::optional<BlobParts>> DynamoBackend::parts_of(const std::string& key,
                                                         const Version& version) {
  if (!can_be_version(version)) return std::optional<BlobParts>();
  if (auto known = known_.find(key, version)) return known;
  const std::optional<Blob> blob = KSV_TRY(find(key));
  if (!blob || !(blob->stored.version == version)) return std::optional<BlobParts>();
  return std::optional<BlobParts>(blob->parts);
}

Result<WriteOutcome> DynamoBackend::write(const std::string& key, BytesView bytes,
                                          const Precondition& precondition, const WriteId& /*id*/) {
  KSV_CHECK(check_key(key));
  KSV_CHECK(check_size(key, bytes.size()));
  const Blob blob = blob_of_bytes(bytes);
  WriteInput input{.table = table_, .item = item_text(key, blob.parts)};
  if (const Match* match = std::get_if<Match>(&precondition)) {
    const auto parts = KSV_TRY(parts_of(key, match->version));
    if (!parts) return WriteOutcome(Conflict{});
    input.condition = kMatchCondition;
    input.placeholders = {kMatchNames, match_values(*parts)};
    input.repeat = net::Repeat::kConditional;
  }
  if (std::holds_alternative<Absent>(precondition)) {
    input.condition = "attribute_not_exists(#k)";
    input.placeholders.names = R"({"#k":"Key"})";
    input.repeat = net::Repeat::kConditional;
  }
  const SignalHold hold(wire_.env());
  has_written_ = true;
  const WriteReply reply = KSV_TRY(put_item(wire_, input));
  if (const auto* failed = std::get_if<ConditionFailed>(&reply)) {
    return WriteOutcome(Conflict{.doubtful = failed->doubtful});
  }
  known_.put(key, blob.stored.version, blob.parts);
  return WriteOutcome(Written{blob.stored.version});
}

Result<WriteOutcome> DynamoBackend::write_stream(const std::string& key, const ByteSource& source,
                                                 const Precondition& precondition,
                                                 const WriteId& id) {
  KSV_CHECK(check_key(key));
  const Bytes bytes = KSV_TRY(read_source(source, kItemBytesMax, "an item of DynamoDB (400 KB)"));
  return write(key, bytes, precondition, id);
}

Result<Page> DynamoBackend::list(const std::string& prefix,
                                 const std::optional<std::string>& after) {
  const ItemPage items = KSV_TRY(read_page(wire_, {.table = table_,
                                                   .projection = "#k",
                                                   .placeholders = {.names = R"({"#k":"Key"})"},
                                                   .start = after.value_or("")}));
  Page page;
  if (!items.next.empty()) page.next = items.next;
  for (const std::string& item : items.items) {
    std::optional<std::string> key = key_of_item(item);
    if (key && is_key(*key) && key->starts_with(prefix)) {
      page.entries.push_back({.key = *std::move(key)});
    }
  }
  return page;
}

Result<std::vector<Version>> DynamoBackend::write_many(const std::vector<KeyWrite>& writes) {
  std::vector<Version> versions;
  TransactInput input;
  for (const KeyWrite& write : writes) {
    KSV_CHECK(check_key(write.key));
    KSV_CHECK(check_size(write.key, write.bytes.size()));
    Blob blob = blob_of_bytes(write.bytes);
    ObjectText put;
    put.text("TableName", table_).json("Item", item_text(write.key, blob.parts));
    input.operations.push_back("{\"Put\":" + put.take() + "}");
    versions.push_back(std::move(blob.stored.version));
  }
  if (writes.empty()) return versions;
  KSV_CHECK(check_count(writes.size()));
  const SignalHold hold(wire_.env());
  has_written_ = true;
  TransactReply reply = KSV_TRY(transact_write(wire_, input));
  if (auto* cancelled = std::get_if<Cancelled>(&reply)) return std::move(cancelled->error);
  return versions;
}

}  // namespace ksv::dynamodb
