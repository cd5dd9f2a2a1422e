// hasch: the hash that gives a konserve key its file name (doc/format: hasch).
#pragma once

#include "ksv/bytes.h"
#include "ksv/result.h"
#include "ksv/value.h"

#include "base/crypto.h"

namespace ksv {

// C(x): the bytes before the last SHA-512. kUsage for kinds that hasch cannot hash.
Result<Bytes> hasch_coerce(const Value& value);
// H(x) = SHA-512(C(x)).
Result<Sha512Digest> hasch(const Value& value);
// The uuid, version 5, made of the first 16 bytes of a hash.
Uuid hasch_uuid(const Sha512Digest& hash);

}  // namespace ksv
