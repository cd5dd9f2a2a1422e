// Random values: scalars of every width, collections of few and of many elements.
#include "support/value_generator.h"

#include <bit>
#include <cmath>
#include <utility>

#include "base/utf8.h"

namespace ksv::testing {

std::string ValueGenerator::next_text() {
  std::string text;
  const std::uint64_t length = below(8) == 0 ? below(200) : below(12);
  for (std::uint64_t i = 0; i < length; ++i) {
    switch (below(10)) {
      case 0: append_utf8(text, static_cast<char32_t>(0x80 + below(0x780))); break;
      case 1: append_utf8(text, static_cast<char32_t>(0x800 + below(0xd000))); break;
      case 2: append_utf8(text, static_cast<char32_t>(0xe000 + below(0x1ffe))); break;
      case 3: append_utf8(text, static_cast<char32_t>(0x10000 + below(0x100000))); break;
      case 4: text += static_cast<char>(below(32)); break;
      default: text += static_cast<char>(32 + below(95));
    }
  }
  return text;
}

Name ValueGenerator::next_name() {
  const auto word = [this] {
    std::string letters;
    const std::uint64_t length = 1 + (below(10) == 0 ? below(40) : below(2));
    for (std::uint64_t i = 0; i < length; ++i) letters += static_cast<char>('a' + below(4));
    return letters;
  };
  if (below(2) == 0) return Name(word());
  return Name(word() + "." + word(), word());
}

std::int64_t ValueGenerator::next_long() {
  const auto bits = static_cast<std::int64_t>(engine_());
  return bits >> below(64);
}

BigInteger ValueGenerator::next_big_integer() {
  std::vector<std::uint64_t> limbs(1 + below(4));
  for (std::uint64_t& limb : limbs) limb = engine_() | 1;
  return BigInteger(below(2) == 0, std::move(limbs));
}

double ValueGenerator::next_double() {
  switch (below(4)) {
    case 0: return static_cast<double>(below(2000)) / 8.0;
    case 1: return below(2) == 0 ? INFINITY : -INFINITY;
    default: break;
  }
  const double number = std::bit_cast<double>(engine_());
  return std::isnan(number) || number == 0.0 ? 1.0 : number;
}

Value ValueGenerator::next_scalar() {
  if (kinds_ == GeneratedKinds::kStorable && below(8) == 0) return next_unhashable_scalar();
  switch (below(15)) {
    case 0: return {};
    case 1: return Value::boolean(below(2) == 0);
    case 2: return Value::real(next_double());
    case 3: return Value::real32(static_cast<float>(below(1000)) / 16.0F + 0.5F);
    case 4: return Value::bigint(next_big_integer());
    case 5: return Value::decimal({next_big_integer(), static_cast<std::int32_t>(below(40)) - 20});
    case 6: return Value::character(static_cast<std::uint16_t>(below(0xd800)));
    case 7: return Value::inst(next_long() % 4'000'000'000'000);
    case 8: {
      Uuid uuid{};
      for (std::uint8_t& byte : uuid) byte = static_cast<std::uint8_t>(below(256));
      return Value::uuid(uuid);
    }
    case 9: {
      Bytes bytes(below(6) == 0 ? below(2000) : below(12));
      for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(below(256));
      return Value::bytes(std::move(bytes));
    }
    case 10: return Value::symbol(next_name());
    case 11:
    case 12: return Value::keyword(next_name());
    case 13: return Value::string(next_text());
    default: return Value::integer(next_long());
  }
}

Value ValueGenerator::next_unhashable_scalar() {
  switch (below(3)) {
    case 0: return Value::regex("[a-z]+" + std::to_string(below(100)));
    case 1: return Value::uri("https://example.org/" + std::to_string(below(100)));
    default: break;
  }
  // k * d + 1 has no divisor in common with d.
  const auto denominator = static_cast<std::int64_t>(2 + below(1000));
  const BigInteger numerator = next_big_integer() * BigInteger(denominator) + BigInteger(1);
  return Value::ratio({numerator, BigInteger(denominator)});
}

Value ValueGenerator::next(std::uint32_t depth_max) {
  if (depth_max == 0 || below(3) == 0) return next_scalar();
  if (kinds_ == GeneratedKinds::kStorable && below(4) == 0) {
    return next_unhashable_collection(depth_max);
  }
  return next_collection(depth_max);
}

Values ValueGenerator::next_items(std::uint32_t depth_max) {
  Values items(below(12) == 0 ? below(40) : below(6));
  for (Value& item : items) item = next(depth_max - 1);
  return items;
}

Table ValueGenerator::next_table(std::uint32_t depth_max) {
  Table table;
  const std::uint64_t size = below(8) == 0 ? below(30) : below(6);
  for (std::uint64_t i = 0; i < size; ++i) {
    Value key = below(2) == 0 ? Value::keyword(next_name()) : next(depth_max - 1);
    // Equal keys of other kinds, such as 1 and 1N, would replace values and change the order of
    // words.
    if (table.find(key) == nullptr) table.put(std::move(key), next(depth_max - 1));
  }
  return table;
}

Value ValueGenerator::next_collection(std::uint32_t depth_max) {
  switch (below(6)) {
    case 0: return Value::list(next_items(depth_max));
    case 1: return Value::set(next_items(depth_max));
    case 2:
      if (depth_max >= 2) return Value::record(next_name(), Value::map(next_table(depth_max - 1)));
      return Value::vector(next_items(depth_max));
    case 3: return Value::vector(next_items(depth_max));
    default: return Value::map(next_table(depth_max));
  }
}

Value ValueGenerator::next_unhashable_collection(std::uint32_t depth_max) {
  switch (below(3)) {
    case 0: return Value::seq(next_items(depth_max));
    case 1: return next_array(depth_max);
    default: {
      const std::string tag = "some/struct" + std::to_string(below(30));
      return Value::structure(Value::string(tag), next_items(depth_max));
    }
  }
}

Value ValueGenerator::next_array(std::uint32_t depth_max) {
  const ArrayKind kinds[] = {ArrayKind::kLongs, ArrayKind::kDoubles, ArrayKind::kBooleans,
                             ArrayKind::kInts,  ArrayKind::kFloats,  ArrayKind::kObjects};
  const ArrayKind kind = kinds[below(6)];
  if (kind == ArrayKind::kObjects) return Value::array(kind, next_items(depth_max));
  Values elements(below(10));
  for (Value& element : elements) {
    switch (kind) {
      case ArrayKind::kDoubles: element = Value::real(next_double()); break;
      case ArrayKind::kBooleans: element = Value::boolean(below(2) == 0); break;
      case ArrayKind::kFloats: element = Value::real32(static_cast<float>(below(9)) + 0.5F); break;
      case ArrayKind::kInts:
        element = Value::integer(static_cast<std::int32_t>(next_long()));
        break;
      default: element = Value::integer(next_long());
    }
  }
  return Value::array(kind, std::move(elements));
}

}  // namespace ksv::testing
