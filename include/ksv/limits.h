// Every bound of the program, with its reason. What comes from outside is checked against these
// before memory or time is spent on it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ksv::limits {

// A value read into memory, packed or unpacked. konserve holds whole values in a JVM heap; past
// this size bassoc and bget, which stream, are the tools.
inline constexpr std::size_t kValueBytesMax = std::size_t{1} << 30;

// Nesting of collections. Readers, printers and destructors recurse, so this also bounds the stack:
// 512 levels stay far below 8 MiB even in sanitizer builds. Datahike nests fewer than 20.
inline constexpr std::uint32_t kDepthMax = 512;

// Digits of one number: arithmetic on it, and its decimal text, take quadratic time.
inline constexpr std::size_t kNumberDigitsMax = 100'000;

// The scale of a decimal, either sign: printing one in plain form takes that many digits.
inline constexpr std::int64_t kDecimalScaleMax = 100'000;

// The meta section of a blob: konserve's is under 200 bytes; users may add keys of their own.
inline constexpr std::size_t kMetaBytesMax = std::size_t{16} << 20;

// Nested text in messages is cut here, so that an error stays one readable line.
inline constexpr std::size_t kExcerptChars = 200;

// One pass of a streamed copy.
inline constexpr std::size_t kStreamChunkBytes = std::size_t{1} << 20;

// An update function: evaluation steps and bytes it may allocate before it is stopped.
inline constexpr std::uint64_t kFunctionStepsMax = 10'000'000;
inline constexpr std::size_t kFunctionBytesMax = std::size_t{512} << 20;

// The whole command, and one connection (CLI.md, "Time and retries").
inline constexpr std::chrono::milliseconds kTimeoutDefault{30'000};
inline constexpr std::chrono::milliseconds kConnectTimeoutDefault{5'000};

}  // namespace ksv::limits
