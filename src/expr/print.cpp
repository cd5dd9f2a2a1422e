// Text of values as Clojure's str and pr-str write it.
#include "expr/print.h"

#include <cmath>
#include <ctime>
#include <fmt/format.h>

#include "base/utf8.h"
#include "codec/edn.h"
#include "data/java_number_text.h"
#include "expr/java_hash.h"
#include "expr/object.h"
#include "expr/walk_order.h"

namespace ksv::expr {
namespace {

class ClojurePrinter {
 public:
  ClojurePrinter(Machine& machine, std::string& to) : machine_(machine), to_(to) {}

  Status print(const Value& value) {
    if (!machine_.spend()) return machine_.out_of_steps();
    const std::size_t before = to_.size();
    switch (value.kind()) {
      case Kind::kList:
      case Kind::kSeq: KSV_CHECK(print_items(value.items(), "(", ")")); return ok();
      case Kind::kVector: KSV_CHECK(print_items(value.items(), "[", "]")); return ok();
      case Kind::kMap: KSV_CHECK(print_table(value, "{")); return ok();
      case Kind::kSet: KSV_CHECK(print_table(value, "#{")); return ok();
      case Kind::kString: print_string(value.as_string()); break;
      case Kind::kChar: print_character(value.as_char()); break;
      case Kind::kFloat: to_ += float_text(value.as_float()); break;
      case Kind::kBigInt:
        to_ += value.as_bigint().to_string();
        if (value.shape() != Shape::kBoxed) to_ += 'N';
        break;
      case Kind::kRegex: to_ += "#\"" + value.as_string() + "\""; break;
      case Kind::kFunction: return failure(kind_excerpt(value) + " has no text");
      default: print_edn(value, to_);
    }
    if (!machine_.take(to_.size() - before)) return machine_.out_of_memory();
    return ok();
  }

 private:
  static std::string float_text(float value) {
    if (std::isnan(value)) return "##NaN";
    if (std::isinf(value)) return value > 0 ? "##Inf" : "##-Inf";
    return java_float_text(value);
  }

  Status print_items(const Values& items, std::string_view open, std::string_view close) {
    to_ += open;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) to_ += ' ';
      KSV_CHECK(print(items[i]));
    }
    to_ += close;
    return ok();
  }

  Status print_table(const Value& collection, std::string_view open) {
    const Table& table = collection.table();
    const bool pairs = collection.is(Kind::kMap);
    const std::vector<std::uint32_t> order = KSV_TRY(walk_order(machine_, collection));
    to_ += open;
    for (std::size_t i = 0; i < table.size(); ++i) {
      const Table::Entry& entry = table[order.empty() ? i : order[i]];
      if (i > 0) to_ += pairs ? ", " : " ";
      KSV_CHECK(print(entry.key));
      if (!pairs) continue;
      to_ += ' ';
      KSV_CHECK(print(entry.value));
    }
    to_ += '}';
    return ok();
  }

  void print_string(std::string_view text) {
    to_ += '"';
    for (const char c : text) {
      switch (c) {
        case '"': to_ += "\\\""; break;
        case '\\': to_ += "\\\\"; break;
        case '\n': to_ += "\\n"; break;
        case '\t': to_ += "\\t"; break;
        case '\r': to_ += "\\r"; break;
        case '\f': to_ += "\\f"; break;
        case '\b': to_ += "\\b"; break;
        default: to_ += c;
      }
    }
    to_ += '"';
  }

  void print_character(std::uint16_t unit) {
    to_ += '\\';
    switch (unit) {
      case '\n': to_ += "newline"; break;
      case '\t': to_ += "tab"; break;
      case '\r': to_ += "return"; break;
      case '\f': to_ += "formfeed"; break;
      case '\b': to_ += "backspace"; break;
      case ' ': to_ += "space"; break;
      default: to_ += text_of_unit(unit);
    }
  }

  Machine& machine_;
  std::string& to_;
};

// java.util.Date.toString, in UTC.
std::string date_text(std::int64_t milliseconds) {
  std::int64_t seconds = milliseconds / 1000;
  if (milliseconds % 1000 < 0) --seconds;
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return "";
  constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{} {} {:02} {:02}:{:02}:{:02} UTC {:04}",
                     kDays[static_cast<std::size_t>(parts.tm_wday)],
                     kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_mday, parts.tm_hour,
                     parts.tm_min, parts.tm_sec, parts.tm_year + 1900);
}

std::string double_text(double value) { return java_double_text(value); }

}  // namespace

Status print_readably(Machine& machine, const Value& value, std::string& to) {
  return ClojurePrinter(machine, to).print(value);
}

Status print_plainly(Machine& machine, const Value& value, std::string& to) {
  const std::size_t before = to.size();
  switch (value.kind()) {
    case Kind::kNil: return ok();
    case Kind::kString:
    case Kind::kRegex:
    case Kind::kUri: to += value.as_string(); break;
    case Kind::kChar: to += text_of_unit(value.as_char()); break;
    case Kind::kDouble: to += double_text(value.as_double()); break;
    case Kind::kFloat: to += java_float_text(value.as_float()); break;
    case Kind::kBigInt: to += value.as_bigint().to_string(); break;
    case Kind::kDecimal: to += java_decimal_text(value.as_decimal()); break;
    case Kind::kInst: to += date_text(value.as_inst()); break;
    case Kind::kUuid: {
      const std::string quoted = print_edn(value);  // #uuid "..."
      to += quoted.substr(7, quoted.size() - 8);
      break;
    }
    case Kind::kList:
      if (value.shape() == Shape::kRest) {
        return failure(
            "what follows the first element of a lazy sequence may have no text of its own in "
            "Clojure: use pr-str, vec or next");
      }
      if (value.shape() == Shape::kLazy) {
        // A lazy sequence has no text of its own: Object.toString shows class and hash.
        const std::int32_t hash = KSV_TRY(java_hash(machine, value));
        to += fmt::format("clojure.lang.LazySeq@{:x}", static_cast<std::uint32_t>(hash));
        break;
      }
      return print_readably(machine, value, to);
    default: return print_readably(machine, value, to);
  }
  if (!machine.take(to.size() - before)) return machine.out_of_memory();
  return ok();
}

Value joined_text(std::string text) {
  // A surrogate is ED A0..BF xx.
  for (std::size_t at = text.find('\xED'); at != std::string::npos;
       at = text.find('\xED', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) {
      return string_of_units(to_utf16(text));
    }
  }
  return Value::string(std::move(text));
}

Value string_of_units(std::u16string_view units) { return Value::string(from_utf16(units)); }

std::string text_of_unit(std::uint16_t unit) {
  std::string text;
  append_utf8(text, unit);
  return text;
}

}  // namespace ksv::expr
