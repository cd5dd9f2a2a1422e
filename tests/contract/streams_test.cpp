// The contract of streamed reads and writes.
#include <algorithm>

#include "ksv/limits.h"

#include "contract/fixtures.h"

namespace ksv::testing {

namespace {

// Gives a text in pieces of at most `piece` bytes.
ByteSource source_of(std::string text, std::size_t piece) {
  return [text = std::move(text), piece,
          at = std::size_t{0}](std::span<std::uint8_t> into) mutable -> Result<std::size_t> {
    const std::size_t count = std::min({piece, into.size(), text.size() - at});
    std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
    at += count;
    return count;
  };
}

// Bytes of every kind, or letters where values are text.
template <typename Fixture>
std::string pattern(std::size_t size) {
  std::string text(std::min(size, kValueMax<Fixture>), '\0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(i * 7 + i / 251);
    if (kIsText<Fixture>) text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  }
  return text;
}

}  // namespace

TEST_CASE_TEMPLATE("a streamed write stores what its source gave", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const std::string text = pattern<Fixture>(2 * limits::kStreamChunkBytes + 100);
  auto outcome =
      fixture.backend().write_stream(fixture.key(), source_of(text, 70'000), Any{}, kWriteId);
  REQUIRE_OK(outcome);
  const Written* written = std::get_if<Written>(&*outcome);
  REQUIRE(written != nullptr);
  CHECK(text_at(fixture.backend(), fixture.key()) == text);
  CHECK(version_at(fixture.backend(), fixture.key()) == written->version);
}

TEST_CASE_TEMPLATE("a streamed read gives the rest from its offset, and the version", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  const std::size_t chunk = limits::kStreamChunkBytes;
  const std::string text = pattern<Fixture>(2 * chunk + 100);
  const Version version = put(fixture.backend(), fixture.key(), text);
  for (const std::size_t offset :
       {std::size_t{0}, std::size_t{1}, chunk - 1, chunk, chunk + 1, text.size(), 5 * chunk}) {
    CAPTURE(offset);
    std::string got;
    auto result = fixture.backend().read_stream(fixture.key(), offset, [&](BytesView bytes) {
      got.append(text_of(bytes));
      return ok();
    });
    REQUIRE_OK(result);
    REQUIRE(result->has_value());
    CHECK(**result == version);
    CHECK(got == text.substr(std::min(offset, text.size())));
  }
}

TEST_CASE_TEMPLATE("an error of the sink ends the read with that error", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  auto result = fixture.backend().read_stream(
      fixture.key(), 0, [](BytesView) -> Status { return Error(ErrorCode::kCancelled, "enough"); });
  REQUIRE_ERROR(result, ErrorCode::kCancelled);
}

TEST_CASE_TEMPLATE("an error of the source leaves the key as it was", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  int calls = 0;
  const ByteSource source = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
    if (++calls == 3) return Error(ErrorCode::kCancelled, "enough");
    into[0] = 'x';
    return std::size_t{1};
  };
  auto outcome = fixture.backend().write_stream(fixture.key(), source, Any{}, kWriteId);
  REQUIRE_ERROR(outcome, ErrorCode::kCancelled);
  CHECK(outcome.error().effect() == Effect::kNone);
  CHECK(text_at(fixture.backend(), fixture.key()) == "one");
}

TEST_CASE_TEMPLATE("the precondition of a streamed write is judged when its source has ended",
                   Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version first = put(fixture.backend(), fixture.key(), "one");
  bool rival = false;
  bool ended = false;
  const ByteSource source = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
    if (ended) return std::size_t{0};
    ended = true;
    if (rival) put(fixture.backend(), fixture.key(), "of the rival");
    into[0] = 'x';
    return std::size_t{1};
  };
  SUBCASE("nobody else wrote") {}
  SUBCASE("somebody wrote while the source ran") { rival = true; }
  auto outcome = fixture.backend().write_stream(fixture.key(), source, Match{first}, kWriteId);
  REQUIRE_OK(outcome);
  CHECK(std::holds_alternative<Conflict>(*outcome) == rival);
  CHECK(text_at(fixture.backend(), fixture.key()) == (rival ? "of the rival" : "x"));
}

}  // namespace ksv::testing
