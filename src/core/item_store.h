// A store of items: DynamoDB's native layout. Values are maps, the primary key among them.
#pragma once

#include <mutex>
#include <string>

#include "ksv/env.h"
#include "ksv/store.h"

namespace ksv {

// Keys are maps of the key attributes, {:id 0}. A value is the whole item; put adds the key
// attributes where they are missing, and refuses others (kUsage). Frozen bytes come as
// #ksv/frozen X and are written back as they came. There is no metadata: the backend's settle()
// tells what became of a write (core/settle_history.h).
class ItemStore final : public Store {
 public:
  // The three must outlive the store. `call` is told how writes are known to have taken effect;
  // null: nobody wants to know.
  ItemStore(Backend& backend, Env& env, Call* call = nullptr);

  const Capabilities& capabilities() const override { return backend_.capabilities(); }
  Result<std::optional<Entry>> get(const Value& key) override;
  Result<std::optional<Entry>> get_meta(const Value& key) override;
  Result<bool> exists(const Value& key) override;
  Result<PutOutcome> put(const Value& key, const Value& value, const PutOptions& options) override;
  // Neither is all or nothing here, so neither is called.
  Result<std::vector<Version>> put_many(const std::vector<KeyValue>& pairs) override;
  Result<std::vector<bool>> remove_many(const Values& keys) override;
  Result<RemoveOutcome> remove(const Value& key, const Precondition& precondition) override;
  Status each_key(const std::function<Status(const Value&, const Entry&)>& each,
                  const std::function<void(const std::string&, const Error&)>& unreadable) override;
  // An item is no stream of bytes: kUsage.
  Result<std::optional<Entry>> get_bytes(const Value& key, const ByteSink& sink) override;
  Result<PutOutcome> put_bytes(const Value& key, const ByteSource& source,
                               const Precondition& precondition) override;

 private:
  Backend& backend_;
  Env& env_;
  Call* call_;
  std::mutex call_mutex_;
};

}  // namespace ksv
