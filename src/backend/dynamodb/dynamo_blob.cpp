// Blobs as items, and back.
#include "backend/dynamodb/dynamo_blob.h"

#include <algorithm>
#include <fmt/format.h>

#include "backend/dynamodb/dynamo_json.h"
#include "base/crypto.h"
#include "base/json_slice.h"

namespace ksv::dynamodb {
namespace {

constexpr std::string_view kKeySuffix = ".ksv";
constexpr std::size_t kKeyBytesMax = 2048;  // of a partition key
constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kMetaSizeAt = 4;
constexpr std::size_t kNamesBytes = 3 + 6 + 4 + 5;  // Key, Header, Meta, Value
constexpr std::size_t kVersionBytes = 16;
constexpr std::size_t kKnownMax = 64;

Version version_of(BytesView bytes) {
  const Sha256Digest digest = sha256(bytes);
  return {to_hex(BytesView(digest).first(kVersionBytes))};
}

Error not_ours(const std::string& what) {
  return Error(ErrorCode::kCorrupt, "the item is none of konserve's: " + what)
      .with_hint("Leave layout=konserve out for items that other programs wrote.");
}

// The base64 of an attribute of bytes.
Result<std::string> part_of(const JsonMembers& item, std::string_view name) {
  const auto attribute = find_member(item, name);
  if (!attribute) return not_ours("it has no " + std::string(name));
  const JsonMembers typed = KSV_TRY(json_members(*attribute));
  const auto text = find_member(typed, "B");
  if (!text) return not_ours("its " + std::string(name) + " holds no bytes");
  return json_string(*text);
}

// A part as an attribute's value.
std::string bytes_text(const std::string& base64) { return "{\"B\":\"" + base64 + "\"}"; }

Status add_part(const std::string& base64, Bytes* bytes) {
  const auto part = from_base64(base64);
  if (!part) return not_ours("there is no base64 in it");
  append(*bytes, *part);
  return ok();
}

}  // namespace

Blob blob_of_bytes(BytesView bytes) {
  const std::size_t header_size = std::min(kHeaderBytes, bytes.size());
  std::size_t meta_size = 0;
  if (header_size == kHeaderBytes) {
    for (std::size_t i = 0; i < 4; ++i) meta_size = meta_size << 8 | bytes[kMetaSizeAt + i];
    meta_size = std::min(meta_size, bytes.size() - header_size);
  }
  const BytesView rest = bytes.subspan(header_size);
  return {.stored = {copy_of(bytes), version_of(bytes)},
          .parts = {to_base64(bytes.first(header_size)), to_base64(rest.first(meta_size)),
                    to_base64(rest.subspan(meta_size))}};
}

Result<Blob> blob_of_item(std::string_view item) {
  const JsonMembers members = KSV_TRY(json_members(item));
  Blob blob;
  blob.parts.header = KSV_TRY(part_of(members, "Header"));
  blob.parts.meta = KSV_TRY(part_of(members, "Meta"));
  blob.parts.value = KSV_TRY(part_of(members, "Value"));
  KSV_CHECK(add_part(blob.parts.header, &blob.stored.bytes));
  KSV_CHECK(add_part(blob.parts.meta, &blob.stored.bytes));
  KSV_CHECK(add_part(blob.parts.value, &blob.stored.bytes));
  blob.stored.version = version_of(blob.stored.bytes);
  return blob;
}

bool is_key(std::string_view name) {
  return name.size() > kKeySuffix.size() && name.ends_with(kKeySuffix) &&
         name.size() <= kKeyBytesMax &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

Status check_key(std::string_view key) {
  if (is_key(key)) return ok();
  return Error(ErrorCode::kUsage,
               "not a name for an item of a store: \"" + std::string(key) + "\"");
}

Status check_size(std::string_view key, std::size_t bytes) {
  const std::size_t size = kNamesBytes + key.size() + bytes;
  if (size <= kItemBytesMax) return ok();
  return Error(ErrorCode::kUsage, fmt::format("the value takes {} bytes with its key; an item of "
                                              "DynamoDB holds {}",
                                              size, kItemBytesMax))
      .with_hint("Split it, or compress it: compressor=zstd.");
}

std::string key_text(std::string_view key) {
  ObjectText text;
  return text.string_attribute(kKeyAttribute, key).take();
}

std::optional<std::string> key_of_item(std::string_view item) {
  const auto members = json_members(item);
  if (!members.has_value()) return std::nullopt;
  const auto attribute = find_member(*members, kKeyAttribute);
  const auto typed = json_members(attribute.value_or(""));
  if (!typed.has_value()) return std::nullopt;
  const auto key = json_string(find_member(*typed, "S").value_or(""));
  return key.has_value() ? std::optional(*key) : std::nullopt;
}

std::string item_text(std::string_view key, const BlobParts& parts) {
  ObjectText text;
  return text.string_attribute(kKeyAttribute, key)
      .json("Header", bytes_text(parts.header))
      .json("Meta", bytes_text(parts.meta))
      .json("Value", bytes_text(parts.value))
      .take();
}

std::string match_values(const BlobParts& parts) {
  ObjectText text;
  return text.json(":h", bytes_text(parts.header))
      .json(":m", bytes_text(parts.meta))
      .json(":v", bytes_text(parts.value))
      .take();
}

void KnownBlobs::put(const std::string& key, const Version& version, const BlobParts& parts) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const bool is_new = blobs_.insert_or_assign(key, Known{version, parts}).second;
  if (is_new) order_.push_back(key);
  if (order_.size() <= kKnownMax) return;
  blobs_.erase(order_.front());
  order_.pop_front();
}

std::optional<BlobParts> KnownBlobs::find(const std::string& key, const Version& version) const {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto known = blobs_.find(key);
  if (known == blobs_.end() || !(known->second.version == version)) return std::nullopt;
  return known->second.parts;
}

}  // namespace ksv::dynamodb
