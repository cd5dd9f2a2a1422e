// Naming stores in S3.
#include "cli/s3_form.h"

#include <array>
#include <utility>

#include "cli/backend_option.h"

#include "base/hex.h"

namespace ksv::cli {
namespace {

// The bounds of S3's own naming rules; some services allow more, so only what can break a URL or a
// host name is refused.
Status check_bucket(std::string_view bucket) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  const bool fits = bucket.size() >= 3 && bucket.size() <= 255 &&
                    bucket.find_first_not_of(kAllowed) == bucket.npos && bucket[0] != '.' &&
                    bucket[0] != '-';
  if (fits) return ok();
  return Error(ErrorCode::kUsage, "\"" + std::string(bucket) + "\" cannot be the name of a bucket")
      .with_hint("Write s3://BUCKET/STORE-UUID");
}

std::string text_of_address(const StoreAddress& address) {
  return "s3://" + address.location + (address.id.empty() ? "" : "/" + address.id);
}

std::string text_of_part(const Value& value) {
  if (value.is(Kind::kKeyword)) return value.as_name().text();
  if (value.is(Kind::kString)) return value.as_string();
  if (value.is(Kind::kLong)) return std::to_string(value.as_long());
  return "";
}

// {:protocol :https :hostname "h" :port 9000 :path "/p"} as a URL.
Result<std::string> endpoint_of(const Value& value) {
  const auto part = [&](const char* name) {
    const Value* found = field(value, name);
    return found == nullptr ? std::string() : text_of_part(*found);
  };
  const std::string host = part("hostname");
  if (host.empty()) {
    return Error(ErrorCode::kUsage, "config map: :endpoint-override names no :hostname");
  }
  std::string url = part("protocol");
  url = (url.empty() ? "https" : url) + "://" + host;
  if (const std::string port = part("port"); !port.empty()) url.append(":").append(port);
  std::string path = part("path");
  if (!path.empty() && path[0] != '/') path.insert(0, "/");
  return url + path;
}

}  // namespace

Result<StoreSpec> s3_store(std::string_view bucket_and_id) {
  while (bucket_and_id.ends_with('/')) bucket_and_id.remove_suffix(1);
  const auto slash = std::min(bucket_and_id.find('/'), bucket_and_id.size());
  const std::string_view bucket = bucket_and_id.substr(0, slash);
  KSV_CHECK(check_bucket(bucket));
  StoreSpec spec;
  spec.address = {.backend = "s3", .location = std::string(bucket)};
  if (slash < bucket_and_id.size()) {
    const std::string_view id = bucket_and_id.substr(slash + 1);
    const auto uuid = parse_uuid(id);
    if (!uuid) {
      return Error(ErrorCode::kUsage, "\"" + std::string(id) + "\" is not a uuid")
          .with_hint(
              "The stores of a bucket have uuids: s3://BUCKET/STORE-UUID. ksv list-stores "
              "s3://" +
              std::string(bucket) + " shows them");
    }
    spec.address.id = uuid_text(*uuid);
  }
  spec.address.text = text_of_address(spec.address);
  return spec;
}

Result<bool> apply_s3_entry(StoreSpec& spec, const std::string& name, const Value& value) {
  // konserve's names beside ours, of both its dialects.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNames = {{
      {"region", "region"},
      {"endpoint", "endpoint"},
      {"access-key", "access-key"},
      {"secret", "secret"},
      {"session-token", "session-token"},
      {"x-ray?", "x-ray"},
      {"path-style-access?", "path-style"},
      {"path-style?", "path-style"},
      {"profile", "profile"},
  }};
  if (name == "bucket") {
    spec.address.location = text_of_part(value);
    KSV_CHECK(check_bucket(spec.address.location));
    return true;
  }
  if (name == "endpoint-override") {
    const std::string url = KSV_TRY(endpoint_of(value));
    KSV_CHECK(apply_backend_option(spec.address, "endpoint", url));
    return true;
  }
  for (const auto& [theirs, ours] : kNames) {
    if (theirs != name) continue;
    if (value.is_nil()) return true;
    const bool is_flag = value.is(Kind::kBoolean);
    const std::string text = is_flag ? (value.is_truthy() ? "true" : "false") : text_of_part(value);
    KSV_CHECK(apply_backend_option(spec.address, std::string(ours), text));
    return true;
  }
  return false;
}

Status finish_s3_map(StoreSpec& spec) {
  if (spec.address.location.empty()) {
    return Error(ErrorCode::kUsage, "config map: names no :bucket");
  }
  spec.address.text = text_of_address(spec.address);
  return ok();
}

}  // namespace ksv::cli
