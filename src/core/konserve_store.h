// A store in konserve's layout: one blob a key, over any backend that holds blobs.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "ksv/codec.h"
#include "ksv/env.h"
#include "ksv/store.h"

#include "core/lineage.h"

namespace ksv {

// How a konserve store is written. What is not set is taken from the blob that is replaced, and for
// new keys from konserve's defaults.
struct StoreEncoding {
  std::optional<SerializerId> serializer{};
  std::optional<CompressorId> compressor{};
  std::optional<EncryptorId> encryptor{};
  std::optional<Value> key{};  // the configured secret: reads need it, too
};

// doc/format.md, "konserve blobs" and "Keys and file names". Every write mints a :revision of its
// own ("<uuid>-<count>", the uuid random per process), so no two writes have the same bytes and a
// write can be recognised later.
class KonserveStore : public Store {
 public:
  // `backend`, `env` and `call` must outlive the store. `call` is told how writes are known to have
  // taken effect (Call::resolved_by); null: nobody wants to know.
  KonserveStore(Backend& backend, Env& env, StoreEncoding encoding, Call* call = nullptr);

  const Capabilities& capabilities() const override { return backend_.capabilities(); }
  Result<std::optional<Entry>> get(const Value& key) override;
  Result<std::vector<std::optional<Entry>>> get_many(const Values& keys) override;
  Result<std::optional<Entry>> get_meta(const Value& key) override;
  Result<bool> exists(const Value& key) override;
  Result<PutOutcome> put(const Value& key, const Value& value, const PutOptions& options) override;
  Result<std::vector<Version>> put_many(const std::vector<KeyValue>& pairs) override;
  Result<std::vector<bool>> remove_many(const Values& keys) override;
  Result<RemoveOutcome> remove(const Value& key, const Precondition& precondition) override;
  Status each_key(const std::function<Status(const Value&, const Entry&)>& each,
                  const std::function<void(const std::string&, const Error&)>& unreadable) override;
  Result<std::optional<Entry>> get_bytes(const Value& key, const ByteSink& sink) override;
  Result<PutOutcome> put_bytes(const Value& key, const ByteSource& source,
                               const Precondition& precondition) override;

 private:
  friend class KeyWalk;
  Result<Entry> decode(const std::string& name, const Stored& stored) const;
  Result<std::optional<Entry>> decode_found(const std::string& name,
                                            const std::optional<Stored>& stored) const;
  Result<std::optional<Entry>> read_meta(const std::string& name);
  Result<std::optional<Entry>> read_unversioned_meta(const std::string& name);
  Result<std::optional<Entry>> meta_in(std::optional<Range> head, const std::string& name);
  Result<Value> decode_meta(const std::string& name, const BlobHeader& header,
                            BytesView blob) const;
  Value next_meta(const Value& key, const PutOptions& options, const std::string& revision);
  Encoding encoding_after(const std::optional<BlobHeader>& header) const;
  Result<std::optional<BlobHeader>> header_to_keep(const std::string& name, const Entry* base);
  Result<PutOutcome> put_local(const Value& key, const Value& value, const PutOptions& options);
  // konserve_remote.cpp: where answers can be lost.
  Result<PutOutcome> put_remote(const Value& key, const Value& value, PutOptions options);
  Result<PutOutcome> put_stream_remote(const std::string& name, const ByteSource& source,
                                       const Value& meta, const Precondition& precondition,
                                       const Origin& origin);
  Result<bool> is_there(const KeyWrite& first, const Error& error);
  Value remote_meta(const Value& key, const PutOptions& options, const Origin& origin,
                    const std::string& revision);
  Result<PutOutcome> noted(Result<PutOutcome> outcome);
  std::string next_revision();
  std::int64_t next_write_ms();
  RandomSource random();

  Backend& backend_;
  Env& env_;
  StoreEncoding encoding_;
  Call* call_;
  std::mutex call_mutex_;
  const std::string revision_prefix_;
  std::atomic<std::uint64_t> revision_count_{0};
  std::atomic<std::int64_t> last_write_ms_{0};
};

}  // namespace ksv
