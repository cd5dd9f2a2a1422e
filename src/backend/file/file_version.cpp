// The version of a blob.
#include "backend/file/file_version.h"

#include "base/hex.h"

namespace ksv {

namespace {

Version version_from(const Sha256Digest& digest) {
  return Version{to_hex(BytesView(digest).first(digest.size() / 2))};
}

}  // namespace

Version blob_version(BytesView bytes) { return version_from(sha256(bytes)); }

Version BlobHash::finish() { return version_from(hash_.finish()); }

}  // namespace ksv
