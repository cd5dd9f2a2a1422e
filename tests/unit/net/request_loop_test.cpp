// The request loop on reads: what is repeated, how long it takes, what is told.
#include "unit/net/loop_fixture.h"

namespace ksv::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = HttpFailure::Kind;

TEST_CASE("an answer to use is used, whatever its status") {
  for (const int status : {200, 304, 404, 412}) {
    LoopFixture f;
    f.http.answer(status);
    CHECK(f.outcome() == std::to_string(status) + ", 1 sent");
    CHECK(f.env.slept().count() == 0);
  }
}

TEST_CASE("a read is repeated after every transient failure, and made anew for that") {
  for (const Kind kind :
       {Kind::kResolve, Kind::kConnect, Kind::kProxy, Kind::kTimeout, Kind::kBroken}) {
    for (const bool sent : {false, true}) {
      LoopFixture f;
      f.http.fail(kind, sent);
      f.http.answer(200);
      CHECK(f.outcome() == "200, 2 sent");
      CHECK(f.prepared == 2);
    }
  }
}

TEST_CASE("a read is attempted three times where it was received, six times where it was not") {
  LoopFixture f;
  SUBCASE("lost") {
    for (int i = 0; i < 3; ++i) f.http.fail(Kind::kBroken, true);
    CHECK(f.outcome() == "unavailable, none, 3 sent");
  }
  SUBCASE("not sent") {
    for (int i = 0; i < 6; ++i) f.http.fail(Kind::kConnect, false);
    CHECK(f.outcome() == "unavailable, none, 6 sent");
  }
  SUBCASE("each count on its own") {
    for (int i = 0; i < 5; ++i) f.http.fail(Kind::kConnect, false);
    for (int i = 0; i < 2; ++i) f.http.fail(Kind::kBroken, true);
    f.http.answer(200);
    CHECK(f.outcome() == "200, 8 sent");
  }
  SUBCASE("the last bad answer is used, a transient one") {
    for (int i = 0; i < 3; ++i) f.http.answer(500);
    CHECK(f.outcome() == "500, 3 sent");
  }
  SUBCASE("the last bad answer is used, a throttled one") {
    for (int i = 0; i < 3; ++i) f.http.answer(503);
    CHECK(f.outcome() == "503, 3 sent");
  }
}

TEST_CASE("what will not pass is not repeated") {
  LoopFixture f;
  SUBCASE("a peer that cannot be trusted") {
    f.http.fail(Kind::kTls, false);
    CHECK(f.outcome() == "denied, none, 1 sent");
  }
  SUBCASE("an answer that is too large") {
    f.http.fail(Kind::kTooLarge, true);
    CHECK(f.outcome() == "unsupported, none, 1 sent");
  }
  SUBCASE("a request that cannot be made") {
    f.http.fail(Kind::kRequest, false);
    CHECK(f.outcome() == "unavailable, none, 1 sent");
  }
  SUBCASE("a signal during the exchange") {
    f.http.fail(Kind::kCancelled, true);
    CHECK(f.outcome() == "cancelled, none, 1 sent");
  }
  SUBCASE("a signal before it") {
    f.env.cancel = true;
    CHECK(f.outcome() == "cancelled, none, 0 sent");
  }
  SUBCASE("a signal during the pause") {
    f.http.fail(Kind::kBroken, true);
    f.env.on_sleep = [&f](std::chrono::microseconds) { f.env.cancel = true; };
    CHECK(f.outcome() == "cancelled, none, 1 sent");
  }
  SUBCASE("a request that is not prepared") {
    f.job.prepare = []() -> Result<HttpRequest> { return Error(ErrorCode::kDenied, "no key"); };
    CHECK(f.outcome() == "denied, none, 0 sent");
  }
}

TEST_CASE("the error says what was tried, how often, and what to do") {
  LoopFixture f;
  SUBCASE("nobody listens") {
    for (int i = 0; i < 6; ++i) f.http.fail(Kind::kConnect, false, "cannot connect to h:9");
    const auto reply = f.run();
    REQUIRE_ERROR(reply, ErrorCode::kUnavailable);
    CHECK(reply.error().message() == "GET bucket/key: cannot connect to h:9 (6 attempts)");
    CHECK(reply.error().hint() == "Check that the server runs, its address and its port.");
  }
  SUBCASE("there may be a proxy") {
    f.env.variables["https_proxy"] = "http://user:secret@proxy:3128";
    for (int i = 0; i < 6; ++i) f.http.fail(Kind::kConnect, false);
    const auto reply = f.run();
    REQUIRE_ERROR(reply, ErrorCode::kUnavailable);
    CHECK(reply.error().hint().find("https_proxy") != std::string::npos);
    CHECK(reply.error().hint().find("secret") == std::string::npos);
  }
  SUBCASE("the sink's own error is passed on") {
    f.http.then(HttpFailure{Kind::kSink, true, "sink", Error(ErrorCode::kCorrupt, "bad block")});
    const auto reply = f.run();
    REQUIRE_ERROR(reply, ErrorCode::kCorrupt);
    CHECK(reply.error().message() == "GET bucket/key: bad block");
  }
}

TEST_CASE("pauses double, are spread evenly, and never pass their bounds") {
  milliseconds longest_first{0};
  milliseconds longest_second{0};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    LoopFixture f(net::Repeat::kRead, seed);
    const auto slept_ms = [&f] { return std::chrono::duration_cast<milliseconds>(f.env.slept()); };
    std::vector<milliseconds> at;
    f.http.on_exchange = [&](const HttpRequest&) { at.push_back(slept_ms()); };
    f.http.answer(500);
    f.http.answer(500);
    f.http.answer(200);
    CHECK(f.outcome() == "200, 3 sent");
    longest_first = std::max(longest_first, at[1] - at[0]);
    longest_second = std::max(longest_second, at[2] - at[1]);
  }
  CHECK(longest_first <= milliseconds(50));
  CHECK(longest_first > milliseconds(40));
  CHECK(longest_second <= milliseconds(100));
  CHECK(longest_second > milliseconds(80));
}

TEST_CASE("a throttled request waits longer, and Retry-After rules") {
  LoopFixture f;
  SUBCASE("a second at most, first") {
    f.http.answer(503);
    f.http.answer(200);
    CHECK(f.outcome() == "200, 2 sent");
    CHECK(f.env.slept() <= seconds(1));
  }
  SUBCASE("as long as asked") {
    f.http.answer(503, {{"retry-after", "7"}});
    f.http.answer(200);
    CHECK(f.outcome() == "200, 2 sent");
    CHECK(f.env.slept() == seconds(7));
  }
  SUBCASE("not at all when the deadline would pass") {
    f.http.answer(503, {{"retry-after", "30"}});
    CHECK(f.outcome() == "503, 1 sent");
    CHECK(f.env.slept().count() == 0);
  }
}

TEST_CASE("one deadline bounds attempts and pauses") {
  LoopFixture f;
  SUBCASE("each attempt has what is left") {
    f.http.on_exchange = [&f](const HttpRequest&) { f.env.sleep(seconds(10)); };
    f.http.fail(Kind::kTimeout, true);
    f.http.fail(Kind::kTimeout, true);
    f.http.answer(200);
    CHECK(f.outcome() == "200, 3 sent");
    CHECK(f.http.asked[0].timeout == seconds(30));
    CHECK(f.http.asked[1].timeout <= seconds(20));
    CHECK(f.http.asked[2].timeout <= seconds(10));
  }
  SUBCASE("an attempt that took all of it is the last") {
    f.http.on_exchange = [&f](const HttpRequest&) { f.env.sleep(seconds(30)); };
    f.http.fail(Kind::kTimeout, true);
    CHECK(f.outcome() == "deadline, none, 1 sent");
  }
  SUBCASE("nothing is sent when it has passed") {
    f.env.sleep(seconds(31));
    CHECK(f.outcome() == "deadline, none, 0 sent");
  }
}

TEST_CASE("a request's own shorter timeout holds") {
  LoopFixture f;
  f.job.prepare = []() -> Result<HttpRequest> {
    HttpRequest request;
    request.timeout = milliseconds(1000);
    return request;
  };
  f.http.answer(200);
  CHECK(f.outcome() == "200, 1 sent");
  CHECK(f.http.asked[0].timeout == milliseconds(1000));
}

TEST_CASE("a refusal that can be mended is repeated at once, if it was mended") {
  LoopFixture f;
  int amended = 0;
  SUBCASE("mended") {
    f.job.amend = [&amended](const HttpAnswer&) -> Result<bool> { return ++amended == 1; };
    f.http.answer(401);
    f.http.answer(200);
    CHECK(f.outcome() == "200, 2 sent");
    CHECK(f.env.slept().count() == 0);
  }
  SUBCASE("once: the second refusal is the answer") {
    f.job.amend = [&amended](const HttpAnswer&) -> Result<bool> { return ++amended == 1; };
    f.http.answer(401);
    f.http.answer(401);
    CHECK(f.outcome() == "401, 2 sent");
  }
  SUBCASE("an amendment without end is ended") {
    f.job.amend = [](const HttpAnswer&) -> Result<bool> { return true; };
    for (int i = 0; i < 4; ++i) f.http.answer(401);
    CHECK(f.outcome() == "401, 4 sent");
  }
  SUBCASE("nobody can mend it") {
    f.http.answer(401);
    CHECK(f.outcome() == "401, 1 sent");
  }
  SUBCASE("mending fails") {
    f.job.amend = [](const HttpAnswer&) -> Result<bool> {
      return Error(ErrorCode::kDenied, "no credentials");
    };
    f.http.answer(401);
    CHECK(f.outcome() == "denied, none, 1 sent");
  }
}

TEST_CASE("a sink that had bytes is not given the beginning again") {
  LoopFixture f;
  std::string taken;
  f.sink = [&taken](BytesView bytes) {
    taken += text_of(bytes);
    return ok();
  };
  f.http.on_exchange = [&f](const HttpRequest& request) {
    if (f.http.asked.size() == 1) CHECK_OK(request.sink(bytes_of("half")));
  };
  f.http.fail(Kind::kBroken, true);
  f.http.answer(206, {}, " and half");
  SUBCASE("so that is the end") {
    CHECK(f.outcome() == "unavailable, none, 1 sent");
    CHECK(taken == "half");
  }
  SUBCASE("unless the job asks for the rest") {
    f.job.resumes = true;
    CHECK(f.outcome() == "206, 2 sent");
    CHECK(taken == "half and half");
    CHECK(f.call.stats.bytes_read == 13);
  }
}

TEST_CASE("requests, retries and bytes are counted") {
  LoopFixture f;
  f.body = "12345";
  f.http.fail(Kind::kConnect, false);
  f.http.answer(500, {}, "sorry");
  f.http.answer(200, {}, "0123456789");
  CHECK(f.outcome() == "200, 3 sent");
  CHECK(f.call.stats.requests == 3);
  CHECK(f.call.stats.retries == 2);
  CHECK(f.call.stats.bytes_written == 10);
  CHECK(f.call.stats.bytes_read == 15);
}

TEST_CASE("each attempt is logged, with what follows") {
  LoopFixture f;
  f.http.fail(Kind::kBroken, true, "the connection was lost");
  f.http.answer(200, {{"x-amz-request-id", "R1"}}, "abc");
  CHECK(f.outcome() == "200, 2 sent");
  REQUIRE(f.lines.size() == 2);
  CHECK(f.lines[0].starts_with("GET http://host/key: the connection was lost 0 ms, attempt 2 in "));
  CHECK(f.lines[1] == "GET http://host/key 200 0 ms 3 bytes request-id R1");
}

TEST_CASE("with headers wanted, each attempt is logged with its own") {
  LoopFixture f;
  f.call.log_headers = true;
  f.http.fail(Kind::kBroken, true, "lost");
  f.http.answer(200, {{"etag", "e"}}, "abc");
  CHECK(f.outcome() == "200, 2 sent");
  REQUIRE(f.lines.size() == 2);
  CHECK(f.lines[0].find("\n> x-sent: 1") != std::string::npos);
  CHECK(f.lines[0].find("\n< ") == std::string::npos);
  CHECK(f.lines[1] == "GET http://host/key 200 0 ms 3 bytes\n> x-sent: 1\n< etag: e");
}

}  // namespace ksv::testing
