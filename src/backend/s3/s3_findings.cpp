// Findings as a cache file holds them, and for how long they are believed.
#include "backend/s3/s3_findings.h"

#include <array>

namespace ksv::s3 {
namespace {

using Writes = Findings::Writes;

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr std::int64_t kSafeForMs = 7 * kDayMs;
// A refusal is proven again sooner: somebody may have mended the service, or its bucket.
constexpr std::int64_t kUnsafeForMs = 10LL * 60 * 1000;

struct WritesName {
  Writes writes;
  std::string_view name;
};
constexpr std::array kWritesNames = {
    WritesName{Writes::kHonoured, "honoured"}, WritesName{Writes::kIgnored, "ignored"},
    WritesName{Writes::kRefused, "refused"}, WritesName{Writes::kRacy, "racy"}};

std::optional<Findings> findings_of(const Json::Object& fields) {
  Findings findings;
  const std::string writes = cached_text(fields, "writes");
  bool found = false;
  for (const WritesName& each : kWritesNames) {
    if (each.name != writes) continue;
    findings.writes = each.writes;
    found = true;
  }
  if (!found) return std::nullopt;
  findings.quoted = cached_text(fields, "etags") == "quoted";
  findings.removes = cached_text(fields, "removes") == "honoured";
  findings.what = cached_text(fields, "what");
  return findings;
}

Json::Object fields_of(const Findings& findings) {
  std::string writes;
  for (const WritesName& each : kWritesNames) {
    if (each.writes == findings.writes) writes = each.name;
  }
  return {{"writes", Json{writes}},
          {"etags", Json{std::string(findings.quoted ? "quoted" : "bare")}},
          {"removes", Json{std::string(findings.removes ? "honoured" : "ignored")}},
          {"what", Json{findings.what}}};
}

const char* folder_of(KnownFindings::Kind kind) {
  return kind == KnownFindings::Kind::kWrites ? "s3-probes" : "s3-multipart-probes";
}

}  // namespace

KnownFindings::KnownFindings(Wire& wire, Kind kind)
    : wire_(wire), cache_(wire.env(), folder_of(kind), wire.endpoint().identity()) {}

void KnownFindings::learn(const Findings& findings) {
  const std::lock_guard<std::mutex> guard(mutex_);
  findings_ = findings;
}

void KnownFindings::keep(const Findings& findings) const { cache_.write(fields_of(findings)); }

std::optional<Findings> KnownFindings::known() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (findings_ || cache_read_) return findings_;
  cache_read_ = true;
  const auto fields = cache_.read(kSafeForMs);
  const auto findings = fields ? findings_of(*fields) : std::nullopt;
  if (!findings) return std::nullopt;
  if (findings->writes != Writes::kHonoured && !cache_.read(kUnsafeForMs)) return std::nullopt;
  findings_ = findings;
  return findings_;
}

Result<Findings> KnownFindings::proven(const std::function<Result<Findings>()>& probe) {
  if (const auto findings = known()) return *findings;
  const std::lock_guard<std::mutex> guard(probe_mutex_);
  if (const auto findings = known()) return *findings;
  const Findings findings = KSV_TRY(probe());
  learn(findings);
  keep(findings);
  if (wire_.call().log) {
    wire_.call().log("probe of " + wire_.endpoint().identity() + ": " +
                     (findings.what.empty() ? "conditions are honoured" : findings.what));
  }
  return findings;
}

}  // namespace ksv::s3
