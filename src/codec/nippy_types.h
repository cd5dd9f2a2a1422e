// The type ids of Nippy: what follows each, and which the writer picks (doc/format: Nippy).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ksv::nippy {

// What a type id announces. In groups, each read by one function; the last of each has a name.
enum class Form : std::uint8_t {
  kUnknown,
  // numbers
  kLong,
  kPlus,   // a positive integer, its size unsigned
  kMinus,  // a negative one, by its absolute value
  kByte,
  kShort,
  kInt,
  kDouble,
  kFloat,
  kBigInt,
  kBigInteger,
  kDecimal,
  kRatio,
  kLastNumber = kRatio,
  // other scalars
  kNil,
  kTrue,
  kFalse,
  kBoolean,
  kChar,
  kUuid,
  kDate,
  kSqlDate,
  kInstant,
  kDuration,
  kPeriod,
  kMetaKey,
  kLastScalar = kMetaKey,
  // text and bytes
  kString,
  kKeyword,
  kSymbol,
  kText,            // EDN
  kModifiedString,  // Java's modified UTF-8, its length of two bytes
  kModifiedKeyword,
  kModifiedText,
  kRegex,
  kUri,
  kBytes,
  kLastText = kBytes,
  // collections
  kVector,
  kSet,
  kMap,
  kDoubledMap,  // its count is that of keys and values
  kList,
  kSeq,
  kSortedSet,
  kSortedMap,
  kDoubledSortedMap,
  kQueue,
  kMapEntry,
  kMeta,
  kLastCollection = kMeta,
  // arrays, of typed values or of raw elements
  kStrings,
  kObjects,
  kTypedInts,
  kTypedLongs,
  kTypedFloats,
  kTypedDoubles,
  kInts,
  kLongs,
  kFloats,
  kDoubles,
  kLastArray = kDoubles,
  // the rest
  kRecord,
  kType,           // of deftype
  kUncountedType,  // without the number of its fields
  kSerializable,
  kUncountedSerializable,
  kReference,
  kSharedDict,
  kCustom,
  kLast = kCustom,
};

// How a count, length, number or index is stored: not at all (0 to 7), unsigned, or signed.
enum class Size : std::uint8_t {
  k0,
  k1,
  k2,
  k3,
  k4,
  k5,
  k6,
  k7,
  kU1,
  kU2,
  kU4,
  kS1,
  kS2,
  kS4,
  kS8
};
inline constexpr std::size_t kSizes = 15;

struct Type {
  std::uint8_t id = 0;
  Form form = Form::kUnknown;
  Size size = Size::k0;
};

// Of several ids for the same, the writer's comes first.
inline constexpr Type kTypes[] = {
    {0, Form::kLong, Size::k0},
    {87, Form::kPlus, Size::kU1},
    {88, Form::kPlus, Size::kU2},
    {89, Form::kPlus, Size::kU4},
    {93, Form::kMinus, Size::kU1},
    {94, Form::kMinus, Size::kU2},
    {95, Form::kMinus, Size::kU4},
    {100, Form::kLong, Size::kS1},
    {101, Form::kLong, Size::kS2},
    {102, Form::kLong, Size::kS4},
    {43, Form::kLong, Size::kS8},
    {40, Form::kByte, Size::kS1},
    {41, Form::kShort, Size::kS2},
    {42, Form::kInt, Size::kS4},
    {55, Form::kDouble, Size::k0},
    {61, Form::kDouble, Size::kS8},
    {60, Form::kFloat, Size::kS4},
    {44, Form::kBigInt, Size::kS4},
    {45, Form::kBigInteger, Size::kS4},
    {62, Form::kDecimal, Size::kS4},
    {70, Form::kRatio, Size::kS4},

    {3, Form::kNil, Size::k0},
    {8, Form::kTrue, Size::k0},
    {9, Form::kFalse, Size::k0},
    {4, Form::kBoolean, Size::kS1},
    {10, Form::kChar, Size::kS2},
    {91, Form::kUuid, Size::k0},
    {90, Form::kDate, Size::kS8},
    {92, Form::kSqlDate, Size::kS8},
    {79, Form::kInstant, Size::k0},
    {83, Form::kDuration, Size::k0},
    {84, Form::kPeriod, Size::k0},
    {104, Form::kMetaKey, Size::k0},

    {34, Form::kString, Size::k0},
    {96, Form::kString, Size::kU1},
    {105, Form::kString, Size::kS1},
    {16, Form::kString, Size::kS2},
    {13, Form::kString, Size::kS4},
    {106, Form::kKeyword, Size::kS1},
    {85, Form::kKeyword, Size::kS2},
    {77, Form::kKeyword, Size::kS4},
    {14, Form::kKeyword, Size::kS4},
    {56, Form::kSymbol, Size::kS1},
    {86, Form::kSymbol, Size::kS2},
    {78, Form::kSymbol, Size::kS4},
    {57, Form::kSymbol, Size::kS4},
    {47, Form::kText, Size::kS1},
    {51, Form::kText, Size::kS2},
    {52, Form::kText, Size::kS4},
    {5, Form::kText, Size::kS4},
    {11, Form::kModifiedString, Size::k0},
    {12, Form::kModifiedKeyword, Size::k0},
    {1, Form::kModifiedText, Size::k0},
    {58, Form::kRegex, Size::k0},
    {71, Form::kUri, Size::k0},
    {53, Form::kBytes, Size::k0},
    {7, Form::kBytes, Size::kS1},
    {15, Form::kBytes, Size::kS2},
    {2, Form::kBytes, Size::kS4},

    {17, Form::kVector, Size::k0},
    {113, Form::kVector, Size::k2},
    {114, Form::kVector, Size::k3},
    {97, Form::kVector, Size::kU1},
    {110, Form::kVector, Size::kS1},
    {69, Form::kVector, Size::kS2},
    {21, Form::kVector, Size::kS4},
    {18, Form::kSet, Size::k0},
    {98, Form::kSet, Size::kU1},
    {111, Form::kSet, Size::kS1},
    {32, Form::kSet, Size::kS2},
    {23, Form::kSet, Size::kS4},
    {19, Form::kMap, Size::k0},
    {99, Form::kMap, Size::kU1},
    {123, Form::kMap, Size::kU1},
    {112, Form::kMap, Size::kS1},
    {33, Form::kMap, Size::kS2},
    {30, Form::kMap, Size::kS4},
    {22, Form::kMap, Size::kS4},
    {27, Form::kDoubledMap, Size::kS4},
    {35, Form::kList, Size::k0},
    {36, Form::kList, Size::kS1},
    {54, Form::kList, Size::kS2},
    {20, Form::kList, Size::kS4},
    {37, Form::kSeq, Size::k0},
    {38, Form::kSeq, Size::kS1},
    {39, Form::kSeq, Size::kS2},
    {24, Form::kSeq, Size::kS4},
    {28, Form::kSortedSet, Size::kS4},
    {31, Form::kSortedMap, Size::kS4},
    {29, Form::kDoubledSortedMap, Size::kS4},
    {26, Form::kQueue, Size::kS4},
    {103, Form::kMapEntry, Size::k0},
    {25, Form::kMeta, Size::k0},

    {107, Form::kStrings, Size::kS4},
    {115, Form::kObjects, Size::kS4},
    {109, Form::kTypedInts, Size::kS4},
    {108, Form::kTypedLongs, Size::kS4},
    {117, Form::kTypedFloats, Size::kS4},
    {116, Form::kTypedDoubles, Size::kS4},
    {118, Form::kInts, Size::kS4},
    {119, Form::kLongs, Size::kS4},
    {120, Form::kFloats, Size::kS4},
    {121, Form::kDoubles, Size::kS4},

    {48, Form::kRecord, Size::kS1},
    {49, Form::kRecord, Size::kS2},
    {80, Form::kRecord, Size::kS4},
    {122, Form::kType, Size::k0},
    {81, Form::kUncountedType, Size::k0},
    {75, Form::kSerializable, Size::kS1},
    {76, Form::kSerializable, Size::kS2},
    {46, Form::kUncountedSerializable, Size::kS1},
    {50, Form::kUncountedSerializable, Size::kS2},
    {6, Form::kUncountedSerializable, Size::k0},
    {59, Form::kReference, Size::k0},
    {63, Form::kReference, Size::k1},
    {64, Form::kReference, Size::k2},
    {65, Form::kReference, Size::k3},
    {66, Form::kReference, Size::k4},
    {72, Form::kReference, Size::k5},
    {73, Form::kReference, Size::k6},
    {74, Form::kReference, Size::k7},
    {67, Form::kReference, Size::kS1},
    {68, Form::kReference, Size::kS2},
    {124, Form::kSharedDict, Size::kS2},
    {82, Form::kCustom, Size::kS2},
};

// By id; what stands for no type has the form kUnknown.
inline constexpr std::array<Type, 128> kTypeById = [] {
  std::array<Type, 128> by_id{};
  for (const Type& type : kTypes) by_id[type.id] = type;
  return by_id;
}();

using IdsOfForm = std::array<std::uint8_t, kSizes>;
inline constexpr std::uint8_t kNoId = 255;

// The id with which the writer announces a form with a size; kNoId where there is none.
inline constexpr std::array<IdsOfForm, static_cast<std::size_t>(Form::kLast) + 1> kIdByForm = [] {
  std::array<IdsOfForm, static_cast<std::size_t>(Form::kLast) + 1> by_form{};
  for (IdsOfForm& ids : by_form) {
    for (std::uint8_t& id : ids) id = kNoId;
  }
  for (const Type& type : kTypes) {
    std::uint8_t& id =
        by_form[static_cast<std::size_t>(type.form)][static_cast<std::size_t>(type.size)];
    if (id == kNoId) id = type.id;
  }
  return by_form;
}();

constexpr std::uint8_t id_of(Form form, Size size) {
  return kIdByForm[static_cast<std::size_t>(form)][static_cast<std::size_t>(size)];
}

}  // namespace ksv::nippy
