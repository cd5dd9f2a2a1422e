// Any bytes as Fressian: what can be read can be written, and then reads back as the same.
#include <cstdint>
#include <cstdlib>

#include "ksv/bytes.h"

#include "codec/fressian.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ksv::Result<ksv::Value> value = ksv::read_fressian({data, size});
  if (!value) return 0;
  const ksv::Result<ksv::Bytes> written = ksv::write_fressian(*value);
  if (!written) std::abort();
  const ksv::Result<ksv::Value> back = ksv::read_fressian(*written);
  if (!back) std::abort();
  // Bytes are compared, since a value that holds a NaN does not equal itself.
  const ksv::Result<ksv::Bytes> again = ksv::write_fressian(*back);
  if (!again || *again != *written) std::abort();
  return 0;
}
