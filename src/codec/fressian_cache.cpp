// Numbering of names and struct types while writing (doc/format: Fressian, caches).
#include "codec/fressian_cache.h"

namespace ksv::fressian {

WriteCaches::WriteCaches() : known_kinds_(static_cast<std::size_t>(StructKind::kByte) + 1) {}

WriteCaches::Index WriteCaches::name(std::string_view text) {
  const auto next = static_cast<std::uint32_t>(names_.size());
  const auto [entry, is_new] = names_.try_emplace(text, next);
  return {entry->second, is_new};
}

WriteCaches::Index WriteCaches::struct_type(StructKind kind) {
  std::uint32_t& known = known_kinds_[static_cast<std::size_t>(kind)];
  if (known != 0) return {known - 1, false};
  known = type_count_ + 1;
  return add_type();
}

WriteCaches::Index WriteCaches::struct_type(const std::string& tag, std::size_t fields) {
  if (&tag == last_tag_ && fields == last_fields_) return {last_number_, false};
  const auto [entry, is_new] = types_.try_emplace(tag + '\0' + std::to_string(fields), type_count_);
  last_tag_ = &tag;
  last_fields_ = fields;
  last_number_ = entry->second;
  if (is_new) return add_type();
  return {last_number_, false};
}

}  // namespace ksv::fressian
