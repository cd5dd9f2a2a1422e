// EDN text: reading with limits and positions, printing as Clojure's pr-str.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/limits.h"
#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

struct EdnLimits {
  std::size_t bytes_max = limits::kValueBytesMax;
  std::uint32_t depth_max = limits::kDepthMax;
};

// The one value that `text` holds; white space, comments and #_ discards around it are allowed,
// anything else after it is an error, as is empty text. Errors are kUsage with "line:column" in the
// message, columns counted in characters from 1. The meaning is that of clojure.edn/read-string
// (Clojure 1.11), with the tags of doc/format "Tagged notation" (#ksv/bytes and its like)
// understood and every other tag kept as Kind::kTagged; #inst and #uuid become their kinds. Unknown
// tags within ksv/ are an error.
Result<Value> read_edn(std::string_view text, const EdnLimits& limits = {});

// Reads values one after the other from a text, as a stream of EDN does.
class EdnStream {
 public:
  explicit EdnStream(std::string_view text, const EdnLimits& limits = {});
  Result<std::optional<Value>> next();  // nothing at the end
  std::size_t position() const;         // byte offset after the value read last

 private:
  std::string_view text_;
  EdnLimits limits_;
  std::size_t at_ = 0;
};

// Clojure's pr-str: one line, `{:a 1, :b 2}`, strings escaped as Clojure does, doubles as Java
// prints them, entries in the order they are held. Reading it back gives an equal value of the same
// kinds, but for functions, names that hold blanks and the like, and ratios that are not in lowest
// terms. Three texts differ from Clojure's for its sake: half a surrogate pair in a string is an
// escape (\uD83D), as a character it is #ksv/char 55357, and an inst before the year 1, which
// Clojure prints like one after it, is #ksv/inst milliseconds. Output is UTF-8 wherever names are.
std::string print_edn(const Value& value);
void print_edn(const Value& value, std::string& to);

// The same over several lines where a collection does not fit `width` columns.
std::string print_edn_pretty(const Value& value, std::size_t width);

// At most limits::kExcerptChars of print_edn, for messages; what is left out shows as "...". Costs
// no more than that length, however large the value.
std::string edn_excerpt(const Value& value);

}  // namespace ksv
