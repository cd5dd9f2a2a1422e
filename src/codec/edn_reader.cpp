// Reads EDN text into values: forms out of tokens, with the checks of clojure.edn.
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/edn.h"
#include "codec/edn_chars.h"
#include "codec/edn_lexer.h"
#include "codec/edn_tags.h"

namespace ksv {

namespace {

std::string_view closing_text(EdnTokenKind kind) {
  switch (kind) {
    case EdnTokenKind::kCloseList: return ")";
    case EdnTokenKind::kCloseVector: return "]";
    default: return "}";
  }
}

// clojure.edn finds a NaN written twice to be a duplicate, though it equals nothing.
bool is_nan(const Value& value) { return value.is(Kind::kDouble) && std::isnan(value.as_double()); }

bool may_carry_metadata(const Value& value) {
  switch (value.kind()) {
    case Kind::kSymbol:
    case Kind::kList:
    case Kind::kVector:
    case Kind::kMap:
    case Kind::kSet:
    case Kind::kRecord: return true;
    default: return false;
  }
}

bool may_be_metadata(const Value& value) {
  return value.is(Kind::kSymbol) || value.is(Kind::kKeyword) || value.is(Kind::kString) ||
         value.is(Kind::kMap);
}

// What is open while a text is read: a collection until its closing bracket, or a prefix such as #_
// until the forms that it takes are there.
struct OpenForm {
  EdnToken token;
  std::string ns{};  // of #:ns{...}
  Values items{};
};

// The number of forms that a prefix takes; 0 for a collection.
std::size_t forms_wanted(EdnTokenKind kind) {
  switch (kind) {
    case EdnTokenKind::kDiscard:
    case EdnTokenKind::kSymbolic:
    case EdnTokenKind::kNamespaceMap: return 1;
    case EdnTokenKind::kMetadata:
    case EdnTokenKind::kTag: return 2;
    default: return 0;
  }
}

std::optional<EdnTokenKind> closing_kind(EdnTokenKind kind) {
  switch (kind) {
    case EdnTokenKind::kOpenList: return EdnTokenKind::kCloseList;
    case EdnTokenKind::kOpenVector: return EdnTokenKind::kCloseVector;
    case EdnTokenKind::kOpenMap:
    case EdnTokenKind::kOpenSet: return EdnTokenKind::kCloseMap;
    default: return std::nullopt;
  }
}

// A key of #:ns{...}: names without a namespace get it, those in `_` lose theirs.
Value qualified(Value key, const std::string& ns) {
  if (!key.is(Kind::kKeyword) && !key.is(Kind::kSymbol)) return key;
  const Name& name = key.as_name();
  if (name.ns && *name.ns != "_") return key;
  Name changed = name.ns ? Name(name.name) : Name(ns, name.name);
  return key.is(Kind::kKeyword) ? Value::keyword(std::move(changed))
                                : Value::symbol(std::move(changed));
}

// Keeps what is open on a stack of its own, so that no text can exhaust the machine's.
class EdnReader {
 public:
  EdnReader(std::string_view text, std::size_t at, const EdnLimits& limits)
      : lexer_(text, EdnDialect::kEdn, at), limits_(limits) {}

  // The next form; nothing at the end of the text.
  Result<std::optional<Value>> read_next() {
    for (;;) {
      const EdnToken token = KSV_TRY(lexer_.next());
      if (token.kind == EdnTokenKind::kEnd) {
        if (open_.empty()) return std::optional<Value>();
        return unfinished(token);
      }
      if (open_.empty()) outermost_ = token;
      std::optional<Value> value = KSV_TRY(take(token));
      if (value) value = KSV_TRY(deliver(*std::move(value)));
      if (value) return value;
    }
  }

  // Fails unless nothing but blanks and discards is left.
  Status expect_end() {
    const std::optional<Value> more = KSV_TRY(read_next());
    if (!more) return ok();
    return lexer_.error("unexpected " + shown_in_message(outermost_.text) + " after the value",
                        outermost_.at);
  }

  std::size_t position() const { return lexer_.position(); }

 private:
  Error unfinished(const EdnToken& end) const {
    const OpenForm& innermost = open_.back();
    if (const auto close = closing_kind(innermost.token.kind)) {
      return lexer_.error("missing " + std::string(closing_text(*close)) + " for the " +
                              std::string(innermost.token.text),
                          innermost.token.at);
    }
    return lexer_.error("unexpected end of text after " + std::string(innermost.token.text),
                        end.at);
  }

  Error too_deep(const EdnToken& token) const {
    return lexer_.error("more than " + std::to_string(limits_.depth_max) + " nested collections",
                        token.at);
  }

  // One token: the value of an atom or of a collection that it closes, or nothing yet.
  Result<std::optional<Value>> take(const EdnToken& token) {
    if (token.is_atom()) return std::optional<Value>(KSV_TRY(lexer_.parse_atom(token)));
    if (closing_kind(token.kind) || forms_wanted(token.kind) > 0) {
      // The notation #ksv/tagged [...] opens two forms for one level of the value; #_ and ^ open
      // some for none.
      if (open_.size() > std::size_t{limits_.depth_max} * 3) return too_deep(token);
      open_.push_back({.token = token});
      return std::optional<Value>();
    }
    if (open_.empty() || closing_kind(open_.back().token.kind) != token.kind) {
      return lexer_.error("unexpected " + shown_in_message(token.text), token.at);
    }
    OpenForm form = std::move(open_.back());
    open_.pop_back();
    Value value = KSV_TRY(collection_of(form));
    if (value.depth() > limits_.depth_max) return too_deep(form.token);
    return std::optional<Value>(std::move(value));
  }

  // Hands a value to what is open around it, which may complete that in turn. The value that is
  // complete with nothing open around it is the result.
  Result<std::optional<Value>> deliver(Value value) {
    while (!open_.empty()) {
      open_.back().items.push_back(std::move(value));
      const EdnTokenKind kind = open_.back().token.kind;
      if (open_.back().items.size() != forms_wanted(kind)) return std::optional<Value>();
      if (kind == EdnTokenKind::kNamespaceMap) {
        KSV_CHECK(open_namespace_map());
        return std::optional<Value>();
      }
      OpenForm form = std::move(open_.back());
      open_.pop_back();
      if (kind == EdnTokenKind::kDiscard) return std::optional<Value>();
      value = KSV_TRY(prefixed_value(form));
      if (value.depth() > limits_.depth_max) return too_deep(form.token);
    }
    return std::optional<Value>(std::move(value));
  }

  Result<Value> collection_of(OpenForm& form) const {
    switch (form.token.kind) {
      case EdnTokenKind::kOpenList: return Value::list(std::move(form.items));
      case EdnTokenKind::kOpenVector: return Value::vector(std::move(form.items));
      case EdnTokenKind::kOpenSet: return set_of(form);
      default: return map_of(form);
    }
  }

  Result<Value> map_of(const OpenForm& form) const {
    const Values& items = form.items;
    if (items.size() % 2 != 0) {
      return lexer_.error(
          "a map needs an even number of forms, this one has " + std::to_string(items.size()) + ",",
          form.token.at);
    }
    Table table;
    table.reserve(items.size() / 2);
    bool nan_seen = false;
    for (std::size_t i = 0; i < items.size(); i += 2) {
      const Value key = form.ns.empty() ? items[i] : qualified(items[i], form.ns);
      const bool nan = is_nan(key);
      if ((nan && nan_seen) || !table.put(key, items[i + 1])) {
        return lexer_.error("duplicate key " + edn_excerpt(key) + " in the map", form.token.at);
      }
      nan_seen = nan_seen || nan;
    }
    return Value::map(std::move(table));
  }

  Result<Value> set_of(const OpenForm& form) const {
    Table table;
    table.reserve(form.items.size());
    bool nan_seen = false;
    for (const Value& item : form.items) {
      const bool nan = is_nan(item);
      if ((nan && nan_seen) || !table.put(item, Value())) {
        return lexer_.error("duplicate element " + edn_excerpt(item) + " in the set",
                            form.token.at);
      }
      nan_seen = nan_seen || nan;
    }
    return Value::set(std::move(table));
  }

  Result<Value> prefixed_value(OpenForm& form) const {
    switch (form.token.kind) {
      case EdnTokenKind::kMetadata: return without_metadata(form);
      case EdnTokenKind::kSymbolic: return symbolic_value(form);
      default: return tagged_value(form);
    }
  }

  // Values here have no metadata, so it is read, checked as clojure.edn does, and dropped.
  Result<Value> without_metadata(const OpenForm& form) const {
    const Value& value = form.items[1];
    if (!may_be_metadata(form.items[0])) {
      return lexer_.error("metadata must be a symbol, keyword, string or map", form.token.at);
    }
    if (!may_carry_metadata(value)) {
      return lexer_.error("metadata on " + a_kind(value) + ", which cannot have any,",
                          form.token.at);
    }
    return value;
  }

  Result<Value> symbolic_value(const OpenForm& form) const {
    const Value& name = form.items[0];
    if (name == Value::symbol("Inf")) return Value::real(HUGE_VAL);
    if (name == Value::symbol("-Inf")) return Value::real(-HUGE_VAL);
    if (name == Value::symbol("NaN")) return Value::real(std::nan(""));
    return lexer_.error("## must be ##Inf, ##-Inf or ##NaN", form.token.at);
  }

  Result<Value> tagged_value(OpenForm& form) const {
    const Value& tag = form.items[0];
    if (!tag.is(Kind::kSymbol)) return lexer_.error("a tag must be a symbol", form.token.at);
    Result<Value> value = read_tagged(tag.as_name(), std::move(form.items[1]));
    if (!value) return lexer_.error(value.error().message(), form.token.at);
    return value;
  }

  // The namespace of #:ns{...} is there; its map must follow. clojure.edn allows blanks between
  // them, but no comment.
  Status open_namespace_map() {
    OpenForm& form = open_.back();
    const Value ns = form.items[0];
    if (!ns.is(Kind::kSymbol) || ns.as_name().ns) {
      return lexer_.error("#: must be followed by a namespace, then a map,", form.token.at);
    }
    const std::size_t before = lexer_.position();
    const EdnToken brace = KSV_TRY(lexer_.next());
    const bool comment =
        lexer_.text().substr(before, brace.at - before).find(';') != std::string_view::npos;
    if (brace.kind != EdnTokenKind::kOpenMap || comment) {
      return lexer_.error("#:" + shown_in_message(ns.as_name().name) + " must be followed by a map",
                          form.token.at);
    }
    form = {.token = brace, .ns = ns.as_name().name};
    return ok();
  }

  EdnLexer lexer_;
  EdnLimits limits_;
  std::vector<OpenForm> open_;
  EdnToken outermost_{};  // the first token of the form that is being read
};

Status check_size(std::string_view text, const EdnLimits& limits) {
  if (text.size() <= limits.bytes_max) return ok();
  return Error(ErrorCode::kUsage,
               "EDN: text of more than " + std::to_string(limits.bytes_max) + " bytes");
}

}  // namespace

Result<Value> read_edn(std::string_view text, const EdnLimits& limits) {
  KSV_CHECK(check_size(text, limits));
  EdnReader reader(text, 0, limits);
  Result<std::optional<Value>> value = reader.read_next();
  if (!value) return std::move(value).error().with_context("EDN");
  if (!value->has_value()) {
    return Error(ErrorCode::kUsage,
                 text.empty() ? "EDN: empty text, expected a value" : "EDN: no value in the text");
  }
  Status end = reader.expect_end();
  if (!end) return std::move(end).error().with_context("EDN");
  return **std::move(value);
}

EdnStream::EdnStream(std::string_view text, const EdnLimits& limits)
    : text_(text), limits_(limits) {}

Result<std::optional<Value>> EdnStream::next() {
  KSV_CHECK(check_size(text_, limits_));
  EdnReader reader(text_, at_, limits_);
  Result<std::optional<Value>> value = reader.read_next();
  if (!value) {
    at_ = text_.size();  // so that a caller who goes on comes to an end
    return std::move(value).error().with_context("EDN");
  }
  at_ = reader.position();
  return value;
}

std::size_t EdnStream::position() const { return at_; }

}  // namespace ksv
