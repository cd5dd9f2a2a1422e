// Reading Nippy: numbers, times, text and bytes.
#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "ksv/limits.h"

#include "base/utf8.h"
#include "codec/edn.h"
#include "codec/fressian_text.h"
#include "codec/nippy_reader.h"
#include "codec/nippy_tags.h"
#include "codec/nippy_time.h"

namespace ksv::nippy {
namespace {

// The bytes of a two's complement number of limits::kNumberDigitsMax decimal digits, a little more.
constexpr std::size_t kNumberBytesMax = limits::kNumberDigitsMax * 416 / 1000;

constexpr std::uint64_t kSecondNanos = 1'000'000'000;

// As Clojure splits it: at the first slash, unless that is all there is.
Name name_of_text(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || text == "/") return Name(text);
  return Name(text.substr(0, slash), text.substr(slash + 1));
}

// What Java surely refuses to compile, as Nippy then refuses to thaw: a class or group that is not
// closed. Others may be refused, too.
bool is_unclosed(std::string_view regex) {
  int groups = 0;
  for (std::size_t at = 0; at < regex.size(); ++at) {
    const char c = regex[at];
    if (c == '\\' && regex.substr(at + 1).starts_with('Q')) return false;
    if (c == '\\') {
      ++at;
    } else if (c == '[') {
      return regex.find(']', at) == std::string_view::npos;
    } else if (c == '(') {
      // A flag may make comments of what follows.
      if (regex.substr(at + 1).starts_with('?')) return false;
      ++groups;
    } else if (c == ')') {
      --groups;
    }
  }
  return groups != 0;
}

}  // namespace

bool Reader::read_number(const Type& type, Value& to) {
  std::int64_t number = 0;
  BigInteger big;
  switch (type.form) {
    case Form::kDouble:
    case Form::kFloat: return read_real(type, to);
    case Form::kDecimal: return read_decimal(to);
    case Form::kRatio: return read_ratio(to);
    case Form::kBigInt:
      if (!read_big_integer(big)) return false;
      to = Value::bigint(std::move(big));
      return true;
    case Form::kBigInteger:
      if (!read_big_integer(big)) return false;
      to = tagged_value(kBigIntegerTag, Value::string(big.to_string()));
      return true;
    default: break;
  }
  if (!read_sized(type.size, number)) return false;
  to = Value::integer(type.form == Form::kMinus ? -number : number);
  if (type.form == Form::kByte) to = tagged_value(kByteTag, to);
  if (type.form == Form::kShort) to = tagged_value(kShortTag, to);
  if (type.form == Form::kInt) to = tagged_value(kIntTag, to);
  return true;
}

bool Reader::read_real(const Type& type, Value& to) {
  std::uint64_t bits = 0;
  if (type.form == Form::kFloat) {
    if (!read_raw(4, bits)) return false;
    const auto number = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (std::isnan(number)) ++nans_;
    to = Value::real32(number);
    return true;
  }
  if (type.size != Size::k0 && !read_raw(8, bits)) return false;
  const auto number = std::bit_cast<double>(bits);
  if (std::isnan(number)) ++nans_;
  to = Value::real(number);
  return true;
}

bool Reader::read_big_integer(BigInteger& to) {
  const std::size_t start = offset();
  std::size_t length = 0;
  BytesView digits;
  if (!read_count(Size::kS4, "bytes of an integer", 1, length)) return false;
  if (length == 0) return fail("an integer of no bytes", start);
  if (length > kNumberBytesMax) {
    return refuse(fmt::format("an integer of {} bytes", length), start);
  }
  if (!take("bytes of an integer", length, digits)) return false;
  to = BigInteger::from_twos_complement(digits);
  return true;
}

bool Reader::read_decimal(Value& to) {
  const std::size_t start = offset();
  Decimal decimal;
  std::int64_t scale = 0;
  if (!read_big_integer(decimal.unscaled) || !read_signed(4, scale)) return false;
  if (scale > limits::kDecimalScaleMax || scale < -limits::kDecimalScaleMax) {
    return refuse(fmt::format("a decimal of scale {}", scale), start);
  }
  decimal.scale = static_cast<std::int32_t>(scale);
  to = Value::decimal(std::move(decimal));
  return true;
}

bool Reader::read_ratio(Value& to) {
  const std::size_t start = offset();
  Ratio ratio;
  if (!read_big_integer(ratio.numerator) || !read_big_integer(ratio.denominator)) return false;
  if (ratio.denominator.is_zero()) return fail("a ratio over zero", start);
  to = Value::ratio(std::move(ratio));
  return true;
}

bool Reader::read_scalar(const Type& type, Value& to) {
  std::int64_t number = 0;
  switch (type.form) {
    case Form::kNil: to = Value(); return true;
    case Form::kTrue: to = Value::boolean(true); return true;
    case Form::kFalse: to = Value::boolean(false); return true;
    case Form::kBoolean:
      if (!read_signed(1, number)) return false;
      to = Value::boolean(number != 0);
      return true;
    case Form::kChar:
      if (!read_signed(2, number)) return false;
      to = Value::character(static_cast<std::uint16_t>(number));
      return true;
    case Form::kUuid: {
      BytesView bytes;
      Uuid uuid{};
      if (!take("bytes of a uuid", uuid.size(), bytes)) return false;
      std::copy(bytes.begin(), bytes.end(), uuid.begin());
      to = Value::uuid(uuid);
      return true;
    }
    case Form::kDate:
      if (!read_signed(8, number)) return false;
      to = Value::inst(number);
      return true;
    case Form::kSqlDate:
      if (!read_signed(8, number)) return false;
      to = tagged_value(kSqlDateTag, Value::integer(number));
      return true;
    case Form::kMetaKey: to = meta_key(); return true;
    default: return read_time(type.form, to);
  }
}

bool Reader::read_time(Form form, Value& to) {
  if (form == Form::kPeriod) {
    Period period;
    if (!read_signed(4, period.years) || !read_signed(4, period.months) ||
        !read_signed(4, period.days)) {
      return false;
    }
    to = tagged_value(kPeriodTag, Value::string(period_text(period)));
    return true;
  }
  const std::size_t start = offset();
  Seconds seconds;
  std::uint64_t nanos = 0;
  if (!read_signed(8, seconds.seconds) || !read_raw(4, nanos)) return false;
  if (nanos >= kSecondNanos) return fail(fmt::format("{} nanoseconds of a second", nanos), start);
  seconds.nanos = static_cast<std::uint32_t>(nanos);
  if (form == Form::kDuration) {
    to = tagged_value(kDurationTag, Value::string(duration_text(seconds)));
    return true;
  }
  const auto text = instant_text_of(seconds);
  if (!text) return refuse("an instant beyond what can be told", start);
  to = tagged_value(kInstantTag, Value::string(*text));
  return true;
}

bool Reader::read_chars(Size size, std::string_view of_what, std::string& to) {
  const std::size_t start = offset();
  std::size_t length = 0;
  BytesView bytes;
  if (!read_count(size, of_what, 1, length) || !take(of_what, length, bytes)) return false;
  if (!is_utf8(text_of(bytes))) return fail("malformed text", start);
  to = text_of(bytes);
  return true;
}

bool Reader::read_modified_chars(std::string& to) {
  const std::size_t start = offset();
  std::uint64_t length = 0;
  BytesView bytes;
  if (!read_raw(2, length) || !take("bytes of text", static_cast<std::size_t>(length), bytes)) {
    return false;
  }
  return fressian::append_piece(to, bytes) || fail("malformed text", start);
}

// A string where one must be.
bool Reader::read_string(std::string_view of_what, std::string& to) {
  const std::size_t start = offset();
  Value value;
  if (!read_nested(value)) return false;
  if (!value.is(Kind::kString)) {
    return fail(fmt::format("the text of {} is {}", of_what, kind_phrase(value.kind())), start);
  }
  to = value.as_string();
  return true;
}

bool Reader::read_text(const Type& type, Value& to) {
  const std::size_t start = offset() - 1;
  std::string text;
  switch (type.form) {
    case Form::kBytes: {
      std::size_t length = 0;
      BytesView bytes;
      if (!read_count(type.size, "bytes", 1, length) || !take("bytes", length, bytes)) return false;
      to = Value::bytes(copy_of(bytes));
      return true;
    }
    case Form::kRegex:
      if (!read_string("a regex", text)) return false;
      if (is_unclosed(text)) return fail("a regex with an open class or group", start);
      break;
    case Form::kUri:
      if (!read_string("a URI", text)) return false;
      break;
    case Form::kModifiedString:
    case Form::kModifiedKeyword:
    case Form::kModifiedText:
      if (!read_modified_chars(text)) return false;
      break;
    default:
      if (!read_chars(type.size, "bytes of text", text)) return false;
  }
  return make_of_text(type.form, start, std::move(text), to);
}

bool Reader::make_of_text(Form form, std::size_t start, std::string text, Value& to) {
  switch (form) {
    case Form::kRegex: to = Value::regex(std::move(text)); return true;
    case Form::kUri: to = Value::uri(std::move(text)); return true;
    case Form::kKeyword:
    case Form::kModifiedKeyword: to = Value::keyword(name_of_text(text)); return true;
    case Form::kSymbol: to = Value::symbol(name_of_text(text)); return true;
    case Form::kText:
    case Form::kModifiedText: break;
    default: to = Value::string(std::move(text)); return true;
  }
  auto value = read_edn(text);
  if (!value.has_value()) {
    return fail("text that is no EDN (" + value.error().message() + ")", start);
  }
  // How many NaNs it holds is not known.
  if (text.find("NaN") != std::string::npos) ++nans_;
  if (!enter()) return false;
  return finish(to, *std::move(value));
}

}  // namespace ksv::nippy
