// Making placeholders for what stands in an expression.
#include "cli/dynamo_expression.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/json.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"

namespace ksv::cli {
namespace {

constexpr std::array<std::string_view, 9> kWords = {"AND", "OR",     "NOT", "BETWEEN", "IN",
                                                    "SET", "REMOVE", "ADD", "DELETE"};
constexpr std::array<std::string_view, 8> kFunctions = {
    "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size",
    "if_not_exists",    "list_append"};
constexpr std::array<std::string_view, 4> kLiteralWords = {"true", "false", "nil", "null"};

struct Operator {
  std::string_view word;
  std::string_view symbol;  // as EDN reads it as a symbol; empty: none
  std::string_view text;    // between the operands; empty: a function of that name, or none
};
constexpr std::array<Operator, 6> kComparisons = {{{"eq", "=", "="},
                                                   {"ne", "<>", "<>"},
                                                   {"le", "<=", "<="},
                                                   {"lt", "<", "<"},
                                                   {"ge", ">=", ">="},
                                                   {"gt", ">", ">"}}};

template <typename Words>
bool is_one_of(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return result;
}

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string text_of_name(const Value& value) {
  if (value.is(Kind::kString)) return value.as_string();
  if (value.is(Kind::kKeyword) || value.is(Kind::kSymbol)) return value.as_name().text();
  return "";
}

}  // namespace

Result<Expressions> Expressions::make(const std::optional<Value>& names,
                                      const std::optional<Value>& values) {
  Expressions made;
  const auto is_map = [](const std::optional<Value>& value) {
    return !value || value->is(Kind::kMap);
  };
  if (!is_map(names) || !is_map(values)) {
    return Error(ErrorCode::kUsage, "--names and --values are maps")
        .with_hint("Such as --values '{:min 5}', for an expression that says :min");
  }
  if (names) {
    for (const Table::Entry& entry : names->table()) {
      std::string name = text_of_name(entry.key);
      if (!name.starts_with('#')) name.insert(0, "#");
      made.given_names_[name] = text_of_name(entry.value);
      made.used_[name] = false;
    }
  }
  if (values) {
    for (const Table::Entry& entry : values->table()) {
      std::string name = text_of_name(entry.key);
      if (!name.starts_with(':')) name.insert(0, ":");
      made.given_values_.insert_or_assign(name, entry.value);
      made.used_[name] = false;
    }
  }
  return made;
}

// One text, from left to right.
class Expressions::Scan {
 public:
  Scan(Expressions& owner, std::string_view option, std::string_view text)
      : owner_(owner), option_(option), text_(text) {}

  Result<std::string> run() {
    while (at_ < text_.size()) KSV_CHECK(step());
    return std::move(out_);
  }

 private:
  Error wrong(const std::string& what) const {
    return Error(ErrorCode::kUsage,
                 std::string(option_) + ": " + what + " at column " + std::to_string(at_ + 1));
  }

  char present(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  Status step() {
    const char c = present();
    if (is_blank(c)) return copy(1);
    if (c == ':') return user_value();
    if (c == '#' && begins_name(present(1))) return user_name();
    if (c == '`') return quoted_name();
    if (begins_name(c)) return word();
    const bool is_number = is_digit(c) || (c == '-' && is_digit(present(1)) && !after_operand_);
    // After a path [ begins an index, elsewhere a vector.
    const bool is_collection = c == '{' || c == '#' || (c == '[' && !after_operand_);
    if (c == '"' || is_number || is_collection) return literal();
    if (c == '[') return index();
    after_operand_ = c == ')';
    return copy(1);
  }

  Status copy(std::size_t count) {
    out_ += text_.substr(at_, count);
    at_ += count;
    return ok();
  }

  std::string_view take_name() {
    const std::size_t start = at_;
    const auto goes_on = [this] {
      const char c = present();
      // A hyphen within a name, and not at its end.
      const bool is_hyphen = c == '-' && (begins_name(present(1)) || is_digit(present(1)));
      return begins_name(c) || is_digit(c) || is_hyphen;
    };
    while (goes_on()) ++at_;
    return text_.substr(start, at_ - start);
  }

  Status word() {
    const std::string_view name = take_name();
    const bool in_path = !out_.empty() && out_.back() == '.';
    std::size_t next = at_;
    while (next < text_.size() && is_blank(text_[next])) ++next;
    const bool is_call = next < text_.size() && text_[next] == '(';
    if (!in_path && is_one_of(kWords, upper(name))) {
      after_operand_ = false;
      out_ += upper(name);
      return ok();
    }
    if (!in_path && is_call) {
      if (!is_one_of(kFunctions, name)) {
        at_ -= name.size();
        return wrong("there is no function " + std::string(name));
      }
      after_operand_ = false;
      out_ += name;
      return ok();
    }
    if (!in_path && is_one_of(kLiteralWords, name)) {
      const Value value =
          name == "true" || name == "false" ? Value::boolean(name == "true") : Value();
      return put_value(value);
    }
    return put_name(name);
  }

  Status put_name(std::string_view name) {
    out_ += owner_.name(name);
    after_operand_ = true;
    return ok();
  }

  Status put_value(const Value& value) {
    auto placeholder = owner_.value(value);
    if (!placeholder.has_value()) {
      return std::move(placeholder).error().with_context(std::string(option_));
    }
    out_ += *placeholder;
    after_operand_ = true;
    return ok();
  }

  Status quoted_name() {
    const std::size_t end = text_.find('`', at_ + 1);
    if (end == text_.npos || end == at_ + 1) return wrong("a ` without its end");
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return put_name(name);
  }

  Status user_name() {
    const std::size_t start = at_++;
    const std::string name = "#" + std::string(take_name());
    const auto found = owner_.given_names_.find(name);
    if (found == owner_.given_names_.end()) {
      at_ = start;
      return wrong("--names has no " + name);
    }
    owner_.used_[name] = true;
    return put_name(found->second);
  }

  Status user_value() {
    const std::size_t start = at_++;
    const std::string name = ":" + std::string(take_name());
    const auto found = owner_.given_values_.find(name);
    if (found == owner_.given_values_.end()) {
      at_ = start;
      return wrong("--values has no " + name);
    }
    owner_.used_[name] = true;
    return put_value(found->second);
  }

  Status index() {
    const std::size_t end = text_.find(']', at_);
    const std::string_view digits = end == text_.npos ? "" : text_.substr(at_ + 1, end - at_ - 1);
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
      return wrong("an index is a whole number: [0]");
    }
    return copy(digits.size() + 2);
  }

  Status literal() {
    // A number ends where no EDN number would: 5) and 5, included.
    std::string_view rest = text_.substr(at_);
    if (is_digit(rest.front()) || rest.front() == '-') {
      std::size_t end = 1;
      const auto belongs = [&](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '/' ||
               ((c == '-' || c == '+') && (rest[end - 1] == 'e' || rest[end - 1] == 'E'));
      };
      while (end < rest.size() && belongs(rest[end])) ++end;
      rest = rest.substr(0, end);
    }
    EdnStream stream(rest);
    auto value = stream.next();
    if (!value.has_value() || !*value) {
      return wrong("no value" + (value.has_value() ? "" : " (" + value.error().message() + ")"));
    }
    at_ += stream.position();
    return put_value(**value);
  }

  Expressions& owner_;
  std::string_view option_;
  std::string_view text_;
  std::size_t at_ = 0;
  bool after_operand_ = false;  // so that [ is an index, and - an operator
  std::string out_;
};

Result<std::string> Expressions::add(std::string_view option, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_blank)) {
    return Error(ErrorCode::kUsage, std::string(option) + " is empty");
  }
  return Scan(*this, option, text).run();
}

Result<std::string> Expressions::condition(std::string_view option, const std::string& path,
                                           const Value& asked) {
  const bool is_vector = asked.is(Kind::kVector) && !asked.items().empty();
  const Value* first = is_vector ? &asked.items().front() : nullptr;
  const bool has_operator =
      first != nullptr && (first->is(Kind::kKeyword) || first->is(Kind::kSymbol));
  if (!has_operator) {
    const std::string operand = KSV_TRY(value(asked));
    return path + " = " + operand;
  }
  const std::string word = text_of_name(*first);
  std::vector<std::string> operands;
  for (std::size_t i = 1; i < asked.items().size(); ++i) {
    std::string operand = KSV_TRY(value(asked.items()[i]));
    operands.push_back(std::move(operand));
  }
  const std::size_t count = operands.size();
  for (const Operator& comparison : kComparisons) {
    const bool is_it = word == comparison.word || word == comparison.symbol;
    if (is_it && count == 1) return path + " " + std::string(comparison.text) + " " + operands[0];
  }
  if (word == "begins-with" && count == 1) return "begins_with(" + path + ", " + operands[0] + ")";
  if (word == "contains" && count == 1) return "contains(" + path + ", " + operands[0] + ")";
  if (word == "not-contains" && count == 1) {
    return "NOT contains(" + path + ", " + operands[0] + ")";
  }
  if (word == "null" && count == 0) return "attribute_not_exists(" + path + ")";
  if (word == "not-null" && count == 0) return "attribute_exists(" + path + ")";
  if (word == "between" && count == 2) {
    return path + " BETWEEN " + operands[0] + " AND " + operands[1];
  }
  if (word == "in" && count > 0) {
    std::string list = operands[0];
    for (std::size_t i = 1; i < count; ++i) list += ", " + operands[i];
    return path + " IN (" + list + ")";
  }
  return Error(ErrorCode::kUsage,
               std::string(option) + ": " + edn_excerpt(asked) + " is no condition")
      .with_hint(
          "Write [OPERATOR VALUE...]: eq ne le lt ge gt begins-with contains not-contains "
          "with one value, between with two, in with some, null and not-null with none");
}

Result<std::string> Expressions::add_map(std::string_view option, const Value& conditions) {
  if (!conditions.is(Kind::kMap) || conditions.table().empty()) {
    return Error(ErrorCode::kUsage, std::string(option) + " is a map of conditions");
  }
  std::string text;
  for (const Table::Entry& entry : conditions.table()) {
    if (!text.empty()) text += " AND ";
    const std::string path = name(text_of_name(entry.key));
    const std::string one = KSV_TRY(condition(option, path, entry.value));
    text += one;
  }
  return text;
}

Result<std::string> Expressions::add_either(std::string_view option, std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\n");
  if (start == text.npos || text[start] != '{') return add(option, text);
  auto map = read_edn(text);
  if (!map.has_value()) return std::move(map).error().with_context(std::string(option));
  return add_map(option, *map);
}

std::string Expressions::name(std::string_view attribute) {
  const auto found = names_.find(std::string(attribute));
  if (found != names_.end()) return found->second;
  const std::string placeholder = "#n" + std::to_string(names_.size());
  names_[std::string(attribute)] = placeholder;
  return placeholder;
}

Result<std::string> Expressions::value(const Value& value) {
  std::string json = KSV_TRY(write_attribute(value));
  auto found = std::find(values_.begin(), values_.end(), json);
  if (found == values_.end()) found = values_.insert(values_.end(), std::move(json));
  return ":v" + std::to_string(found - values_.begin());
}

Status Expressions::check_used() const {
  for (const auto& [name, is_used] : used_) {
    if (is_used) continue;
    return Error(ErrorCode::kUsage, "no expression says " + name)
        .with_hint("Leave it out of --names and --values");
  }
  return ok();
}

std::string Expressions::names_json() const {
  std::string json;
  for (const auto& [attribute, placeholder] : names_) {
    json += json.empty() ? "{" : ",";
    append_json_string(json, placeholder);
    json += ':';
    append_json_string(json, attribute);
  }
  return json.empty() ? json : json + "}";
}

std::string Expressions::values_json() const {
  std::string json;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    json += json.empty() ? "{" : ",";
    json.append("\":v").append(std::to_string(i)).append("\":").append(values_[i]);
  }
  return json.empty() ? json : json + "}";
}

}  // namespace ksv::cli
