// A store in a table, in the layout of konserve-dynamodb (doc/format.md, "DynamoDB").
#pragma once

#include <atomic>
#include <string>

#include "ksv/backend.h"

#include "backend/dynamodb/dynamo_blob.h"
#include "backend/dynamodb/dynamo_client.h"

namespace ksv::dynamodb {

// A version is a hash of the blob. Every write of a version is conditional, every listing complete,
// every read strong, unless the settings ask for stale ones. Says kState itself when there is no
// table.
class DynamoBackend final : public Backend {
 public:
  explicit DynamoBackend(Wire& wire);  // which must outlive it

  const Capabilities& capabilities() const override { return capabilities_; }
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
  // One transaction of at most kTransactionMax keys.
  Result<std::vector<Version>> write_many(const std::vector<KeyWrite>& writes) override;
  Result<std::vector<bool>> remove_many(const std::vector<std::string>& keys) override;

 private:
  Result<std::optional<Blob>> find(const std::string& key);
  // The parts that make up the version; nothing when the key has another one, or is absent.
  Result<std::optional<BlobParts>> parts_of(const std::string& key, const Version& version);

  // dynamo_remove.cpp
  enum class Removal {
    kDone,  // the service says so
    kGone,  // the item was there and is gone, by this removal or by another
  };
  Result<std::optional<Removal>> remove_once(const std::string& key, const Blob& blob);
  Result<RemoveOutcome> remove_any(const std::string& key);
  Result<RemoveOutcome> remove_version(const std::string& key, const Version& version);
  Status check_removed(const std::vector<std::string>& keys, const Error& error);
  Result<std::vector<bool>> find_which(const std::vector<std::string>& keys);

  Wire& wire_;
  std::string table_;
  Capabilities capabilities_;
  KnownBlobs known_;
  // After a write, reads are strong whatever the settings say: they may be there to settle it.
  std::atomic<bool> has_written_ = false;
};

// kUsage when a transaction does not take so many keys.
Status check_count(std::size_t count);

}  // namespace ksv::dynamodb
