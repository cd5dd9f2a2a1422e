// A store of texts under paths.
#include "core/plain_store.h"

#include <algorithm>
#include <utility>

#include "base/hex.h"
#include "base/read_source.h"
#include "base/utf8.h"
#include "codec/edn.h"
#include "core/settle_history.h"

namespace ksv {
namespace {

// More than any such store takes; the store itself tells its own limit.
constexpr std::size_t kBytesMax = std::size_t{64} << 20;

// Losses of an unconditional write to others before it is given up; each was a write of theirs.
constexpr int kOverwritesMax = 100;

Result<std::string> path_of(const Value& key) {
  if (key.kind() == Kind::kString) return key.as_string();
  return Error(ErrorCode::kUsage, "a key of this store is a path, got " + edn_excerpt(key));
}

Entry entry_of(Bytes bytes, Version version) {
  Entry entry{.value = {}, .meta = Value::map(), .version = std::move(version)};
  if (is_utf8(text_of(bytes))) {
    entry.value = Value::string(std::string(text_of(bytes)));
  } else {
    entry.value = Value::bytes(std::move(bytes));
  }
  return entry;
}

Result<Entry> decode(const Stored& stored) { return entry_of(stored.bytes, stored.version); }

Precondition precondition_after(const std::optional<Stored>& present) {
  if (!present) return Absent{};
  return Match{present->version};
}

}  // namespace

Bytes plain_text_of(const Value& value) {
  switch (value.kind()) {
    case Kind::kNil: return {};
    case Kind::kBytes: return value.as_bytes();
    case Kind::kString: return copy_of(bytes_of(value.as_string()));
    case Kind::kChar: {
      std::string text;
      append_utf8(text, value.as_char());
      return copy_of(bytes_of(text));
    }
    default: return copy_of(bytes_of(print_edn(value)));
  }
}

PlainStore::PlainStore(Backend& backend, Env& env, Call* call)
    : backend_(backend), env_(env), call_(call), id_prefix_(uuid_text(random_uuid(env))) {}

WriteId PlainStore::next_id() {
  return {id_prefix_ + "-" + std::to_string(id_count_.fetch_add(1))};
}

Result<std::optional<Entry>> PlainStore::get(const Value& key) {
  const std::string path = KSV_TRY(path_of(key));
  std::optional<Stored> stored = KSV_TRY(backend_.read(path));
  if (!stored) return std::optional<Entry>();
  return std::optional<Entry>(entry_of(std::move(stored->bytes), std::move(stored->version)));
}

Result<std::vector<std::optional<Entry>>> PlainStore::get_many(const Values& keys) {
  std::vector<std::string> paths;
  for (const Value& key : keys) paths.push_back(KSV_TRY(path_of(key)));
  std::vector<std::optional<Stored>> found = KSV_TRY(backend_.read_many(paths));
  KSV_ASSERT(found.size() == keys.size());
  std::vector<std::optional<Entry>> entries(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (found[i]) entries[i] = entry_of(std::move(found[i]->bytes), std::move(found[i]->version));
  }
  return entries;
}

Result<std::optional<Entry>> PlainStore::get_meta(const Value& key) {
  std::optional<Entry> entry = KSV_TRY(get(key));
  if (entry) entry->value = Value();
  return entry;
}

Result<bool> PlainStore::exists(const Value& key) {
  const std::string path = KSV_TRY(path_of(key));
  const std::optional<Range> start = KSV_TRY(backend_.read_range(path, 0, 1));
  return start.has_value();
}

Result<PutOutcome> PlainStore::put(const Value& key, const Value& value,
                                   const PutOptions& options) {
  const std::string path = KSV_TRY(path_of(key));
  return write(path, plain_text_of(value), options.precondition);
}

Result<PutOutcome> PlainStore::write(const std::string& path, Bytes bytes,
                                     const Precondition& precondition) {
  const KeyWrite write{path, std::move(bytes), next_id()};
  PutOutcome outcome = KSV_TRY(write_settled(write, precondition));
  const Put* put = std::get_if<Put>(&outcome);
  if (put != nullptr && call_ != nullptr) {
    const std::lock_guard<std::mutex> guard(call_mutex_);
    call_->resolved_by =
        std::max(call_->resolved_by.value_or(ResolvedBy::kAnswer), put->resolved_by);
  }
  return outcome;
}

Result<PutOutcome> PlainStore::write_settled(const KeyWrite& write,
                                             const Precondition& precondition) {
  const Capabilities& can = backend_.capabilities();
  if (!can.history) return write_unsettled(write, precondition);
  if (can.history_names_writes) {
    if (std::holds_alternative<Any>(precondition)) return write_over(write);
    // Else the whole history of the key would have to be there to find the write in it.
    if (backend_.history_mark().empty()) KSV_CHECK(backend_.read(write.key));
  }
  return write_by_history(backend_, write, precondition, decode, env_);
}

// An unconditional write may arrive at any time, so its fate is never sure. Under a condition that
// is taken from what is there it can be settled.
Result<PutOutcome> PlainStore::write_over(const KeyWrite& write) {
  for (int round = 1; round <= kOverwritesMax; ++round) {
    const std::optional<Stored> present = KSV_TRY(backend_.read(write.key));
    PutOutcome outcome =
        KSV_TRY(write_by_history(backend_, write, precondition_after(present), decode, env_));
    if (std::holds_alternative<Put>(outcome)) return outcome;
  }
  return Error(ErrorCode::kContention, "others kept writing the key")
      .with_hint("Nothing was written.");
}

Result<PutOutcome> PlainStore::write_unsettled(const KeyWrite& write,
                                               const Precondition& precondition) {
  WriteOutcome outcome = KSV_TRY(backend_.write(write.key, write.bytes, precondition, write.id));
  if (auto* written = std::get_if<Written>(&outcome)) {
    return PutOutcome(Put{std::move(written->version)});
  }
  const Conflict& conflict = *std::get_if<Conflict>(&outcome);
  Refused refused{.present_known = conflict.winner_known};
  if (conflict.winner) refused.present = KSV_TRY(decode(*conflict.winner));
  return PutOutcome(std::move(refused));
}

Result<std::vector<Version>> PlainStore::put_many(const std::vector<KeyValue>& pairs) {
  std::vector<KeyWrite> writes;
  for (const KeyValue& pair : pairs) {
    const std::string path = KSV_TRY(path_of(pair.key));
    writes.push_back({path, plain_text_of(pair.value), next_id()});
  }
  return backend_.write_many(writes);
}

Result<std::vector<bool>> PlainStore::remove_many(const Values& keys) {
  std::vector<std::string> paths;
  for (const Value& key : keys) paths.push_back(KSV_TRY(path_of(key)));
  return backend_.remove_many(paths);
}

Result<RemoveOutcome> PlainStore::remove(const Value& key, const Precondition& precondition) {
  const std::string path = KSV_TRY(path_of(key));
  return backend_.remove(path, precondition);
}

Status PlainStore::each_key(
    const std::function<Status(const Value&, const Entry&)>& each,
    const std::function<void(const std::string&, const Error&)>& /*unreadable*/) {
  std::optional<std::string> after;
  do {
    const Page page = KSV_TRY(backend_.list("/", after));
    for (const Listed& listed : page.entries) {
      KSV_CHECK(
          each(Value::string(listed.key), Entry{.value = {}, .meta = Value::map(), .version = {}}));
    }
    after = page.next;
  } while (after);
  return ok();
}

Result<std::optional<Entry>> PlainStore::get_bytes(const Value& key, const ByteSink& sink) {
  const std::string path = KSV_TRY(path_of(key));
  std::optional<Version> version = KSV_TRY(backend_.read_stream(path, 0, sink));
  if (!version) return std::optional<Entry>();
  return std::optional<Entry>(
      Entry{.value = {}, .meta = Value::map(), .version = *std::move(version)});
}

// Held in memory: what this layout is for takes no more than a few MB, and a write is settled by
// its bytes.
Result<PutOutcome> PlainStore::put_bytes(const Value& key, const ByteSource& source,
                                         const Precondition& precondition) {
  const std::string path = KSV_TRY(path_of(key));
  const Bytes bytes = KSV_TRY(read_source(source, kBytesMax, "this store"));
  return write(path, bytes, precondition);
}

}  // namespace ksv
