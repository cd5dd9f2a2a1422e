// The request loop on writes: what may be repeated, and what is said of a write in doubt.
#include "unit/net/loop_fixture.h"

namespace ksv::testing {

using Kind = HttpFailure::Kind;
using net::Repeat;

namespace {

// One attempt: a status, or a failure with or without something sent.
struct Attempt {
  int status = 0;
  Kind kind = Kind::kBroken;
  bool sent = true;
};
constexpr Attempt kLost{};
constexpr Attempt kUnsent{0, Kind::kConnect, false};
constexpr Attempt kOk{200};
constexpr Attempt kRefused{412};
constexpr Attempt kTransient{500};
constexpr Attempt kThrottled{503};
constexpr Attempt kExpired{401};

struct Row {
  const char* name;
  Repeat repeat;
  std::vector<Attempt> attempts;
  const char* outcome;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"done at once", Repeat::kConditional, {kOk}, "200, 1 sent"},
      {"refused at once", Repeat::kConditional, {kRefused}, "412, 1 sent"},
      {"a lost answer is in doubt", Repeat::kConditional, {kLost, kOk}, "200, doubtful, 2 sent"},
      {"its refusal may be that of our success",
       Repeat::kConditional,
       {kLost, kRefused},
       "412, doubtful, 2 sent"},
      {"a failed service is in doubt",
       Repeat::kConditional,
       {kTransient, kRefused},
       "412, doubtful, 2 sent"},
      {"nothing sent, no doubt", Repeat::kConditional, {kUnsent, kRefused}, "412, 2 sent"},
      {"throttled, no doubt", Repeat::kConditional, {kThrottled, kRefused}, "412, 2 sent"},
      {"lost for good",
       Repeat::kConditional,
       {kLost, kLost, kLost},
       "unavailable, unknown, 3 sent"},
      {"a service that fails for good",
       Repeat::kConditional,
       {kTransient, kTransient, kTransient},
       "unavailable, unknown, 3 sent"},
      {"throttled for good",
       Repeat::kConditional,
       {kThrottled, kThrottled, kThrottled},
       "503, 3 sent"},
      {"throttled after doubt",
       Repeat::kConditional,
       {kLost, kThrottled, kThrottled},
       "unavailable, unknown, 3 sent"},
      {"no connection for good",
       Repeat::kConditional,
       {kUnsent, kUnsent, kUnsent, kUnsent, kUnsent, kUnsent},
       "unavailable, none, 6 sent"},
      {"no connection after doubt",
       Repeat::kConditional,
       {kLost, kUnsent, kUnsent, kUnsent, kUnsent, kUnsent, kUnsent},
       "unavailable, unknown, 7 sent"},

      {"once: done", Repeat::kOnce, {kOk}, "200, 1 sent"},
      {"once: lost is the end", Repeat::kOnce, {kLost}, "unavailable, unknown, 1 sent"},
      {"once: a failed service is the end",
       Repeat::kOnce,
       {kTransient},
       "unavailable, unknown, 1 sent"},
      {"once: repeated when nothing was sent", Repeat::kOnce, {kUnsent, kOk}, "200, 2 sent"},
      {"once: repeated when turned away", Repeat::kOnce, {kThrottled, kOk}, "200, 2 sent"},
      {"once: repeated after an amendment", Repeat::kOnce, {kExpired, kOk}, "200, 2 sent"},
      {"once: unsent, then lost", Repeat::kOnce, {kUnsent, kLost}, "unavailable, unknown, 2 sent"},

      {"a signal before sending",
       Repeat::kOnce,
       {{0, Kind::kCancelled, false}},
       "cancelled, none, 1 sent"},
      {"a signal after sending",
       Repeat::kOnce,
       {{0, Kind::kCancelled, true}},
       "cancelled, unknown, 1 sent"},
      {"an answer too large was received",
       Repeat::kConditional,
       {{0, Kind::kTooLarge, true}},
       "unsupported, unknown, 1 sent"},
      {"a peer that is not trusted got nothing",
       Repeat::kConditional,
       {{0, Kind::kTls, false}},
       "denied, none, 1 sent"},
      {"TLS fails after doubt",
       Repeat::kConditional,
       {kLost, {0, Kind::kTls, false}},
       "denied, unknown, 2 sent"},
  };
  return kRows;
}

}  // namespace

TEST_CASE("a write is repeated only where that is safe, and no doubt is forgotten") {
  for (const Row& row : rows()) {
    CAPTURE(std::string(row.name));
    LoopFixture f(row.repeat);
    int amended = 0;
    f.job.amend = [&amended](const HttpAnswer&) -> Result<bool> { return ++amended == 1; };
    for (const Attempt& attempt : row.attempts) {
      if (attempt.status != 0) {
        f.http.answer(attempt.status);
      } else {
        f.http.fail(attempt.kind, attempt.sent);
      }
    }
    CHECK(f.outcome() == row.outcome);
    CHECK(f.http.outcomes_left() == 0);
  }
}

TEST_CASE("a write leaves time for reading back, a read takes all that there is") {
  LoopFixture write(Repeat::kConditional);
  write.http.answer(200);
  static_cast<void>(write.outcome());
  CHECK(write.http.asked[0].timeout == std::chrono::seconds(25));
  LoopFixture read(Repeat::kRead);
  read.http.answer(200);
  static_cast<void>(read.outcome());
  CHECK(read.http.asked[0].timeout == std::chrono::seconds(30));
}

TEST_CASE("a write in doubt stays so when the time runs out, a signal comes, or signing fails") {
  LoopFixture f(Repeat::kConditional);
  f.http.fail(Kind::kBroken, true);
  SUBCASE("the time ran out in the exchange") {
    f.http.on_exchange = [&f](const HttpRequest&) { f.env.sleep(std::chrono::seconds(31)); };
    CHECK(f.outcome() == "deadline, unknown, 1 sent");
  }
  SUBCASE("a signal comes in the pause") {
    f.env.on_sleep = [&f](std::chrono::microseconds) { f.env.cancel = true; };
    CHECK(f.outcome() == "cancelled, unknown, 1 sent");
  }
  SUBCASE("the second attempt cannot be signed") {
    const auto prepare = f.job.prepare;
    f.job.prepare = [&f, prepare]() -> Result<HttpRequest> {
      if (f.prepared > 0) return Error(ErrorCode::kDenied, "no credentials");
      return prepare();
    };
    CHECK(f.outcome() == "denied, unknown, 1 sent");
  }
}

TEST_CASE("the error of a write in doubt carries what the service said") {
  LoopFixture f(Repeat::kOnce);
  f.http.answer(500, {{"x-amz-request-id", "R1"}}, "sorry");
  const auto reply = f.run();
  REQUIRE_ERROR(reply, ErrorCode::kUnavailable);
  CHECK(reply.error().message() == "GET bucket/key: the service answered with status 500");
  const std::vector<ErrorDetail> details = {{"status", "500", 500}, {"requestId", "R1"}};
  CHECK(reply.error().details() == details);
}

}  // namespace ksv::testing
