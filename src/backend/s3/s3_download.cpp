// Streamed reads: parts are fetched ahead, several at once, and handed on in order.
#include <algorithm>

#include "ksv/limits.h"

#include "backend/s3/s3_ahead.h"
#include "backend/s3/s3_backend.h"
#include "backend/s3/s3_names.h"

namespace ksv::s3 {
namespace {

constexpr std::uint64_t kPartBytes = std::uint64_t{8} << 20;
constexpr std::size_t kPartsAhead = 4;

Status hand_on(const ByteSink& sink, BytesView bytes) {
  while (!bytes.empty()) {
    const BytesView chunk = bytes.first(std::min(bytes.size(), limits::kStreamChunkBytes));
    KSV_CHECK(sink(chunk));
    bytes = bytes.subspan(chunk.size());
  }
  return ok();
}

}  // namespace

// The first part tells size and version; the others must be of that version.
Result<std::optional<Version>> S3Backend::read_stream(const std::string& key, std::uint64_t offset,
                                                      const ByteSink& sink) {
  KSV_CHECK(check_key(key));
  const std::string name = prefix_ + key;
  std::optional<Part> first = KSV_TRY(get_part(wire_, name, offset, kPartBytes));
  KSV_CHECK(note_read(first.has_value()));
  if (!first) return std::optional<Version>();
  const Version version = first->version;
  const std::uint64_t size = first->size;
  std::uint64_t next = offset + first->bytes.size();
  Ahead<std::optional<Part>> ahead;
  for (;;) {
    while (ahead.size() < kPartsAhead && next < size) {
      ahead.start([this, &name, &version, next] {
        return get_part(wire_, name, next, kPartBytes, &version);
      });
      next += std::min(kPartBytes, size - next);
    }
    KSV_CHECK(hand_on(sink, first->bytes));
    if (ahead.empty()) return std::optional<Version>(version);
    first = KSV_TRY(ahead.next());
    KSV_ASSERT(first.has_value());  // under a version, an absent object is an error
  }
}

}  // namespace ksv::s3
