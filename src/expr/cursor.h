// A walk over whatever Clojure can make a sequence of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

class Cursor {
 public:
  // Over the elements of a list, vector, map (its entries), set, array, record, or string (its
  // characters); nil has none; an endless sequence never ends. Errors say what is no sequence. The
  // cursor keeps what it walks over alive.
  static Result<Cursor> over(Machine& machine, Value source);

  // The next element; false at the end.
  bool next(Value& into);
  bool is_endless() const { return endless_; }
  // How many elements are left; of an endless sequence, nothing sensible.
  std::size_t left() const { return size_ - at_; }
  // Skips `count` elements, or all that are left.
  void skip(std::size_t count);

 private:
  explicit Cursor(Value source) : source_(std::move(source)) {}

  Value source_;
  const Values* items_ = nullptr;
  const Table* table_ = nullptr;
  std::vector<std::uint32_t> order_{};  // of a table; empty where it is the order it is kept in
  bool entries_ = false;                // the table is a map's
  bool endless_ = false;
  std::u16string units_{};
  std::size_t at_ = 0;
  std::size_t size_ = 0;
};

// The elements as a vector of values, for what needs them all; refuses endless sequences.
Result<Values> elements_of(Machine& machine, Value source);

// An entry of a map: a vector that `key` and `val` accept.
Value entry(const Value& key, const Value& value);
// Sequences as results: of a kind that is no PersistentList, and of a lazy one. Without items the
// first is the empty list.
Value sequence(Values items, Shape shape = Shape::kSeq);
Value lazy(Values items);
// The shape that (seq x), (next x) and (cons y x) have.
Shape seq_shape(const Value& source);
Shape next_shape(const Value& source);
Shape cons_shape(const Value& onto);

// The error of a function that was given something that is no sequence.
Error no_sequence(const Value& got);
Error endless(std::string_view advice = "bound it with take first");

}  // namespace ksv::expr
