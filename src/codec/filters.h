// Compressors and encryptors: bytes to bytes (doc/format: konserve blobs).
#pragma once

#include "ksv/bytes.h"
#include "ksv/codec.h"
#include "ksv/result.h"

namespace ksv {

Bytes lz4_compress(BytesView bytes);  // one frame: 4 MiB independent blocks, end mark
Result<Bytes> lz4_decompress(BytesView frame, std::size_t bytes_max);
Bytes zstd_compress(BytesView bytes);  // level 3, no content size
Result<Bytes> zstd_decompress(BytesView frame, std::size_t bytes_max);

// Nippy's: one LZ4 block, a zstd frame that tells its size, an xz stream. Of the first and the last
// the length when unpacked is known beside it; anything else is kCorrupt.
Bytes lz4_block_compress(BytesView bytes);
Result<Bytes> lz4_block_decompress(BytesView block, std::size_t length);
Bytes zstd_compress_sized(BytesView bytes);
Bytes xz_compress(BytesView bytes);
Result<Bytes> xz_decompress(BytesView stream, std::size_t length);

// konserve's AES-CBC: salt[64], then AES-256-CBC with key and iv from hasch of salt and `key`.
Result<Bytes> aes_cbc_seal(BytesView plain, const Value& key, const RandomSource& random);
Result<Bytes> aes_cbc_open(BytesView sealed, const Value& key);
// konserve's AES-GCM: salt[32], nonce[12], ciphertext, tag[16]. `associated` names the section.
Result<Bytes> aes_gcm_seal(BytesView plain, const Value& key, std::string_view associated,
                           const RandomSource& random);
Result<Bytes> aes_gcm_open(BytesView sealed, const Value& key, std::string_view associated);

}  // namespace ksv
