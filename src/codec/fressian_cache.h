// The caches of a Fressian stream: names and struct tags seen before, by number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ksv/value.h"

#include "codec/fressian_structs.h"

namespace ksv::fressian {

// An entry of the priority cache of a reader.
struct CachedValue {
  Value value;
  bool complete = false;       // false while it is being read: a reference to it would be a cycle
  std::uint64_t expanded = 0;  // the bytes it would take without references
  std::uint64_t nans = 0;      // NaNs in it

  // The keyword or symbol last made with this entry as its name, and the index of its namespace.
  // Names are repeated far more often than others, so one place is enough.
  static constexpr std::uint32_t kNoNamespace = 0xffffffff;
  Value named;
  std::uint32_t namespace_index = kNoNamespace;
};

// A struct type of a reader.
struct StructType {
  Value tag;
  std::uint32_t fields = 0;
  StructKind kind = StructKind::kUnknown;
  std::uint64_t expanded = 0;  // of the tag
};

// The caches of a writer. Strings are views into the value that is being written.
class WriteCaches {
 public:
  struct Index {
    std::uint32_t number;
    bool is_new;  // to be written out now, and known by its number from then on
  };

  // A name written before, and the numbers of its parts.
  struct KnownName {
    const Name* name = nullptr;
    std::uint32_t ns = 0;
    std::uint32_t number = 0;
  };

  WriteCaches();

  Index name(std::string_view text);
  // Where it is remembered that this very name was written: values read from Fressian share their
  // keywords, which saves looking up both parts. May hold another name, or none.
  KnownName& known_name(const Name& name) {
    return known_names_[(reinterpret_cast<std::uintptr_t>(&name) >> 5) % kKnownNames];
  }
  // A struct type with a tag of ksv's own.
  Index struct_type(StructKind kind);
  // Any other. Two types are the same if both tag and field count are: Java's writer looks at the
  // tag alone and then writes what its reader misreads.
  Index struct_type(const std::string& tag, std::size_t fields);
  // One that is written in full each time it occurs, but takes a number all the same.
  void skip_struct_type() { ++type_count_; }

 private:
  Index add_type() { return {type_count_++, true}; }

  static constexpr std::size_t kKnownNames = 64;

  std::unordered_map<std::string_view, std::uint32_t> names_;
  std::array<KnownName, kKnownNames> known_names_{};
  std::uint32_t type_count_ = 0;
  std::vector<std::uint32_t> known_kinds_;  // by StructKind, number + 1 or 0
  std::unordered_map<std::string, std::uint32_t> types_;
  // The type used last: structs of one type often follow each other and share their tag.
  const std::string* last_tag_ = nullptr;
  std::size_t last_fields_ = 0;
  std::uint32_t last_number_ = 0;
};

}  // namespace ksv::fressian
