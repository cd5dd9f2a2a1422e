// Finds where the values of a JSON text begin and end. Nothing recurses: what is within a value is
// passed over by counting brackets outside of strings.
#include "base/json_slice.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/utf8.h"

namespace ksv {
namespace {

Error damaged(std::string_view wanted) {
  return Error(ErrorCode::kCorrupt, "the answer is no JSON: expected " + std::string(wanted));
}

class Slicer {
 public:
  // `text` must outlive the slicer.
  explicit Slicer(std::string_view text) : text_(text) {}

  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }

  // Passes over one value; empty where there is none.
  std::string_view take_value() {
    skip_space();
    const std::size_t begin = at_;
    if (at_ >= text_.size()) return {};
    const char first = text_[at_];
    const bool is_whole = first == '"'                   ? skip_string()
                          : first == '{' || first == '[' ? skip_brackets()
                                                         : skip_word();
    return is_whole ? text_.substr(begin, at_ - begin) : std::string_view();
  }

 private:
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool skip_string() {
    for (++at_;; ++at_) {
      at_ = text_.find_first_of("\"\\", at_);
      if (at_ == std::string_view::npos) break;
      if (text_[at_++] == '"') return true;
    }
    at_ = text_.size();
    return false;
  }

  bool skip_brackets() {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!skip_string()) return false;
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }

  bool skip_word() {
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    return at_ > begin;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<JsonMembers> json_members(std::string_view json) {
  Slicer slicer(json);
  if (!slicer.take('{')) return damaged("an object");
  JsonMembers members;
  if (slicer.take('}')) return slicer.at_end() ? Result<JsonMembers>(members) : damaged("its end");
  do {
    const std::string_view name = slicer.take_value();
    if (!name.starts_with('"') || !slicer.take(':')) return damaged("a member");
    std::string text = KSV_TRY(json_string(name));
    const std::string_view value = slicer.take_value();
    if (value.empty()) return damaged("a value");
    members.emplace_back(std::move(text), value);
  } while (slicer.take(','));
  if (!slicer.take('}') || !slicer.at_end()) return damaged("the end of an object");
  return members;
}

std::optional<std::string_view> find_member(const JsonMembers& members, std::string_view name) {
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (member->first == name) return member->second;
  }
  return std::nullopt;
}

Result<std::vector<std::string_view>> json_elements(std::string_view json) {
  Slicer slicer(json);
  if (!slicer.take('[')) return damaged("an array");
  std::vector<std::string_view> elements;
  if (!slicer.take(']')) {
    do {
      const std::string_view value = slicer.take_value();
      if (value.empty()) return damaged("a value");
      elements.push_back(value);
    } while (slicer.take(','));
    if (!slicer.take(']')) return damaged("the end of an array");
  }
  if (!slicer.at_end()) return damaged("the end of the text");
  return elements;
}

Result<std::string> json_string(std::string_view json) {
  const bool is_plain = json.size() >= 2 && json.front() == '"' && json.back() == '"' &&
                        json.find('\\') == std::string_view::npos && is_utf8(json);
  if (is_plain) return std::string(json.substr(1, json.size() - 2));
  auto parsed = parse_json(json, 1);
  std::string* text = parsed.has_value() ? std::get_if<std::string>(&parsed->content) : nullptr;
  if (text == nullptr) return damaged("a string");
  return std::move(*text);
}

Result<std::int64_t> json_integer(std::string_view json) {
  std::int64_t number = 0;
  const char* const end = json.data() + json.size();
  const auto [rest, error] = std::from_chars(json.data(), end, number);
  if (error != std::errc() || rest != end) return damaged("an integer");
  return number;
}

Result<bool> json_boolean(std::string_view json) {
  if (json == "true") return true;
  if (json == "false") return false;
  return damaged("true or false");
}

}  // namespace ksv
