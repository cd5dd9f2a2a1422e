// JSON as a view of values, both ways (doc/format: JSON).
//
//   value                      JSON
//   nil, boolean               null, true, false
//   integer, bigint            number with all its digits: 42N is 42
//   double, float              number, the shortest that reads back: 1.5, 1.0E10
//   NaN, Infinity, -Infinity   "NaN", "Infinity", "-Infinity"
//   decimal                    number with its digits: 1.50M is 1.50
//   ratio                      string: 1/3 is "1/3"
//   string, character          string
//   keyword, symbol            string without the colon: :a/b is "a/b"
//   inst                       string in UTC: "2020-01-01T00:00:00Z"
//   uuid, uri, regex           string
//   bytes                      string in base64
//   list, vector, seq, set,    array, in the order held
//     primitive array
//   map                        object. A key that is a string in JSON is that string; any other
//                              key is its EDN text: {1 2} is {"1":2}. Where a map holds both :a
//                              and "a", the later is its EDN text too: {"a":1,"\"a\"":2}
//   record                     object of its fields, without its type
//   tagged element             {"#my/tag": form}
//   structure                  {"#tag": [field, ...]}
//   function                   string
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// Object keys become strings, or keywords when asked. Whole numbers become longs, or bigints past
// 64 bits; others doubles, or decimals when every digit counts. Of two equal keys the later counts.
// kUsage with the place of the mistake.
enum class JsonKeys { kStrings, kKeywords };
enum class JsonNumbers { kDoubles, kExact };
Result<Value> read_json(std::string_view text, JsonKeys keys,
                        JsonNumbers numbers = JsonNumbers::kDoubles);

// One line. Every value has a form, as the table above says. Always valid UTF-8.
std::string print_json(const Value& value);
// The same with two blanks of indentation a level.
std::string print_json_pretty(const Value& value);

}  // namespace ksv
