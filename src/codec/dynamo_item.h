// Items of DynamoDB as values, and back, by way of the JSON in which the service writes them
// (doc/format: DynamoDB items).
//
//   value                            attribute         read back as
//   nil                              NULL              nil
//   boolean                          BOOL              boolean
//   string, keyword, without colon   S                 string
//   integer, bigint, decimal,        N                 integer without a point, else decimal
//     finite double or float
//   #ksv/bytes                       B                 bytes
//   #ksv/frozen X                    B, by Nippy       X, see Frozen
//   vector, list, sequence           L                 vector
//   map, keys keywords or strings    M                 map with keyword keys
//   set of strings and keywords      SS                set of strings
//   set of numbers                   NS                set of numbers
//   set of bytes                     BS                set of bytes
//
// What else there is has no form, and is refused: kUsage, with a hint at what to write instead. So
// are empty and mixed sets, two keys or elements that become the same text, numbers of more than 38
// digits or beyond the range, strings that are no UTF-8, more than 32 levels of lists and maps,
// the item being the first, and items of more than 400 KB.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

#include "codec/nippy.h"

namespace ksv {

inline constexpr std::uint32_t kItemDepthMax = 32;
inline constexpr std::uint64_t kItemBytesMax = 400 * 1024;

// The tag of what is to be frozen: #ksv/frozen X.
Name frozen_tag();

// How bytes that begin as Nippy's do are read.
enum class Frozen {
  kValue,   // as the value that was frozen
  kTagged,  // as #ksv/frozen X, which is written back as it came
  kBytes,   // as bytes
};

struct ItemReading {
  Frozen frozen = Frozen::kValue;
  nippy::ThawOptions thaw{};
};

// {"id":{"N":"1"}} and back. kCorrupt for JSON that is no item, and for frozen bytes that are
// damaged, as nippy::thaw says.
Result<std::string> write_item(const Value& item, const nippy::FreezeOptions& freeze = {});
Result<Value> read_item(std::string_view json, const ItemReading& reading = {});
// The same for one attribute's value: {"N":"1"}.
Result<std::string> write_attribute(const Value& value, const nippy::FreezeOptions& freeze = {});
Result<Value> read_attribute(std::string_view json, const ItemReading& reading = {});

// Typed JSON that somebody wrote: as read_item with Frozen::kBytes, but mistakes are kUsage.
Result<Value> read_typed_json(std::string_view json);
// Plain JSON: {"id":1}. Keys become keywords, numbers keep their digits. Back: print_json
// (codec/json_view.h), sets being arrays there and bytes base64.
Result<Value> read_plain_json(std::string_view json);

// The size of an item by the service's own reckoning (Amazon DynamoDB Developer Guide, "Item sizes
// and formats"), near enough for what is near the limit. Of a value that write_item takes.
std::uint64_t item_bytes(const Value& item);

}  // namespace ksv
