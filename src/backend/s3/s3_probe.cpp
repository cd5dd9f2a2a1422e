// The probe: a creation, two stale writes, a right one, a stale removal, then races.
//
// A service that ignores conditions shows it in the first steps. One that looks first and writes
// then (SeaweedFS before March 2026) passes those, so several writers race for one object, in
// several rounds.
#include "backend/s3/s3_probe.h"

#include <algorithm>

#include "backend/s3/s3_names.h"
#include "base/hex.h"
#include "base/parallel.h"

namespace ksv::s3 {
namespace {

constexpr std::string_view kStaleEtag = "00000000000000000000000000000000";

using Writes = Findings::Writes;

Error inconclusive(const std::string& what) {
  return Error(ErrorCode::kUnavailable, what).with_hint("Repeat the command.");
}

}  // namespace

ProbeSteps::ProbeSteps(Wire& wire, const std::string& prefix, RaceSize size)
    : wire_(wire),
      base_(prefix + std::string(kProbeInfix) + uuid_text(random_uuid(wire.env()))),
      size_(size) {}

void ProbeSteps::found(Writes writes, std::string what) {
  findings_.writes = writes;
  findings_.removes = false;
  findings_.what = std::move(what);
}

Condition ProbeSteps::match(std::string etag) const {
  return {Condition::Kind::kMatch, std::move(etag), findings_.quoted};
}

// Each body is another one, so that each has an ETag of its own.
std::string ProbeSteps::fresh_body() const {
  return "ksv probe " + uuid_text(random_uuid(wire_.env()));
}

std::string ProbeSteps::race_name(std::size_t round) const {
  return base_ + "-" + std::to_string(round);
}

Result<ProbeSteps::Outcome> ProbeSteps::write(const std::string& name, const Condition& condition,
                                              std::string* etag) {
  return write_body(name, fresh_body(), condition, etag);
}

Result<ProbeSteps::Outcome> ProbeSteps::write_body(const std::string& name, const std::string& body,
                                                   const Condition& condition, std::string* etag) {
  const auto outcome =
      put_object(wire_, {.name = name, .body = bytes_of(body), .condition = condition});
  if (!outcome) {
    if (outcome.error().code() == ErrorCode::kUnsupported) return Outcome::kNotSupported;
    return outcome.error();
  }
  const Written* written = std::get_if<Written>(&*outcome);
  if (written == nullptr) return Outcome::kLost;
  if (etag != nullptr) *etag = written->version.token;
  return Outcome::kDone;
}

Result<std::string> ProbeSteps::present_etag(const std::string& name) {
  const auto info = KSV_TRY(head_object(wire_, name));
  return info ? info->version.token : std::string();
}

Status ProbeSteps::judge_creation() {
  const Condition absent{.kind = Condition::Kind::kAbsent};
  const Outcome first = KSV_TRY(write(base_, absent, &etag_));
  if (first == Outcome::kNotSupported) {
    found(Writes::kRefused, "it refuses writes with a condition as not implemented");
    return ok();
  }
  if (first == Outcome::kLost) return inconclusive("a new object was taken for one that exists");
  const Outcome second = KSV_TRY(write(base_, absent));
  if (second == Outcome::kDone) {
    found(Writes::kIgnored, "it overwrote an object that was to be created only if absent");
  }
  return ok();
}

Status ProbeSteps::judge_form() {
  for (const bool quoted : {true, false}) {
    findings_.quoted = quoted;
    std::string etag;
    const Outcome outcome = KSV_TRY(write(base_, match(etag_), &etag));
    if (outcome == Outcome::kDone) {
      etag_ = etag;
      return ok();
    }
    if (outcome == Outcome::kNotSupported) break;
  }
  found(Writes::kRefused, "it refuses to replace an object whose ETag is the one named");
  return ok();
}

Status ProbeSteps::judge_stale_write() {
  const Outcome outcome = KSV_TRY(write(base_, match(std::string(kStaleEtag))));
  const std::string present = KSV_TRY(present_etag(base_));
  if (outcome == Outcome::kDone || present != etag_) {
    found(Writes::kIgnored, "it overwrote an object whose ETag was not the one named");
  }
  return ok();
}

Status ProbeSteps::judge_removal() {
  findings_.removes = false;
  const auto stale = delete_object(wire_, base_, match(std::string(kStaleEtag)));
  if (!stale || *stale != DeleteAnswer::kRefused) return ok();
  if (KSV_TRY(present_etag(base_)) != etag_) return ok();
  const auto right = delete_object(wire_, base_, match(etag_));
  if (!right || *right != DeleteAnswer::kGone) return ok();
  findings_.removes = KSV_TRY(present_etag(base_)).empty();
  return ok();
}

Status ProbeSteps::judge_races(std::size_t round) {
  rounds_begun_ = std::max(rounds_begun_, round + 1);
  const std::string name = race_name(round);
  const std::string etag = KSV_TRY(race(name, {.kind = Condition::Kind::kAbsent}));
  // Every racer may have lost to an answer that got lost.
  if (!is_safe() || etag.empty()) return ok();
  KSV_CHECK(race(name, match(etag)));
  return ok();
}

// The ETag that is there afterwards.
Result<std::string> ProbeSteps::race(const std::string& name, const Condition& condition) {
  std::vector<std::string> bodies(size_.racers);
  for (std::string& body : bodies) body = fresh_body();
  std::vector<std::string> won(size_.racers);  // the ETags of those who were told that they won
  static_cast<void>(for_each_parallel(size_.racers, size_.racers, [&](std::size_t racer) {
    std::string etag;
    const auto outcome = write_body(name, bodies[racer], condition, &etag);
    // Errors are losers, too: Ceph answers some of them by a 500.
    if (outcome.has_value() && *outcome == Outcome::kDone) won[racer] = etag;
    return ok();
  }));
  const std::string present = KSV_TRY(present_etag(name));
  std::string winner;
  std::size_t winners = 0;
  for (const std::string& etag : won) {
    if (etag.empty()) continue;
    ++winners;
    winner = etag;
  }
  if (winners > 1) {
    found(Writes::kRacy, std::to_string(winners) + " of " + std::to_string(size_.racers) +
                             " writers that raced for one object all succeeded");
  } else if (winners == 1 && winner != present) {
    found(Writes::kRacy, "after a race, what is there is not what its only winner wrote");
  }
  return present;
}

Status ProbeSteps::clean_up(Wire& wire) const {
  const std::size_t count = rounds_begun_ + 1;
  std::vector<std::optional<Error>> failed(count);
  static_cast<void>(for_each_parallel(count, count, [&](std::size_t i) {
    const bool made = i > 0 || findings_.writes != Writes::kRefused;
    if (!made) return ok();
    auto removed = delete_object(wire, i == 0 ? base_ : race_name(i - 1), {});
    if (!removed) failed[i] = std::move(removed).error();
    return ok();
  }));
  for (std::optional<Error>& error : failed) {
    if (error) return *std::move(error);
  }
  return ok();
}

Result<Findings> probe_conditions(Wire& wire, const std::string& prefix) {
  ProbeSteps steps(wire, prefix);
  const auto run = [&]() -> Status {
    KSV_CHECK(steps.judge_creation());
    if (steps.is_safe()) KSV_CHECK(steps.judge_form());
    if (steps.is_safe()) KSV_CHECK(steps.judge_stale_write());
    if (steps.is_safe()) KSV_CHECK(steps.judge_removal());
    for (std::size_t round = 0; round < steps.race_size().rounds && steps.is_safe(); ++round) {
      KSV_CHECK(steps.judge_races(round));
    }
    return ok();
  };
  auto status = run();
  static_cast<void>(steps.clean_up(wire));
  if (status) return steps.findings();
  return probe_failure(status.error());
}

Error probe_failure(const Error& why) {
  return Error(why)
      .with_effect(Effect::kNone)
      .with_refused_write(false)
      .with_context("finding out whether the store honours conditions");
}

}  // namespace ksv::s3
