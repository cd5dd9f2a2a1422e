// The fingerprint of Nippy's shared dictionaries: FNV-1a over the entries (doc/format: Nippy).
#include "codec/nippy_dict.h"

#include <string>

#include "ksv/bytes.h"

namespace ksv::nippy {
namespace {

constexpr std::uint64_t kOffsetBasis = 0xcbf29ce484222325U;
constexpr std::uint64_t kPrime = 0x100000001b3U;
constexpr std::size_t kEntriesMax = 32767;

std::uint64_t entry_hash(std::uint8_t kind, const std::string& text) {
  std::uint64_t hash = (kOffsetBasis ^ kind) * kPrime;
  for (const std::uint8_t byte : bytes_of(text)) hash = (hash ^ byte) * kPrime;
  return hash;
}

}  // namespace

Status check_dict(const Value& dict) {
  const auto bad = [](std::string what) {
    return Error(ErrorCode::kUsage,
                 "a shared dictionary is a vector of keywords and strings, " + std::move(what));
  };
  if (!dict.is(Kind::kVector)) return bad("not " + kind_phrase(dict.kind()));
  if (dict.items().size() > kEntriesMax) return bad("at most 32767");
  for (const Value& entry : dict.items()) {
    if (entry.is(Kind::kKeyword) || entry.is(Kind::kString)) continue;
    return bad("without " + kind_phrase(entry.kind()));
  }
  return ok();
}

std::uint64_t dict_fingerprint(const Values& entries) {
  std::uint64_t fingerprint = kOffsetBasis;
  for (const Value& entry : entries) {
    const bool is_keyword = entry.is(Kind::kKeyword);
    const std::string text = is_keyword ? ":" + entry.as_name().text() : entry.as_string();
    fingerprint = fingerprint * kPrime + entry_hash(is_keyword ? 0 : 1, text);
  }
  return fingerprint;
}

}  // namespace ksv::nippy
