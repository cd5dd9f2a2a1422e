// Instants as text, in the two calendars that Java uses: java.util.Date, which Clojure prints and
// reads as #inst, and java.time.Instant, which JSON carries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ksv {

// What stands between the quotes of Clojure's #inst: "2020-01-01T00:00:00.000-00:00". Dates before
// 15 October 1582 are Julian, as java.util.Date prints them; years have at least four digits. Years
// before 1 are printed as years of their era, so that the text does not say which.
std::string inst_text(std::int64_t milliseconds);
// False for years before 1, which inst_text cannot tell from years after 1.
bool inst_text_is_exact(std::int64_t milliseconds);
// The reverse, with all that Clojure accepts: "2020", "2020-02", "2020-02-03T10",
// "2020-02-03T10:20:30.123456+02:00" (digits after the third are dropped). Beyond that, a year of
// more than four digits in exactly the form that inst_text gives. Nothing for any other text.
std::optional<std::int64_t> parse_inst_text(std::string_view text);

// RFC 3339 in UTC as java.time.Instant prints it: "2020-01-01T00:00:00Z", with three digits of a
// second when they are not zero; the Gregorian calendar throughout; "-0001-..." and "+10000-..."
// for years beyond four digits.
std::string instant_text(std::int64_t milliseconds);

}  // namespace ksv
