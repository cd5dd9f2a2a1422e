// CRC-32 by tables, four bytes a step.
#include "base/crc32.h"

#include <array>
#include <cstddef>

namespace ksv {
namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320;  // 0x04C11DB7, the lowest bit first
constexpr std::size_t kStep = 4;

using Tables = std::array<std::array<std::uint32_t, 256>, kStep>;

// tables[n][b]: what byte b does to the remainder when n more bytes follow it.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = rest >> 1 ^ ((rest & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = rest;
  }
  for (std::size_t n = 1; n < kStep; ++n) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t rest = tables[n - 1][byte];
      tables[n][byte] = rest >> 8 ^ tables[0][rest & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

}  // namespace

std::uint32_t crc32(BytesView bytes) {
  std::uint32_t rest = 0xFFFFFFFF;
  std::size_t at = 0;
  for (; at + kStep <= bytes.size(); at += kStep) {
    const std::uint32_t word = static_cast<std::uint32_t>(bytes[at]) |
                               static_cast<std::uint32_t>(bytes[at + 1]) << 8 |
                               static_cast<std::uint32_t>(bytes[at + 2]) << 16 |
                               static_cast<std::uint32_t>(bytes[at + 3]) << 24;
    rest ^= word;
    rest = kTables[3][rest & 0xFF] ^ kTables[2][rest >> 8 & 0xFF] ^ kTables[1][rest >> 16 & 0xFF] ^
           kTables[0][rest >> 24];
  }
  for (; at < bytes.size(); ++at) rest = rest >> 8 ^ kTables[0][(rest ^ bytes[at]) & 0xFF];
  return ~rest;
}

}  // namespace ksv
