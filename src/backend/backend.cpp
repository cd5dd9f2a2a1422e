// What a backend answers when it is asked for what it does not have.
#include "ksv/backend.h"

namespace ksv {

namespace {

Error not_atomic() {
  return Error(ErrorCode::kUnsupported, "this store cannot change several keys in one atomic step");
}

}  // namespace

Result<std::vector<std::optional<Stored>>> Backend::read_many(
    const std::vector<std::string>& keys) {
  std::vector<std::optional<Stored>> found;
  for (const std::string& key : keys) found.push_back(KSV_TRY(read(key)));
  return found;
}

Result<std::vector<Version>> Backend::write_many(const std::vector<KeyWrite>& /*writes*/) {
  return not_atomic();
}

Result<std::vector<bool>> Backend::remove_many(const std::vector<std::string>& /*keys*/) {
  return not_atomic();
}

std::string Backend::history_mark() { return {}; }

Result<Settled> Backend::settle(const KeyWrite& /*write*/, const Precondition& /*precondition*/,
                                const std::string& /*mark*/) {
  return Error(ErrorCode::kUnsupported, "this store keeps no history of its keys");
}

}  // namespace ksv
