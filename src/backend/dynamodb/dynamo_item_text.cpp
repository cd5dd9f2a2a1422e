// Items as JSON text.
#include "backend/dynamodb/dynamo_item_text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

#include "backend/dynamodb/dynamo_json.h"
#include "base/crypto.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/json_slice.h"

namespace ksv::dynamodb {
namespace {

constexpr std::size_t kVersionBytes = 16;
// Amazon DynamoDB Developer Guide, "Service, account, and table quotas": expression parameters.
constexpr std::size_t kExpressionBytesMax = 4096;
constexpr std::size_t kOperatorsMax = 300;
constexpr int kDepthMax = 33;  // an item nests 32 deep

Error not_an_item(const std::string& what) {
  return Error(ErrorCode::kCorrupt, "the service's answer holds no item: " + what);
}

// A number as the service gives it back: plain digits, without zeros that say nothing. What is no
// number stays as it is, for the service to refuse.
std::string canonical_number(std::string_view text) {
  constexpr int kExponentMax = 200;  // the service's are within 130
  const bool is_negative = text.starts_with('-');
  std::size_t at = is_negative || text.starts_with('+') ? 1 : 0;
  std::string digits;
  int exponent = 0;
  bool after_point = false;
  for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    if (text[at] == '.' && !after_point) {
      after_point = true;
    } else if (text[at] >= '0' && text[at] <= '9') {
      digits += text[at];
      exponent -= after_point ? 1 : 0;
    } else {
      return std::string(text);
    }
  }
  if (at < text.size()) {
    const std::size_t sign = at + 1 < text.size() && text[at + 1] == '+' ? 2 : 1;
    int given = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data() + at + sign, end, given);
    if (failure != std::errc() || stop != end || given > kExponentMax || given < -kExponentMax) {
      return std::string(text);
    }
    exponent += given;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return "0";
  for (; digits.back() == '0'; digits.pop_back()) ++exponent;
  if (std::abs(exponent) > kExponentMax) return std::string(text);
  const auto size = static_cast<int>(digits.size());
  if (exponent >= 0) {
    digits.append(static_cast<std::size_t>(exponent), '0');
  } else if (size > -exponent) {
    digits.insert(static_cast<std::size_t>(size + exponent), ".");
  } else {
    digits.insert(0, "0." + std::string(static_cast<std::size_t>(-exponent - size), '0'));
  }
  return (is_negative ? "-" : "") + digits;
}

class Canonical {
 public:
  Status add_item(std::string_view json, int depth) {
    if (depth > kDepthMax) return not_an_item("it nests too deep");
    JsonMembers members = KSV_TRY(json_members(json));
    std::stable_sort(members.begin(), members.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    text += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& [name, value] = members[i];
      // Of two with one name the later counts, as for every reader here.
      if (i + 1 < members.size() && members[i + 1].first == name) continue;
      if (text.back() != '{') text += ',';
      append_json_string(text, name);
      text += ':';
      KSV_CHECK(add_attribute(value, depth));
    }
    text += '}';
    return ok();
  }

  std::string text;

 private:
  Status add_attribute(std::string_view json, int depth) {
    const JsonMembers typed = KSV_TRY(json_members(json));
    if (typed.size() != 1) return not_an_item("an attribute has not one type");
    const auto& [type, value] = typed.front();
    text.append("{\"").append(type).append("\":");
    if (type == "M") {
      KSV_CHECK(add_item(value, depth + 1));
    } else if (type == "L") {
      KSV_CHECK(add_list(value, depth));
    } else if (type == "SS" || type == "NS" || type == "BS") {
      KSV_CHECK(add_set(value, type == "NS"));
    } else if (type == "S" || type == "N" || type == "B") {
      const std::string word = KSV_TRY(json_string(value));
      append_json_string(text, type == "N" ? canonical_number(word) : word);
    } else {
      const bool flag = KSV_TRY(json_boolean(value));
      text += flag ? "true" : "false";
    }
    text += '}';
    return ok();
  }

  Status add_list(std::string_view json, int depth) {
    if (depth > kDepthMax) return not_an_item("it nests too deep");
    const std::vector<std::string_view> elements = KSV_TRY(json_elements(json));
    text += '[';
    for (const std::string_view element : elements) {
      if (text.back() != '[') text += ',';
      KSV_CHECK(add_attribute(element, depth + 1));
    }
    text += ']';
    return ok();
  }

  Status add_set(std::string_view json, bool of_numbers) {
    const std::vector<std::string_view> elements = KSV_TRY(json_elements(json));
    std::vector<std::string> texts;
    texts.reserve(elements.size());
    for (const std::string_view element : elements) {
      std::string one = KSV_TRY(json_string(element));
      texts.push_back(of_numbers ? canonical_number(one) : std::move(one));
    }
    std::sort(texts.begin(), texts.end());
    text += '[';
    for (const std::string& one : texts) {
      if (text.back() != '[') text += ',';
      append_json_string(text, one);
    }
    text += ']';
    return ok();
  }
};

Error too_many(std::size_t attributes) {
  return Error(ErrorCode::kUnsupported,
               "the item has " + std::to_string(attributes) +
                   " attributes, more than a condition can compare (about 140)")
      .with_hint("Keep a version in an attribute of its own: --version-attr NAME");
}

}  // namespace

Result<std::string> canonical_item(std::string_view item) {
  Canonical canonical;
  KSV_CHECK(canonical.add_item(item, 1));
  return std::move(canonical.text);
}

Version item_version(std::string_view canonical) {
  const Sha256Digest digest = sha256(bytes_of(canonical));
  return {to_hex(BytesView(digest).first(kVersionBytes))};
}

std::string Expression::name(std::string_view attribute) {
  std::string placeholder = "#n" + std::to_string(names_count_++);
  if (!names_.empty()) names_ += ',';
  names_.append("\"").append(placeholder).append("\":");
  append_json_string(names_, attribute);
  return placeholder;
}

std::string Expression::value(std::string_view json) {
  std::string placeholder = ":v" + std::to_string(values_count_++);
  if (!values_.empty()) values_ += ',';
  values_.append("\"").append(placeholder).append("\":").append(json);
  return placeholder;
}

Placeholders Expression::placeholders() const {
  const auto object = [](const std::string& text) {
    return text.empty() ? std::string() : "{" + text + "}";
  };
  return {.names = object(names_), .values = object(values_)};
}

Result<std::string> equals_item(const JsonMembers& item, Expression* expression) {
  std::string text;
  for (const auto& [name, value] : item) {
    if (!text.empty()) text += " AND ";
    text += expression->name(name);
    text += " = ";
    text += expression->value(value);
  }
  // An equality and a conjunction each.
  if (text.size() > kExpressionBytesMax || 2 * item.size() > kOperatorsMax) {
    return too_many(item.size());
  }
  return text;
}

Result<std::string> changes_of(const JsonMembers& before, const JsonMembers& after,
                               Expression* expression) {
  std::string set;
  std::string removed;
  for (const auto& [name, value] : after) {
    const auto old = find_member(before, name);
    if (old && *old == value) continue;
    set += set.empty() ? "SET " : ", ";
    set += expression->name(name);
    set += " = ";
    set += expression->value(value);
  }
  for (const auto& member : before) {
    if (find_member(after, member.first)) continue;
    removed += removed.empty() ? "REMOVE " : ", ";
    removed += expression->name(member.first);
  }
  std::string text = set.empty() || removed.empty() ? set + removed : set + " " + removed;
  if (text.size() > kExpressionBytesMax) return too_many(after.size());
  return text;
}

}  // namespace ksv::dynamodb
