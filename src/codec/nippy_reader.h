// The reader of one value of Nippy, shared by the files that read the kinds of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/bytes.h"
#include "ksv/result.h"
#include "ksv/value.h"

#include "codec/nippy_types.h"

namespace ksv::nippy {

// Reads from bytes that must outlive it, as must the dictionary. Its parts answer with false on an
// error, which is kept aside: a Result for each of millions of values would cost more than reading
// them does.
class Reader {
 public:
  Reader(BytesView bytes, const Value* shared_dict);
  Result<Value> read_one();
  bool at_end() const { return at_ == end_; }  // after read_one: nothing followed the value

 private:
  struct Cached {
    Value value{};
    std::uint64_t expanded = 0;  // the bytes that a reference to it stands for
    std::uint64_t nans = 0;      // NaNs in it
    bool complete = false;
  };

  // nippy_reader.cpp
  bool fail(std::string what, std::size_t offset, ErrorCode code = ErrorCode::kCorrupt);
  bool fail(std::string what) { return fail(std::move(what), offset()); }
  bool fail_at_end() { return fail("unexpected end", size()); }
  bool refuse(std::string what, std::size_t offset) {
    return fail(std::move(what), offset, ErrorCode::kUnsupported);
  }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  bool enter();
  void leave() { --level_; }
  bool finish(Value& to, Value made);
  bool read(Value& to);
  bool read_nested(Value& to);
  bool read_rest(const Type& type, Value& to);
  bool take(std::string_view of_what, std::size_t count, BytesView& to);
  bool read_raw(std::size_t length, std::uint64_t& to);
  bool read_signed(std::size_t length, std::int64_t& to);
  bool read_sized(Size size, std::int64_t& to);
  bool read_count(Size size, std::string_view of_what, std::size_t each, std::size_t& to);
  bool read_reference(Size size, Value& to);
  bool read_cached(Value& to);
  bool charge(std::uint64_t expanded);
  bool read_shared_dict(Value& to);

  // nippy_scalars.cpp
  bool read_number(const Type& type, Value& to);
  bool read_big_integer(BigInteger& to);
  bool read_decimal(Value& to);
  bool read_ratio(Value& to);
  bool read_real(const Type& type, Value& to);
  bool read_scalar(const Type& type, Value& to);
  bool read_time(Form form, Value& to);
  bool read_text(const Type& type, Value& to);
  bool read_chars(Size size, std::string_view of_what, std::string& to);
  bool read_modified_chars(std::string& to);
  bool read_string(std::string_view of_what, std::string& to);
  bool make_of_text(Form form, std::size_t start, std::string text, Value& to);

  // nippy_collections.cpp
  bool read_collection(const Type& type, Value& to);
  bool read_items(std::size_t count, Values& to);
  bool admit_key(std::uint64_t nans_before);
  bool read_entries(std::size_t count, Table& to);
  bool read_elements(std::size_t count, Table& to);
  bool read_sorted_set(std::size_t count, Value& to);
  bool read_sorted_map(std::size_t count, Value& to);
  bool sort_by_key(std::size_t start, Values& keys, std::vector<std::size_t>& order);
  bool read_meta(Value& to);
  bool read_array(const Type& type, Value& to);
  bool read_raw_elements(Form form, std::size_t count, Values& to);
  bool read_typed_elements(Form form, std::size_t count, Values& to);
  bool read_record(Size size, Value& to);
  bool read_type(Value& to);
  bool read_serializable(Size size, Value& to);

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  const Value* dict_;
  std::optional<Error> error_{};

  std::uint32_t level_ = 0;
  std::uint64_t extra_ = 0;  // bytes that references stand for, beyond those of the input
  std::uint64_t extra_max_;
  std::uint64_t nans_ = 0;      // NaNs read, those behind references included
  std::uint64_t nan_keys_ = 0;  // keys and elements of sets that hold one
  std::vector<Cached> cached_{};
};

}  // namespace ksv::nippy
