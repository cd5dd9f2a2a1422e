// Reading, writing and listing the keys of a store.
#include "backend/s3/s3_backend.h"

#include "backend/s3/s3_listing.h"
#include "backend/s3/s3_multipart.h"
#include "backend/s3/s3_names.h"
#include "backend/s3/s3_streams.h"

namespace ksv::s3 {
namespace {

// A version that cannot be an ETag is that of no object.
bool can_hold(const Precondition& precondition) {
  const Match* match = std::get_if<Match>(&precondition);
  return match == nullptr || can_be_etag(match->version.token);
}

}  // namespace

S3Backend::S3Backend(Wire& wire, Presence& presence, const std::string& store_id)
    : wire_(wire),
      presence_(presence),
      prefix_(store_prefix(store_id)),
      conditions_(wire, prefix_) {}

const Capabilities& S3Backend::capabilities() const { return conditions_.capabilities(); }

Status S3Backend::note_read(bool found) {
  if (!found) return presence_.require_for_read();
  presence_.seen();
  return ok();
}

Result<std::optional<Stored>> S3Backend::read(const std::string& key) {
  KSV_CHECK(check_key(key));
  std::optional<Stored> stored = KSV_TRY(get_object(wire_, prefix_ + key));
  KSV_CHECK(note_read(stored.has_value()));
  return stored;
}

Result<std::optional<Range>> S3Backend::read_range(const std::string& key, std::uint64_t offset,
                                                   std::uint64_t length) {
  KSV_CHECK(check_key(key));
  std::optional<Part> part = KSV_TRY(get_part(wire_, prefix_ + key, offset, length));
  KSV_CHECK(note_read(part.has_value()));
  if (!part) return std::optional<Range>();
  return std::optional<Range>(Range{std::move(part->bytes), part->size, std::move(part->version)});
}

// Whether the precondition holds at this moment, for services that cannot be told to look.
Result<bool> S3Backend::holds(const std::string& name, const Precondition& precondition) {
  const auto info = KSV_TRY(head_object(wire_, name));
  if (std::holds_alternative<Absent>(precondition)) return !info;
  const Match* match = std::get_if<Match>(&precondition);
  return match == nullptr || (info && info->version == match->version);
}

// A version proves that there was a store when it was read.
Status S3Backend::check_before_write(const Precondition& precondition) {
  if (std::holds_alternative<Match>(precondition)) return ok();
  return presence_.require_for_write();
}

Result<WriteOutcome> S3Backend::write(const std::string& key, BytesView bytes,
                                      const Precondition& precondition, const WriteId& /*id*/) {
  KSV_CHECK(check_key(key));
  if (!can_hold(precondition)) return WriteOutcome(Conflict{});
  KSV_CHECK(check_before_write(precondition));
  const SignalHold hold(wire_.env());
  const std::string name = prefix_ + key;
  const Conditions::Plan plan = KSV_TRY(conditions_.plan(precondition));
  if (plan.look_first && !KSV_TRY(holds(name, precondition))) return WriteOutcome(Conflict{});
  return put_object(wire_, {.name = name, .body = bytes, .condition = plan.condition});
}

Result<WriteOutcome> S3Backend::write_stream(const std::string& key, const ByteSource& source,
                                             const Precondition& precondition, const WriteId& id) {
  KSV_CHECK(check_key(key));
  if (!can_hold(precondition)) return WriteOutcome(Conflict{});
  Bytes first(part_size(1));
  const std::size_t got = KSV_TRY(fill(source, first));
  if (got < first.size()) return write(key, BytesView(first).first(got), precondition, id);
  KSV_CHECK(check_before_write(precondition));
  return upload(prefix_ + key, std::move(first), source, precondition, id);
}

Result<Page> S3Backend::list(const std::string& prefix, const std::optional<std::string>& after) {
  std::optional<ListPage> listed =
      KSV_TRY(list_page(wire_, {.prefix = prefix_ + prefix, .token = after}));
  Page page;
  if (!listed) {
    KSV_CHECK(presence_.require_for_read());
    return page;
  }
  page.next = std::move(listed->next);
  for (Listed& object : listed->objects) {
    if (!object.key.starts_with(prefix_)) continue;
    object.key.erase(0, prefix_.size());
    if (is_key(object.key) && object.key.starts_with(prefix)) {
      page.entries.push_back(std::move(object));
    }
  }
  const bool is_empty = page.entries.empty() && !page.next && !after;
  KSV_CHECK(note_read(!is_empty));
  return page;
}

}  // namespace ksv::s3
