// Items of DynamoDB seen as the bytes under keys that the contract speaks of: {"id": KEY, "v":
// BYTES}.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "ksv/backend.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/dynamodb/dynamo_json.h"
#include "base/json_slice.h"
#include "base/read_source.h"

namespace ksv::testing {

class ItemsAsBytes final : public Backend {
 public:
  explicit ItemsAsBytes(dynamodb::ItemBackend& items) : items_(items) {}

  const Capabilities& capabilities() const override { return items_.capabilities(); }
  Result<std::optional<Stored>> read(const std::string& key) override {
    const std::string text = KSV_TRY(key_text(key));
    auto stored = KSV_TRY(items_.read(text));
    if (stored) stored = KSV_TRY(unpacked(*stored));
    return stored;
  }
  Result<std::optional<Range>> read_range(const std::string& key, std::uint64_t offset,
                                          std::uint64_t length) override {
    auto stored = KSV_TRY(read(key));
    if (!stored) return std::optional<Range>();
    const std::uint64_t size = stored->bytes.size();
    const std::uint64_t from = std::min(offset, size);
    const BytesView part = BytesView(stored->bytes).subspan(from, std::min(length, size - from));
    return std::optional<Range>(Range{copy_of(part), size, stored->version});
  }
  Result<std::optional<Version>> read_stream(const std::string& key, std::uint64_t offset,
                                             const ByteSink& sink) override {
    const auto range = KSV_TRY(read_range(key, offset, ~std::uint64_t{0}));
    if (!range) return std::optional<Version>();
    if (!range->bytes.empty()) KSV_CHECK(sink(range->bytes));
    return std::optional<Version>(range->version);
  }
  Result<WriteOutcome> write(const std::string& key, BytesView bytes,
                             const Precondition& precondition, const WriteId& id) override {
    const std::string text = KSV_TRY(key_text(key));
    const std::string item =
        dynamodb::ObjectText().string_attribute("id", key).bytes_attribute("v", bytes).take();
    auto outcome = KSV_TRY(items_.write(text, bytes_of(item), precondition, id));
    if (auto* conflict = std::get_if<Conflict>(&outcome); conflict != nullptr && conflict->winner) {
      conflict->winner = KSV_TRY(unpacked(*conflict->winner));
    }
    return outcome;
  }
  Result<WriteOutcome> write_stream(const std::string& key, const ByteSource& source,
                                    const Precondition& precondition, const WriteId& id) override {
    const Bytes bytes = KSV_TRY(read_source(source, std::size_t{400} << 10, "an item"));
    return write(key, bytes, precondition, id);
  }
  Result<RemoveOutcome> remove(const std::string& key, const Precondition& precondition) override {
    const std::string text = KSV_TRY(key_text(key));
    return items_.remove(text, precondition);
  }
  Result<Page> list(const std::string& prefix, const std::optional<std::string>& after) override {
    const Page items = KSV_TRY(items_.list("", after));
    Page page{.entries = {}, .next = items.next};
    for (const Listed& listed : items.entries) {
      std::string key = KSV_TRY(attribute(listed.key, "id", "S"));
      if (key.starts_with(prefix)) page.entries.push_back({.key = std::move(key)});
    }
    return page;
  }
  Result<Settled> settle(const KeyWrite& write, const Precondition& precondition,
                         const std::string& mark) override {
    return items_.settle(write, precondition, mark);
  }
  std::string history_mark() override { return items_.history_mark(); }

 private:
  static Result<std::string> key_text(const std::string& key) {
    return dynamodb::canonical_item(dynamodb::ObjectText().string_attribute("id", key).take());
  }
  static Result<std::string> attribute(std::string_view item, const char* name, const char* type) {
    const JsonMembers members = KSV_TRY(json_members(item));
    const JsonMembers typed = KSV_TRY(json_members(find_member(members, name).value_or("{}")));
    return json_string(find_member(typed, type).value_or("null"));
  }
  static Result<Stored> unpacked(const Stored& stored) {
    const std::string base64 = KSV_TRY(attribute(text_of(stored.bytes), "v", "B"));
    return Stored{from_base64(base64).value_or(Bytes()), stored.version};
  }

  dynamodb::ItemBackend& items_;
};

}  // namespace ksv::testing
