// A store of texts under paths, each value as it stands: etcd's native layout.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "ksv/env.h"
#include "ksv/store.h"

namespace ksv {

// Keys are strings: paths such as "/cats/mittens". A value is a string, or bytes where what is
// stored is no UTF-8; what is written may be of any kind, and is stored as its text (text_of).
// There is no metadata, so the history of the backend settles writes (core/settle_history.h).
class PlainStore final : public Store {
 public:
  // The three must outlive the store. `call` is told how writes are known to have taken effect;
  // null: nobody wants to know.
  PlainStore(Backend& backend, Env& env, Call* call = nullptr);

  const Capabilities& capabilities() const override { return backend_.capabilities(); }
  Result<std::optional<Entry>> get(const Value& key) override;
  Result<std::vector<std::optional<Entry>>> get_many(const Values& keys) override;
  Result<std::optional<Entry>> get_meta(const Value& key) override;
  Result<bool> exists(const Value& key) override;
  Result<PutOutcome> put(const Value& key, const Value& value, const PutOptions& options) override;
  Result<std::vector<Version>> put_many(const std::vector<KeyValue>& pairs) override;
  Result<std::vector<bool>> remove_many(const Values& keys) override;
  Result<RemoveOutcome> remove(const Value& key, const Precondition& precondition) override;
  // In the order of their paths where capabilities().sorted_listing.
  Status each_key(const std::function<Status(const Value&, const Entry&)>& each,
                  const std::function<void(const std::string&, const Error&)>& unreadable) override;
  Result<std::optional<Entry>> get_bytes(const Value& key, const ByteSink& sink) override;
  Result<PutOutcome> put_bytes(const Value& key, const ByteSource& source,
                               const Precondition& precondition) override;

 private:
  Result<PutOutcome> write(const std::string& path, Bytes bytes, const Precondition& precondition);
  Result<PutOutcome> write_settled(const KeyWrite& write, const Precondition& precondition);
  Result<PutOutcome> write_over(const KeyWrite& write);
  Result<PutOutcome> write_unsettled(const KeyWrite& write, const Precondition& precondition);
  WriteId next_id();

  Backend& backend_;
  Env& env_;
  Call* call_;
  std::mutex call_mutex_;
  const std::string id_prefix_;
  std::atomic<std::uint64_t> id_count_{0};
};

// The text of a value as Clojure's str gives it: strings as they are, nil as nothing, others as
// EDN. Bytes are taken as they are.
Bytes plain_text_of(const Value& value);

}  // namespace ksv
