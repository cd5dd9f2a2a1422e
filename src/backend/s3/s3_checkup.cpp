// Rights one by one, consistency, then the steps of the probe, with more racers.
//
// All on objects whose names begin as those of a probe: no reader takes them for keys, and
// delete-store takes along what a power failure leaves.
#include "backend/s3/s3_checkup.h"

#include <algorithm>
#include <fmt/format.h>

#include "backend/examination.h"
#include "backend/s3/s3_conditions.h"
#include "backend/s3/s3_connection_checkup.h"
#include "backend/s3/s3_listing.h"
#include "backend/s3/s3_more_checks.h"
#include "backend/s3/s3_names.h"
#include "backend/s3/s3_probe.h"
#include "base/hex.h"

namespace ksv::s3 {
namespace {

constexpr RaceSize kRaces{.rounds = 5, .racers = 12};
constexpr std::size_t kLatencyRounds = 5;
constexpr const char* kUnsafeAdvice =
    "Two writers would lose updates here, so ksv refuses update, swap and cas (status 10). Switch "
    "conditional writes on at the provider, or use another service; --allow-unsafe accepts the "
    "loss.";

double median(std::vector<double> figures) {
  const auto middle = figures.begin() + static_cast<std::ptrdiff_t>(figures.size() / 2);
  std::nth_element(figures.begin(), middle, figures.end());
  return *middle;
}

class S3Checkup {
 public:
  S3Checkup(Access access, Env& env, Call& call, const Report& report)
      : access_(std::move(access)),
        env_(env),
        call_(call),
        examination_(env, call, report),
        wire_(access_.settings, access_.endpoint, env, examination_.steps()),
        prefix_(access_.settings.store_id.empty() ? "" : store_prefix(access_.settings.store_id)),
        scratch_(prefix_ + std::string(kProbeInfix) + uuid_text(random_uuid(env))) {}

  Status run() {
    if (!examine_connection(access_, env_, examination_)) return examination_.verdict();
    if (!examine_credentials(access_, env_, examination_)) return examination_.verdict();
    if (!examine_bucket()) return examination_.verdict();
    if (!access_.settings.store_id.empty()) examine_store();
    const bool changes = examine_rights();
    remove_scratch();
    if (changes) examine_conditions();
    return examination_.verdict();
  }

 private:
  void denied(const std::string& check, const Error& error, const std::string& permission);
  bool examine_bucket();
  void examine_store();
  bool examine_rights();
  bool examine_write();
  bool examine_read();
  void examine_latency();
  void examine_listing();
  bool examine_delete();
  void without_rights();
  void examine_conditions();
  bool examine_races(ProbeSteps& steps);
  void examine_removal(ProbeSteps& steps);
  bool step(const std::string& check, const std::string& good, ProbeSteps& steps,
            Status (ProbeSteps::*judge)());
  Result<bool> is_listed();
  Result<Unit> put(const std::string& body);
  Result<std::string> text_there();  // empty: absent
  void remove_scratch();
  template <typename Work>
  Status with_time_to_remove(const Work& work);

  Access access_;
  Env& env_;
  Call& call_;
  Examination examination_;
  Wire wire_;
  std::string prefix_;
  std::string scratch_;
  bool scratch_made_ = false;
};

void S3Checkup::denied(const std::string& check, const Error& error,
                       const std::string& permission) {
  if (error.code() != ErrorCode::kDenied) return examination_.bad(check, error);
  std::string what = "not permitted";
  for (const ErrorDetail& detail : error.details()) {
    if (detail.name == "status") what += ", HTTP " + detail.text;
    if (detail.name == "errorCode") what += " " + detail.text;
  }
  examination_.bad(check, Error(ErrorCode::kDenied, what)
                              .with_hint("Grant the permission " + permission +
                                         " to these credentials; or are they the wrong ones?"));
}

// Where the time of the steps is over, there is some left for removing what they made.
template <typename Work>
Status S3Checkup::with_time_to_remove(const Work& work) {
  if (!examination_.steps().deadline.passed()) return work(wire_);
  Wire late(access_.settings, access_.endpoint, env_, call_);
  return work(late);
}

// The first request that is signed. False when no other can do better.
bool S3Checkup::examine_bucket() {
  const Stopwatch watch(env_);
  const auto page = list_page(wire_, {.prefix = scratch_});
  const std::string where = wire_.name_of("") + " in " + wire_.region();
  if (page && *page) {
    examination_.good("bucket", where, watch.milliseconds());
    examination_.good("list", "permitted");
  } else if (page) {
    examination_.bad("bucket",
                     Error(ErrorCode::kState, "there is no bucket " + access_.settings.bucket)
                         .with_hint("create-store makes it, or check its name and the endpoint"));
    return false;
  } else {
    denied("list", page.error(), "s3:ListBucket");
    // A signature that is refused is refused everywhere; but a bucket may be usable unlisted.
    if (page.error().code() != ErrorCode::kDenied) return false;
  }
  if (wire_.region() != access_.endpoint.region()) {
    examination_.warn(
        "region", "the bucket is in " + wire_.region() + ", not in " + access_.endpoint.region(),
        "Say region=" + wire_.region() + ": it saves a request in each command.");
  }
  return examination_.may_go_on();
}

void S3Checkup::examine_store() {
  const auto marker = head_object(wire_, marker_name(access_.settings.store_id));
  if (!marker) return denied("store", marker.error(), "s3:GetObject");
  if (*marker) return examination_.good("store", "exists");
  examination_.bad("store",
                   Error(ErrorCode::kState, "there is no store " + access_.settings.store_id +
                                                " in the bucket " + access_.settings.bucket)
                       .with_hint("Create it with create-store; doctor " + wire_.name_of("") +
                                  " examines the bucket alone"));
}

Result<Unit> S3Checkup::put(const std::string& body) {
  scratch_made_ = true;
  KSV_CHECK(put_object(wire_, {.name = scratch_, .body = bytes_of(body)}));
  return Unit{};
}

Result<std::string> S3Checkup::text_there() {
  const auto stored = KSV_TRY(get_object(wire_, scratch_));
  return stored ? std::string(text_of(stored->bytes)) : std::string();
}

Result<bool> S3Checkup::is_listed() {
  const auto page = KSV_TRY(list_page(wire_, {.prefix = scratch_}));
  return page && std::any_of(page->objects.begin(), page->objects.end(),
                             [&](const Listed& object) { return object.key == scratch_; });
}

bool S3Checkup::examine_write() {
  const Stopwatch watch(env_);
  const auto written = put("ksv doctor");
  if (written) {
    examination_.good("write", "permitted", watch.milliseconds());
    return true;
  }
  // What was turned away is not there.
  scratch_made_ = written.error().effect() == Effect::kUnknown;
  denied("write", written.error(), "s3:PutObject");
  return false;
}

bool S3Checkup::examine_read() {
  const Stopwatch watch(env_);
  const auto text = text_there();
  if (!text) {
    denied("read", text.error(), "s3:GetObject");
    return false;
  }
  examination_.good("read", "permitted", watch.milliseconds());
  return true;
}

// Each body that is read must be the one that was written last.
void S3Checkup::examine_latency() {
  std::vector<double> puts;
  std::vector<double> gets;
  for (std::size_t round = 0; round < kLatencyRounds; ++round) {
    const std::string body = "ksv doctor " + std::to_string(round);
    const Stopwatch put_watch(env_);
    const auto written = put(body);
    if (!written) return examination_.bad("latency", written.error());
    puts.push_back(put_watch.milliseconds());
    const Stopwatch get_watch(env_);
    const auto text = text_there();
    if (!text) return examination_.bad("latency", text.error());
    gets.push_back(get_watch.milliseconds());
    if (*text == body) continue;
    return examination_.unsafe("read back", "a read does not see the write before it",
                               kUnsafeAdvice);
  }
  examination_.good("read back", "each read sees the write before it");
  examination_.good("latency", fmt::format("get {:.0f} ms, put {:.0f} ms (median of {})",
                                           median(gets), median(puts), kLatencyRounds));
}

void S3Checkup::examine_listing() {
  const auto listed = is_listed();
  if (!listed) return examination_.skip("listing", "not permitted");
  if (*listed) return examination_.good("listing", "shows at once what was written");
  examination_.warn("listing", "does not show at once what was written",
                    "keys, copies and delete-store may miss what others wrote just before.");
}

bool S3Checkup::examine_delete() {
  const Stopwatch watch(env_);
  const auto removed = delete_object(wire_, scratch_, {});
  if (!removed) {
    denied("delete", removed.error(), "s3:DeleteObject");
    return false;
  }
  const double took = watch.milliseconds();
  const auto text = text_there();
  if (text && text->empty()) {
    scratch_made_ = false;
    examination_.good("delete", "permitted", took);
  } else if (text) {
    examination_.unsafe("delete", "a read still finds what was deleted before it", kUnsafeAdvice);
  }
  const auto listed = is_listed();
  if (listed && *listed) {
    examination_.warn("listing", "still shows what was deleted",
                      "keys and exists may name what is gone: read it to be sure.");
  }
  return true;
}

void S3Checkup::without_rights() {
  for (const char* check : {"first write", "stale write", "race", "removal"}) {
    examination_.skip(check, "needs the rights to write, read and delete");
  }
}

// True when objects can be written, read and removed.
bool S3Checkup::examine_rights() {
  const bool writes = examine_write();
  const bool reads = examination_.may_go_on() && examine_read();
  if (writes && reads && examination_.may_go_on()) {
    examine_latency();
    examine_listing();
  }
  const bool removes = writes && examination_.may_go_on() && examine_delete();
  if (!writes) examination_.skip("delete", "there is nothing to delete");
  if (!examination_.may_go_on()) return false;
  if (writes && reads && removes) return true;
  without_rights();
  return false;
}

void S3Checkup::remove_scratch() {
  if (!scratch_made_) return;
  const Status removed = with_time_to_remove([&](Wire& wire) -> Status {
    KSV_CHECK(delete_object(wire, scratch_, {}));
    return ok();
  });
  if (removed.has_value()) return;
  examination_.bad("clean-up", Error(removed.error().code(), "left behind: " + scratch_)
                                   .with_hint("Delete this object by other means"));
}

bool S3Checkup::step(const std::string& check, const std::string& good, ProbeSteps& steps,
                     Status (ProbeSteps::*judge)()) {
  if (!examination_.may_go_on()) return false;
  const Stopwatch watch(env_);
  const Status judged = (steps.*judge)();
  if (!judged.has_value()) {
    examination_.bad(check, judged.error());
    return false;
  }
  if (!steps.is_safe()) {
    examination_.unsafe(check, steps.findings().what, kUnsafeAdvice);
    return false;
  }
  if (!good.empty()) examination_.good(check, good, watch.milliseconds());
  return true;
}

void S3Checkup::examine_removal(ProbeSteps& steps) {
  if (!step("removal", "", steps, &ProbeSteps::judge_removal)) return;
  if (steps.findings().removes) {
    return examination_.good("removal", "If-Match is honoured");
  }
  examination_.warn("removal", "objects are removed whatever their version",
                    "ksv refuses dissoc --if-match here (status 10); all else is safe.");
}

bool S3Checkup::examine_races(ProbeSteps& steps) {
  const Stopwatch watch(env_);
  for (std::size_t round = 0; round < kRaces.rounds; ++round) {
    if (!examination_.may_go_on()) return false;
    const Status judged = steps.judge_races(round);
    if (!judged.has_value()) {
      examination_.bad("race", judged.error());
      return false;
    }
    if (steps.is_safe()) continue;
    examination_.unsafe("race", steps.findings().what, kUnsafeAdvice);
    return true;
  }
  examination_.good("race",
                    fmt::format("{} writers, {} rounds of creating and replacing: one winner each",
                                kRaces.racers, kRaces.rounds),
                    watch.milliseconds());
  return true;
}

void S3Checkup::examine_conditions() {
  ProbeSteps steps(wire_, prefix_, kRaces);
  const bool alone =
      step("first write", "a second creation is refused", steps, &ProbeSteps::judge_creation) &&
      step("etag", "", steps, &ProbeSteps::judge_form) &&
      step("stale write", "refused; one of the right version is done", steps,
           &ProbeSteps::judge_stale_write);
  if (alone) examine_removal(steps);
  const bool raced = alone && examination_.may_go_on() && examine_races(steps);
  if (raced && steps.is_safe()) {
    examine_uploads(wire_, prefix_, steps.findings().quoted, examination_);
    examine_plain_writes(wire_, prefix_, steps.findings().quoted, examination_);
  }
  const Status removed = with_time_to_remove([&](Wire& wire) { return steps.clean_up(wire); });
  if (!removed.has_value()) {
    examination_.bad("clean-up", Error(removed.error())
                                     .with_context("objects named " + prefix_ +
                                                   std::string(kProbeInfix) + "... are left behind")
                                     .with_hint("Delete them by other means"));
  }
  // The next command need not find out again; nor is it to trust what was found some days ago.
  if ((raced || !steps.is_safe()) && !access_.endpoint.is_aws()) {
    remember_findings(wire_, KnownFindings::Kind::kWrites, steps.findings());
  }
}

}  // namespace

Status examine_s3(const StoreAddress& address, Env& env, Call& call, const Report& report) {
  Access access = KSV_TRY(find_access(address, env));
  return S3Checkup(std::move(access), env, call, report).run();
}

}  // namespace ksv::s3
