// Whether the store exists: asked of its marker no more often than needed.
#pragma once

#include <atomic>
#include <string>

#include "backend/s3/s3_cache.h"
#include "backend/s3/s3_objects.h"

namespace ksv::s3 {

// A read that finds its object proves that there is a store, and so does a write that replaces a
// version. Only a read that finds nothing, and a write of whatever may be there, have to ask; the
// latter is content with an answer of the last hour, so that a plain write is one request. May be
// used from several threads.
class Presence {
 public:
  Presence(Wire& wire, const std::string& store_id);

  // kState when there is no store.
  Status require_for_read();
  Status require_for_write();

  // Asks the marker.
  Result<bool> ask();

  void seen() { known_ = true; }  // an object of the store was there
  void created();
  void removed();

 private:
  Error no_store() const;

  Wire& wire_;
  std::string store_id_;
  CacheFile cache_;
  std::atomic<bool> known_ = false;
};

}  // namespace ksv::s3
