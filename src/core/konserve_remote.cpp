// Writing where answers can be lost: lineage in the metadata, and every outcome settled.
#include <utility>

#include "core/konserve_store.h"
#include "core/settle.h"

namespace ksv {
Value KonserveStore::remote_meta(const Value& key, const PutOptions& options, const Origin& origin,
                                 const std::string& revision) {
  Value meta = next_meta(key, options, revision);
  const bool follows = std::holds_alternative<Match>(options.precondition) && options.base;
  const Value* base = follows ? &options.base->meta : nullptr;
  meta.put(lineage_key(), lineage_after(base, origin, revision));
  return meta;
}

Result<PutOutcome> KonserveStore::put_remote(const Value& key, const Value& value,
                                             PutOptions options) {
  const std::string name = KSV_TRY(blob_name_of(key));
  std::optional<Entry> found;
  const Match* match = std::get_if<Match>(&options.precondition);
  if (match != nullptr && options.base == nullptr) {
    // The lineage goes on only from a state that is known.
    found = KSV_TRY(read_meta(name));
    if (!found || found->version != match->version) return PutOutcome(Refused{});
    options.base = &*found;
  }
  const Origin origin =
      origin_under(options.precondition, options.base ? &options.base->meta : nullptr);
  const std::string revision = next_revision();
  const Value meta = remote_meta(key, options, origin, revision);
  const auto header = KSV_TRY(header_to_keep(name, options.base));
  const Bytes blob = KSV_TRY(encode_blob(meta, value, encoding_after(header), name, random()));
  return settle_write(
      {.precondition = options.precondition,
       .origin = origin,
       .revision = revision,
       .send = [&] { return backend_.write(name, blob, options.precondition, {revision}); },
       .read = [&] { return get(key); }},
      env_);
}

Result<PutOutcome> KonserveStore::put_stream_remote(const std::string& name,
                                                    const ByteSource& source, const Value& meta,
                                                    const Precondition& precondition,
                                                    const Origin& origin) {
  const std::string revision = field(meta, "revision")->as_string();
  return settle_write(
      {.precondition = precondition,
       .origin = origin,
       .revision = revision,
       .send = [&] { return backend_.write_stream(name, source, precondition, {revision}); },
       .can_send_again = false,
       .read = [&] { return read_meta(name); }},
      env_);
}

}  // namespace ksv
