// Reads a golden store.
#include "golden/golden_pack.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv::testing {

namespace {

const Json* member(const Json& object, std::string_view name) {
  const auto* members = std::get_if<Json::Object>(&object.content);
  REQUIRE(members != nullptr);
  for (const auto& [key, value] : *members) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::optional<std::string> text(const Json& object, std::string_view name) {
  const Json* found = member(object, name);
  if (found == nullptr) return std::nullopt;
  const auto* string = std::get_if<std::string>(&found->content);
  return string == nullptr ? std::nullopt : std::optional<std::string>(*string);
}

std::size_t number(const Json& object, std::string_view name) {
  const Json* found = member(object, name);
  REQUIRE(found != nullptr);
  const auto* number = std::get_if<Json::Number>(&found->content);
  REQUIRE(number != nullptr);
  std::size_t parsed = 0;
  std::from_chars(number->text.data(), number->text.data() + number->text.size(), parsed);
  return parsed;
}

// The key of `:encryptor`, wherever the config has it.
std::optional<Value> encryptor_key(const std::string& config_text) {
  Result<Value> config = read_edn(config_text);
  REQUIRE_OK(config);
  const Value* encoding = field(*config, "encoding");
  const Value* encryptor = field(encoding == nullptr ? *config : *encoding, "encryptor");
  const Value* key = encryptor == nullptr ? nullptr : field(*encryptor, "key");
  return key == nullptr ? std::nullopt : std::optional<Value>(*key);
}

}  // namespace

std::vector<std::string> golden_packs(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(KSV_GOLDEN_DIR) + "/" + folder, error)) {
    if (entry.path().extension() == ".pack") paths.push_back(entry.path().string());
  }
  REQUIRE_FALSE(paths.empty());
  std::sort(paths.begin(), paths.end());
  return paths;
}

GoldenStore read_golden_pack(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t line_end = all.find('\n');
  REQUIRE(line_end != std::string::npos);
  Result<Json> head = parse_json(std::string_view(all).substr(0, line_end), 16);
  REQUIRE_OK(head);
  GoldenStore store{.name = text(*head, "store").value_or(path)};
  store.key = encryptor_key(text(*head, "config").value_or("nil"));
  const auto* rows = std::get_if<Json::Array>(&member(*head, "rows")->content);
  REQUIRE(rows != nullptr);
  std::size_t at = line_end + 1;
  for (const Json& row : *rows) {
    const std::size_t size = number(row, "size");
    REQUIRE(at + size <= all.size());
    const BytesView blob = bytes_of(std::string_view(all).substr(at, size));
    store.rows.push_back(GoldenRow{.file = text(row, "file").value_or(""),
                                   .key = text(row, "key").value_or("nil"),
                                   .meta = text(row, "meta"),
                                   .value = text(row, "value"),
                                   .value_sha256 = text(row, "value_sha256"),
                                   .bytes_sha256 = text(row, "bytes_sha256"),
                                   .has_old_digits = text(row, "old_digits").has_value(),
                                   .blob = copy_of(blob)});
    at += size;
  }
  CHECK(at == all.size());
  return store;
}

}  // namespace ksv::testing
