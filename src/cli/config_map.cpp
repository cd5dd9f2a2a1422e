// Reading konserve's configuration maps.
#include "cli/config_map.h"

#include <array>
#include <utility>

#include "cli/backend_option.h"
#include "cli/dynamo_form.h"
#include "cli/input.h"
#include "cli/s3_form.h"

#include "base/hex.h"
#include "codec/edn.h"

namespace ksv::cli {
namespace {

Error map_error(const std::string& what) { return Error(ErrorCode::kUsage, "config map: " + what); }

// The name of a keyword, or the text of a string.
std::optional<std::string> text_of_value(const Value& value) {
  if (value.is(Kind::kKeyword)) return value.as_name().name;
  if (value.is(Kind::kString)) return value.as_string();
  return std::nullopt;
}

// `{:type :lz4}` -> "lz4"; nil -> "none".
Result<std::string> type_of(const Value& value, const std::string& what) {
  if (value.is_nil()) return std::string("none");
  const Value* type = field(value, "type");
  const auto text = type != nullptr ? text_of_value(*type) : std::nullopt;
  if (!text) return map_error(":" + what + " must be a map such as {:type :lz4}");
  return *text;
}

Status apply_encryptor(StoreSpec& spec, const Value& value) {
  const std::string type = KSV_TRY(type_of(value, "encryptor"));
  KSV_CHECK(apply_store_option(spec, "encryptor", type));
  if (const Value* key = field(value, "key")) spec.encoding.key = *key;
  return ok();
}

Status apply_encoding_entry(StoreSpec& spec, const std::string& name, const Value& value) {
  if (name == "serializer" || name == "default-serializer") {
    const auto text = text_of_value(value);
    if (!text) return map_error(":" + name + " must be a keyword");
    return apply_store_option(spec, "serializer", *text);
  }
  if (name == "compressor") {
    const std::string type = KSV_TRY(type_of(value, name));
    return apply_store_option(spec, name, type);
  }
  if (name == "encryptor") return apply_encryptor(spec, value);
  // Handlers are code of the application; ksv keeps what it does not know as tagged values.
  if (name == "serializers" || name == "read-handlers" || name == "write-handlers") return ok();
  return map_error("unknown key :" + name + " in :encoding");
}

Status apply_config_entry(StoreSpec& spec, const std::string& name, const Value& value) {
  if (name == "sync-blob?") {
    return apply_store_option(spec, "sync", value.is_truthy() ? "true" : "false");
  }
  if (name == "optimistic-locking-retries") {
    if (!value.is(Kind::kLong) || value.as_long() < 0) {
      return map_error(":optimistic-locking-retries must be a number from 0 on");
    }
    // 0 switches konserve's locking off; ksv is always conditional and keeps its own bound.
    if (value.as_long() == 0) return ok();
    return apply_store_option(spec, "conflict-retries", std::to_string(value.as_long()));
  }
  if (name == "encoding") {
    if (!value.is(Kind::kMap)) return map_error(":encoding must be a map");
    for (const Table::Entry& entry : value.table()) {
      const auto key = text_of_value(entry.key);
      if (!key) return map_error("a key of :encoding is not a keyword");
      KSV_CHECK(apply_encoding_entry(spec, *key, entry.value));
    }
    return ok();
  }
  if (name == "compressor" || name == "encryptor") return apply_encoding_entry(spec, name, value);
  // How konserve itself writes (:in-place? :no-backup? :lock-blob? ...): ksv has one safe way.
  return ok();
}

Status apply_address_entry(StoreSpec& spec, const std::string& name, const Value& value) {
  if (name == "config") {
    if (!value.is(Kind::kMap)) return map_error(":config must be a map");
    for (const Table::Entry& entry : value.table()) {
      const auto key = text_of_value(entry.key);
      if (!key) return map_error("a key of :config is not a keyword");
      KSV_CHECK(apply_config_entry(spec, *key, entry.value));
    }
    return ok();
  }
  if (name == "compressor" || name == "encryptor") {
    return map_error(":" + name + " belongs into :config {:encoding {...}}");
  }
  if (name == "default-serializer") return apply_encoding_entry(spec, name, value);
  if (name == "id") {
    if (!value.is(Kind::kUuid)) return map_error(":id must be a uuid: :id #uuid \"...\"");
    spec.address.id = uuid_text(value.as_uuid());
    return ok();
  }
  if (spec.address.backend == "s3" && KSV_TRY(apply_s3_entry(spec, name, value))) return ok();
  if (spec.address.backend == "dynamodb" && KSV_TRY(apply_dynamo_entry(spec, name, value))) {
    return ok();
  }
  if (name == "path" && spec.address.backend == "file") {
    if (const auto text = text_of_value(value)) spec.address.location = *text;
  }
  // What is left is for the application, or for the JVM's way to the same store.
  return ok();
}

Status finish_map(StoreSpec& spec) {
  if (spec.address.backend == "s3") return finish_s3_map(spec);
  if (spec.address.backend == "dynamodb") return finish_dynamo_map(spec);
  if (spec.address.location.empty() && spec.address.backend != "memory") {
    return map_error("names no :path");
  }
  spec.address.text =
      spec.address.backend == "file" ? spec.address.location : spec.address.backend + ":";
  return ok();
}

}  // namespace

Result<StoreSpec> parse_config_map(std::string_view text) {
  auto parsed = read_edn(text);
  if (!parsed.has_value()) return std::move(parsed).error().with_context("config map");
  const Value* backend = field(*parsed, "backend");
  const auto name = backend != nullptr ? text_of_value(*backend) : std::nullopt;
  if (!name)
    return map_error("names no :backend").with_hint("Such as {:backend :file :path \"...\"}");
  StoreSpec spec;
  spec.address.backend = *name;
  for (const Table::Entry& entry : parsed->table()) {
    const auto key = text_of_value(entry.key);
    if (!key) return map_error("a key is not a keyword");
    KSV_CHECK(apply_address_entry(spec, *key, entry.value));
  }
  KSV_CHECK(finish_map(spec));
  return spec;
}

Status apply_store_option(StoreSpec& spec, const std::string& name, const std::string& value) {
  struct Choice {
    std::string_view option;
    std::string_view value;
    void (*apply)(StoreEncoding&);
  };
  // The names of konserve's config maps stand beside the short ones of URLs and profiles.
  static constexpr std::array kChoices = {
      Choice{"serializer", "fressian",
             [](StoreEncoding& e) { e.serializer = SerializerId::kFressian; }},
      Choice{"serializer", "FressianSerializer",
             [](StoreEncoding& e) { e.serializer = SerializerId::kFressian; }},
      Choice{"serializer", "boring",
             [](StoreEncoding& e) { e.serializer = SerializerId::kBoring; }},
      Choice{"serializer", "BoringSerializer",
             [](StoreEncoding& e) { e.serializer = SerializerId::kBoring; }},
      Choice{"compressor", "none", [](StoreEncoding& e) { e.compressor = CompressorId::kNone; }},
      Choice{"compressor", "lz4", [](StoreEncoding& e) { e.compressor = CompressorId::kLz4; }},
      Choice{"compressor", "zstd", [](StoreEncoding& e) { e.compressor = CompressorId::kZstd; }},
      Choice{"encryptor", "none", [](StoreEncoding& e) { e.encryptor = EncryptorId::kNone; }},
      Choice{"encryptor", "aes", [](StoreEncoding& e) { e.encryptor = EncryptorId::kAesCbc; }},
      Choice{"encryptor", "aes-gcm", [](StoreEncoding& e) { e.encryptor = EncryptorId::kAesGcm; }},
  };
  std::string known;
  for (const Choice& choice : kChoices) {
    if (choice.option != name) continue;
    if (choice.value == value) {
      choice.apply(spec.encoding);
      return ok();
    }
    known += (known.empty() ? "" : ", ") + std::string(choice.value);
  }
  if (!known.empty()) {
    return Error(ErrorCode::kUsage, "ksv cannot write with " + name + " \"" + value + "\"")
        .with_hint("It can with " + known);
  }
  if (name == "conflict-retries") {
    spec.conflict_retries =
        static_cast<std::uint32_t>(KSV_TRY(read_count(value, name, 1'000'000'000)));
    return ok();
  }
  if (name == "timeout") {
    spec.timeout = KSV_TRY(read_duration(value));
    return ok();
  }
  return apply_backend_option(spec.address, name, value);
}

}  // namespace ksv::cli
