// Writing where answers can be lost: lineage in the metadata, and every outcome settled.
#include <utility>

#include "base/refused_write.h"
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

// Whether writes that were refused or got no answer took effect; what is done all or nothing the
// first of them tells.
Result<bool> KonserveStore::is_there(const KeyWrite& first, const Error& error) {
  const bool is_doubtful = error.effect() == Effect::kUnknown;
  if (!is_doubtful && !error.is_refused_write()) return false;
  const auto present = read_meta(first.key);
  if (!present.has_value()) {
    if (is_doubtful || is_same_refusal(error, present.error())) return error;
    return Error(ErrorCode::kUnavailable,
                 "it is unknown whether the writes took effect: " + error.message() + "; " +
                     present.error().message(),
                 Effect::kUnknown);
  }
  if (!*present) return false;
  const Trace trace = trace_write((*present)->meta, Origin{}, first.id.text);
  return trace == Trace::kPresent || trace == Trace::kFollowed;
}

}  // namespace ksv
