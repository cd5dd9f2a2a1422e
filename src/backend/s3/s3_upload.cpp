// Streamed writes that are larger than one part.
#include <algorithm>

#include "backend/s3/s3_ahead.h"
#include "backend/s3/s3_backend.h"
#include "backend/s3/s3_multipart.h"
#include "backend/s3/s3_streams.h"

namespace ksv::s3 {
namespace {

constexpr std::size_t kPartsInFlight = 4;
// Bytes in flight, for the large parts at the end of a huge upload.
constexpr std::uint64_t kBytesInFlight = std::uint64_t{256} << 20;

std::size_t in_flight_max(std::uint64_t part_bytes) {
  return std::clamp<std::uint64_t>(kBytesInFlight / part_bytes, 1, kPartsInFlight);
}

Error too_long() {
  return Error(ErrorCode::kUsage, "the value is larger than 10,000 parts, about 5 TiB");
}

// Sends the parts; their ETags in order.
Result<std::vector<std::string>> send_parts(const Multipart& multipart, Bytes first,
                                            const ByteSource& source) {
  std::vector<std::string> etags;
  Ahead<std::string> ahead;
  Bytes part = std::move(first);
  bool ended = false;
  for (std::uint64_t number = 1; !part.empty(); ++number) {
    if (number > kPartsMax) return too_long();
    while (ahead.size() >= in_flight_max(part.size())) etags.push_back(KSV_TRY(ahead.next()));
    ahead.start([&multipart, number, bytes = std::move(part)] {
      return multipart.put_part(number, bytes);
    });
    part = Bytes();
    if (ended) break;
    part.resize(part_size(number + 1));
    const std::size_t got = KSV_TRY(fill(source, part));
    ended = got < part.size();
    part.resize(got);
  }
  while (!ahead.empty()) etags.push_back(KSV_TRY(ahead.next()));
  return etags;
}

}  // namespace

Result<std::size_t> fill(const ByteSource& source, std::span<std::uint8_t> buffer) {
  std::size_t count = 0;
  while (count < buffer.size()) {
    const std::size_t got = KSV_TRY(source(buffer.subspan(count)));
    if (got == 0) break;
    count += got;
  }
  return count;
}

Result<WriteOutcome> S3Backend::upload(const std::string& name, Bytes first,
                                       const ByteSource& source, const Precondition& precondition,
                                       const WriteId& id) {
  // Interrupted, it is aborted: the parts would be paid for until somebody looks.
  const SignalHold hold(wire_.env());
  const ByteSource interruptible = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
    if (wire_.env().signalled() == 0) return source(into);
    return Error(ErrorCode::kCancelled, "interrupted by a signal");
  };
  // Before anything is sent: a service that cannot be trusted is refused at once.
  const Conditions::Plan plan = KSV_TRY(conditions_.plan_complete(precondition));
  const Multipart multipart = KSV_TRY(Multipart::begin(wire_, name, id.text));
  const auto finish = [&]() -> Result<WriteOutcome> {
    const auto etags = send_parts(multipart, std::move(first), interruptible);
    // Parts are not to be seen by anybody, whatever became of them.
    if (!etags) return Error(etags.error()).with_effect(Effect::kNone);
    if (plan.look_first && !KSV_TRY(holds(name, precondition))) return WriteOutcome(Conflict{});
    return multipart.complete(*etags, plan.condition);
  };
  auto outcome = finish();
  const bool is_written = outcome && std::holds_alternative<Written>(*outcome);
  const bool is_doubtful = !outcome && outcome.error().effect() == Effect::kUnknown;
  if (!is_written && !is_doubtful) multipart.abort();
  return outcome;
}

}  // namespace ksv::s3
