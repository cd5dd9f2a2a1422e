// The version of a blob is a digest of its bytes: the first half of their SHA-256, in hex.
//
// Equal bytes are the same version, so a version can come back. That is harmless: a writer that
// compares by bytes and finds the bytes it had read has missed nothing that it could tell from
// them. The alternative, inode and times, is not safe: an inode is used again at once, the clock of
// a file system ticks in milliseconds, and a konserve that writes in place keeps the inode. And
// each konserve or ksv of today puts a fresh :revision into every blob anyhow.
#pragma once

#include "ksv/backend.h"

#include "base/crypto.h"

namespace ksv {

Version blob_version(BytesView bytes);

// The same of bytes that come in pieces.
class BlobHash {
 public:
  void add(BytesView bytes) { hash_.add(bytes); }
  Version finish();  // once

 private:
  Sha256Stream hash_;
};

}  // namespace ksv
