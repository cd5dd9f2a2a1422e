// v3's JSON: bytes as base64, 64-bit numbers as strings, fields that are left out when zero.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/bytes.h"

#include "backend/etcd/etcd_client.h"
#include "base/json.h"

namespace ksv::etcd {

// Reads fields of an answer. A field that is absent or null is zero; one of another kind than asked
// makes the whole answer bad, which is asked once, at the end. Names are found in either spelling,
// mod_revision and modRevision.
class FieldReader {
 public:
  const Json* find(const Json& of, std::string_view name) const;
  std::int64_t number(const Json& of, std::string_view name);
  // IDs go up to 2^64; they are kept as the text that they came as.
  std::string text(const Json& of, std::string_view name);
  Bytes bytes(const Json& of, std::string_view name);
  bool flag(const Json& of, std::string_view name);
  const Json::Array& list(const Json& of, std::string_view name);
  std::vector<std::string> texts(const Json& of, std::string_view name);

  Meta meta(const Json& answer);
  // One of kvs: a leaf whose path is the key as it stands.
  Node node(const Json& kv);
  std::vector<Node> nodes(const Json& answer, std::string_view name);

  bool is_bad() const { return is_bad_; }

 private:
  bool is_bad_ = false;
};

// Writes the fields of one object.
class ObjectText {
 public:
  ObjectText& bytes(std::string_view name, BytesView value);
  ObjectText& bytes(std::string_view name, std::string_view value);
  ObjectText& number(std::string_view name, std::int64_t value);  // left out when zero
  ObjectText& flag(std::string_view name, bool value);            // left out when false
  ObjectText& word(std::string_view name, std::string_view value);
  ObjectText& json(std::string_view name, std::string_view value);  // as it stands
  ObjectText& list(std::string_view name, const std::vector<std::string>& values);
  std::string take() { return std::move(text_) + "}"; }

 private:
  void begin(std::string_view name);
  std::string text_ = "{";
};

}  // namespace ksv::etcd
