// Carrying the lineage forward, and looking a write up in it.
#include "core/lineage.h"

#include <algorithm>

namespace ksv {
Value lineage_key() { return Value::keyword(Name("ksv", "lineage")); }

namespace {

const Value* lineage_in(const Value& meta) {
  const Value* lineage = meta.is(Kind::kMap) ? meta.table().value_of(lineage_key()) : nullptr;
  return lineage != nullptr && lineage->is(Kind::kVector) ? lineage : nullptr;
}

const std::string* revision_in(const Value& meta) {
  const Value* revision = field(meta, "revision");
  return revision != nullptr && revision->is(Kind::kString) ? &revision->as_string() : nullptr;
}

bool is_revision(const Value& value, const std::string& revision) {
  return value.is(Kind::kString) && value.as_string() == revision;
}

}  // namespace

Origin origin_of(const Value& meta) {
  const std::string* revision = revision_in(meta);
  if (revision == nullptr) return {};
  return {Origin::Kind::kRevision, *revision};
}

Origin origin_under(const Precondition& precondition, const Value* base) {
  if (std::holds_alternative<Absent>(precondition)) return {Origin::Kind::kAbsent, ""};
  if (std::holds_alternative<Match>(precondition) && base != nullptr) return origin_of(*base);
  return {};
}

Value lineage_after(const Value* base, const Origin& origin, const std::string& revision) {
  Values ids;
  if (const Value* before = base != nullptr ? lineage_in(*base) : nullptr) {
    const auto& items = before->items();
    const std::size_t keep = std::min(items.size(), kLineageMax - 2);
    ids.assign(items.end() - static_cast<std::ptrdiff_t>(keep), items.end());
  }
  if (origin.kind == Origin::Kind::kAbsent) ids.push_back(Value());
  // A writer that knows no lineage may have written the base.
  const bool follows = !ids.empty() && is_revision(ids.back(), origin.revision);
  if (origin.kind == Origin::Kind::kRevision && !follows) {
    ids.push_back(Value::string(origin.revision));
  }
  ids.push_back(Value::string(revision));
  return Value::vector(std::move(ids));
}

Trace trace_write(const Value& meta, const Origin& origin, const std::string& revision) {
  const std::string* present = revision_in(meta);
  if (present != nullptr && *present == revision) return Trace::kPresent;
  const Value* lineage = lineage_in(meta);
  if (lineage == nullptr) return Trace::kNone;
  const auto& ids = lineage->items();
  const auto is_ours = [&](const Value& id) { return is_revision(id, revision); };
  if (std::any_of(ids.begin(), ids.end(), is_ours)) return Trace::kFollowed;
  if (origin.kind == Origin::Kind::kUnknown) return Trace::kNone;
  const auto is_origin = [&](const Value& id) {
    return origin.kind == Origin::Kind::kAbsent ? id.is_nil() : is_revision(id, origin.revision);
  };
  const auto found = std::find_if(ids.begin(), ids.end(), is_origin);
  if (found == ids.end()) return Trace::kNone;
  // What came right after the origin is in the list, or is the present state: not this write.
  const bool is_followed = found + 1 != ids.end();
  const bool is_present = present != nullptr && *present == origin.revision;
  return is_followed || !is_present ? Trace::kNever : Trace::kNone;
}

}  // namespace ksv
