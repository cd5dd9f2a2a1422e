// Reading keys of etcd (doc/etcd.md, "Keys").
#include "cli/etcd_key.h"

#include "codec/edn.h"

namespace ksv::cli {
namespace {

Error not_a_key(const Value& value) {
  return Error(ErrorCode::kUsage, "KEY: " + edn_excerpt(value) + " cannot be a part of a path")
      .with_hint("A key in etcd is a path such as /cats/mittens, or '[:cats :mittens]'");
}

// Appends the part's names. Slashes at its begin and end mean nothing.
Status append_part(std::string& path, const Value& part) {
  std::string text;
  if (part.is(Kind::kString)) {
    text = part.as_string();
  } else if (part.is(Kind::kKeyword) || part.is(Kind::kSymbol)) {
    text = part.as_name().name;
  } else if (part.is_number() && !part.is(Kind::kRatio)) {
    text = print_edn(part);
  } else {
    return not_a_key(part);
  }
  std::string_view names = text;
  while (names.starts_with('/')) names.remove_prefix(1);
  while (names.ends_with('/')) names.remove_suffix(1);
  if (!names.empty()) path.append("/").append(names);
  return ok();
}

bool looks_like_edn(std::string_view operand) {
  return operand == "nil" ||
         (!operand.empty() && std::string_view("[(:\"").find(operand[0]) != std::string_view::npos);
}

}  // namespace

Result<std::string> read_etcd_path(std::string_view operand, bool string_keys) {
  std::string path;
  if (string_keys || !looks_like_edn(operand)) {
    KSV_CHECK(append_part(path, Value::string(std::string(operand))));
    return path.empty() ? "/" : path;
  }
  auto key = read_edn(operand);
  if (key.has_value()) return etcd_path_of(*key);
  return std::move(key).error().with_context("KEY").with_hint(
      "With --string-keys KEY is the path as it stands");
}

Result<std::string> etcd_path_of(const Value& key) {
  std::string path;
  if (key.is_sequential()) {
    for (const Value& part : key.items()) KSV_CHECK(append_part(path, part));
  } else if (!key.is_nil()) {
    KSV_CHECK(append_part(path, key));
  }
  return path.empty() ? "/" : path;
}

}  // namespace ksv::cli
