// konserve's layout: reading and writing single keys.
#include "core/konserve_store.h"

#include <algorithm>
#include <utility>

#include "ksv/limits.h"

#include "base/hex.h"
#include "codec/edn.h"

namespace ksv {
namespace {

// The head of a blob is fetched with this much; konserve's meta sections are under 200 bytes, so
// one read nearly always holds header and meta.
constexpr std::uint64_t kHeadBytes = 4096;

// The longest header; nothing can be told from fewer bytes unless the blob ends.
constexpr std::size_t kHeaderBytesMax = 20;

Status check_meta_size(const BlobHeader& header) {
  if (header.meta_size <= limits::kMetaBytesMax) return ok();
  return Error(ErrorCode::kCorrupt,
               "the header claims " + std::to_string(header.meta_size) + " bytes of metadata");
}

bool is_binary(const Value& meta) {
  const Value* type = field(meta, "type");
  return type != nullptr && *type == Value::keyword("binary");
}

Error with_blob(Error error, const std::string& name) {
  return std::move(error).with_context(name);
}

}  // namespace

KonserveStore::KonserveStore(Backend& backend, Env& env, StoreEncoding encoding, Call* call)
    : backend_(backend),
      env_(env),
      encoding_(std::move(encoding)),
      call_(call),
      revision_prefix_(uuid_text(random_uuid(env))) {}

Result<Value> KonserveStore::decode_meta(const std::string& name, const BlobHeader& header,
                                         BytesView blob) const {
  const BytesView section = KSV_TRY(blob_section(header, Section::kMeta, blob));
  Value meta = KSV_TRY(
      decode_section(header, Section::kMeta, section, Encoding{.key = encoding_.key}, name));
  if (!meta.is(Kind::kMap)) {
    return Error(ErrorCode::kCorrupt,
                 "the metadata is not a map but a " + std::string(kind_name(meta.kind())));
  }
  return meta;
}

Result<Entry> KonserveStore::decode(const std::string& name, const Stored& stored) const {
  const BlobHeader header = KSV_TRY(parse_blob_header(stored.bytes));
  Entry entry{.value = {}, .meta = {}, .version = stored.version, .header = header};
  entry.meta = KSV_TRY(decode_meta(name, header, stored.bytes));
  const BytesView section = KSV_TRY(blob_section(header, Section::kValue, stored.bytes));
  if (is_binary(entry.meta)) {
    entry.value = Value::bytes(copy_of(section));
    return entry;
  }
  auto value =
      decode_section(header, Section::kValue, section, Encoding{.key = encoding_.key}, name);
  if (!value.has_value()) {
    // konserve leaves :type :edn when bytes replace a value, so the type alone cannot tell.
    return std::move(value).error().with_hint(
        "If these are bytes that were written with bassoc, read them with bget");
  }
  entry.value = *std::move(value);
  return entry;
}

Result<std::optional<Entry>> KonserveStore::get(const Value& key) {
  const std::string name = KSV_TRY(blob_name_of(key));
  const std::optional<Stored> stored = KSV_TRY(backend_.read(name));
  return decode_found(name, stored);
}

Result<std::vector<std::optional<Entry>>> KonserveStore::get_many(const Values& keys) {
  std::vector<std::string> names;
  for (const Value& key : keys) names.push_back(KSV_TRY(blob_name_of(key)));
  const std::vector<std::optional<Stored>> found = KSV_TRY(backend_.read_many(names));
  KSV_ASSERT(found.size() == keys.size());
  std::vector<std::optional<Entry>> entries;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto entry = decode_found(names[i], found[i]);
    if (!entry.has_value()) return std::move(entry).error().with_context(edn_excerpt(keys[i]));
    entries.push_back(*std::move(entry));
  }
  return entries;
}

Result<std::optional<Entry>> KonserveStore::decode_found(
    const std::string& name, const std::optional<Stored>& stored) const {
  if (!stored) return std::optional<Entry>();
  auto entry = decode(name, *stored);
  if (!entry.has_value()) return with_blob(std::move(entry).error(), name);
  return std::optional<Entry>(*std::move(entry));
}

Result<std::optional<Entry>> KonserveStore::read_meta(const std::string& name) {
  return meta_in(KSV_TRY(backend_.read_range(name, 0, kHeadBytes)), name);
}

Result<std::optional<Entry>> KonserveStore::read_unversioned_meta(const std::string& name) {
  return meta_in(KSV_TRY(backend_.read_head(name, kHeadBytes)), name);
}

Result<std::optional<Entry>> KonserveStore::meta_in(std::optional<Range> head,
                                                    const std::string& name) {
  if (!head) return std::optional<Entry>();
  const BlobHeader header = KSV_TRY(parse_blob_header(head->bytes));
  KSV_CHECK(check_meta_size(header));
  if (header.value_offset() > head->bytes.size() && head->size > head->bytes.size()) {
    head = KSV_TRY(backend_.read_range(name, 0, header.value_offset()));
    if (!head) return std::optional<Entry>();
  }
  Entry entry{.value = {}, .meta = {}, .version = head->version, .header = header};
  entry.meta = KSV_TRY(decode_meta(name, header, head->bytes));
  return std::optional<Entry>(std::move(entry));
}

Result<std::optional<Entry>> KonserveStore::get_meta(const Value& key) {
  const std::string name = KSV_TRY(blob_name_of(key));
  auto entry = read_meta(name);
  if (!entry.has_value()) return with_blob(std::move(entry).error(), name);
  return entry;
}

Result<bool> KonserveStore::exists(const Value& key) {
  const std::string name = KSV_TRY(blob_name_of(key));
  const std::optional<Range> head = KSV_TRY(backend_.read_head(name, 1));
  return head.has_value();
}

Result<PutOutcome> KonserveStore::put(const Value& key, const Value& value,
                                      const PutOptions& options) {
  const bool remote = backend_.capabilities().remote;
  return noted(remote ? put_remote(key, value, options) : put_local(key, value, options));
}

// Several keys may be written at once.
Result<PutOutcome> KonserveStore::noted(Result<PutOutcome> outcome) {
  const Put* put = outcome.has_value() ? std::get_if<Put>(&*outcome) : nullptr;
  if (put == nullptr || call_ == nullptr) return outcome;
  const std::lock_guard<std::mutex> guard(call_mutex_);
  call_->resolved_by = std::max(call_->resolved_by.value_or(ResolvedBy::kAnswer), put->resolved_by);
  return outcome;
}

Result<PutOutcome> KonserveStore::put_local(const Value& key, const Value& value,
                                            const PutOptions& options) {
  const std::string name = KSV_TRY(blob_name_of(key));
  const std::string revision = next_revision();
  const Value meta = next_meta(key, options, revision);
  const auto header = KSV_TRY(header_to_keep(name, options.base));
  const Bytes blob = KSV_TRY(encode_blob(meta, value, encoding_after(header), name, random()));
  WriteOutcome outcome =
      KSV_TRY(backend_.write(name, blob, options.precondition, WriteId{revision}));
  if (auto* written = std::get_if<Written>(&outcome)) {
    return PutOutcome(Put{std::move(written->version)});
  }
  const Conflict& conflict = *std::get_if<Conflict>(&outcome);
  Refused refused{.present_known = conflict.winner_known};
  if (conflict.winner) {
    auto present = decode(name, *conflict.winner);
    if (!present.has_value()) return with_blob(std::move(present).error(), name);
    refused.present = *std::move(present);
  }
  return PutOutcome(std::move(refused));
}

Result<std::vector<Version>> KonserveStore::put_many(const std::vector<KeyValue>& pairs) {
  std::vector<KeyWrite> writes;
  for (const KeyValue& pair : pairs) {
    KeyWrite write;
    write.key = KSV_TRY(blob_name_of(pair.key));
    write.id = {next_revision()};
    const Value meta = next_meta(pair.key, PutOptions{}, write.id.text);
    write.bytes =
        KSV_TRY(encode_blob(meta, pair.value, encoding_after(std::nullopt), write.key, random()));
    writes.push_back(std::move(write));
  }
  const SignalHold hold(env_);
  auto versions = backend_.write_many(writes);
  if (versions.has_value() || writes.empty()) return versions;
  const bool happened = KSV_TRY(is_there(writes.front(), versions.error()));
  if (!happened) return versions;
  static_cast<void>(noted(PutOutcome(Put{Version{}, ResolvedBy::kReadBack})).has_value());
  return std::vector<Version>(writes.size());
}

Result<std::vector<bool>> KonserveStore::remove_many(const Values& keys) {
  std::vector<std::string> names;
  for (const Value& key : keys) names.push_back(KSV_TRY(blob_name_of(key)));
  return backend_.remove_many(names);
}

Result<RemoveOutcome> KonserveStore::remove(const Value& key, const Precondition& precondition) {
  const std::string name = KSV_TRY(blob_name_of(key));
  return backend_.remove(name, precondition);
}

// One pass over the whole blob, so that head and value are of the same version: the head is held
// back and decoded, the rest goes to the sink as it comes.
Result<std::optional<Entry>> KonserveStore::get_bytes(const Value& key, const ByteSink& sink) {
  const std::string name = KSV_TRY(blob_name_of(key));
  Bytes head;
  std::optional<Entry> entry;
  const auto begin_value = [&](bool all_there) -> Status {
    if (!all_there && head.size() < kHeaderBytesMax) return ok();
    const BlobHeader header = KSV_TRY(parse_blob_header(head));
    KSV_CHECK(check_meta_size(header));
    if (!all_there && head.size() < header.value_offset()) return ok();
    Value meta = KSV_TRY(decode_meta(name, header, head));
    entry = Entry{.value = {}, .meta = std::move(meta), .version = {}, .header = header};
    const BytesView rest = KSV_TRY(blob_section(header, Section::kValue, head));
    return rest.empty() ? ok() : sink(rest);
  };
  const ByteSink whole = [&](BytesView bytes) -> Status {
    if (entry) return sink(bytes);
    append(head, bytes);
    return begin_value(false);
  };
  auto version = backend_.read_stream(name, 0, whole);
  if (version.has_value() && *version && !entry) {
    auto status = begin_value(true);
    if (!status.has_value()) return with_blob(std::move(status).error(), name);
  }
  if (!version.has_value()) return with_blob(std::move(version).error(), name);
  if (entry) entry->version = **version;
  return entry;
}

Result<PutOutcome> KonserveStore::put_bytes(const Value& key, const ByteSource& source,
                                            const Precondition& precondition) {
  const std::string name = KSV_TRY(blob_name_of(key));
  auto base = read_meta(name);
  // What cannot be read is replaced, as a plain assoc does; its metadata is not carried forward.
  const Entry* carried = base.has_value() && *base ? &**base : nullptr;
  const std::string revision = next_revision();
  const PutOptions options{.precondition = precondition, .base = carried, .type = "binary"};
  const bool remote = backend_.capabilities().remote;
  const Origin origin =
      remote ? origin_under(precondition, carried ? &carried->meta : nullptr) : Origin{};
  const Value meta =
      remote ? remote_meta(key, options, origin, revision) : next_meta(key, options, revision);
  const auto header = KSV_TRY(header_to_keep(name, carried));
  const Bytes head = KSV_TRY(encode_blob_head(meta, encoding_after(header), name, random()));
  std::size_t at = 0;
  const ByteSource whole = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
    if (at == head.size()) return source(into);
    const std::size_t count = std::min(into.size(), head.size() - at);
    std::copy_n(head.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
    at += count;
    return count;
  };
  if (remote) return noted(put_stream_remote(name, whole, meta, precondition, origin));
  WriteOutcome outcome =
      KSV_TRY(backend_.write_stream(name, whole, precondition, WriteId{revision}));
  if (auto* written = std::get_if<Written>(&outcome)) {
    return noted(PutOutcome(Put{std::move(written->version)}));
  }
  return PutOutcome(Refused{});
}

// konserve: writes that read the old state keep its map and replace :last-write; others make the
// map anew. :type follows what is written now, which konserve leaves as it was when bytes replace a
// value or the reverse; a wrong type would make `get` fail.
Value KonserveStore::next_meta(const Value& key, const PutOptions& options,
                               const std::string& revision) {
  Value meta = options.base != nullptr ? options.base->meta : Value::map();
  meta.put(Value::keyword("key"), options.meta_key != nullptr ? *options.meta_key : key);
  meta.put(Value::keyword("type"), Value::keyword(options.type));
  meta.put(Value::keyword("last-write"), Value::inst(next_write_ms()));
  meta.put(Value::keyword("revision"), Value::string(revision));
  return meta;
}

// How the blob that is about to be replaced is written. A store holds no record of its encoding, so
// without this a plain write to an encrypted store whose configuration was forgotten would put the
// value there in the clear. Remote stores are spared the request.
Result<std::optional<BlobHeader>> KonserveStore::header_to_keep(const std::string& name,
                                                                const Entry* base) {
  if (base != nullptr) return base->header;
  if (backend_.capabilities().remote || encoding_.encryptor) return std::optional<BlobHeader>();
  const std::optional<Range> head = KSV_TRY(backend_.read_head(name, kHeaderBytesMax));
  if (!head) return std::optional<BlobHeader>();
  // A damaged blob has nothing to keep; writing over it repairs it.
  auto header = parse_blob_header(head->bytes);
  return header.has_value() ? std::optional(*header) : std::nullopt;
}

Encoding KonserveStore::encoding_after(const std::optional<BlobHeader>& header) const {
  Encoding encoding;
  if (header) {
    // Serializers that ksv only reads give way to Fressian.
    if (header->serializer == SerializerId::kBoring) encoding.serializer = SerializerId::kBoring;
    encoding.compressor = header->compressor;
    encoding.encryptor = header->encryptor;
  }
  encoding.serializer = encoding_.serializer.value_or(encoding.serializer);
  encoding.compressor = encoding_.compressor.value_or(encoding.compressor);
  encoding.encryptor = encoding_.encryptor.value_or(encoding.encryptor);
  encoding.key = encoding_.key;
  return encoding;
}

std::string KonserveStore::next_revision() {
  return revision_prefix_ + "-" + std::to_string(revision_count_.fetch_add(1));
}

// Wall clock, never going backwards within a process.
std::int64_t KonserveStore::next_write_ms() {
  const std::int64_t now = env_.wall_ms();
  std::int64_t last = last_write_ms_.load();
  while (last < now && !last_write_ms_.compare_exchange_weak(last, now)) {
  }
  return std::max(last, now);
}

RandomSource KonserveStore::random() {
  return [this](std::span<std::uint8_t> fill) { env_.random(fill); };
}

}  // namespace ksv
