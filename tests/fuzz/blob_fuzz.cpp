// Whole blobs: any bytes give errors or values, whatever the header claims.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "ksv/codec.h"

#include "codec/edn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ksv::BytesView blob(data, size);
  const ksv::Result<ksv::BlobHeader> header = ksv::parse_blob_header(blob);
  if (!header.has_value()) return 0;
  const std::string name = "11111111-2222-5333-8444-555555555555.ksv";
  const ksv::Encoding encoding{.key = ksv::Value::string(std::string(64, 'a'))};
  for (const ksv::Section section : {ksv::Section::kMeta, ksv::Section::kValue}) {
    const ksv::Result<ksv::BytesView> stored = ksv::blob_section(*header, section, blob);
    if (!stored.has_value()) continue;
    const ksv::Result<ksv::Value> value =
        ksv::decode_section(*header, section, *stored, encoding, name);
    if (value.has_value()) ksv::edn_excerpt(*value);
  }
  return 0;
}
