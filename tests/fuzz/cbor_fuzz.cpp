// CBOR of both dialects: any bytes give an error or a value, and what boring writes it reads again.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "codec/cbor.h"
#include "codec/edn.h"

namespace {

// What boring reads of what it writes; nothing when it cannot hold the value.
std::optional<ksv::Bytes> written_twice(const ksv::Value& value, ksv::Bytes& once) {
  ksv::Result<ksv::Bytes> written = ksv::write_boring(value);
  if (!written.has_value()) return std::nullopt;
  once = *std::move(written);
  const ksv::Result<ksv::Value> again = ksv::read_boring(once);
  KSV_ASSERT(again.has_value());
  ksv::Result<ksv::Bytes> twice = ksv::write_boring(*again);
  KSV_ASSERT(twice.has_value());
  return *std::move(twice);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ksv::BytesView bytes(data, size);
  ksv::Bytes once;
  const ksv::Result<ksv::Value> boring = ksv::read_boring(bytes);
  if (boring.has_value()) {
    ksv::edn_excerpt(*boring);
    const std::optional<ksv::Bytes> twice = written_twice(*boring, once);
    KSV_ASSERT(!twice || *twice == once);
  }
  // A value of clj-cbor may become another kind in boring, such as a literal that is tagged as a
  // char.
  const ksv::Result<ksv::Value> clj = ksv::read_clj_cbor(bytes);
  if (clj.has_value()) written_twice(*clj, once);
  return 0;
}
