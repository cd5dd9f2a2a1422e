// The items of a table as bytes under keys: both are JSON text, as the service writes it.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "ksv/backend.h"

#include "backend/dynamodb/dynamo_client.h"
#include "backend/dynamodb/dynamo_item_text.h"

namespace ksv::dynamodb {

// A key is the canonical text of the key attributes, {"id":{"N":"1"}}, the bytes are the canonical
// text of the item, keys included. A version is a hash of it.
//
// A write under Match compares every attribute that was read, so that foreign writers count, and
// changes those that differ, so that attributes which they added stay. What became of a write whose
// answer was lost is read back (Backend::settle): where an equal item is there, it may be
// another's, and the answer is unknown. With exactly_once each write is a transaction under a token
// of its own, which takes effect once however often it is sent: then no answer stays in doubt that
// can be asked for again within ten minutes.
class ItemBackend final : public Backend {
 public:
  struct Options {
    bool exactly_once = false;
    // The name of a number that each write makes greater by one, to be compared instead of all
    // attributes; empty: none.
    std::string version_attribute{};
  };
  ItemBackend(Wire& wire, Options options);  // the wire must outlive it

  const Capabilities& capabilities() const override { return capabilities_; }
  Result<std::optional<Stored>> read(const std::string& key) override;
  // An item is read and written as a whole: kUnsupported.
  Result<std::optional<Range>> read_range(const std::string& key, std::uint64_t offset,
                                          std::uint64_t length) override;
  Result<std::optional<Version>> read_stream(const std::string& key, std::uint64_t offset,
                                             const ByteSink& sink) override;
  Result<WriteOutcome> write(const std::string& key, BytesView bytes,
                             const Precondition& precondition, const WriteId& id) override;
  Result<WriteOutcome> write_stream(const std::string& key, const ByteSource& source,
                                    const Precondition& precondition, const WriteId& id) override;
  Result<RemoveOutcome> remove(const std::string& key, const Precondition& precondition) override;
  // All keys, in no order; there are no prefixes.
  Result<Page> list(const std::string& prefix, const std::optional<std::string>& after) override;

  std::string history_mark() override { return {}; }
  Result<Settled> settle(const KeyWrite& write, const Precondition& precondition,
                         const std::string& mark) override;

  // What its description says of the table; asked for once.
  Result<TableState> table();

 private:
  // The item whose version this is; nothing when the key has another, or none.
  Result<std::optional<std::string>> base_of(const std::string& key, const Version& version);
  void remember(const std::string& key, const std::string& item);
  Result<bool> is_same(std::string_view one, std::string_view other) const;
  Result<std::string> condition_on(const std::string& base, Expression* expression) const;
  Result<std::string> with_version(const std::string& item, const std::string* base) const;
  Result<WriteInput> input_of(const std::string& key, const std::string& item,
                              const Precondition& precondition, const std::string& base) const;
  Result<WriteOutcome> send(const WriteInput& input, const std::string& key,
                            const std::string& item, const WriteId& id);
  Result<WriteReply> transact(const WriteInput& input, const WriteId& id);

  Wire& wire_;
  Options options_;
  std::string table_name_;
  Capabilities capabilities_;
  std::mutex mutex_;
  std::map<std::string, std::string> known_{};  // the last item seen of a key
  std::optional<TableState> table_{};
  // After a write, reads are strong whatever the settings say: they may be there to settle it.
  std::atomic<bool> has_written_ = false;
};

}  // namespace ksv::dynamodb
