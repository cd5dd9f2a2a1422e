// Writing the JSON bodies of requests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ksv/bytes.h"

#include "base/hex.h"
#include "base/json.h"

namespace ksv::dynamodb {

// Writes the members of one object. Those that are empty, false or zero are left out, as the
// service takes their absence for the same.
class ObjectText {
 public:
  ObjectText& text(std::string_view name, std::string_view value) {
    if (!value.empty()) append_json_string(begin(name), value);
    return *this;
  }
  // A value that is JSON already.
  ObjectText& json(std::string_view name, std::string_view value) {
    if (!value.empty()) begin(name) += value;
    return *this;
  }
  ObjectText& number(std::string_view name, std::int64_t value) {
    if (value != 0) begin(name) += std::to_string(value);
    return *this;
  }
  ObjectText& flag(std::string_view name, bool value) {
    if (value) begin(name) += "true";
    return *this;
  }
  // Attributes of an item: a string, bytes.
  ObjectText& string_attribute(std::string_view name, std::string_view value) {
    std::string& to = begin(name);
    to += "{\"S\":";
    append_json_string(to, value);
    to += '}';
    return *this;
  }
  ObjectText& bytes_attribute(std::string_view name, BytesView value) {
    begin(name).append("{\"B\":\"").append(to_base64(value)).append("\"}");
    return *this;
  }
  std::string take() { return std::move(text_) + "}"; }

 private:
  std::string& begin(std::string_view name) {
    if (text_.size() > 1) text_ += ',';
    append_json_string(text_, name);
    text_ += ':';
    return text_;
  }
  std::string text_ = "{";
};

// "[a,b]" of texts that are JSON already.
template <typename Texts>
std::string array_text(const Texts& texts) {
  std::string array = "[";
  for (const auto& text : texts) {
    if (array.size() > 1) array += ',';
    array += text;
  }
  return array + "]";
}

}  // namespace ksv::dynamodb
