// What a backend without many-key atomicity answers when it is asked for it all the same.
#include "ksv/backend.h"

namespace ksv {

namespace {

Error not_atomic() {
  return Error(ErrorCode::kUnsupported, "this store cannot change several keys in one atomic step");
}

}  // namespace

Result<std::vector<Version>> Backend::write_many(const std::vector<KeyWrite>& /*writes*/) {
  return not_atomic();
}

Result<std::vector<bool>> Backend::remove_many(const std::vector<std::string>& /*keys*/) {
  return not_atomic();
}

}  // namespace ksv
