// Printing answers.
#include "cli/output.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kPrettyWidth = 100;

}  // namespace

std::string Output::text_of_value(const Value& value) const {
  const bool is_text = plain_text_ && value.is(Kind::kString);
  switch (options_.format) {
    case Format::kJson: return options_.pretty ? print_json_pretty(value) : print_json(value);
    case Format::kRaw:
      if (value.is(Kind::kString)) return value.as_string();
      if (value.is(Kind::kBytes)) return std::string(ksv::text_of(value.as_bytes()));
      return print_edn(value);
    case Format::kEdn:
    case Format::kTable:
      if (is_text) return value.as_string();
      break;
  }
  return options_.pretty ? print_edn_pretty(value, kPrettyWidth) : print_edn(value);
}

void Output::value(const Value& value) {
  put(text_of_value(value));
  const bool exact = value.is(Kind::kString) || value.is(Kind::kBytes);
  if (options_.format != Format::kRaw || !exact) end_record();
}

void Output::record(const Value& value) {
  put(text_of_value(value));
  end_record();
}

void Output::boolean(bool value) { line(value ? "true" : "false"); }

void Output::line(std::string_view text) {
  put(text);
  end_record();
}

void Output::bytes(BytesView bytes) { put(ksv::text_of(bytes)); }

void Output::note(std::string_view text) {
  if (options_.quiet) return;
  const std::string line = "ksv: " + std::string(text) + "\n";
  static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
}

void Output::put(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) static_cast<void>(flush().has_value());
}

Status Output::flush() {
  std::string_view left = buffer_;
  while (error_number_ == 0 && !left.empty()) {
    const ssize_t count = ::write(descriptor_, left.data(), left.size());
    if (count >= 0) {
      left.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      error_number_ = errno;
    }
  }
  buffer_.clear();
  if (error_number_ == 0) return ok();
  if (error_number_ == EPIPE) {
    closed_pipe_ = true;
    return Error(ErrorCode::kUnavailable, "standard output was closed");
  }
  return Error(ErrorCode::kUnavailable,
               std::string("standard output: ") + std::strerror(error_number_));
}

}  // namespace ksv::cli
