// The forms of time that AWS services write.
#include "net/aws/time_text.h"

#include <doctest/doctest.h>

namespace ksv::aws {

TEST_CASE("the date of a signature is in UTC and to the second") {
  CHECK(amz_date(0) == "19700101T000000Z");
  CHECK(amz_date(1'369'353'600'000) == "20130524T000000Z");
  CHECK(amz_date(1'709'210'096'999) == "20240229T123456Z");
  CHECK(amz_date(-1) == "19691231T235959Z");
}

TEST_CASE("times of ISO 8601 are read with fractions and offsets") {
  CHECK(parse_iso_time("2024-02-29T12:34:56Z") == 1'709'210'096'000);
  CHECK(parse_iso_time("2024-02-29T12:34:56.789123Z") == 1'709'210'096'789);
  CHECK(parse_iso_time("2024-02-29T12:34:56UTC") == 1'709'210'096'000);
  CHECK(parse_iso_time("2024-02-29T14:34:56+02:00") == 1'709'210'096'000);
  CHECK(parse_iso_time("2024-02-29T10:04:56-0230") == 1'709'210'096'000);
  for (const char* text :
       {"", "2024", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-02-29T24:00:00Z",
        "2024-02-29T12:34:56.Z", "2024-02-29T12:34:56X", "2024-02-29T12:34:56+2", "2024-02-29"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_iso_time(text).has_value());
  }
}

TEST_CASE("the time of a Date header is read") {
  CHECK(parse_http_date("Thu, 29 Feb 2024 12:34:56 GMT") == 1'709'210'096'000);
  CHECK(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  for (const char* text : {"", "Thu, 29 Feb 2024 12:34:56", "Thu, 29 Foo 2024 12:34:56 GMT",
                           "29 Feb 2024 12:34:56 GMT", "Thu, 31 Feb 2024 12:34:56 GMT",
                           "Thursday, 29-Feb-24 12:34:56 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text).has_value());
  }
}

TEST_CASE("the end of a certificate is read") {
  CHECK(parse_certificate_date("Feb 29 12:34:56 2024 GMT") == 1'709'210'096'000);
  CHECK(parse_certificate_date("Feb  9 12:34:56 2024 GMT") == 1'707'482'096'000);
  for (const char* text : {"", "Feb", "Feb 30 12:34:56 2024 GMT", "Feb 29 12:34:56 2024",
                           "feb 29 12:34:56 2024 GMT", "Feb 29 12:34:56 2024 UTC"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_certificate_date(text).has_value());
  }
}

}  // namespace ksv::aws
