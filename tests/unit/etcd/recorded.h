// Answers that etcd 3.4.23 gave, and how the gateways of other releases may print them.
#pragma once

#include <doctest/doctest.h>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "backend/etcd/etcd_v3_json.h"
#include "support/result_checks.h"

namespace ksv::testing {

// The rows of a file of tests/golden/etcd, in their fields.
inline std::vector<std::vector<std::string>> recorded_rows(const std::string& name) {
  std::ifstream file(KSV_GOLDEN_DIR "/etcd/" + name);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::vector<std::string>& row = rows.emplace_back();
    std::string field;
    while (std::getline(fields, field, '\t')) row.push_back(field);
  }
  return rows;
}

inline Json parsed(const std::string& text) {
  auto json = parse_json(text, 64);
  REQUIRE_OK(json);
  return *std::move(json);
}

// As recorded; with blanks between tokens, as protobuf's own printer may set them (3.6); with names
// in camel case; with the fields that are empty, which 3.4 leaves out.
enum class Shape { kRecorded, kSpaced, kCamel, kFull };
inline constexpr Shape kShapes[] = {Shape::kRecorded, Shape::kSpaced, Shape::kCamel, Shape::kFull};

inline std::string camel(const std::string& name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '_') text += name[i];
    if (name[i] == '_' && ++i < name.size()) text += static_cast<char>(name[i] - 'a' + 'A');
  }
  return text;
}

// What an object without these fields means.
inline std::string empty_fields(const Json::Object& object) {
  constexpr std::pair<const char*, const char*> kEmpty[] = {
      {"canceled", "false"},     {"created", "false"},   {"compact_revision", "\"0\""},
      {"cancel_reason", "\"\""}, {"fragment", "false"},  {"events", "[]"},
      {"prev_kv", "null"},       {"prev_kvs", "[]"},     {"kvs", "[]"},
      {"more", "false"},         {"count", "\"0\""},     {"succeeded", "false"},
      {"responses", "[]"},       {"lease", "\"0\""},     {"TTL", "\"0\""},
      {"leader", "\"0\""},       {"isLearner", "false"}, {"errors", "[]"}};
  std::string text;
  for (const auto& [name, value] : kEmpty) {
    bool is_there = false;
    for (const auto& field : object) is_there = is_there || field.first == name;
    if (!is_there) text += std::string(",\"") + name + "\":" + value;
  }
  return text;
}

inline std::string reprinted(const Json& json, Shape shape) {
  const std::string blank = shape == Shape::kSpaced ? " " : "";
  std::string text;
  if (const auto* object = std::get_if<Json::Object>(&json.content)) {
    for (const auto& [name, value] : *object) {
      text += text.empty() ? "{" : "," + blank;
      append_json_string(text, shape == Shape::kCamel ? camel(name) : name);
      text += ":" + blank + reprinted(value, shape);
    }
    if (!text.empty() && shape == Shape::kFull) text += empty_fields(*object);
    return text.empty() ? "{}" : text + "}";
  }
  if (const auto* array = std::get_if<Json::Array>(&json.content)) {
    for (const Json& each : *array) {
      text += text.empty() ? "[" : "," + blank;
      text += reprinted(each, shape);
    }
    return text.empty() ? "[]" : text + "]";
  }
  if (const auto* word = std::get_if<std::string>(&json.content)) append_json_string(text, *word);
  if (const auto* number = std::get_if<Json::Number>(&json.content)) text = number->text;
  if (const auto* flag = std::get_if<bool>(&json.content)) text = *flag ? "true" : "false";
  return text;
}

}  // namespace ksv::testing
