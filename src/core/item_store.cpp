// A store of items.
#include "core/item_store.h"

#include <algorithm>
#include <utility>

#include "base/hex.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"
#include "core/settle_history.h"

namespace ksv {
namespace {

Result<Entry> decode(const Stored& stored) {
  Value item = KSV_TRY(read_item(text_of(stored.bytes), {.frozen = Frozen::kTagged}));
  return Entry{.value = std::move(item), .meta = Value::map(), .version = stored.version};
}

// The canonical text of a key, which the backend takes.
Result<std::string> key_text(const Value& key) {
  if (key.kind() == Kind::kMap && !key.table().empty()) return write_item(key);
  return Error(ErrorCode::kUsage, "a key of this store is a map, got " + edn_excerpt(key))
      .with_hint("Such as {:id 0}, with all attributes of the table's primary key");
}

// The item with the attributes of its key.
Result<Value> item_of(const Value& key, const Value& value) {
  if (value.kind() != Kind::kMap) {
    return Error(ErrorCode::kUsage, "an item is a map, got " + edn_excerpt(value))
        .with_hint("Such as {:name \"Steve\" :age 22}; the key's attributes are added");
  }
  // What both are once they were written: {"id" 0} names the same attribute as {:id 0N}.
  const std::string key_json = KSV_TRY(write_item(key));
  const std::string value_json = KSV_TRY(write_item(value));
  const Value stored_key = KSV_TRY(read_item(key_json, {.frozen = Frozen::kTagged}));
  Value item = KSV_TRY(read_item(value_json, {.frozen = Frozen::kTagged}));
  for (const Table::Entry& part : stored_key.table()) {
    const Value* given = item.table().value_of(part.key);
    if (given == nullptr) {
      item.put(part.key, part.value);
    } else if (!(*given == part.value)) {
      return Error(ErrorCode::kUsage, "the item's " + edn_excerpt(part.key) + " is " +
                                          edn_excerpt(*given) + ", but the key says " +
                                          edn_excerpt(part.value))
          .with_hint("Leave it out of the item, or write it under its own key");
    }
  }
  return item;
}

Error no_bytes() {
  return Error(ErrorCode::kUsage, "an item of DynamoDB is no stream of bytes")
      .with_hint("Write it with assoc, as a map; #ksv/bytes is an attribute of bytes");
}

}  // namespace

ItemStore::ItemStore(Backend& backend, Env& env, Call* call)
    : backend_(backend), env_(env), call_(call) {}

Result<std::optional<Entry>> ItemStore::get(const Value& key) {
  const std::string text = KSV_TRY(key_text(key));
  const std::optional<Stored> stored = KSV_TRY(backend_.read(text));
  if (!stored) return std::optional<Entry>();
  Entry entry = KSV_TRY(decode(*stored));
  return std::optional<Entry>(std::move(entry));
}

Result<std::optional<Entry>> ItemStore::get_meta(const Value& key) {
  std::optional<Entry> entry = KSV_TRY(get(key));
  if (entry) entry->value = Value();
  return entry;
}

Result<bool> ItemStore::exists(const Value& key) {
  const std::string text = KSV_TRY(key_text(key));
  const std::optional<Stored> stored = KSV_TRY(backend_.read(text));
  return stored.has_value();
}

Result<PutOutcome> ItemStore::put(const Value& key, const Value& value, const PutOptions& options) {
  const Value item = KSV_TRY(item_of(key, value));
  const std::string text = KSV_TRY(key_text(key));
  const std::string json = KSV_TRY(write_item(item));
  const KeyWrite write{text, copy_of(bytes_of(json)), {uuid_text(random_uuid(env_))}};
  auto outcome = write_by_history(backend_, write, options.precondition, decode, env_);
  if (!outcome.has_value() && outcome.error().effect() == Effect::kUnknown) {
    return std::move(outcome).error().with_hint(
        "Look with ksv get; with --exactly-once the service itself can tell");
  }
  const Put* put = outcome.has_value() ? std::get_if<Put>(&*outcome) : nullptr;
  if (put != nullptr && call_ != nullptr) {
    const std::lock_guard<std::mutex> guard(call_mutex_);
    call_->resolved_by =
        std::max(call_->resolved_by.value_or(ResolvedBy::kAnswer), put->resolved_by);
  }
  return outcome;
}

Result<std::vector<Version>> ItemStore::put_many(const std::vector<KeyValue>& /*pairs*/) {
  return Error(ErrorCode::kInternal, "items are not written all or nothing");
}

Result<std::vector<bool>> ItemStore::remove_many(const Values& /*keys*/) {
  return Error(ErrorCode::kInternal, "items are not removed all or nothing");
}

Result<RemoveOutcome> ItemStore::remove(const Value& key, const Precondition& precondition) {
  const std::string text = KSV_TRY(key_text(key));
  return backend_.remove(text, precondition);
}

Status ItemStore::each_key(
    const std::function<Status(const Value&, const Entry&)>& each,
    const std::function<void(const std::string&, const Error&)>& unreadable) {
  std::optional<std::string> after;
  do {
    const Page page = KSV_TRY(backend_.list("", after));
    for (const Listed& listed : page.entries) {
      const auto key = read_item(listed.key);
      if (key.has_value()) {
        KSV_CHECK(each(*key, Entry{.value = {}, .meta = Value::map(), .version = {}}));
      } else {
        unreadable(listed.key, key.error());
      }
    }
    after = page.next;
  } while (after);
  return ok();
}

Result<std::optional<Entry>> ItemStore::get_bytes(const Value& /*key*/, const ByteSink& /*sink*/) {
  return no_bytes();
}

Result<PutOutcome> ItemStore::put_bytes(const Value& /*key*/, const ByteSource& /*source*/,
                                        const Precondition& /*precondition*/) {
  return no_bytes();
}

}  // namespace ksv
