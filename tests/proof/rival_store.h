// What others do meanwhile: clients of the store that the fault table breaks, beside its network.
#pragma once

#include "core/konserve_store.h"
#include "proof/conditional_store.h"

namespace ksv::testing {

// Single reads, writes and removals, each of which the service carries out at once.
class ServiceBackend final : public Backend {
 public:
  // Names of keys begin with `prefix`, which is that of the requests' paths.
  ServiceBackend(ConditionalStore& service, std::string prefix, bool remote)
      : service_(service), prefix_(std::move(prefix)) {
    capabilities_.remote = remote;
  }

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

 private:
  ServerAction send(const std::string& method, const std::string& key, HttpHeaders headers = {},
                    std::string body = {});

  ConditionalStore& service_;
  std::string prefix_;
  Capabilities capabilities_;
};

// Each does a whole operation on the key, from what is there.
enum class Rival {
  kNobody,
  kUpdates,     // another ksv appends kRivalMark to the string
  kOverwrites,  // a writer that knows no lineage writes kRivalMark
  kRemoves,
};
inline constexpr std::string_view kRivalMark = "(rival)";
void act(Rival rival, ConditionalStore& service, const std::string& prefix, const Value& key,
         Env& env);
// On the marker of a store: another creates the store, or removes it.
void act_on_marker(Rival rival, ConditionalStore& service, const std::string& path);

}  // namespace ksv::testing
