// The probe of completions: like that of single writes (s3_probe.cpp), in fewer steps.
#include "backend/s3/s3_parts_probe.h"

#include <algorithm>
#include <array>

#include "backend/s3/s3_multipart.h"
#include "backend/s3/s3_names.h"
#include "backend/s3/s3_probe.h"
#include "base/hex.h"
#include "base/parallel.h"

namespace ksv::s3 {
namespace {

constexpr std::size_t kRounds = 2;
constexpr std::size_t kRacers = 4;

using Writes = Findings::Writes;

class PartsProbe {
 public:
  PartsProbe(Wire& wire, const std::string& prefix, bool quoted)
      : wire_(wire), base_(prefix + std::string(kProbeInfix) + uuid_text(random_uuid(wire.env()))) {
    findings_.quoted = quoted;
  }

  Status run();
  void clean_up();
  const Findings& findings() const { return findings_; }

 private:
  // An upload that waits for its completion.
  struct Waiting {
    Multipart upload;
    std::string etag;  // of its only part
  };

  bool is_safe() const { return findings_.writes == Writes::kHonoured; }
  void found(Writes writes, std::string what);
  Condition match(std::string etag) const;
  Result<Waiting> begin(const std::string& name) const;
  // The ETag of the object that was made; nothing: refused.
  static Result<std::optional<std::string>> complete(const Waiting& waiting,
                                                     const Condition& condition);
  Result<std::optional<std::string>> write(const Condition& condition) const;
  Result<std::string> present_etag(const std::string& name) const;
  Status judge_alone();
  Status judge_race(std::size_t round);
  Result<std::string> race(const std::string& name, const Condition& condition);
  std::string race_name(std::size_t round) const { return base_ + "-" + std::to_string(round); }

  Wire& wire_;
  std::string base_;
  Findings findings_;
  std::size_t rounds_begun_ = 0;
};

void PartsProbe::found(Writes writes, std::string what) {
  findings_.writes = writes;
  findings_.what = std::move(what);
}

Condition PartsProbe::match(std::string etag) const {
  return {Condition::Kind::kMatch, std::move(etag), findings_.quoted};
}

Result<PartsProbe::Waiting> PartsProbe::begin(const std::string& name) const {
  const std::string id = uuid_text(random_uuid(wire_.env()));
  const Multipart upload = KSV_TRY(Multipart::begin(wire_, name, id));
  auto etag = upload.put_part(1, bytes_of("ksv probe " + id));
  if (etag.has_value()) return Waiting{upload, *std::move(etag)};
  upload.abort();
  return std::move(etag).error();
}

Result<std::optional<std::string>> PartsProbe::complete(const Waiting& waiting,
                                                        const Condition& condition) {
  auto outcome = waiting.upload.complete({waiting.etag}, condition);
  const Written* written = outcome.has_value() ? std::get_if<Written>(&*outcome) : nullptr;
  if (written != nullptr) return std::optional(written->version.token);
  waiting.upload.abort();
  if (!outcome.has_value()) return std::move(outcome).error();
  return std::optional<std::string>();
}

Result<std::optional<std::string>> PartsProbe::write(const Condition& condition) const {
  const Waiting waiting = KSV_TRY(begin(base_));
  return complete(waiting, condition);
}

Result<std::string> PartsProbe::present_etag(const std::string& name) const {
  const auto info = KSV_TRY(head_object(wire_, name));
  return info ? info->version.token : std::string();
}

Status PartsProbe::judge_alone() {
  const Condition absent{.kind = Condition::Kind::kAbsent};
  const auto first = write(absent);
  if (!first.has_value() && first.error().code() == ErrorCode::kUnsupported) {
    found(Writes::kRefused, "it refuses uploads in parts with a condition as not implemented");
    return ok();
  }
  if (!first.has_value()) return first.error();
  if (!*first) {
    found(Writes::kRefused, "it refuses an upload in parts of a new object");
    return ok();
  }
  const auto second = KSV_TRY(write(absent));
  if (second) {
    found(Writes::kIgnored,
          "it overwrites by an upload in parts what was to be created only if absent");
    return ok();
  }
  const auto stale = KSV_TRY(write(match("00000000000000000000000000000000-1")));
  const std::string present = KSV_TRY(present_etag(base_));
  if (stale || present != **first) {
    found(Writes::kIgnored,
          "it overwrites by an upload in parts an object whose ETag was not the one named");
    return ok();
  }
  const auto right = KSV_TRY(write(match(**first)));
  if (!right) {
    found(Writes::kRefused,
          "it refuses an upload in parts over an object whose ETag is the one named");
  }
  return ok();
}

Status PartsProbe::judge_race(std::size_t round) {
  rounds_begun_ = round + 1;
  const std::string name = race_name(round);
  const std::string etag = KSV_TRY(race(name, {.kind = Condition::Kind::kAbsent}));
  if (!is_safe() || etag.empty()) return ok();
  KSV_CHECK(race(name, match(etag)));
  return ok();
}

// The ETag that is there afterwards.
Result<std::string> PartsProbe::race(const std::string& name, const Condition& condition) {
  std::vector<std::optional<Waiting>> waiting(kRacers);
  const Status begun = for_each_parallel(kRacers, kRacers, [&](std::size_t racer) -> Status {
    waiting[racer] = KSV_TRY(begin(name));
    return ok();
  });
  std::array<bool, kRacers> won{};
  static_cast<void>(for_each_parallel(kRacers, kRacers, [&](std::size_t racer) {
    if (!waiting[racer]) return ok();
    if (!begun.has_value()) {
      waiting[racer]->upload.abort();
      return ok();
    }
    const auto outcome = complete(*waiting[racer], condition);
    // Errors are losers, too.
    won[racer] = outcome.has_value() && *outcome;
    return ok();
  }));
  KSV_CHECK(begun);
  const auto winners = std::count(won.begin(), won.end(), true);
  if (winners > 1) {
    found(Writes::kRacy, std::to_string(winners) + " of " + std::to_string(kRacers) +
                             " uploads in parts that raced for one object all succeeded");
  }
  return present_etag(name);
}

Status PartsProbe::run() {
  KSV_CHECK(judge_alone());
  for (std::size_t round = 0; round < kRounds && is_safe(); ++round) KSV_CHECK(judge_race(round));
  return ok();
}

void PartsProbe::clean_up() {
  static_cast<void>(
      for_each_parallel(rounds_begun_ + 1, rounds_begun_ + 1, [&](std::size_t i) -> Status {
        KSV_CHECK(delete_object(wire_, i == 0 ? base_ : race_name(i - 1), {}));
        return ok();
      }));
}

}  // namespace

Result<Findings> probe_completions(Wire& wire, const std::string& prefix, bool quoted) {
  PartsProbe probe(wire, prefix, quoted);
  const Status status = probe.run();
  probe.clean_up();
  if (status.has_value()) return probe.findings();
  return probe_failure(status.error());
}

}  // namespace ksv::s3
