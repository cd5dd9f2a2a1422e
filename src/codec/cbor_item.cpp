// The heads of CBOR data items (doc/format: CBOR).
#include "codec/cbor_item.h"

#include <fmt/format.h>

namespace ksv::cbor {

namespace {

constexpr std::uint8_t kBreak = 0xff;
constexpr unsigned kArgumentFollows = 24;  // 24 to 27: one, two, four, eight bytes
constexpr unsigned kReserved = 28;         // 28 to 30 have no meaning
constexpr unsigned kIndefinite = 31;

bool may_be_indefinite(Major major) {
  return major == Major::kBytes || major == Major::kText || major == Major::kArray ||
         major == Major::kMap || major == Major::kSimple;
}

}  // namespace

Error damaged(const std::string& what) {
  return Error(ErrorCode::kCorrupt, "damaged CBOR: " + what);
}

Result<Head> ItemReader::head() {
  const BytesView first = KSV_TRY(take(1));
  const unsigned info = first[0] & 0x1fU;
  Head head;
  head.major = static_cast<Major>(first[0] >> 5);
  if (info < kArgumentFollows) {
    head.argument = info;
    return head;
  }
  if (info == kIndefinite && may_be_indefinite(head.major)) {
    head.indefinite = true;
    return head;
  }
  if (info >= kReserved) {
    return damaged(fmt::format("0x{:02x} begins no item", first[0]));
  }
  head.width = static_cast<std::uint8_t>(1U << (info - kArgumentFollows));
  const BytesView argument = KSV_TRY(take(head.width));
  for (const std::uint8_t byte : argument) head.argument = head.argument << 8 | byte;
  // RFC 8949, 3.3: a simple value below 32 has one form only.
  if (head.major == Major::kSimple && head.width == 1 && head.argument < 32) {
    return damaged(fmt::format("simple value {} in two bytes", head.argument));
  }
  return head;
}

Result<BytesView> ItemReader::take(std::uint64_t count) {
  if (count > left()) {
    return damaged(fmt::format("{} more bytes expected, {} left", count, left()));
  }
  const BytesView taken = bytes_.subspan(at_, static_cast<std::size_t>(count));
  at_ += taken.size();
  return taken;
}

bool ItemReader::skip_break() {
  if (left() == 0 || bytes_[at_] != kBreak) return false;
  at_ += 1;
  return true;
}

void append_head(Bytes& to, Major major, std::uint64_t argument) {
  if (argument < kArgumentFollows) {
    to.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5 |
                                           static_cast<unsigned>(argument)));
    return;
  }
  const std::uint8_t width = argument <= 0xff         ? 1
                             : argument <= 0xffff     ? 2
                             : argument <= 0xffffffff ? 4
                                                      : 8;
  append_wide_head(to, major, argument, width);
}

void append_wide_head(Bytes& to, Major major, std::uint64_t argument, std::uint8_t width) {
  const unsigned info = width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27;
  to.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5 | info));
  for (unsigned shift = width * 8U; shift > 0; shift -= 8) {
    to.push_back(static_cast<std::uint8_t>(argument >> (shift - 8)));
  }
}

}  // namespace ksv::cbor
