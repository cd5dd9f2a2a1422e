// Rivals and faults around a backend.
#include "sim/rival_backend.h"

#include <utility>

namespace ksv::testing {
namespace {

Error lost(Effect effect) { return Error(ErrorCode::kUnavailable, "the answer was lost", effect); }

}  // namespace

void RivalBackend::let_others_act() {
  rival_();
  if (!delayed_ || !chance(50)) return;
  const auto arrives = std::exchange(delayed_, nullptr);
  arrives();
  rival_();
}

Result<std::optional<Stored>> RivalBackend::read(const std::string& key) {
  let_others_act();
  if (chance(fate_.fail_before)) return lost(Effect::kNone);
  auto stored = inner_.read(key);
  let_others_act();
  return stored;
}

Result<std::optional<Range>> RivalBackend::read_range(const std::string& key, std::uint64_t offset,
                                                      std::uint64_t length) {
  let_others_act();
  if (chance(fate_.fail_before)) return lost(Effect::kNone);
  return inner_.read_range(key, offset, length);
}

Result<std::optional<Version>> RivalBackend::read_stream(const std::string& key,
                                                         std::uint64_t offset,
                                                         const ByteSink& sink) {
  return inner_.read_stream(key, offset, sink);
}

Result<WriteOutcome> RivalBackend::write(const std::string& key, BytesView bytes,
                                         const Precondition& precondition, const WriteId& id) {
  let_others_act();
  if (chance(fate_.fail_before)) return lost(Effect::kNone);
  if (!delayed_ && chance(fate_.late)) {
    delayed_ = [this, key, copy = copy_of(bytes), precondition, id] {
      static_cast<void>(inner_.write(key, copy, precondition, id));
    };
    return lost(Effect::kUnknown);
  }
  auto outcome = inner_.write(key, bytes, precondition, id);
  if (chance(fate_.twice)) {
    let_others_act();
    outcome = inner_.write(key, bytes, precondition, id);
  }
  let_others_act();
  if (outcome.has_value() && chance(fate_.fail_after)) return lost(Effect::kUnknown);
  if (outcome.has_value() && std::holds_alternative<Conflict>(*outcome) &&
      chance(fate_.hide_winner)) {
    return WriteOutcome(Conflict{});
  }
  return outcome;
}

Result<WriteOutcome> RivalBackend::write_stream(const std::string& key, const ByteSource& source,
                                                const Precondition& precondition,
                                                const WriteId& id) {
  return inner_.write_stream(key, source, precondition, id);
}

Result<RemoveOutcome> RivalBackend::remove(const std::string& key,
                                           const Precondition& precondition) {
  let_others_act();
  if (chance(fate_.fail_before)) return lost(Effect::kNone);
  return inner_.remove(key, precondition);
}

Result<Page> RivalBackend::list(const std::string& prefix,
                                const std::optional<std::string>& after) {
  return inner_.list(prefix, after);
}

}  // namespace ksv::testing
