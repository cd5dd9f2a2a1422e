// Reads a golden store: one file that holds the blobs of a store and what konserve says they mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ksv/bytes.h"
#include "ksv/value.h"

namespace ksv::testing {

// One blob. Texts are EDN in the notation of doc/format; a long value is given by the hash of its
// text.
struct GoldenRow {
  std::string file;
  std::string key;
  std::optional<std::string> meta{};
  std::optional<std::string> value{};
  std::optional<std::string> value_sha256{};
  std::optional<std::string> bytes_sha256{};  // of a binary value
  bool has_old_digits = false;  // a double in the key, with the digits of a JDK before 19
  Bytes blob{};
};

struct GoldenStore {
  std::string name;
  std::optional<Value> key{};  // of its encryptor
  std::vector<GoldenRow> rows{};
};

// The paths of the packs in a folder below KSV_GOLDEN_DIR, sorted.
std::vector<std::string> golden_packs(const std::string& folder);

// A pack is one line of JSON (store, config, rows with the size of each blob) and the blobs, one
// after the other. A pack that cannot be read fails the running test.
GoldenStore read_golden_pack(const std::string& path);

}  // namespace ksv::testing
