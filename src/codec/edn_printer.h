// Printing of values as EDN, whole or up to a size, and the shape of those that hold others.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/value.h"

namespace ksv {

// How a value that holds others is written: `open`, then its children, then `close`. One of the
// three kinds of children is there. The value must outlive its shape.
struct EdnShape {
  std::string open;
  std::string_view close;
  const Value* first = nullptr;   // a child before the others: what names a structure
  const Values* items = nullptr;  // children with spaces between them
  const Table* table = nullptr;   // the same for elements, or "key value" with commas between them
  bool pairs = false;             // which of the two
  const Value* inner = nullptr;   // a single child
};

// Nothing for a value that holds no others.
std::optional<EdnShape> edn_shape(const Value& value);

// Appends to a string until it is longer than `size_max`; costs no more than that.
class EdnPrinter {
 public:
  explicit EdnPrinter(std::string& to, std::size_t size_max = std::string::npos)
      : to_(to), size_max_(size_max) {}

  void print(const Value& value);
  // Whether something is missing, or may be, for the sake of the size.
  bool is_cut() const { return is_full() || abridged_; }

 private:
  bool is_full() const { return to_.size() > size_max_; }
  void print_shape(const EdnShape& shape);
  void print_atom(const Value& value);
  void print_string(std::string_view text);
  void print_tagged_string(std::string_view tag, std::string_view text);
  void print_name(const Name& name);
  void print_char(std::uint16_t unit);
  void print_inst(std::int64_t milliseconds);
  void print_bytes(const Bytes& bytes);
  void print_integer(const BigInteger& value);
  void print_decimal(const Decimal& value);

  std::string& to_;
  std::size_t size_max_;
  bool abridged_ = false;  // a number went without its digits
};

}  // namespace ksv
