// The writer of one value of Nippy, shared by the files that write the kinds of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/bytes.h"
#include "ksv/result.h"
#include "ksv/value.h"

#include "codec/nippy_types.h"

namespace ksv::nippy {

// A value without header, compression or encryption.
Result<Bytes> write_plain(const Value& value, bool tight);

// Answers with false on an error, which is kept aside, as the reader does.
class Writer {
 public:
  explicit Writer(bool tight) : tight_(tight) {}
  Result<Bytes> write_one(const Value& value);

 private:
  // What is written for the first, the second and each further time.
  struct Seen {
    std::uint32_t times = 0;
    std::optional<std::uint32_t> index{};
  };
  using TagWriter = bool (Writer::*)(const Value& form);

  // nippy_writer.cpp
  bool fail(std::string what);
  bool write(const Value& value);
  bool write_scalar(const Value& value);
  bool write_collection(const Value& value);
  void put(std::uint8_t byte) { out_.push_back(byte); }
  void put_number(std::uint64_t number, std::size_t length);
  void put_sized(Size size, std::int64_t number);
  void put_id(Form form, Size size = Size::k0) { put(id_of(form, size)); }
  bool start(Form form, std::size_t count);
  void write_long(std::int64_t number);
  void write_double(double number);
  bool write_chars(Form form, std::string_view text);
  bool write_name(Form form, const Name& name);
  bool write_keyword(const Name& name);
  bool write_bytes(BytesView bytes);
  void write_big_integer(const BigInteger& number);
  bool write_items(Form form, const Values& items);
  bool write_table(Form form, const Table& table);
  bool write_array(const Value& array);
  bool write_record(const Name& tag, const Value& fields);
  bool put_reference(std::uint32_t index);

  // nippy_tag_writer.cpp
  static TagWriter find_tag(std::string_view tag);
  bool write_tagged(const Value& value);
  bool expected(std::string_view tag, std::string_view what);
  bool integer_within(std::string_view tag, const Value& form, std::int64_t most, std::int64_t& to);
  bool write_as(std::string_view tag, const Value& form);
  bool write_byte(const Value& form);
  bool write_short(const Value& form);
  bool write_int(const Value& form);
  bool write_float(const Value& form);
  bool write_ratio(const Value& form);
  bool write_java_big_integer(const Value& form);
  bool write_sql_date(const Value& form);
  bool write_instant(const Value& form);
  bool write_duration(const Value& form);
  bool write_period(const Value& form);
  bool write_sorted_set(const Value& form);
  bool write_sorted_map(const Value& form);
  bool write_queue(const Value& form);
  bool write_map_entry(const Value& form);
  bool write_meta(const Value& form);
  bool write_strings(const Value& form);
  bool write_ints(const Value& form);
  bool write_floats(const Value& form);
  bool write_named_record(const Value& form);
  bool write_type(const Value& form);
  bool write_serializable(const Value& form);
  bool write_cached(const Value& form);

  bool tight_;
  Bytes out_{};
  std::optional<Error> error_{};
  std::map<std::string, Seen, std::less<>> seen_{};  // by their text
  std::uint32_t references_ = 0;
};

}  // namespace ksv::nippy
