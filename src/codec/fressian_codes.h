// The opcodes of Fressian (doc/format: Fressian, opcodes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace ksv::fressian {

using Code = std::uint8_t;

// 00..3f are the integers 0..63. 40..7f start integers of 2 to 7 bytes; the low bits of the opcode
// are the high bits of the number, relative to these:
inline constexpr Code kInt2Zero = 0x50;
inline constexpr Code kInt3Zero = 0x68;
inline constexpr Code kInt4Zero = 0x72;
inline constexpr Code kInt5Zero = 0x76;
inline constexpr Code kInt6Zero = 0x7a;
inline constexpr Code kInt7Zero = 0x7e;

// Opcodes that carry a small count or index in their low bits, and the first count that does not
// fit.
inline constexpr Code kPriorityPacked = 0x80;
inline constexpr std::uint32_t kPriorityPackedEnd = 32;
inline constexpr Code kStructPacked = 0xa0;
inline constexpr std::uint32_t kStructPackedEnd = 16;
inline constexpr Code kBytesPacked = 0xd0;
inline constexpr Code kStringPacked = 0xda;
inline constexpr Code kListPacked = 0xe4;
inline constexpr std::size_t kLengthPackedEnd = 8;

inline constexpr Code kLongArray = 0xb0;
inline constexpr Code kDoubleArray = 0xb1;
inline constexpr Code kBooleanArray = 0xb2;
inline constexpr Code kIntArray = 0xb3;
inline constexpr Code kFloatArray = 0xb4;
inline constexpr Code kObjectArray = 0xb5;
inline constexpr Code kMap = 0xc0;
inline constexpr Code kSet = 0xc1;
inline constexpr Code kUuid = 0xc3;
inline constexpr Code kRegex = 0xc4;
inline constexpr Code kUri = 0xc5;
inline constexpr Code kBigInt = 0xc6;
inline constexpr Code kBigDecimal = 0xc7;
inline constexpr Code kInst = 0xc8;
inline constexpr Code kSymbol = 0xc9;
inline constexpr Code kKeyword = 0xca;
inline constexpr Code kGetPriority = 0xcc;
inline constexpr Code kPutPriority = 0xcd;
inline constexpr Code kPrecache = 0xce;
inline constexpr Code kFooter = 0xcf;
inline constexpr Code kBytesChunk = 0xd8;
inline constexpr Code kBytes = 0xd9;
inline constexpr Code kStringChunk = 0xe2;
inline constexpr Code kString = 0xe3;
inline constexpr Code kList = 0xec;
inline constexpr Code kBeginClosedList = 0xed;
inline constexpr Code kBeginOpenList = 0xee;
inline constexpr Code kStructType = 0xef;
inline constexpr Code kStruct = 0xf0;
inline constexpr Code kMeta = 0xf1;
inline constexpr Code kAny = 0xf4;
inline constexpr Code kTrue = 0xf5;
inline constexpr Code kFalse = 0xf6;
inline constexpr Code kNull = 0xf7;
inline constexpr Code kInt = 0xf8;
inline constexpr Code kFloat = 0xf9;
inline constexpr Code kDouble = 0xfa;
inline constexpr Code kDouble0 = 0xfb;
inline constexpr Code kDouble1 = 0xfc;
inline constexpr Code kEndCollection = 0xfd;
inline constexpr Code kResetCaches = 0xfe;
inline constexpr Code kIntMinusOne = 0xff;

// The most bytes that one piece of a string, or of a byte string, holds.
inline constexpr std::size_t kStringPieceMax = 65536;
inline constexpr std::size_t kBytesPieceMax = 65535;

// Counts and indexes are Java ints.
inline constexpr std::int64_t kCountMax = std::numeric_limits<std::int32_t>::max();

}  // namespace ksv::fressian
