// The fault table: what ksv says of each operation under each fault, against what is true.
//
// Each cell is one run over HTTP against a store that honours conditions (conditional_store.h). The
// fault strikes the first request of the operation under test; those after it are served. A cell
// reads
//   written 2      it took effect once and ksv says so, after two requests of that kind
//   no 1           it did not take effect, and ksv says so
//   unknown 1      ksv says that it does not know
// and for reads "ok", "failed", or "absent", which is what a forged NoSuchKey means. What ksv says
// is compared with the store, whatever the cell says: a write under a condition may take effect
// once at most. A plain write that the network delivers twice takes effect twice, and nobody can
// help it; ksv itself sends it again only after "slow down", whose word is that nothing was done.
#include <atomic>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ksv/catalog.h"

#include "base/real_env.h"
#include "core/konserve_store.h"
#include "net/curl_http.h"
#include "proof/conditional_store.h"
#include "support/result_checks.h"

namespace ksv::testing {
namespace {

// Done, and then this comes back in place of the answer.
enum class Deed { kNone, kDone, kTwice, kTwiceSecond, kLate };

struct Script {
  Deed deed = Deed::kNone;
  // In place of the true answer; nothing: the true one.
  std::optional<ServerAction> answer{};
  int times = 1;  // so many requests are struck
};

struct Row {
  const char* fault;
  Script script;
  const char* read;
  const char* first;        // assoc --if-absent, the first write of an update
  const char* replace;      // assoc --if-match, update, swap, cas
  const char* plain;        // assoc
  const char* remove;       // dissoc
  const char* remove_that;  // dissoc --if-match
};

ServerAction bare(int status, std::string body = "") {
  return {.status = status, .headers = {{"content-type", "text/html"}}, .body = std::move(body)};
}
ServerAction cut(std::size_t at) { return {.body = "whole", .cut_at = at}; }
const ServerAction kReset{.kind = ServerAction::Kind::kReset};
const ServerAction kClosed{.kind = ServerAction::Kind::kClose};
const ServerAction kStall{.cut_at = 0, .stall = true};
const ServerAction kGarbage{.kind = ServerAction::Kind::kRaw, .body = "220 smtp ready\r\n"};
const ServerAction kWrongLength{
    .headers = {{"content-length", "9999"}}, .body = "short", .close_after = true};
const ServerAction kPage = bare(200, "<html>please log in</html>");
ServerAction told(int status, const char* code) { return refusal_action(status, code); }

// clang-format off
const Row kTable[] = {
    // fault, script,  read, first write, replace, plain write, remove, remove --if-match
    {"none", {}, "ok 1", "written 1", "written 1", "written 1", "written 1", "written 1"},
    {"reset after sending, no effect", {Deed::kNone, kReset}, "ok 2", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"reset after sending, effect", {Deed::kDone, kReset}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"closed, no effect", {Deed::kNone, kClosed}, "ok 2", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"closed, effect", {Deed::kDone, kClosed}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"stall, no effect", {Deed::kNone, kStall}, "failed 1", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"stall, effect", {Deed::kDone, kStall}, "failed 1", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"cut in the status line, effect", {Deed::kDone, cut(12)}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"cut in the headers, effect", {Deed::kDone, cut(25)}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"wrong length, effect", {Deed::kDone, kWrongLength}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"not HTTP, effect", {Deed::kDone, kGarbage}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"500, no effect", {Deed::kNone, told(500, "InternalError")}, "ok 2", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"500, effect", {Deed::kDone, told(500, "InternalError")}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"502 of a proxy, no effect", {Deed::kNone, bare(502)}, "ok 2", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"502 of a proxy, effect", {Deed::kDone, bare(502)}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"503 of a proxy, no effect", {Deed::kNone, bare(503)}, "ok 2", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"503 of a proxy, effect", {Deed::kDone, bare(503)}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"504 of a proxy, effect", {Deed::kDone, bare(504)}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"503 SlowDown", {Deed::kNone, told(503, "SlowDown")}, "ok 2", "written 2", "written 2", "written 2", "written 2", "written 2"},
    {"503 SlowDown to the second of two", {Deed::kDone, told(503, "SlowDown")}, "ok 2", "written 2", "written 2", "written 2", "written 2", "unknown 2"},
    {"503 SlowDown to all, effect", {Deed::kDone, told(503, "SlowDown"), 9}, "failed 3", "written 3", "written 3", "written 3", "written 3", "unknown 3"},
    {"429, no effect", {Deed::kNone, bare(429)}, "ok 2", "written 2", "written 2", "written 2", "written 2", "written 2"},
    {"412 forged, no effect", {Deed::kNone, told(412, "PreconditionFailed")}, "failed 1", "written 2", "written 2", "no 1", "written 2", "written 2"},
    {"412 forged, effect", {Deed::kDone, told(412, "PreconditionFailed")}, "failed 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"},
    {"409, no effect", {Deed::kNone, told(409, "ConditionalRequestConflict")}, "failed 1", "written 2", "written 2", "no 1", "written 2", "written 2"},
    {"409, effect", {Deed::kDone, told(409, "ConditionalRequestConflict")}, "failed 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"},
    {"404 NoSuchKey forged, effect", {Deed::kDone, told(404, "NoSuchKey")}, "absent 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"},
    {"403, no effect", {Deed::kNone, told(403, "AccessDenied")}, "failed 1", "no 1", "no 1", "no 1", "no 1", "no 1"},
    {"403, effect", {Deed::kDone, told(403, "AccessDenied")}, "failed 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"},
    {"expired credentials", {Deed::kNone, told(400, "ExpiredToken")}, "ok 2", "written 2", "written 2", "written 2", "written 2", "written 2"},
    {"clock skew", {Deed::kNone, told(403, "RequestTimeTooSkewed")}, "failed 1", "no 1", "no 1", "no 1", "no 1", "no 1"},
    {"redirect", {Deed::kNone, told(307, "TemporaryRedirect")}, "failed 1", "no 1", "no 1", "no 1", "no 1", "no 1"},
    {"200 with an <Error>, no effect", {Deed::kNone, told(200, "InternalError")}, "failed 1", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"200 with an <Error>, effect", {Deed::kDone, told(200, "InternalError")}, "failed 1", "written 1", "written 1", "written 1", "written 2", "unknown 2"},
    {"200 with a page, no effect", {Deed::kNone, kPage}, "failed 1", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"200 with a page, effect", {Deed::kDone, kPage}, "failed 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"},
    {"page for XML, no effect", {Deed::kNone, bare(404, "<html>not here</html>")}, "failed 1", "no 1", "no 1", "no 1", "no 1", "no 1"},
    {"page for XML, effect", {Deed::kDone, bare(404, "<html>not here</html>")}, "failed 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"},
    {"twice, the first answer", {Deed::kTwice}, "ok 1", "written 1", "written 1", "written 1", "written 1", "written 1"},
    {"twice, the second answer", {Deed::kTwiceSecond}, "ok 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"},
    {"twice, no answer", {Deed::kTwice, kReset}, "ok 2", "written 2", "written 2", "written 1", "written 2", "unknown 2"},
    {"late, after the retry", {Deed::kLate, kReset}, "ok 2", "written 2", "written 2", "unknown 1", "written 2", "written 2"},
    {"every answer lost, effect", {Deed::kDone, kReset, 99}, "failed 3", "written 3", "written 3", "written 1", "written 3", "unknown 3"},
    {"every request late", {Deed::kLate, kReset, 99}, "failed 3", "unknown 12", "unknown 12", "unknown 1", "unknown 12", "unknown 12"},
};
// clang-format on

// Pauses between attempts pass twenty times as fast.
class HastyEnv final : public Env {
 public:
  std::int64_t wall_ms() override { return real_.wall_ms(); }
  std::chrono::milliseconds monotonic() override {
    return real_.monotonic() + std::chrono::milliseconds(skipped_us_ / 1000);
  }
  void sleep(std::chrono::microseconds duration) override {
    real_.sleep(duration / 20);
    skipped_us_ += duration.count() * 19 / 20;
  }
  void random(std::span<std::uint8_t> fill) override { real_.random(fill); }
  std::optional<std::string> variable(std::string_view /*name*/) override { return std::nullopt; }
  Files& files() override { return real_.files(); }
  Http& http() override {
    if (!http_) http_ = net::make_curl_http(*this);
    return *http_;
  }
  int signalled() override { return 0; }
  void hold_signals(bool /*hold*/) override {}

 private:
  RealEnv real_;
  std::atomic<std::int64_t> skipped_us_{0};
  std::unique_ptr<Http> http_;
};

// The store under test, proven once; each cell has a key of its own.
class World {
 public:
  World() {
    StoreAddress address{.backend = "s3", .location = "proof"};
    address.id = "11111111-2222-3333-4444-555555555555";
    address.options = {{"endpoint", service.server().url()},
                       {"path-style", "true"},
                       {"access-key", "AK"},
                       {"secret", "SK"}};
    auto opened = open_place(address, env, call);
    REQUIRE_OK(opened);
    place = *std::move(opened);
    REQUIRE_OK(place->create());
    store = std::make_unique<KonserveStore>(place->backend(), env, StoreEncoding{});
    // Finds out what the service does with conditions.
    REQUIRE_OK(store->put(Value::keyword("warm"), Value(), {.precondition = Absent{}}));
  }

  ConditionalStore service;
  HastyEnv env;
  Call call{Deadline(env, std::chrono::hours(1))};
  std::unique_ptr<StorePlace> place;
  std::unique_ptr<KonserveStore> store;
};

enum class Operation { kRead, kFirst, kReplace, kPlain, kRemove, kRemoveThat };

// What ksv says of one run; and whether that is true.
struct Cell {
  std::string said;
  bool is_true = true;
};

class Run {
 public:
  Run(World& world, Operation operation, const Script& script, int number)
      : world_(world),
        operation_(operation),
        script_(script),
        key_(Value::keyword("k" + std::to_string(number))),
        text_("<" + std::to_string(number) + ">") {}

  Cell go() {
    world_.call.deadline = Deadline(world_.env, std::chrono::hours(1));
    Version version;
    if (operation_ != Operation::kFirst) {
      auto put = world_.store->put(key_, Value::string("old"), {});
      REQUIRE_OK(put);
      version = std::get_if<Put>(&*put)->version;
    }
    const bool waits = script_.answer && script_.answer->stall;
    world_.call.deadline = Deadline(world_.env, std::chrono::milliseconds(waits ? 500 : 8000));
    const std::string name = done(blob_name_of(key_));
    world_.service.break_by(name, method(), [&](const ServedRequest& request, int count) {
      return strike(request, count);
    });
    std::string said = perform(version);
    world_.service.mend();
    if (late_) static_cast<void>(world_.service.serve(*late_));
    return {said, is_true(said, name)};
  }

 private:
  template <typename T>
  static T done(Result<T> result) {
    REQUIRE_OK(result);
    return *std::move(result);
  }

  std::string method() const {
    if (operation_ == Operation::kRead) return "GET";
    const bool removes = operation_ == Operation::kRemove || operation_ == Operation::kRemoveThat;
    return removes ? "DELETE" : "PUT";
  }

  std::optional<ServerAction> strike(const ServedRequest& request, int count) {
    if (count > script_.times) return std::nullopt;
    if (script_.deed == Deed::kLate) late_ = request;
    if (script_.deed == Deed::kNone || script_.deed == Deed::kLate) return script_.answer;
    ServerAction answer = world_.service.serve(request);
    if (script_.deed != Deed::kDone) {
      const ServerAction second = world_.service.serve(request);
      if (script_.deed == Deed::kTwiceSecond) answer = second;
    }
    return script_.answer ? *script_.answer : answer;
  }

  std::string perform(const Version& version) {
    switch (operation_) {
      case Operation::kRead: {
        const auto entry = world_.store->get(key_);
        const bool right = entry && *entry && (*entry)->value == Value::string("old");
        if (entry && !*entry) return counted("absent");
        return counted(right ? "ok" : entry ? "wrong" : "failed");
      }
      case Operation::kFirst: return put({.precondition = Absent{}});
      case Operation::kReplace: return put({.precondition = Match{version}});
      case Operation::kPlain: return put({});
      case Operation::kRemove: return removed(world_.store->remove(key_, Any{}));
      case Operation::kRemoveThat: return removed(world_.store->remove(key_, Match{version}));
    }
    return "";
  }

  std::string counted(std::string_view word) const {
    return fmt::format("{} {}", word, world_.service.sent());
  }
  std::string failed(const Error& error) const {
    return counted(error.effect() == Effect::kUnknown ? "unknown" : "no");
  }
  std::string put(const PutOptions& options) {
    const auto outcome = world_.store->put(key_, Value::string(text_), options);
    if (!outcome) return failed(outcome.error());
    return counted(std::holds_alternative<Put>(*outcome) ? "written" : "no");
  }
  std::string removed(const Result<RemoveOutcome>& outcome) const {
    if (!outcome) return failed(outcome.error());
    return counted(*outcome == RemoveOutcome::kRemoved ? "written" : "no");
  }

  bool is_true(const std::string& said, const std::string& name) const {
    if (operation_ == Operation::kRead) return !said.starts_with("wrong");
    const bool removes = method() == "DELETE";
    const int times = removes ? (world_.service.present(name) == nullptr ? 1 : 0)
                              : world_.service.writes_of(text_);
    if (operation_ == Operation::kPlain && said.starts_with("written")) return times >= 1;
    if (said.starts_with("written")) return times == 1;
    return said.starts_with("unknown") ? times <= 1 : times == 0;
  }

  World& world_;
  Operation operation_;
  Script script_;
  Value key_;
  std::string text_;
  std::optional<ServedRequest> late_;
};

TEST_CASE("under each fault what ksv says of an operation is true, and is what the table says") {
  World world;
  int number = 0;
  for (const Row& row : kTable) {
    const char* const expected[] = {row.read,  row.first,  row.replace,
                                    row.plain, row.remove, row.remove_that};
    for (int i = 0; i < 6; ++i) {
      const Cell cell = Run(world, static_cast<Operation>(i), row.script, ++number).go();
      const std::string where = fmt::format("{}, column {}", row.fault, i + 1);
      INFO(where);
      CHECK(cell.is_true);
      CHECK(cell.said == std::string(expected[i]));
    }
  }
}

// Nothing is sent, and that is what ksv says.
TEST_CASE("where no connection comes about nothing was written") {
  World world;
  const auto said_at = [&](const std::string& endpoint) {
    StoreAddress address{.backend = "s3", .location = "proof"};
    address.id = "11111111-2222-3333-4444-555555555555";
    address.options = {
        {"endpoint", endpoint}, {"path-style", "true"}, {"access-key", "AK"}, {"secret", "SK"}};
    world.call.deadline = Deadline(world.env, std::chrono::milliseconds(700));
    auto place = open_place(address, world.env, world.call);
    REQUIRE_OK(place);
    KonserveStore store((*place)->backend(), world.env, {});
    for (const Precondition& condition : {Precondition(Any{}), Precondition(Absent{})}) {
      const auto put = store.put(Value::keyword("k"), Value(), {.precondition = condition});
      REQUIRE_FALSE(put.has_value());
      CHECK(put.error().effect() == Effect::kNone);
    }
    const auto removed = store.remove(Value::keyword("k"), Any{});
    REQUIRE_FALSE(removed.has_value());
    CHECK(removed.error().effect() == Effect::kNone);
  };
  SUBCASE("refused") { said_at("http://127.0.0.1:1"); }
  SUBCASE("no such name") { said_at("http://no-such-host.invalid"); }
  SUBCASE("no TLS there") { said_at("https://" + world.service.server().authority()); }
}

}  // namespace
}  // namespace ksv::testing
