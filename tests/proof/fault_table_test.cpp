// The fault table: what ksv says of each operation under each fault, against what is true.
//
// Each cell of fault_rows.cpp is one run over HTTP against a store that honours conditions
// (conditional_store.h). The fault strikes the first request of the operation under test; those
// after it are served. What ksv says is compared with the table, and, whatever the table says, with
// the store: a write under a condition may take effect once at most, and no rival's write may be
// lost to it. A plain write that the network delivers twice takes effect twice, and nobody can help
// it; ksv itself sends it again only after "slow down", whose word is that nothing was done.
#include <atomic>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <thread>

#include "ksv/catalog.h"

#include "base/real_env.h"
#include "core/update.h"
#include "net/curl_http.h"
#include "proof/fault_rows.h"
#include "support/result_checks.h"

namespace ksv::testing {
namespace {

// Sends nothing before the server has closed what it was to close.
class PatientHttp final : public Http {
 public:
  PatientHttp(std::unique_ptr<Http> inner, const ScriptedServer*& server)
      : inner_(std::move(inner)), server_(server) {}
  HttpOutcome exchange(const HttpRequest& request) override {
    while (server_ != nullptr && server_->connections_closed() < server_->connections()) {
      std::this_thread::yield();
    }
    return inner_->exchange(request);
  }

 private:
  std::unique_ptr<Http> inner_;
  const ScriptedServer*& server_;
};

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
    if (!http_) {
      http_ = std::make_unique<PatientHttp>(net::make_curl_http(*this), closing_);
    }
    return *http_;
  }
  int signalled() override { return 0; }
  void hold_signals(bool /*hold*/) override {}

  // Requests wait until all connections to the server are closed; null: they do not.
  void wait_for(const ScriptedServer* closing) { closing_ = closing; }

 private:
  RealEnv real_;
  std::atomic<std::int64_t> skipped_us_{0};
  const ScriptedServer* closing_ = nullptr;
  std::unique_ptr<Http> http_;
};

constexpr const char* kStoreId = "11111111-2222-3333-4444-555555555555";

// The store under test, proven once; each cell has a key of its own.
class World {
 public:
  enum class Connections { kKept, kReset };
  // kReset: each is reset as soon as it has answered.
  explicit World(Connections connections = Connections::kKept) {
    service.reset_kept(connections == Connections::kReset);
    env.wait_for(connections == Connections::kReset ? &service.server() : nullptr);
    place = open(kStoreId);
    REQUIRE_OK(place->create());
    store = std::make_unique<KonserveStore>(place->backend(), env, StoreEncoding{});
    // Finds out what the service does with conditions.
    REQUIRE_OK(store->put(Value::keyword("warm"), Value(), {.precondition = Absent{}}));
  }

  std::unique_ptr<StorePlace> open(const std::string& id) {
    StoreAddress address{.backend = "s3", .location = "proof"};
    address.id = id;
    address.options = {{"endpoint", service.server().url()},
                       {"path-style", "true"},
                       {"access-key", "AK"},
                       {"secret", "SK"}};
    auto opened = open_place(address, env, call);
    REQUIRE_OK(opened);
    return *std::move(opened);
  }

  ConditionalStore service;
  HastyEnv env;
  Call call{Deadline(env, std::chrono::hours(1))};
  std::unique_ptr<StorePlace> place;
  std::unique_ptr<KonserveStore> store;
};

class Run {
 public:
  Run(World& world, Operation operation, const Script& script, int number)
      : world_(world),
        operation_(operation),
        script_(script),
        number_(number),
        key_(Value::keyword("k" + std::to_string(number))),
        new_(Value::string("<" + std::to_string(number) + ">")) {}

  // What ksv says.
  std::string go() {
    prepare();
    const bool waits = script_.answer && script_.answer->stall;
    world_.call.deadline = Deadline(world_.env, std::chrono::milliseconds(waits ? 500 : 8000));
    world_.service.break_by(name_, method(), [&](const ServedRequest& request, int count) {
      return strike(request, count);
    });
    const std::string said = perform();
    world_.service.mend();
    if (late_) static_cast<void>(world_.service.serve(*late_));
    return fmt::format("{} {}", said, world_.service.sent());
  }

  // Whether that is so.
  bool is_true(const std::string& said) const {
    if (operation_ == Operation::kRead) return !said.starts_with("wrong");
    const bool yes = said.starts_with("written");
    const bool no = said.starts_with("no");
    const int writes = world_.service.writes_of(name_) - writes_before_;
    const int removals = world_.service.removals_of(name_);
    switch (operation_) {
      case Operation::kPlain:
      case Operation::kBytes: return yes ? writes >= 1 : no ? writes == 0 : true;
      case Operation::kRemove:
        // It says that the key was there and is gone, not by whom.
        return yes ? world_.service.present(name_) == nullptr : no ? removals == 0 : true;
      case Operation::kRemoveThat: return removals == (yes ? 1 : no ? 0 : removals);
      default: break;
    }
    if (writes > 1 || (yes && writes == 0) || (no && writes > 0)) return false;
    return rival_was_kept();
  }

 private:
  void prepare() {
    world_.call.deadline = Deadline(world_.env, std::chrono::hours(1));
    if (operation_ == Operation::kCreate) {
      const std::string id = fmt::format("{:08x}-0000-4000-8000-000000000000", number_);
      name_ = id + "_.konserve-metadata";
      place_ = world_.open(id);
      return;
    }
    const auto name = blob_name_of(key_);
    REQUIRE_OK(name);
    name_ = *name;
    if (operation_ == Operation::kFirst) return;
    const auto put = world_.store->put(key_, Value::string("old"), {});
    REQUIRE_OK(put);
    version_ = std::get_if<Put>(&*put)->version;
    writes_before_ = 1;
  }

  std::string method() const {
    if (operation_ == Operation::kRead) return "GET";
    const bool removes = operation_ == Operation::kRemove || operation_ == Operation::kRemoveThat;
    return removes ? "DELETE" : "PUT";
  }

  std::optional<ServerAction> strike(const ServedRequest& request, int count) {
    if (count > script_.times) return std::nullopt;
    if (script_.deed == Deed::kLate) late_ = request;
    ServerAction answer;
    const bool is_done = script_.deed != Deed::kNone && script_.deed != Deed::kLate;
    if (is_done) answer = world_.service.serve(request);
    if (count == 1) let_rival_act();
    if (script_.deed == Deed::kTwice || script_.deed == Deed::kTwiceSecond) {
      const ServerAction second = world_.service.serve(request);
      if (script_.deed == Deed::kTwiceSecond) answer = second;
    }
    if (script_.answer) return script_.answer;
    return is_done ? std::optional(answer) : std::nullopt;
  }

  void let_rival_act() {
    if (operation_ == Operation::kCreate) {
      act_on_marker(script_.rival, world_.service, "/proof/" + name_);
    } else {
      act(script_.rival, world_.service, fmt::format("/proof/{}_", kStoreId), key_, world_.env);
    }
  }

  // A rival's write is not lost to one under a condition.
  bool rival_was_kept() const {
    if (script_.rival != Rival::kUpdates || operation_ == Operation::kCreate) return true;
    const std::string* present = world_.service.present(name_);
    return present != nullptr && present->find(kRivalMark) != present->npos;
  }

  std::string perform() {
    KonserveStore& store = *world_.store;
    switch (operation_) {
      case Operation::kRead: return read();
      case Operation::kCreate: return create();
      case Operation::kFirst: return said(store.put(key_, new_, {.precondition = Absent{}}));
      case Operation::kMatch: return said(store.put(key_, new_, {.precondition = Match{version_}}));
      case Operation::kPlain: return said(store.put(key_, new_, {}));
      case Operation::kBytes: return put_bytes();
      case Operation::kUpdate: return update();
      case Operation::kCas: {
        const auto won =
            cas_value(store, key_, Value::string("old"), new_, world_.env, world_.call);
        return won ? (*won ? "written" : "no") : failed(won.error());
      }
      case Operation::kRemove: return removed(store.remove(key_, Any{}));
      case Operation::kRemoveThat: return removed(store.remove(key_, Match{version_}));
    }
    return "";
  }

  std::string read() {
    const auto entry = world_.store->get(key_);
    if (!entry) return "failed";
    if (!*entry) return "absent";
    return (*entry)->value == Value::string("old") || script_.rival != Rival::kNobody ? "ok"
                                                                                      : "wrong";
  }
  std::string create() {
    const auto outcome = place_->create();
    if (!outcome) return failed(outcome.error());
    return *outcome == CreateOutcome::kCreated ? "written" : "no";
  }
  std::string update() {
    const auto append = [&](const Entry* present, std::uint32_t) -> Result<Value> {
      return Value::string((present == nullptr ? "" : present->value.as_string()) +
                           new_.as_string());
    };
    const auto updated = update_value(*world_.store, key_, append, {}, world_.env, world_.call);
    return updated ? (*updated ? "written" : "no") : failed(updated.error());
  }
  std::string put_bytes() {
    bool done = false;
    const ByteSource source = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
      if (done) return std::size_t{0};
      done = true;
      into[0] = 'b';
      return std::size_t{1};
    };
    return said(world_.store->put_bytes(key_, source, Any{}));
  }

  static std::string failed(const Error& error) {
    return error.effect() == Effect::kUnknown ? "unknown" : "no";
  }
  static std::string said(const Result<PutOutcome>& outcome) {
    if (!outcome) return failed(outcome.error());
    return std::holds_alternative<Put>(*outcome) ? "written" : "no";
  }
  static std::string removed(const Result<RemoveOutcome>& outcome) {
    if (!outcome) return failed(outcome.error());
    return *outcome == RemoveOutcome::kRemoved ? "written" : "no";
  }

  World& world_;
  Operation operation_;
  Script script_;
  int number_;
  Value key_;
  Value new_;
  std::string name_{};  // of the object
  Version version_{};
  int writes_before_ = 0;
  std::unique_ptr<StorePlace> place_{};
  std::optional<ServedRequest> late_{};
};

// What README.md quotes.
struct Tally {
  int cells = 0;
  int unknown = 0;
  int wrong = 0;

  void add(const std::string& cell) {
    ++cells;
    unknown += cell.starts_with("unknown") ? 1 : 0;
    wrong += cell.ends_with('!') ? 1 : 0;
  }
  std::string text() const {
    return fmt::format("{} cells, {} unknown, {} at the limits", cells, unknown, wrong);
  }
};

TEST_CASE("under each fault what ksv says of an operation is true, and is what the table says") {
  World world;
  Tally tally;
  int number = 0;
  for (const FaultRow& row : fault_rows()) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < kOperations; ++i) {
      Run run(world, static_cast<Operation>(i), row.script, ++number);
      std::string said = run.go();
      if (!run.is_true(said)) said += '!';
      cells.push_back(std::move(said));
      const std::string where = fmt::format("{}, column {}", row.fault, i + 1);
      INFO(where);
      CHECK(cells.back() == std::string(row.expected[i]));
    }
    for (const std::string& cell : cells) tally.add(cell);
    if (std::getenv("KSV_SHOW_TABLE") != nullptr) {
      fmt::print("| {} | {} |\n", row.fault, fmt::join(cells, " | "));
    }
  }
  MESSAGE(tally.text());
}

TEST_CASE("a connection that was reset while it was idle is replaced, and nothing is in doubt") {
  World world(World::Connections::kReset);
  for (std::size_t i = 0; i < kOperations; ++i) {
    Run run(world, static_cast<Operation>(i), {}, static_cast<int>(i) + 1);
    INFO(i);
    const std::string said = run.go();
    CHECK(run.is_true(said));
    CHECK(said == (i == 0 ? "ok 1" : "written 1"));
  }
  CHECK(world.service.server().connections() > kOperations);
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
