// v3's leases: what a time to live is there.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "backend/etcd/etcd_v3_client.h"

namespace ksv::etcd {
namespace {

constexpr std::int64_t kSecondsMax = 9'000'000'000;  // the server's own (lease.MaxLeaseTTL)

std::string lease_text(std::int64_t lease) { return ObjectText().number("ID", lease).take(); }

}  // namespace

// The lease gets its name from us, so that asking twice does not make two.
Result<std::int64_t> V3Client::grant_lease(std::int64_t seconds) {
  if (seconds < 1 || seconds > kSecondsMax) {
    return Error(ErrorCode::kUsage, fmt::format("a time to live is from 1 to {} seconds, not {}",
                                                kSecondsMax, seconds));
  }
  std::array<std::uint8_t, 8> dice{};
  wire_.env().random(dice);
  std::uint64_t id = 0;
  for (const std::uint8_t byte : dice) id = id << 8 | byte;
  const auto lease = static_cast<std::int64_t>(id >> 1 | 1);
  ObjectText body;
  body.number("TTL", seconds).number("ID", lease);
  const Question question{.name = fmt::format("grant a lease of {} s", seconds),
                          .path = "/lease/grant",
                          .body = body.take()};
  Response response = KSV_TRY(ask_for(question));
  if (response.meaning == Meaning::kPrecondition) return lease;  // it exists: we asked twice
  if (response.refusal) return *std::move(response.refusal);
  FieldReader reader;
  const std::int64_t granted = reader.number(response.json, "ID");
  if (reader.is_bad() || granted == 0) return unreadable(question);
  return granted;
}

// The answer is a stream of one message; that of a lease that is gone has no TTL.
Result<std::int64_t> V3Client::keep_alive(std::int64_t lease) {
  const Question question{.name = fmt::format("keep the lease {:x} alive", lease),
                          .path = "/lease/keepalive",
                          .body = lease_text(lease)};
  Response response = KSV_TRY(ask_for(question));
  if (response.meaning == Meaning::kNotFound) return 0;
  if (response.refusal) return *std::move(response.refusal);
  FieldReader reader;
  const Json* result = reader.find(response.json, "result");
  if (result == nullptr) return unreadable(question);
  const std::int64_t seconds = reader.number(*result, "TTL");
  if (reader.is_bad()) return unreadable(question);
  return seconds;
}

Status V3Client::revoke_lease(std::int64_t lease) {
  const Question question{.name = fmt::format("revoke the lease {:x}", lease),
                          .path = "/lease/revoke",
                          .body = lease_text(lease),
                          .repeat = net::Repeat::kConditional};
  Response response = KSV_TRY(ask_for(question));
  if (!response.refusal || response.meaning == Meaning::kNotFound) return ok();
  return *std::move(response.refusal);
}

Result<std::int64_t> V3Client::seconds_left(std::int64_t lease) {
  const Question question{.name = fmt::format("ask how long the lease {:x} lasts", lease),
                          .path = "/lease/timetolive",
                          .body = lease_text(lease)};
  const Response response = KSV_TRY(ask(question));
  FieldReader reader;
  const std::int64_t seconds = reader.number(response.json, "TTL");  // -1: it is gone
  if (reader.is_bad()) return unreadable(question);
  return std::max(seconds, std::int64_t{0});
}

}  // namespace ksv::etcd
