// Cache files: read leniently, replaced atomically, bounded.
#include "backend/s3/s3_cache.h"

#include <charconv>

#include "base/crypto.h"
#include "base/hex.h"

namespace ksv::s3 {
namespace {

constexpr std::size_t kFileBytesMax = 16384;
constexpr std::uint32_t kJsonDepthMax = 4;
// What a different program would not understand goes into another file.
constexpr std::string_view kFormat = "1";

std::string cache_home(Env& env) {
  // The specification of XDG asks that relative paths be ignored.
  if (const auto home = env.variable("XDG_CACHE_HOME"); home && home->starts_with('/')) {
    return *home;
  }
  if (const auto home = env.variable("HOME"); home && home->starts_with('/')) {
    return *home + "/.cache";
  }
  return {};
}

const Json* find_field(const Json::Object& fields, std::string_view name) {
  for (const auto& [each, value] : fields) {
    if (each == name) return &value;
  }
  return nullptr;
}

std::optional<std::int64_t> cached_number(const Json::Object& fields, std::string_view name) {
  const Json* field = find_field(fields, name);
  const auto* number = field == nullptr ? nullptr : std::get_if<Json::Number>(&field->content);
  if (number == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = number->text.data() + number->text.size();
  const auto [rest, error] = std::from_chars(number->text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

std::string text_of_object(const Json::Object& fields) {
  std::string text = "{";
  for (const auto& [name, value] : fields) {
    if (text.size() > 1) text.append(", ");
    append_json_string(text, name);
    text.append(": ");
    if (const auto* number = std::get_if<Json::Number>(&value.content)) text.append(number->text);
    if (const auto* string = std::get_if<std::string>(&value.content)) {
      append_json_string(text, *string);
    }
  }
  return text + "}\n";
}

Result<std::optional<std::string>> read_text(Files& files, const std::string& path) {
  const std::unique_ptr<File> file = KSV_TRY(files.open(path, OpenMode::kRead));
  if (file == nullptr) return std::optional<std::string>();
  const FileInfo info = KSV_TRY(file->info());
  if (info.type != FileInfo::Type::kRegular || info.size > kFileBytesMax) {
    return std::optional<std::string>();
  }
  Bytes bytes(kFileBytesMax);
  const std::size_t got = KSV_TRY(file->read_at(0, bytes));
  return std::optional<std::string>(std::string(text_of(BytesView(bytes).first(got))));
}

Status write_text(Files& files, const std::string& path, const std::string& text,
                  const std::string& aside) {
  {
    const std::unique_ptr<File> file = KSV_TRY(files.open(aside, OpenMode::kCreateNew));
    if (file == nullptr) return ok();
    KSV_CHECK(file->write(bytes_of(text)));
  }
  return files.rename(aside, path);
}

}  // namespace

std::string cached_text(const Json::Object& fields, std::string_view name) {
  const Json* field = find_field(fields, name);
  const auto* text = field == nullptr ? nullptr : std::get_if<std::string>(&field->content);
  return text == nullptr ? std::string() : *text;
}

CacheFile::CacheFile(Env& env, std::string folder, const std::string& identity)
    : env_(env), identity_(identity), base_(cache_home(env)), folder_(std::move(folder)) {
  const std::string hash = to_hex(sha256(bytes_of(identity))).substr(0, 32);
  path_ = base_ + "/ksv/" + folder_ + "/" + hash + ".json";
}

std::optional<Json::Object> CacheFile::read(std::int64_t age_max_ms) const {
  if (base_.empty()) return std::nullopt;
  const auto text = read_text(env_.files(), path_);
  if (!text || !*text) return std::nullopt;
  auto json = parse_json(**text, kJsonDepthMax);
  if (!json) return std::nullopt;
  auto* fields = std::get_if<Json::Object>(&json->content);
  if (fields == nullptr) return std::nullopt;
  const auto at = cached_number(*fields, "at");
  const std::int64_t now = env_.wall_ms();
  // What comes from the future was written under a wrong clock.
  const bool fresh = at && *at <= now && now - *at <= age_max_ms;
  if (!fresh || cached_text(*fields, "of") != identity_) return std::nullopt;
  if (cached_text(*fields, "format") != kFormat) return std::nullopt;
  return std::move(*fields);
}

void CacheFile::write(Json::Object fields) const {
  if (base_.empty()) return;
  fields.insert(fields.begin(), {"format", Json{std::string(kFormat)}});
  fields.emplace_back("of", Json{identity_});
  fields.emplace_back("at", Json{Json::Number{std::to_string(env_.wall_ms())}});
  Files& files = env_.files();
  for (const std::string& folder : {base_, base_ + "/ksv", base_ + "/ksv/" + folder_}) {
    if (!files.make_directory(folder)) return;
  }
  const std::string aside = path_ + "." + uuid_text(random_uuid(env_)) + ".new";
  const auto written = write_text(files, path_, text_of_object(fields), aside);
  if (!written) static_cast<void>(files.remove(aside));
}

void CacheFile::forget() const {
  if (!base_.empty()) static_cast<void>(env_.files().remove(path_));
}

}  // namespace ksv::s3
