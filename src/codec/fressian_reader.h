// The reader of one Fressian object, shared by the files that read the parts of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ksv/bytes.h"
#include "ksv/result.h"
#include "ksv/value.h"

#include "codec/fressian_cache.h"
#include "codec/fressian_codes.h"

namespace ksv::fressian {

// Reads from bytes that must outlive it. Its parts answer with false on an error, which is kept
// aside: a Result for each of millions of objects would cost more than reading them does.
class Reader {
 public:
  explicit Reader(BytesView bytes);
  Result<Value> read_one();

 private:
  // A list whose elements follow: their number, or nothing where an end mark closes them.
  struct ListStart {
    std::optional<std::size_t> count;
    bool may_end_early = false;  // an open list, which the end of input closes too
  };
  // A namespace or name, and its index in the priority cache if it is there.
  struct NamePart {
    Value text;
    std::optional<std::uint32_t> index;
  };
  // How many keys of a map, or elements of a set, hold a NaN, by hash.
  using NanKeys = std::unordered_map<std::uint64_t, std::uint32_t>;

  // fressian_reader.cpp
  bool fail(std::string what, std::size_t offset, ErrorCode code = ErrorCode::kCorrupt);
  bool fail(std::string what) { return fail(std::move(what), offset()); }
  bool fail_at_end() { return fail("unexpected end", size()); }
  bool fail_expected(std::string_view what, const Value& got, std::size_t offset);
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  bool enter();
  void leave() { --level_; }
  bool read(Value& to);
  bool read_nested(Value& to);
  bool read_rare(Code code, Value& to, bool& again);
  bool read_packed_int(Code code, std::int64_t& to);
  bool read_raw(std::size_t length, std::uint64_t& to);
  bool read_int(std::int64_t& to);
  bool read_count(std::string_view of_what, std::size_t& to);
  bool read_double(Code code, Value& to);
  bool read_float(Value& to);
  bool read_bytes(Code code, Value& to);
  bool read_string(Code code, Value& to);
  bool take(std::string_view of_what, std::size_t count, BytesView& to);
  bool read_footer();

  // fressian_collections.cpp
  bool read_list_start(std::optional<ListStart>& to);
  bool read_items(const ListStart& start, Values& to);
  bool read_list(Value& to);
  bool read_map(Value& to);
  bool read_set(Value& to);
  bool read_as_items(std::string_view what, Values& to);
  bool read_map_entries(std::size_t count, Table& to);
  bool read_set_elements(std::size_t count, Table& to);
  bool admit_nan_key(const Value& key, NanKeys& seen);
  bool admit_nan_keys(const Values& items, std::uint64_t nans_before);
  bool finish(Value& to, Value made);

  // fressian_named.cpp
  bool read_cached(Value& to);
  bool read_reference(std::int64_t index, Value& to);
  bool charge(std::uint64_t expanded);
  bool read_named(Kind kind, Value& to);
  bool read_name_part(NamePart& to);
  bool peek_reference(const std::uint8_t*& at, std::uint32_t& index) const;
  bool read_named_by_reference(Kind kind, Value& to, bool& done);
  void remember_named(const NamePart& ns, const NamePart& name, const Value& named);

  // fressian_structs.cpp
  bool read_struct_type(Value& to);
  bool read_struct(std::int64_t index, Value& to);
  bool read_struct_of(StructKind kind, Value& to);
  bool read_unknown_struct(const StructType& type, Value& to);
  bool read_sequence(StructKind kind, Value& to);
  bool read_inner_record(Value& to);
  bool read_record_entry(Table& to);
  bool read_record(Value& to);
  bool read_char(Value& to);
  bool read_byte(Value& to);
  bool read_ratio(Value& to);
  bool read_as_big_integer(BigInteger& to);
  bool read_big_integer(BigInteger& to);
  bool read_decimal(Value& to);
  bool read_uuid(Value& to);
  bool read_text(std::string_view what, std::string& to);
  bool read_array(ArrayKind kind, Value& to);
  bool read_array_element(ArrayKind kind, Value& to);

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  const std::uint8_t* footer_start_;  // what a footer covers starts here
  std::optional<Error> error_;

  std::uint32_t level_ = 0;
  std::uint64_t resets_ = 0;  // times the caches were emptied
  std::uint64_t extra_ = 0;   // bytes that references stand for, beyond those of the input
  std::uint64_t extra_max_;
  std::uint64_t nans_ = 0;  // NaNs read, those behind references included
  std::vector<CachedValue> cached_;
  std::vector<StructType> types_;
};

}  // namespace ksv::fressian
