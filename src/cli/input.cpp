// Reading operands, files and standard input.
#include "cli/input.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <unistd.h>
#include <utility>

#include "ksv/limits.h"

#include "base/signals.h"
#include "base/utf8.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

Error too_large(std::string_view what, std::size_t bytes_max) {
  return Error(ErrorCode::kUsage,
               std::string(what) + " is larger than " + std::to_string(bytes_max) + " bytes")
      .with_hint("Use bassoc for large data: it streams");
}

Result<std::size_t> read_descriptor(int descriptor, std::span<std::uint8_t> into) {
  for (;;) {
    const ssize_t count = ::read(descriptor, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR && noted_signal() != 0) {
      return Error(ErrorCode::kCancelled, "interrupted by a signal");
    }
    if (errno != EINTR) {
      return Error(ErrorCode::kUnavailable, std::string("standard input: ") + std::strerror(errno));
    }
  }
}

Result<Value> parse_value(std::string text, ValueSyntax syntax) {
  switch (syntax) {
    case ValueSyntax::kEdn: return read_edn(text);
    case ValueSyntax::kJson: return read_json(text, JsonKeys::kStrings);
    case ValueSyntax::kExactJson: return read_plain_json(text);
    case ValueSyntax::kRaw: break;
  }
  if (!is_utf8(text)) {
    return Error(ErrorCode::kUsage, "not UTF-8 text").with_hint("Use bassoc for binary data");
  }
  return Value::string(std::move(text));
}

}  // namespace

Result<std::optional<Bytes>> read_file(Env& env, const std::string& path, std::size_t bytes_max) {
  const std::unique_ptr<File> file = KSV_TRY(env.files().open(path, OpenMode::kRead));
  if (file == nullptr) return std::optional<Bytes>();
  Bytes content;
  for (;;) {
    const std::size_t at = content.size();
    content.resize(at + 64 * 1024);
    const std::size_t count = KSV_TRY(file->read_at(at, std::span(content).subspan(at)));
    content.resize(at + count);
    if (content.size() > bytes_max) return too_large(path, bytes_max);
    if (count == 0) return std::optional<Bytes>(std::move(content));
  }
}

Result<Bytes> read_standard_input(std::size_t bytes_max) {
  Bytes content;
  for (;;) {
    const std::size_t at = content.size();
    content.resize(at + 64 * 1024);
    const std::size_t count =
        KSV_TRY(read_descriptor(STDIN_FILENO, std::span(content).subspan(at)));
    content.resize(at + count);
    if (content.size() > bytes_max) return too_large("standard input", bytes_max);
    if (count == 0) return content;
  }
}

Result<ByteSource> open_source(Env& env, const std::string& path) {
  if (path == "-") {
    return ByteSource(
        [](std::span<std::uint8_t> into) { return read_descriptor(STDIN_FILENO, into); });
  }
  std::shared_ptr<File> file = KSV_TRY(env.files().open(path, OpenMode::kRead));
  if (file == nullptr) return Error(ErrorCode::kUsage, path + ": there is no such file");
  return ByteSource(
      [file, at = std::uint64_t{0}](std::span<std::uint8_t> into) mutable -> Result<std::size_t> {
        const std::size_t count = KSV_TRY(file->read_at(at, into));
        at += count;
        return count;
      });
}

Result<Value> read_value(Env& env, std::string_view operand, ValueSyntax syntax,
                         std::string_view what) {
  std::string text(operand);
  std::string source(what);
  if (operand == "-") {
    source = "standard input";
    text = text_of(KSV_TRY(read_standard_input(limits::kValueBytesMax)));
  } else if (operand.starts_with("@@")) {
    text.erase(0, 1);
  } else if (operand.starts_with('@')) {
    source = operand.substr(1);
    const auto content = KSV_TRY(read_file(env, source, limits::kValueBytesMax));
    if (!content) return Error(ErrorCode::kUsage, source + ": there is no such file");
    text = text_of(*content);
  }
  auto value = parse_value(std::move(text), syntax);
  if (!value.has_value()) return std::move(value).error().with_context(source);
  return value;
}

Result<Value> read_key(std::string_view operand, bool string_keys) {
  if (string_keys) return Value::string(std::string(operand));
  auto key = read_edn(operand);
  if (!key.has_value()) {
    return std::move(key).error().with_context("KEY").with_hint(
        "KEY is EDN, such as :counter or '\"text\"'; with --string-keys it is text as it stands");
  }
  return key;
}

Result<Path> read_path(std::string_view operand) {
  auto path = read_edn(operand);
  if (!path.has_value()) return std::move(path).error().with_context("PATH");
  if (!path->is(Kind::kVector) || path->items().empty()) {
    return Error(ErrorCode::kUsage, "PATH must be a vector, KEY first, such as '[:user :age]'");
  }
  const Values& items = path->items();
  return Path{.key = items[0], .inner = Values(items.begin() + 1, items.end())};
}

Result<std::uint64_t> read_count(std::string_view text, std::string_view what, std::uint64_t max) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count > max) {
    return Error(ErrorCode::kUsage, std::string(what) + ": \"" + std::string(text) +
                                        "\" is not a number from 0 to " + std::to_string(max));
  }
  return count;
}

Result<std::chrono::milliseconds> read_duration(std::string_view text) {
  struct Unit {
    std::string_view suffix;
    std::int64_t milliseconds;
  };
  // "ms" before "m" and "s": the longer suffix decides.
  constexpr Unit kUnits[] = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"", 1'000}};
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.suffix)) continue;
    const std::string_view digits = text.substr(0, text.size() - unit.suffix.size());
    double amount = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), amount);
    if (error != std::errc() || end != digits.data() + digits.size() || !(amount >= 0) ||
        amount > 1e9) {
      break;
    }
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(amount * static_cast<double>(unit.milliseconds)));
  }
  return Error(ErrorCode::kUsage, "\"" + std::string(text) + "\" is not a duration")
      .with_hint("Write 500ms, 30s, 5m or 1h");
}

}  // namespace ksv::cli
