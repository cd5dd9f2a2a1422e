// A walk over whatever Clojure can make a sequence of.
#include "expr/cursor.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <limits>

#include "base/utf8.h"
#include "expr/object.h"
#include "expr/walk_order.h"

namespace ksv::expr {

Result<Cursor> Cursor::over(Machine& machine, Value source) {
  Cursor cursor(std::move(source));
  const Value& value = cursor.source_;
  switch (value.kind()) {
    case Kind::kNil: break;
    case Kind::kList:
    case Kind::kVector:
    case Kind::kSeq:
    case Kind::kArray:
      cursor.items_ = &value.items();
      cursor.size_ = cursor.items_->size();
      break;
    case Kind::kRecord:
      cursor.table_ = &value.form().table();
      cursor.entries_ = true;
      cursor.size_ = cursor.table_->size();
      break;
    case Kind::kMap:
    case Kind::kSet:
      cursor.table_ = &value.table();
      cursor.order_ = KSV_TRY(walk_order(machine, value));
      cursor.entries_ = value.is(Kind::kMap);
      cursor.size_ = cursor.table_->size();
      break;
    case Kind::kString:
      if (!machine.take(value.as_string().size() * 2)) return machine.out_of_memory();
      cursor.units_ = to_utf16(value.as_string());
      cursor.size_ = cursor.units_.size();
      break;
    default:
      if (endless_of(value) == nullptr) return no_sequence(value);
      cursor.endless_ = true;
      cursor.size_ = std::numeric_limits<std::size_t>::max();
  }
  return cursor;
}

bool Cursor::next(Value& into) {
  if (at_ >= size_) return false;
  const std::size_t index = at_++;
  if (items_ != nullptr) {
    into = (*items_)[index];
  } else if (table_ != nullptr) {
    const Table::Entry& found = (*table_)[order_.empty() ? index : order_[index]];
    into = entries_ ? entry(found.key, found.value) : found.key;
  } else if (endless_) {
    into = endless_of(source_)->item(index);
  } else {
    into = Value::character(static_cast<std::uint16_t>(units_[index]));
  }
  return true;
}

void Cursor::skip(std::size_t count) { at_ += std::min(count, left()); }

Result<Values> elements_of(Machine& machine, Value source) {
  if (source.is_sequential()) {
    const std::size_t count = source.items().size();
    if (!machine.spend(1 + count / 8)) return machine.out_of_steps();
    if (!machine.take(count * sizeof(Value))) return machine.out_of_memory();
    return std::move(source).take_items();
  }
  const bool is_map = source.is(Kind::kMap);
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(source)));
  if (cursor.is_endless()) return endless();
  const std::size_t count = cursor.left();
  if (!machine.spend(count)) return machine.out_of_steps();
  if (!machine.take(count * sizeof(Value) * (is_map ? 5 : 1))) return machine.out_of_memory();
  Values elements;
  elements.reserve(count);
  Value element;
  while (cursor.next(element)) elements.push_back(std::move(element));
  return elements;
}

Value entry(const Value& key, const Value& value) {
  Value pair = Value::vector({key, value});
  pair.set_shape(Shape::kEntry);
  return pair;
}

Value sequence(Values items, Shape shape) {
  const bool none = items.empty();
  Value list = Value::list(std::move(items));
  if (!none) list.set_shape(shape);
  return list;
}

Shape seq_shape(const Value& source) {
  if (!source.is(Kind::kList)) return Shape::kSeq;
  const bool lazy = source.shape() == Shape::kLazy || source.shape() == Shape::kRest;
  return lazy ? Shape::kNext : source.shape();
}

Shape next_shape(const Value& source) {
  const Shape shape = seq_shape(source);
  return shape == Shape::kHead ? Shape::kNext : shape;
}

Shape cons_shape(const Value& onto) {
  return seq_shape(onto) == Shape::kSeq ? Shape::kSeq : Shape::kHead;
}

Value lazy(Values items) {
  Value list = Value::list(std::move(items));
  list.set_shape(Shape::kLazy);
  return list;
}

Error no_sequence(const Value& got) { return expected("a collection", got); }

Error endless(std::string_view advice) {
  return failure(fmt::format("the sequence has no end: {}", advice));
}

}  // namespace ksv::expr
