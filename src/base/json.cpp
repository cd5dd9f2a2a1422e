// A reader of JSON text by recursive descent, bounded in depth.
#include "base/json.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/utf8.h"

namespace ksv {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class JsonReader {
 public:
  // `text` must outlive the reader.
  JsonReader(std::string_view text, std::uint32_t depth_max) : text_(text), depth_max_(depth_max) {}

  Result<Json> read_document() {
    Json json = KSV_TRY(read_value(0));
    skip_space();
    if (at_ < text_.size()) return unexpected("the end of the text");
    return json;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  Error error_at(std::size_t at, std::string_view what) const {
    const std::string_view before = text_.substr(0, at);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    return {ErrorCode::kUsage,
            fmt::format("JSON, line {} column {}: {}", lines + 1, at - line_start + 1, what)};
  }
  Error unexpected(std::string_view wanted) const {
    if (at_ >= text_.size()) {
      return error_at(at_, fmt::format("the text ends where {} is expected", wanted));
    }
    return error_at(at_, fmt::format("expected {}", wanted));
  }

  Result<Json> read_value(std::uint32_t depth) {
    skip_space();
    switch (peek()) {
      case '{': return read_object(depth);
      case '[': return read_array(depth);
      case '"': return read_string_value();
      case 't': return read_word("true", Json{true});
      case 'f': return read_word("false", Json{false});
      case 'n': return read_word("null", Json{nullptr});
      default: return read_number();
    }
  }

  Result<Json> read_string_value() {
    std::string string = KSV_TRY(read_string());
    return Json{std::move(string)};
  }

  Result<Json> read_word(std::string_view word, Json json) {
    if (!text_.substr(at_).starts_with(word)) return unexpected("a value");
    at_ += word.size();
    return json;
  }

  Result<Json> read_array(std::uint32_t depth) {
    if (depth >= depth_max_) return error_at(at_, "nested too deeply");
    ++at_;
    Json::Array array;
    skip_space();
    if (take(']')) return Json{std::move(array)};
    while (true) {
      Json item = KSV_TRY(read_value(depth + 1));
      array.push_back(std::move(item));
      skip_space();
      if (take(']')) return Json{std::move(array)};
      if (!take(',')) return unexpected("',' or ']'");
    }
  }

  Result<Json> read_object(std::uint32_t depth) {
    if (depth >= depth_max_) return error_at(at_, "nested too deeply");
    ++at_;
    Json::Object object;
    skip_space();
    if (take('}')) return Json{std::move(object)};
    while (true) {
      skip_space();
      if (peek() != '"') return unexpected("a name in double quotes");
      std::string name = KSV_TRY(read_string());
      skip_space();
      if (!take(':')) return unexpected("':'");
      Json value = KSV_TRY(read_value(depth + 1));
      object.emplace_back(std::move(name), std::move(value));
      skip_space();
      if (take('}')) return Json{std::move(object)};
      if (!take(',')) return unexpected("',' or '}'");
    }
  }

  Result<Json> read_number() {
    const std::size_t start = at_;
    take('-');
    if (!is_digit(peek())) {
      at_ = start;
      return unexpected("a value");
    }
    if (!take('0')) skip_digits();
    if (take('.') && !skip_digits()) return unexpected("a digit");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!skip_digits()) return unexpected("a digit");
    }
    return Json{Json::Number{std::string(text_.substr(start, at_ - start))}};
  }

  bool skip_digits() {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    return at_ > start;
  }

  Result<std::string> read_string() {
    const std::size_t start = at_++;
    std::string string;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        ++at_;
        return string;
      }
      if (c == '\\') {
        KSV_CHECK(read_escape(string));
      } else if (c < 0x20) {
        return error_at(at_, "a control character in a string must be escaped");
      } else if (c < 0x80) {
        string += text_[at_++];
      } else {
        KSV_CHECK(read_beyond_ascii(string));
      }
    }
    return error_at(start, "this string does not end");
  }

  Status read_beyond_ascii(std::string& to) {
    const std::size_t start = at_;
    const auto code_point = next_code_point(text_, at_);
    if (!code_point || (*code_point >= 0xd800 && *code_point <= 0xdfff)) {
      return error_at(start, "malformed UTF-8");
    }
    to += text_.substr(start, at_ - start);
    return ok();
  }

  Status read_escape(std::string& to) {
    const std::size_t start = at_++;
    const char escape = peek();
    if (at_ < text_.size()) ++at_;
    switch (escape) {
      case '"':
      case '\\':
      case '/': to += escape; return ok();
      case 'b': to += '\b'; return ok();
      case 'f': to += '\f'; return ok();
      case 'n': to += '\n'; return ok();
      case 'r': to += '\r'; return ok();
      case 't': to += '\t'; return ok();
      case 'u': break;
      default: return error_at(start, "unknown escape in a string");
    }
    const auto unit = read_hex4();
    if (!unit) return error_at(start, "\\u takes four hexadecimal digits");
    append_utf8(to, join_surrogates(*unit));
    return ok();
  }

  std::optional<char32_t> read_hex4() {
    if (text_.size() - at_ < 4) return std::nullopt;
    char32_t unit = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const char c = text_[at_ + i];
      if (is_digit(c)) {
        unit = unit * 16 + static_cast<char32_t>(c - '0');
      } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        unit = unit * 16 + static_cast<char32_t>((c | 0x20) - 'a' + 10);
      } else {
        return std::nullopt;
      }
    }
    at_ += 4;
    return unit;
  }

  // The code point of `unit` and the escape after it, if they are a pair; else `unit`, and the next
  // escape is left for later.
  char32_t join_surrogates(char32_t unit) {
    if (unit < 0xd800 || unit > 0xdbff || !text_.substr(at_).starts_with("\\u")) return unit;
    const std::size_t before = at_;
    at_ += 2;
    const auto low = read_hex4();
    if (low && *low >= 0xdc00 && *low <= 0xdfff) {
      return 0x10000 + ((unit - 0xd800) << 10) + (*low - 0xdc00);
    }
    at_ = before;
    return unit;
  }

  std::string_view text_;
  std::uint32_t depth_max_;
  std::size_t at_ = 0;
};

void append_unit_escape(std::string& to, char32_t unit) {
  fmt::format_to(std::back_inserter(to), "\\u{:04x}", static_cast<std::uint32_t>(unit));
}

void append_ascii(std::string& to, char c) {
  switch (c) {
    case '"': to += "\\\""; return;
    case '\\': to += "\\\\"; return;
    case '\b': to += "\\b"; return;
    case '\f': to += "\\f"; return;
    case '\n': to += "\\n"; return;
    case '\r': to += "\\r"; return;
    case '\t': to += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
    append_unit_escape(to, static_cast<unsigned char>(c));
  } else {
    to += c;
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::uint32_t depth_max) {
  return JsonReader(text, depth_max).read_document();
}

void append_json_string(std::string& to, std::string_view text) {
  to.reserve(to.size() + text.size() + 2);
  to += '"';
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_ascii(to, text[at++]);
      continue;
    }
    const std::size_t start = at;
    const auto code_point = next_code_point(text, at);
    if (!code_point) {
      append_utf8(to, 0xfffd);
    } else if (*code_point >= 0xd800 && *code_point <= 0xdfff) {
      append_unit_escape(to, *code_point);
    } else {
      to += text.substr(start, at - start);
    }
  }
  to += '"';
}

}  // namespace ksv
