// Any text as an item of DynamoDB's, as the service gives it and as a user writes it: what can be
// read can be written, unless the service would refuse it, and then reads as the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "backend/dynamodb/dynamo_item_text.h"
#include "base/json_slice.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"

namespace {

// Text is compared, since a frozen NaN does not equal itself.
void check_writing(const ksv::Result<ksv::Value>& item, const ksv::ItemReading& reading) {
  if (!item.has_value()) return;
  ksv::edn_excerpt(*item);
  const ksv::Result<std::string> once = ksv::write_item(*item);
  if (!once.has_value()) {
    // More digits, levels or bytes than the service takes; never what a bug would say.
    KSV_ASSERT(once.error().code() == ksv::ErrorCode::kUsage);
    return;
  }
  const ksv::Result<ksv::Value> back = ksv::read_item(*once, reading);
  KSV_ASSERT(back.has_value());
  const ksv::Result<std::string> twice = ksv::write_item(*back);
  KSV_ASSERT(twice.has_value() && *twice == *once);
  KSV_ASSERT(ksv::item_bytes(*item) <= ksv::kItemBytesMax);
}

// Each part of what an object or array is cut into lies within it.
void check_slices(std::string_view text) {
  const auto is_within = [text](std::string_view part) {
    return part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size();
  };
  if (const auto members = ksv::json_members(text); members.has_value()) {
    for (const auto& [name, value] : *members) KSV_ASSERT(is_within(value));
  }
  if (const auto elements = ksv::json_elements(text); elements.has_value()) {
    for (const std::string_view element : *elements) KSV_ASSERT(is_within(element));
  }
}

// What is shown and compared is the canonical form: it says the same as the text, and is its own.
void check_canonical(std::string_view text) {
  const ksv::Result<std::string> canonical = ksv::dynamodb::canonical_item(text);
  if (!canonical.has_value()) return;
  const ksv::Result<std::string> again = ksv::dynamodb::canonical_item(*canonical);
  const ksv::ItemReading raw{.frozen = ksv::Frozen::kBytes};
  const ksv::Result<ksv::Value> item = ksv::read_item(text, raw);
  if (!item.has_value()) return;
  KSV_ASSERT(again.has_value() && *again == *canonical);
  const ksv::Result<ksv::Value> shown = ksv::read_item(*canonical, raw);
  KSV_ASSERT(shown.has_value());
  const ksv::Result<std::string> written = ksv::write_item(*item);
  const ksv::Result<std::string> written_shown = ksv::write_item(*shown);
  // Elements of a set that are two as 1 and 1.0 are one in the canonical form.
  if (!written.has_value()) return;
  KSV_ASSERT(written_shown.has_value());
  const ksv::Result<std::string> one = ksv::dynamodb::canonical_item(*written);
  const ksv::Result<std::string> other = ksv::dynamodb::canonical_item(*written_shown);
  KSV_ASSERT(one.has_value() && other.has_value() && *one == *other);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ksv::BytesView bytes(data, size);
  const std::string_view text = ksv::text_of(bytes);
  check_slices(text);
  check_canonical(text);
  for (const ksv::Frozen frozen : {ksv::Frozen::kTagged, ksv::Frozen::kBytes}) {
    const ksv::ItemReading reading{.frozen = frozen};
    check_writing(ksv::read_item(text, reading), reading);
  }
  static_cast<void>(ksv::read_item(text).has_value());
  static_cast<void>(ksv::read_attribute(text).has_value());
  const ksv::ItemReading raw{.frozen = ksv::Frozen::kBytes};
  const ksv::Result<ksv::Value> typed = ksv::read_typed_json(text);
  KSV_ASSERT(typed.has_value() || typed.error().code() == ksv::ErrorCode::kUsage);
  const ksv::Result<ksv::Value> plain = ksv::read_plain_json(text);
  KSV_ASSERT(plain.has_value() || plain.error().code() == ksv::ErrorCode::kUsage);
  if (plain.has_value() && plain->is(ksv::Kind::kMap)) check_writing(plain, raw);
  return 0;
}
