// Writing Nippy: what #nippy/ tags stand for.
#include <algorithm>
#include <limits>
#include <utility>

#include "codec/edn.h"
#include "codec/edn_tags.h"
#include "codec/nippy_tags.h"
#include "codec/nippy_time.h"
#include "codec/nippy_writer.h"

namespace ksv::nippy {
namespace {

constexpr std::int64_t kByteMax = std::numeric_limits<std::int8_t>::max();
constexpr std::int64_t kShortMax = std::numeric_limits<std::int16_t>::max();
constexpr std::int64_t kIntMax = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kFieldsMax = 255;

// The items of a form that is a vector or list.
const Values* items_of(const Value& form) {
  return form.is(Kind::kVector) || form.is(Kind::kList) ? &form.items() : nullptr;
}

const Values* pair_of(const Value& form) {
  const Values* items = items_of(form);
  return items != nullptr && items->size() == 2 ? items : nullptr;
}

std::optional<BigInteger> big_integer_of(const Value& value) {
  if (value.is(Kind::kLong)) return BigInteger(value.as_long());
  if (value.is(Kind::kBigInt)) return value.as_bigint();
  if (value.is(Kind::kString)) return BigInteger::parse(value.as_string());
  return std::nullopt;
}

// A number as a binary32: a float, a double, or either under #nippy/float.
std::optional<Value> float_of(const Value& value) {
  if (value.is(Kind::kFloat)) return value;
  if (value.is(Kind::kDouble)) return Value::real32(static_cast<float>(value.as_double()));
  if (value.is(Kind::kTagged) && value.tag() == Name(std::string(kTagNamespace), "float")) {
    return float_of(value.form());
  }
  return std::nullopt;
}

}  // namespace

// Beside what thaw prints, the tags by which others tell the kinds for which ksv has its own:
// #nippy/bytes, say, for #ksv/bytes. These have no function of theirs.
Writer::TagWriter Writer::find_tag(std::string_view tag) {
  struct KnownTag {
    std::string_view name;
    TagWriter write;
  };
  static constexpr KnownTag kTags[] = {
      {kByteTag, &Writer::write_byte},
      {kShortTag, &Writer::write_short},
      {kIntTag, &Writer::write_int},
      {"float", &Writer::write_float},
      {"ratio", &Writer::write_ratio},
      {kBigIntegerTag, &Writer::write_java_big_integer},
      {kSqlDateTag, &Writer::write_sql_date},
      {kInstantTag, &Writer::write_instant},
      {kDurationTag, &Writer::write_duration},
      {kPeriodTag, &Writer::write_period},
      {kSortedSetTag, &Writer::write_sorted_set},
      {kSortedMapTag, &Writer::write_sorted_map},
      {kQueueTag, &Writer::write_queue},
      {kMapEntryTag, &Writer::write_map_entry},
      {kMetaTag, &Writer::write_meta},
      {kStringsTag, &Writer::write_strings},
      {"ints", &Writer::write_ints},
      {"floats", &Writer::write_floats},
      {"record", &Writer::write_named_record},
      {kTypeTag, &Writer::write_type},
      {kSerializableTag, &Writer::write_serializable},
      {kCachedTag, &Writer::write_cached},
  };
  for (const KnownTag& known : kTags) {
    if (known.name == tag) return known.write;
  }
  return nullptr;
}

bool Writer::write_tagged(const Value& value) {
  const std::string& tag = value.tag().name;
  if (const TagWriter write_tag = find_tag(tag); write_tag != nullptr) {
    return (this->*write_tag)(value.form());
  }
  if (tag == "date") return write_as("inst", value.form());
  for (const std::string_view same :
       {"bytes", "regex", "uri", "seq", "longs", "doubles", "objects"}) {
    if (tag == same) return write_as(same, value.form());
  }
  return fail("unknown tag #nippy/" + tag);
}

bool Writer::expected(std::string_view tag, std::string_view what) {
  return fail("#nippy/" + std::string(tag) + " expects " + std::string(what));
}

bool Writer::write_as(std::string_view tag, const Value& form) {
  const auto value = read_tagged(Name("ksv", std::string(tag)), form);
  if (!value.has_value()) return fail(value.error().message());
  return write(*value);
}

// Of at most `most`, and at least as far below zero.
bool Writer::integer_within(std::string_view tag, const Value& form, std::int64_t most,
                            std::int64_t& to) {
  if (!form.is(Kind::kLong) || form.as_long() > most || form.as_long() < -most - 1) {
    return expected(tag, "an integer of at most " + std::to_string(most));
  }
  to = form.as_long();
  return true;
}

bool Writer::write_byte(const Value& form) {
  std::int64_t number = 0;
  if (!integer_within(kByteTag, form, kByteMax, number)) return false;
  put_id(Form::kByte, Size::kS1);
  put_sized(Size::kS1, number);
  return true;
}

bool Writer::write_short(const Value& form) {
  std::int64_t number = 0;
  if (!integer_within(kShortTag, form, kShortMax, number)) return false;
  put_id(Form::kShort, Size::kS2);
  put_sized(Size::kS2, number);
  return true;
}

bool Writer::write_int(const Value& form) {
  std::int64_t number = 0;
  if (!integer_within(kIntTag, form, kIntMax, number)) return false;
  put_id(Form::kInt, Size::kS4);
  put_sized(Size::kS4, number);
  return true;
}

bool Writer::write_float(const Value& form) {
  const auto number = float_of(form);
  return number ? write(*number) : expected("float", "a double");
}

bool Writer::write_ratio(const Value& form) {
  const Values* pair = pair_of(form);
  const auto numerator = pair != nullptr ? big_integer_of((*pair)[0]) : std::nullopt;
  const auto denominator = pair != nullptr ? big_integer_of((*pair)[1]) : std::nullopt;
  if (!numerator || !denominator || denominator->is_zero()) {
    return expected("ratio", "[numerator denominator]");
  }
  return write(Value::ratio({.numerator = *numerator, .denominator = *denominator}));
}

bool Writer::write_java_big_integer(const Value& form) {
  const auto number = big_integer_of(form);
  if (!number) return expected(kBigIntegerTag, "an integer, or the text of one");
  put_id(Form::kBigInteger, Size::kS4);
  write_big_integer(*number);
  return true;
}

bool Writer::write_sql_date(const Value& form) {
  if (!form.is(Kind::kLong)) return expected(kSqlDateTag, "milliseconds since 1970");
  put_id(Form::kSqlDate, Size::kS8);
  put_number(static_cast<std::uint64_t>(form.as_long()), 8);
  return true;
}

bool Writer::write_instant(const Value& form) {
  const auto instant = form.is(Kind::kString) ? parse_instant(form.as_string()) : std::nullopt;
  if (!instant) return expected(kInstantTag, "a text such as \"2024-05-06T07:08:09.5Z\"");
  put_id(Form::kInstant);
  put_number(static_cast<std::uint64_t>(instant->seconds), 8);
  put_number(instant->nanos, 4);
  return true;
}

bool Writer::write_duration(const Value& form) {
  const auto duration = form.is(Kind::kString) ? parse_duration(form.as_string()) : std::nullopt;
  if (!duration) return expected(kDurationTag, "a text such as \"PT1H2M3.5S\"");
  put_id(Form::kDuration);
  put_number(static_cast<std::uint64_t>(duration->seconds), 8);
  put_number(duration->nanos, 4);
  return true;
}

bool Writer::write_period(const Value& form) {
  const auto period = form.is(Kind::kString) ? parse_period(form.as_string()) : std::nullopt;
  if (!period) return expected(kPeriodTag, "a text such as \"P1Y2M3D\"");
  put_id(Form::kPeriod);
  for (const std::int64_t part : {period->years, period->months, period->days}) {
    put_number(static_cast<std::uint64_t>(part), 4);
  }
  return true;
}

bool Writer::write_sorted_set(const Value& form) {
  if (form.is(Kind::kSet)) return write_table(Form::kSortedSet, form.table());
  const Values* items = items_of(form);
  return items != nullptr ? write_items(Form::kSortedSet, *items)
                          : expected(kSortedSetTag, "a vector of elements");
}

bool Writer::write_sorted_map(const Value& form) {
  const Values* entries = items_of(form);
  const bool all_pairs = entries != nullptr &&
                         std::all_of(entries->begin(), entries->end(),
                                     [](const Value& entry) { return pair_of(entry) != nullptr; });
  if (!all_pairs) return expected(kSortedMapTag, "a vector of [key value]");
  if (!start(Form::kSortedMap, entries->size())) return false;
  for (const Value& entry : *entries) {
    if (!write(entry.items()[0]) || !write(entry.items()[1])) return false;
  }
  return true;
}

bool Writer::write_queue(const Value& form) {
  const Values* items = items_of(form);
  return items != nullptr ? write_items(Form::kQueue, *items)
                          : expected(kQueueTag, "a vector of elements");
}

bool Writer::write_map_entry(const Value& form) {
  const Values* pair = pair_of(form);
  if (pair == nullptr) return expected(kMapEntryTag, "[key value]");
  put_id(Form::kMapEntry);
  return write((*pair)[0]) && write((*pair)[1]);
}

bool Writer::write_meta(const Value& form) {
  const Values* pair = pair_of(form);
  if (pair == nullptr || !(*pair)[0].is(Kind::kMap)) {
    return expected(kMetaTag, "[{metadata} value]");
  }
  if (!(*pair)[0].table().empty()) {
    put_id(Form::kMeta);
    if (!write((*pair)[0])) return false;
  }
  return write((*pair)[1]);
}

bool Writer::write_strings(const Value& form) {
  const Values* items = items_of(form);
  const bool all_strings =
      items != nullptr && std::all_of(items->begin(), items->end(), [](const Value& item) {
        return item.is(Kind::kString) || item.is_nil();
      });
  return all_strings ? write_items(Form::kStrings, *items)
                     : expected(kStringsTag, "a vector of strings");
}

bool Writer::write_ints(const Value& form) {
  const Values* items = items_of(form);
  if (items == nullptr) return expected("ints", "a vector of integers");
  Values numbers;
  for (const Value& item : *items) {
    const bool tagged = item.is(Kind::kTagged) && item.tag().ns == kTagNamespace;
    numbers.push_back(tagged ? item.form() : item);
  }
  return write_as("ints", Value::vector(std::move(numbers)));
}

bool Writer::write_floats(const Value& form) {
  const Values* items = items_of(form);
  if (items == nullptr) return expected("floats", "a vector of doubles");
  Values numbers;
  for (const Value& item : *items) {
    const auto number = float_of(item);
    if (!number) return expected("floats", "a vector of doubles");
    numbers.push_back(*number);
  }
  return write(Value::array(ArrayKind::kFloats, std::move(numbers)));
}

bool Writer::write_named_record(const Value& form) {
  const Values* pair = pair_of(form);
  if (pair == nullptr || !(*pair)[0].is(Kind::kString) || !(*pair)[1].is(Kind::kMap)) {
    return expected("record", "[\"class\" {fields}]");
  }
  return write_record(Name((*pair)[0].as_string()), (*pair)[1]);
}

bool Writer::write_type(const Value& form) {
  const Values* items = items_of(form);
  if (items == nullptr || items->empty() || !(*items)[0].is(Kind::kString) ||
      items->size() - 1 > kFieldsMax) {
    return expected(kTypeTag, "[\"class\" field ...]");
  }
  put_id(Form::kType);
  if (!write((*items)[0])) return false;
  put_sized(Size::kU1, static_cast<std::int64_t>(items->size() - 1));
  return std::all_of(items->begin() + 1, items->end(),
                     [this](const Value& field) { return write(field); });
}

bool Writer::write_serializable(const Value& form) {
  const Values* pair = pair_of(form);
  if (pair == nullptr || !(*pair)[0].is(Kind::kString) || !(*pair)[1].is(Kind::kBytes)) {
    return expected(kSerializableTag, "[\"class\" #ksv/bytes \"...\"]");
  }
  return write_chars(Form::kSerializable, (*pair)[0].as_string()) &&
         write_bytes((*pair)[1].as_bytes());
}

// Written with an index the first time, and by it from then on.
bool Writer::write_cached(const Value& form) {
  const std::string text = print_edn(form);
  if (const auto found = seen_.find(text); found != seen_.end() && found->second.index) {
    return put_reference(*found->second.index);
  }
  if (!put_reference(references_)) return write(form);
  seen_[text].index = references_++;
  // Not by its new index.
  return form.is(Kind::kKeyword) ? write_name(Form::kKeyword, form.as_name()) : write(form);
}

}  // namespace ksv::nippy
