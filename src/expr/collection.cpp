// What Clojure's collection functions do to one value.
#include "expr/collection.h"

#include <fmt/format.h>
#include <limits>

#include "base/utf8.h"
#include "codec/edn.h"
#include "data/numbers.h"
#include "data/value_path.h"
#include "expr/cursor.h"
#include "expr/equality.h"
#include "expr/object.h"
#include "expr/walk_order.h"

namespace ksv::expr {
namespace {

// Number.intValue: the low 32 bits of an integer, the nearest int to anything else.
std::int32_t int_value(const Value& number) {
  if (const std::optional<std::int32_t> low = vector_index(number)) return *low;
  const double value = double_of(number);
  if (!(value > -2147483648.0)) return value < 0 ? std::numeric_limits<std::int32_t>::min() : 0;
  if (value >= 2147483647.0) return std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(value);
}

Error bad_index(const Value& index, std::size_t size) {
  return failure(
      fmt::format("index {} is out of bounds for {} elements", edn_excerpt(index), size));
}

Error bad_pair(const Value& got) { return expected("a pair [key value] to add to a map", got); }

Result<Value> add_to_map(Machine& machine, Value map, Value item) {
  if (item.is_nil()) return map;
  if (item.is(Kind::kVector)) {
    if (item.items().size() != 2) return bad_pair(item);
    Value key = item.items()[0];
    Value value = item.items()[1];
    return associate(machine, std::move(map), std::move(key), std::move(value));
  }
  // Anything else must be a sequence of map entries, such as another map.
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(item)));
  Value pair;
  while (cursor.next(pair)) {
    if (!is_entry(pair)) return bad_pair(pair);
    Value key = pair.items()[0];
    Value value = pair.items()[1];
    map = KSV_TRY(associate(machine, std::move(map), std::move(key), std::move(value)));
  }
  return map;
}

Result<Value> add_to_set(Machine& machine, Value set, Value item) {
  if (set.shape() == Shape::kSorted) {
    Values one;
    one.push_back(std::move(item));
    return conjoin_all(machine, std::move(set), std::move(one));
  }
  KSV_CHECK(machine.before_edit(set));
  KSV_CHECK(machine.pay_walk(item));
  KSV_CHECK(check_key(machine, set.table(), item));
  set.put_element(std::move(item));
  return set;
}

// Of (conj list x): a list stays one, and what is empty becomes one.
Shape conj_shape(const Value& list) {
  if (list.items().empty()) return Shape::kNone;
  if (!list.is(Kind::kList)) return Shape::kSeq;
  switch (list.shape()) {
    case Shape::kNone:
    case Shape::kSeq: return list.shape();
    case Shape::kNext:
    case Shape::kRest: return Shape::kNext;
    default: return Shape::kHead;
  }
}

Result<Value> associate_in_vector(Machine& machine, Value vector, const Value& key, Value value) {
  const std::optional<std::int32_t> low = vector_index(key);
  if (!low) return expected("an integer as the index of a vector", key);
  const std::size_t size = vector.items().size();
  const std::int64_t index = *low;
  if (index < 0 || static_cast<std::uint64_t>(index) > size) return bad_index(key, size);
  KSV_CHECK(machine.before_edit(vector));
  vector.set_shape(Shape::kNone);
  if (static_cast<std::size_t>(index) == size) {
    vector.push_item(std::move(value));
  } else {
    vector.set_item(static_cast<std::size_t>(index), std::move(value));
  }
  return vector;
}

}  // namespace

Result<Value> lookup(Machine& machine, const Value& collection, const Value& key,
                     const Value& otherwise) {
  KSV_CHECK(machine.pay_walk(key));
  switch (collection.kind()) {
    case Kind::kMap: {
      if (collection.shape() == Shape::kSorted) {
        const std::optional<std::size_t> at = KSV_TRY(find_sorted(collection.table(), key));
        return at ? collection.table()[*at].value : otherwise;
      }
      KSV_CHECK(check_key(machine, collection.table(), key));
      const Value* found = collection.table().value_of(key);
      return found == nullptr ? otherwise : *found;
    }
    case Kind::kSet: {
      if (collection.shape() == Shape::kSorted) {
        const std::optional<std::size_t> at = KSV_TRY(find_sorted(collection.table(), key));
        return at ? collection.table()[*at].key : otherwise;
      }
      KSV_CHECK(check_key(machine, collection.table(), key));
      const Table::Entry* found = collection.table().find(key);
      return found == nullptr ? otherwise : found->key;
    }
    case Kind::kVector: {
      const std::optional<std::int32_t> low = vector_index(key);
      if (!low) return otherwise;
      const std::int64_t index = *low;
      const Values& items = collection.items();
      if (index < 0 || static_cast<std::uint64_t>(index) >= items.size()) return otherwise;
      return items[static_cast<std::size_t>(index)];
    }
    case Kind::kString: {
      // RT.getFrom takes any number as the index of a string or array.
      if (!key.is_number()) return otherwise;
      const std::int64_t index = int_value(key);
      const std::u16string units = to_utf16(collection.as_string());
      if (index < 0 || static_cast<std::uint64_t>(index) >= units.size()) return otherwise;
      return Value::character(units[static_cast<std::size_t>(index)]);
    }
    case Kind::kNil:
    case Kind::kList:
    case Kind::kSeq: return otherwise;
    default: break;
  }
  const std::optional<Value> found = get_value(collection, key);
  return found ? *found : otherwise;
}

Result<bool> contains(Machine& machine, const Value& collection, const Value& key) {
  KSV_CHECK(machine.pay_walk(key));
  switch (collection.kind()) {
    case Kind::kNil: return false;
    case Kind::kMap:
    case Kind::kSet:
      if (collection.shape() == Shape::kSorted) {
        const std::optional<std::size_t> at = KSV_TRY(find_sorted(collection.table(), key));
        return at.has_value();
      }
      KSV_CHECK(check_key(machine, collection.table(), key));
      return collection.table().find(key) != nullptr;
    case Kind::kRecord: return collection.form().table().find(key) != nullptr;
    case Kind::kVector:
      if (const std::optional<std::int32_t> index = vector_index(key)) {
        return *index >= 0 && static_cast<std::size_t>(*index) < collection.items().size();
      }
      return false;
    case Kind::kString:
    case Kind::kArray:
    case Kind::kBytes: {
      if (!key.is_number()) return expected("a number as the index", key);
      const std::int64_t index = int_value(key);
      const std::size_t size = collection.is(Kind::kString)
                                   ? utf16_length(collection.as_string())
                                   : (collection.is(Kind::kArray) ? collection.items().size()
                                                                  : collection.as_bytes().size());
      return index >= 0 && static_cast<std::uint64_t>(index) < size;
    }
    default: return expected("a map, set, vector or string", collection);
  }
}

Result<Value> element_at(const Value& vector, const Value& index) {
  const std::optional<std::int32_t> at = vector_index(index);
  if (!at) return expected("an integer as the index of a vector", index);
  const Values& items = vector.items();
  if (*at < 0 || static_cast<std::size_t>(*at) >= items.size()) {
    return bad_index(index, items.size());
  }
  return items[static_cast<std::size_t>(*at)];
}

std::optional<std::int32_t> vector_index(const Value& key) {
  std::uint64_t low = 0;
  if (key.is(Kind::kLong)) {
    low = static_cast<std::uint64_t>(key.as_long());
  } else if (key.is(Kind::kBigInt)) {
    const BigInteger& big = key.as_bigint();
    if (!big.is_zero()) low = big.magnitude()[0];
    if (big.is_negative()) low = 0 - low;
  } else {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(low));
}

Result<std::int64_t> index_of(const Value& number) {
  if (!number.is_number()) return expected("a number as the index", number);
  const Value whole = KSV_TRY(to_int(number));
  return whole.as_long();
}

Result<std::int64_t> wrapped_index_of(const Value& number) {
  if (!number.is_number()) return expected("a number as the index", number);
  const Value whole = KSV_TRY(to_long(number));
  return std::int64_t{static_cast<std::int32_t>(static_cast<std::uint32_t>(whole.as_long()))};
}

Result<Value> associate(Machine& machine, Value collection, Value key, Value value) {
  KSV_CHECK(machine.pay_walk(key));
  switch (collection.kind()) {
    case Kind::kNil: {
      Table table;
      table.put(std::move(key), std::move(value));
      KSV_CHECK(machine.grow(8));
      return Value::map(std::move(table));
    }
    case Kind::kMap: {
      if (collection.shape() == Shape::kSorted) {
        Values one;
        one.push_back(entry(key, value));
        return conjoin_all(machine, std::move(collection), std::move(one));
      }
      KSV_CHECK(check_key(machine, collection.table(), key));
      const std::size_t size = collection.table().size();
      KSV_CHECK(machine.before_edit(collection));
      collection.put(std::move(key), std::move(value));
      if (collection.shape() == Shape::kOrdered && collection.table().size() != size &&
          size >= kArrayMapMax) {
        collection.set_shape(Shape::kHashed);
      }
      return collection;
    }
    case Kind::kVector:
      return associate_in_vector(machine, std::move(collection), key, std::move(value));
    case Kind::kRecord: {
      Value fields = collection.form();
      fields.put(std::move(key), std::move(value));
      return Value::record(collection.tag(), std::move(fields));
    }
    default: return expected("a map or vector", collection);
  }
}

// Takes a key out that is there. What a sorted collection has at the key may be another number.
Status erase_key(Value& collection, const Value& key) {
  if (collection.shape() != Shape::kSorted) {
    collection.erase(key);
    return ok();
  }
  const std::optional<std::size_t> at = KSV_TRY(find_sorted(collection.table(), key));
  if (at) collection.erase(Value(collection.table()[*at].key));
  return ok();
}

Result<Value> dissociate(Machine& machine, Value map, const Value& key) {
  if (map.is_nil()) return map;
  if (map.is(Kind::kRecord)) {
    Value fields = map.form();
    fields.erase(key);
    return Value::record(map.tag(), std::move(fields));
  }
  if (!map.is(Kind::kMap)) return expected("a map", map);
  const bool there = KSV_TRY(contains(machine, map, key));
  if (!there) return map;
  KSV_CHECK(machine.before_edit(map));
  if (!machine.spend(map.table().size() / 64)) return machine.out_of_steps();
  // Clojure does not make it an array again.
  map.set_shape(table_shape(map));
  KSV_CHECK(erase_key(map, key));
  return map;
}

Result<Value> disjoin(Machine& machine, Value set, const Value& element) {
  if (!set.is_truthy()) return Value();
  if (!set.is(Kind::kSet)) return expected("a set", set);
  const bool there = KSV_TRY(contains(machine, set, element));
  if (!there) return set;
  KSV_CHECK(machine.before_edit(set));
  if (!machine.spend(set.table().size() / 64)) return machine.out_of_steps();
  KSV_CHECK(erase_key(set, element));
  return set;
}

Result<Values> prepend(Machine& machine, Value list, Value item) {
  KSV_CHECK(machine.before_edit(list));
  if (!machine.spend(list.items().size() / 64)) return machine.out_of_steps();
  Values items = std::move(list).take_items();
  items.insert(items.begin(), std::move(item));
  return items;
}

Result<Value> conjoin(Machine& machine, Value collection, Value item) {
  switch (collection.kind()) {
    case Kind::kNil: {
      KSV_CHECK(machine.grow(4));
      return Value::list({std::move(item)});
    }
    case Kind::kVector:
      KSV_CHECK(machine.before_edit(collection));
      collection.set_shape(Shape::kNone);
      collection.push_item(std::move(item));
      return collection;
    case Kind::kList:
    case Kind::kSeq: {
      const Shape shape = conj_shape(collection);
      Values items = KSV_TRY(prepend(machine, std::move(collection), std::move(item)));
      return sequence(std::move(items), shape);
    }
    case Kind::kSet: return add_to_set(machine, std::move(collection), std::move(item));
    case Kind::kMap:
    case Kind::kRecord: return add_to_map(machine, std::move(collection), std::move(item));
    default: return expected("a collection", collection);
  }
}

Result<Value> conjoin_all(Machine& machine, Value collection, Values items) {
  if (collection.shape() == Shape::kSorted) {
    const bool is_map = collection.is(Kind::kMap);
    Values all;
    for (const Table::Entry& old : collection.table()) {
      all.push_back(old.key);
      if (is_map) all.push_back(old.value);
    }
    for (Value& item : items) {
      if (!is_map) {
        all.push_back(std::move(item));
        continue;
      }
      const Value pairs = KSV_TRY(add_to_map(machine, Value::map(), std::move(item)));
      for (const Table::Entry& added : pairs.table()) {
        all.push_back(added.key);
        all.push_back(added.value);
      }
    }
    return is_map ? sorted_map(machine, std::move(all)) : sorted_set(machine, std::move(all));
  }
  if (collection.is_nil() || collection.is(Kind::kList) || collection.is(Kind::kSeq)) {
    if (items.empty()) return collection;
    const Shape shape = collection.is_nil() ? Shape::kNone : conj_shape(collection);
    Values all(std::make_move_iterator(items.rbegin()), std::make_move_iterator(items.rend()));
    if (!collection.is_nil()) {
      KSV_CHECK(machine.grow(collection.items().size()));
      all.insert(all.end(), collection.items().begin(), collection.items().end());
    }
    return sequence(std::move(all), shape);
  }
  for (Value& item : items) {
    collection = KSV_TRY(conjoin(machine, std::move(collection), std::move(item)));
  }
  return collection;
}

Value emptied(const Value& collection) {
  Value result;
  switch (collection.kind()) {
    case Kind::kVector: return is_entry(collection) ? Value() : Value::vector({});
    case Kind::kList:
    case Kind::kSeq: return Value::list({});
    case Kind::kMap: result = Value::map(); break;
    case Kind::kSet: result = Value::set(); break;
    default: return result;
  }
  if (collection.shape() == Shape::kSorted) {
    result.set_shape(Shape::kSorted);
  } else if (result.is(Kind::kMap) && table_shape(collection) == Shape::kHashed) {
    result.set_shape(Shape::kHashed);
  }
  return result;
}

bool is_collection(const Value& value) {
  return value.is_sequential() || value.is(Kind::kMap) || value.is(Kind::kSet) ||
         value.is(Kind::kRecord) || endless_of(value) != nullptr;
}

bool is_seq(const Value& value) {
  return value.is(Kind::kList) || value.is(Kind::kSeq) || endless_of(value) != nullptr;
}

bool is_entry(const Value& value) {
  return value.is(Kind::kVector) && value.shape() == Shape::kEntry;
}

}  // namespace ksv::expr
