// Prints values as Clojure's pr-str does, and in the #ksv/ notation what EDN has no literal for.
#include "codec/edn_printer.h"

#include <cmath>
#include <cstdint>
#include <string_view>

#include "base/hex.h"
#include "base/utf8.h"
#include "codec/edn.h"
#include "codec/inst_text.h"
#include "data/java_number_text.h"

namespace ksv {

namespace {

std::string_view array_tag(ArrayKind kind) {
  switch (kind) {
    case ArrayKind::kLongs: return "#ksv/longs [";
    case ArrayKind::kDoubles: return "#ksv/doubles [";
    case ArrayKind::kBooleans: return "#ksv/booleans [";
    case ArrayKind::kInts: return "#ksv/ints [";
    case ArrayKind::kFloats: return "#ksv/floats [";
    case ArrayKind::kObjects: break;
  }
  return "#ksv/objects [";
}

std::string_view char_name(std::uint16_t unit) {
  switch (unit) {
    case '\n': return "newline";
    case ' ': return "space";
    case '\t': return "tab";
    case '\b': return "backspace";
    case '\f': return "formfeed";
    case '\r': return "return";
    default: return {};
  }
}

// The letter after the backslash for what must be escaped in a string, else 0.
char escape_letter(char c) {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\n': return 'n';
    case '\t': return 't';
    case '\r': return 'r';
    case '\f': return 'f';
    case '\b': return 'b';
    default: return 0;
  }
}

std::string double_text(double value) {
  if (std::isnan(value)) return "##NaN";
  if (std::isinf(value)) return value > 0 ? "##Inf" : "##-Inf";
  return java_double_text(value);
}

bool is_surrogate(char32_t code_point) { return code_point >= 0xd800 && code_point <= 0xdfff; }

void append_unit_escape(std::string& to, char32_t unit) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  to += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) to += kHex[(unit >> shift) & 15];
}

}  // namespace

std::optional<EdnShape> edn_shape(const Value& value) {
  switch (value.kind()) {
    case Kind::kList: return EdnShape{.open = "(", .close = ")", .items = &value.items()};
    case Kind::kVector: return EdnShape{.open = "[", .close = "]", .items = &value.items()};
    case Kind::kSeq: return EdnShape{.open = "#ksv/seq (", .close = ")", .items = &value.items()};
    case Kind::kMap:
      return EdnShape{.open = "{", .close = "}", .table = &value.table(), .pairs = true};
    case Kind::kSet: return EdnShape{.open = "#{", .close = "}", .table = &value.table()};
    case Kind::kArray:
      return EdnShape{.open = std::string(array_tag(value.array_kind())),
                      .close = "]",
                      .items = &value.items()};
    case Kind::kRecord:
      return EdnShape{
          .open = "#ksv/record [" + value.tag().text() + " ", .close = "]", .inner = &value.form()};
    case Kind::kTagged:
      return EdnShape{.open = "#" + value.tag().text() + " ", .close = "", .inner = &value.form()};
    case Kind::kStruct:
      return EdnShape{.open = "#ksv/tagged [",
                      .close = "]",
                      .first = &value.struct_tag(),
                      .items = &value.items()};
    default: return std::nullopt;
  }
}

void EdnPrinter::print(const Value& value) {
  if (const std::optional<EdnShape> shape = edn_shape(value)) {
    print_shape(*shape);
  } else {
    print_atom(value);
  }
}

void EdnPrinter::print_shape(const EdnShape& shape) {
  to_ += shape.open;
  if (shape.inner != nullptr) print(*shape.inner);
  if (shape.first != nullptr) print(*shape.first);
  bool separate = shape.first != nullptr;
  if (shape.items != nullptr) {
    for (const Value& item : *shape.items) {
      if (is_full()) return;
      if (separate) to_ += ' ';
      separate = true;
      print(item);
    }
  }
  if (shape.table != nullptr) {
    for (const Table::Entry& entry : *shape.table) {
      if (is_full()) return;
      if (separate) to_ += shape.pairs ? ", " : " ";
      separate = true;
      print(entry.key);
      if (!shape.pairs) continue;
      to_ += ' ';
      print(entry.value);
    }
  }
  to_ += shape.close;
}

void EdnPrinter::print_atom(const Value& value) {
  switch (value.kind()) {
    case Kind::kNil: to_ += "nil"; break;
    case Kind::kBoolean: to_ += value.as_boolean() ? "true" : "false"; break;
    case Kind::kLong: to_ += std::to_string(value.as_long()); break;
    case Kind::kBigInt:
      print_integer(value.as_bigint());
      to_ += 'N';
      break;
    case Kind::kDouble: to_ += double_text(value.as_double()); break;
    case Kind::kFloat: print_tagged_string("#ksv/float ", java_float_text(value.as_float())); break;
    case Kind::kDecimal: print_decimal(value.as_decimal()); break;
    case Kind::kRatio:
      print_integer(value.as_ratio().numerator);
      to_ += '/';
      print_integer(value.as_ratio().denominator);
      break;
    case Kind::kChar: print_char(value.as_char()); break;
    case Kind::kString: print_string(value.as_string()); break;
    case Kind::kSymbol: print_name(value.as_name()); break;
    case Kind::kKeyword:
      to_ += ':';
      print_name(value.as_name());
      break;
    case Kind::kInst: print_inst(value.as_inst()); break;
    case Kind::kUuid: print_tagged_string("#uuid ", uuid_text(value.as_uuid())); break;
    case Kind::kBytes: print_bytes(value.as_bytes()); break;
    case Kind::kRegex: print_tagged_string("#ksv/regex ", value.as_string()); break;
    case Kind::kUri: print_tagged_string("#ksv/uri ", value.as_string()); break;
    default: to_ += "#function[fn]"; break;
  }
}

// Clojure escapes these few and leaves all else as it is. Half a surrogate pair has no UTF-8 form,
// so it is escaped too, which reads back as itself.
void EdnPrinter::print_string(std::string_view text) {
  to_ += '"';
  if (size_max_ < text.size()) text = text.substr(0, size_max_ + 1);
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const char letter = escape_letter(c);
    std::size_t after = at + 1;
    const std::optional<char32_t> code_point =
        c == '\xed' ? next_code_point(text, after = at) : std::nullopt;
    if (letter == 0 && !(code_point && is_surrogate(*code_point))) {
      at = after;
      continue;
    }
    to_ += text.substr(begin, at - begin);
    if (letter != 0) {
      to_ += '\\';
      to_ += letter;
    } else {
      append_unit_escape(to_, *code_point);
    }
    at = begin = after;
  }
  to_ += text.substr(begin);
  to_ += '"';
}

void EdnPrinter::print_tagged_string(std::string_view tag, std::string_view text) {
  to_ += tag;
  print_string(text);
}

void EdnPrinter::print_char(std::uint16_t unit) {
  if (is_surrogate(unit)) {
    to_ += "#ksv/char " + std::to_string(unit);
    return;
  }
  to_ += '\\';
  const std::string_view name = char_name(unit);
  if (name.empty()) {
    append_utf8(to_, unit);
  } else {
    to_ += name;
  }
}

void EdnPrinter::print_inst(std::int64_t milliseconds) {
  if (inst_text_is_exact(milliseconds)) {
    to_ += "#inst \"" + inst_text(milliseconds) + '"';
  } else {
    to_ += "#ksv/inst " + std::to_string(milliseconds);
  }
}

void EdnPrinter::print_bytes(const Bytes& bytes) {
  BytesView shown(bytes);
  if (size_max_ < shown.size()) shown = shown.first(size_max_);
  to_ += "#ksv/bytes \"" + to_hex(shown) + '"';
}

// The digits of a huge number take quadratic time, so an excerpt only says how long it is.
void EdnPrinter::print_integer(const BigInteger& value) {
  constexpr std::size_t kBitsPerDigit = 4;
  if (size_max_ < value.bit_length() / kBitsPerDigit) {
    abridged_ = true;
    to_ += "<" + std::to_string(value.bit_length()) + " bits>";
  } else {
    to_ += value.to_string();
  }
}

void EdnPrinter::print_decimal(const Decimal& value) {
  constexpr std::size_t kBitsPerDigit = 4;
  if (size_max_ < value.unscaled.bit_length() / kBitsPerDigit) {
    print_integer(value.unscaled);
  } else {
    to_ += java_decimal_text(value);
  }
  to_ += 'M';
}

void EdnPrinter::print_name(const Name& name) {
  const std::size_t enough = size_max_ == std::string::npos ? size_max_ : size_max_ + 1;
  if (name.ns) {
    to_.append(*name.ns, 0, enough);
    to_ += '/';
  }
  to_.append(name.name, 0, enough);
}

std::string print_edn(const Value& value) {
  std::string text;
  print_edn(value, text);
  return text;
}

void print_edn(const Value& value, std::string& to) { EdnPrinter(to).print(value); }

std::string edn_excerpt(const Value& value) {
  std::string printed;
  EdnPrinter(printed, limits::kExcerptChars * 4).print(value);
  // Control characters would break a message out of its line, or out of the terminal's good sense.
  std::string excerpt;
  std::size_t count = 0;
  for (std::size_t at = 0; at < printed.size();) {
    if (++count > limits::kExcerptChars) return excerpt + "...";
    const std::size_t from = at;
    const std::optional<char32_t> c = next_code_point(printed, at);
    const bool control = c && (*c < 0x20 || (*c >= 0x7f && *c < 0xa0) || is_surrogate(*c));
    if (c && !control) {
      excerpt += printed.substr(from, at - from);
    } else if (at < printed.size()) {
      append_unit_escape(excerpt, c.value_or(0xfffd));
    }
  }
  return excerpt;
}

}  // namespace ksv
