// Decides how a precondition is carried to the service.
#include "backend/s3/s3_conditions.h"

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

constexpr const char* kCacheFolder = "s3-probes";

bool is_any(const Precondition& precondition) { return std::holds_alternative<Any>(precondition); }

// One write of a key in a second is what R2 and Google allow.
std::chrono::milliseconds contention_wait(const Endpoint& endpoint) {
  const std::string name = endpoint.identity();
  const bool slow = name.find(".r2.cloudflarestorage.com") != std::string::npos ||
                    name.find("storage.googleapis.com") != std::string::npos;
  return std::chrono::milliseconds(slow ? 1000 : 20);
}

}  // namespace

Conditions::Conditions(Wire& wire, std::string prefix)
    : wire_(wire),
      prefix_(std::move(prefix)),
      cache_(wire.env(), kCacheFolder, wire.endpoint().identity()) {
  for (std::size_t state = 0; state < capabilities_.size(); ++state) {
    Capabilities& can = capabilities_[state];
    can.conditional_writes = (state & 1) == 0;
    can.conditional_removes = (state & 2) != 0;
    can.versions_recur = true;  // an ETag is the MD5 of the bytes
    can.sorted_listing = true;
    can.remote = true;
    can.contention_wait = contention_wait(wire.endpoint());
    can.durability = "whatever the service promises of an object that it acknowledged";
  }
  if (wire.endpoint().is_aws()) learn(Findings{});
}

const Capabilities& Conditions::capabilities() {
  static_cast<void>(known());
  return capabilities_[state_];
}

void Conditions::learn(const Findings& findings) {
  const std::lock_guard<std::mutex> guard(mutex_);
  keep(findings);
}

void Conditions::keep(const Findings& findings) {
  findings_ = findings;
  const bool writes = findings.writes == Writes::kHonoured;
  state_ = (writes ? 0U : 1U) + (writes && findings.removes ? 2U : 0U);
}

std::optional<Findings> Conditions::known() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (findings_ || cache_read_) return findings_;
  cache_read_ = true;
  const auto fields = cache_.read(kSafeForMs);
  const auto findings = fields ? findings_of(*fields) : std::nullopt;
  if (!findings) return std::nullopt;
  if (findings->writes != Writes::kHonoured && !cache_.read(kUnsafeForMs)) return std::nullopt;
  keep(*findings);
  return findings;
}

Result<Findings> Conditions::proven() {
  if (const auto findings = known()) return *findings;
  const std::lock_guard<std::mutex> guard(probe_mutex_);
  if (const auto findings = known()) return *findings;
  const Findings findings = KSV_TRY(probe_conditions(wire_, prefix_));
  learn(findings);
  cache_.write(fields_of(findings));
  if (wire_.call().log) {
    wire_.call().log("probe of " + wire_.endpoint().identity() + ": " +
                     (findings.what.empty() ? "conditions are honoured" : findings.what));
  }
  return findings;
}

Condition Conditions::condition_of(const Precondition& precondition,
                                   const Findings& findings) const {
  if (std::holds_alternative<Absent>(precondition)) return {Condition::Kind::kAbsent, {}, true};
  const Match* match = std::get_if<Match>(&precondition);
  if (match == nullptr) return {};
  return {Condition::Kind::kMatch, match->version.token, findings.quoted};
}

Error Conditions::unsafe(const std::string& what) const {
  return Error(ErrorCode::kUnsafe, wire_.name_of("") + " cannot do this safely: " + what)
      .with_hint(
          "With --allow-unsafe ksv looks before it writes; a write of others in between is then "
          "lost.");
}

Result<Conditions::Plan> Conditions::plan(const Precondition& precondition) {
  if (is_any(precondition)) return Plan{};
  const Findings findings = KSV_TRY(proven());
  if (findings.writes == Writes::kHonoured) return Plan{condition_of(precondition, findings)};
  if (!wire_.settings().allow_unsafe) return unsafe(findings.what);
  Plan plan{.look_first = true};
  // Better than nothing; where they are ignored, a repeated write could take effect twice.
  if (findings.writes == Writes::kRacy) plan.condition = condition_of(precondition, findings);
  return plan;
}

Result<Conditions::Plan> Conditions::plan_remove(const Precondition& precondition) {
  if (is_any(precondition)) return Plan{};
  const Findings findings = KSV_TRY(proven());
  if (findings.writes == Writes::kHonoured && findings.removes) {
    return Plan{condition_of(precondition, findings)};
  }
  if (!wire_.settings().allow_unsafe) return unsafe("it removes objects whatever their version");
  return Plan{.look_first = true};
}

// Services that honour conditions on PUT and ignore them here: Ceph before 20, Hetzner, Garage.
// Only AWS and R2 are known to honour both; others are not trusted without proof.
Result<Conditions::Plan> Conditions::plan_complete(const Precondition& precondition) {
  if (is_any(precondition)) return Plan{};
  const bool trusted =
      wire_.endpoint().is_aws() ||
      wire_.endpoint().identity().find(".r2.cloudflarestorage.com") != std::string::npos;
  if (trusted) {
    const Findings findings = KSV_TRY(proven());
    if (findings.writes == Writes::kHonoured) return Plan{condition_of(precondition, findings)};
  }
  if (!wire_.settings().allow_unsafe) {
    return unsafe("it may ignore the condition of a value that is sent in parts");
  }
  return Plan{.look_first = true};
}

std::optional<Condition> Conditions::remove_condition(const Version& version) {
  const auto findings = known();
  if (!findings || findings->writes != Writes::kHonoured || !findings->removes) return std::nullopt;
  return condition_of(Match{version}, *findings);
}

void remember_findings(Wire& wire, const Findings& findings) {
  const CacheFile cache(wire.env(), kCacheFolder, wire.endpoint().identity());
  cache.write(fields_of(findings));
}

}  // namespace ksv::s3
