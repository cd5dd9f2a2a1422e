// Instants as text, at the edges of calendars and of 64 bits.
#include "codec/inst_text.h"

#include <doctest/doctest.h>
#include <limits>

namespace ksv {
namespace {

struct Known {
  std::int64_t milliseconds;
  const char* inst;     // Clojure 1.11 on Java 17
  const char* instant;  // java.time.Instant
};

// The texts are those of java.util.Date under pr-str, and of java.time.Instant under str.
constexpr Known kKnown[] = {
    {0, "1970-01-01T00:00:00.000-00:00", "1970-01-01T00:00:00Z"},
    {-1, "1969-12-31T23:59:59.999-00:00", "1969-12-31T23:59:59.999Z"},
    {951'782'400'010, "2000-02-29T00:00:00.010-00:00", "2000-02-29T00:00:00.010Z"},
    {-12'219'292'800'000, "1582-10-15T00:00:00.000-00:00", "1582-10-15T00:00:00Z"},
    {-12'219'292'800'001, "1582-10-04T23:59:59.999-00:00", "1582-10-14T23:59:59.999Z"},
    {-62'135'769'600'000, "0001-01-01T00:00:00.000-00:00", "0000-12-30T00:00:00Z"},
    {-62'135'769'600'001, "0001-12-31T23:59:59.999-00:00", "0000-12-29T23:59:59.999Z"},
    {-62'198'755'200'000, "0002-01-03T00:00:00.000-00:00", "-0001-01-01T00:00:00Z"},
    {253'402'300'800'000, "10000-01-01T00:00:00.000-00:00", "+10000-01-01T00:00:00Z"},
    {std::numeric_limits<std::int64_t>::min(), "292269055-12-02T16:47:04.192-00:00",
     "-292275055-05-16T16:47:04.192Z"},
    {std::numeric_limits<std::int64_t>::max(), "292278994-08-17T07:12:55.807-00:00",
     "+292278994-08-17T07:12:55.807Z"},
};

TEST_CASE("instants print as Java prints them in both calendars") {
  for (const Known& known : kKnown) {
    CHECK(inst_text(known.milliseconds) == known.inst);
    CHECK(instant_text(known.milliseconds) == known.instant);
  }
}

TEST_CASE("a printed inst reads back wherever its text is exact") {
  for (const Known& known : kKnown) {
    CAPTURE(known.inst);
    CHECK((parse_inst_text(known.inst) == known.milliseconds) ==
          inst_text_is_exact(known.milliseconds));
  }
}

TEST_CASE("every day around the change of calendars reads back") {
  constexpr std::int64_t kDayMs = 86'400'000;
  for (std::int64_t day = -142'000; day < -141'000; ++day) {
    CHECK(parse_inst_text(inst_text(day * kDayMs)) == day * kDayMs);
  }
}

TEST_CASE("parts of an inst may be missing from the right") {
  CHECK(parse_inst_text("1970") == 0);
  CHECK(parse_inst_text("1970-02") == 2'678'400'000);
  CHECK(parse_inst_text("1970-01-02T03") == 97'200'000);
  CHECK(parse_inst_text("1970-01-01T00:01") == 60'000);
  CHECK(parse_inst_text("1970-01-01T00:00:01.5") == 1500);
  CHECK(parse_inst_text("1970-01-01T00:00:01.9999999999999999") == 1999);
}

TEST_CASE("an offset may follow any part of an inst") {
  CHECK(parse_inst_text("1970Z") == 0);
  CHECK(parse_inst_text("1970-05:30") == 19'800'000);
  CHECK(parse_inst_text("1970-01-05:30") == 19'800'000);
  CHECK(parse_inst_text("1970-01-01+01:00") == -3'600'000);
}

TEST_CASE("dates that the change of calendars left out are read as Julian") {
  CHECK(inst_text(*parse_inst_text("1582-10-10")) == "1582-10-20T00:00:00.000-00:00");
}

TEST_CASE("a leap second is the second after it") {
  CHECK(inst_text(*parse_inst_text("2016-12-31T23:59:60Z")) == "2017-01-01T00:00:00.000-00:00");
}

TEST_CASE("what is no date is refused") {
  for (const char* text : {"",
                           "x",
                           "197",
                           "1970-",
                           "1970-1",
                           "1970-13",
                           "1970-00",
                           "1970-01-32",
                           "1970-02-29",
                           "1900-02-29",
                           "1500-02-29",
                           "1970-01-01T24",
                           "1970-01-01T00:60",
                           "1970-01-01T00:00:60",
                           "1970-01-01T00:00:00.",
                           "1970-01-01T00:00:00.Z",
                           "1970-01-01 00:00",
                           "1970-01-01t00",
                           "1970z",
                           "1970+24:00",
                           "1970+00:60",
                           "1970+0000",
                           "1970ZZ",
                           " 1970",
                           "10000",
                           "10000-01-01",
                           "99999999999-01-01T00:00:00.000-00:00",
                           "010000-01-01T00:00:00.000-00:00",
                           "292278994-08-17T07:12:55.808-00:00",
                           "292278994-12-31T00:00:00.000-00:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_inst_text(text).has_value());
  }
}

}  // namespace
}  // namespace ksv
