// A store in a bucket, in the layout of konserve-s3 (doc/format.md, "S3").
#pragma once

#include <string>

#include "ksv/backend.h"

#include "backend/s3/s3_conditions.h"
#include "backend/s3/s3_presence.h"

namespace ksv::s3 {

// A version is the object's ETag. Says kState itself when the store or its bucket does not exist.
class S3Backend final : public Backend {
 public:
  // `wire` and `presence` must outlive it.
  S3Backend(Wire& wire, Presence& presence, const std::string& store_id);

  const Capabilities& capabilities() const override;
  Result<std::optional<Stored>> read(const std::string& key) override;
  Result<std::optional<Range>> read_range(const std::string& key, std::uint64_t offset,
                                          std::uint64_t length) override;
  Result<std::optional<Version>> read_stream(const std::string& key, std::uint64_t offset,
                                             const ByteSink& sink) override;
  Result<WriteOutcome> write(const std::string& key, BytesView bytes,
                             const Precondition& precondition, const WriteId& id) override;
  Result<WriteOutcome> write_stream(const std::string& key, const ByteSource& source,
                                    const Precondition& precondition, const WriteId& id) override;
  Result<RemoveOutcome> remove(const std::string& key, const Precondition& precondition) override;
  Result<Page> list(const std::string& prefix, const std::optional<std::string>& after) override;

  Conditions& conditions() { return conditions_; }

 private:
  Status note_read(bool found);
  Result<bool> holds(const std::string& name, const Precondition& precondition);
  Status check_before_write(const Precondition& precondition);
  // s3_upload.cpp
  Result<WriteOutcome> upload(const std::string& name, Bytes first, const ByteSource& source,
                              const Precondition& precondition, const WriteId& id);
  // s3_remove.cpp
  enum class Removal {
    kDone,  // the service says so
    kGone,  // the object was there and is gone, by this removal or by another
  };
  Result<std::optional<Removal>> remove_once(const std::string& name, const Version& version,
                                             const Condition& condition);
  Result<RemoveOutcome> remove_any(const std::string& name);
  Result<RemoveOutcome> remove_version(const std::string& name, const Version& version);

  Wire& wire_;
  Presence& presence_;
  std::string prefix_;
  mutable Conditions conditions_;  // capabilities() may read the cache
};

}  // namespace ksv::s3
