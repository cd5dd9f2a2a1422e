// A store in the memory of this process: the contract of a backend, written down as code.
#pragma once

#include <atomic>
#include <map>
#include <mutex>

#include "ksv/backend.h"
#include "ksv/catalog.h"

namespace ksv {

class MemoryBackend final : public Backend {
 public:
  explicit MemoryBackend(Call& call);

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
  Result<std::vector<Version>> write_many(const std::vector<KeyWrite>& writes) override;
  Result<std::vector<bool>> remove_many(const std::vector<std::string>& keys) override;

  // Removes every key; returns how many there were.
  std::size_t clear();

 private:
  // Both need the mutex.
  Version put(const std::string& key, Bytes bytes);
  std::optional<Stored> find(const std::string& key) const;

  Call& call_;
  Capabilities capabilities_;
  std::mutex mutex_;
  std::map<std::string, Stored> entries_;
  std::uint64_t writes_ = 0;  // the last version given; never comes back
};

// Lives as long as the object: two places never share a store.
class MemoryPlace final : public StorePlace {
 public:
  explicit MemoryPlace(Call& call) : backend_(call) {}
  Result<bool> exists() override { return exists_.load(); }
  Result<CreateOutcome> create() override;
  Result<DeleteOutcome> remove(const std::function<void(std::uint64_t)>& progress) override;
  Backend& backend() override { return backend_; }

 private:
  std::atomic<bool> exists_ = false;
  MemoryBackend backend_;
};

}  // namespace ksv
