// Reads the text of an expression into forms, as Clojure's own reader does.
#include "expr/form_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string>

#include "ksv/limits.h"

#include "codec/edn.h"
#include "codec/edn_lexer.h"
#include "expr/syntax_quote.h"

namespace ksv::expr {
namespace {

// Far beyond what anyone types; places are counted in 32 bits.
constexpr std::size_t kTextBytesMax = std::size_t{1} << 17;

// Clojure allows %1 to %20.
constexpr std::uint32_t kArgumentMax = 20;

class FormReader {
 public:
  explicit FormReader(std::string_view text) : text_(text), lexer_(text, EdnDialect::kCode) {}

  Result<std::optional<Form>> read_top() {
    for (;;) {
      const EdnToken token = KSV_TRY(lexer_.next());
      if (token.kind == EdnTokenKind::kEnd) return std::optional<Form>();
      if (token.kind == EdnTokenKind::kDiscard) {
        KSV_CHECK(read_required("#_"));
        continue;
      }
      Form form = KSV_TRY(read_from(token));
      return std::optional<Form>(std::move(form));
    }
  }

 private:
  // The form that must follow `after`.
  Result<Form> read_required(std::string_view after) {
    for (;;) {
      const EdnToken token = KSV_TRY(lexer_.next());
      if (token.kind == EdnTokenKind::kEnd) {
        return lexer_.error(fmt::format("the text ends where a form should follow {}", after),
                            token.at);
      }
      if (token.kind == EdnTokenKind::kDiscard) {
        KSV_CHECK(read_required("#_"));
        continue;
      }
      return read_from(token);
    }
  }

  Result<Form> read_from(const EdnToken& token) {
    if (depth_ >= limits::kDepthMax) return lexer_.error("too deeply nested", token.at);
    ++depth_;
    Result<Form> form = read_nested(token);
    --depth_;
    return form;
  }

  Result<Form> read_nested(const EdnToken& token) {
    const auto at = static_cast<std::uint32_t>(token.at);
    switch (token.kind) {
      case EdnTokenKind::kOpenList:
        return read_items(FormKind::kList, EdnTokenKind::kCloseList, token);
      case EdnTokenKind::kOpenVector:
        return read_items(FormKind::kVector, EdnTokenKind::kCloseVector, token);
      case EdnTokenKind::kOpenMap: return read_map(token);
      case EdnTokenKind::kOpenSet: return read_set(token);
      case EdnTokenKind::kOpenFunction: return read_short_function(token);
      case EdnTokenKind::kQuote: return read_wrapped("quote", "'", at);
      case EdnTokenKind::kVar: return read_wrapped("var", "#'", at);
      case EdnTokenKind::kDeref: return read_wrapped("clojure.core/deref", "@", at);
      case EdnTokenKind::kUnquote: return read_unquote(at);
      case EdnTokenKind::kSyntaxQuote: return read_syntax_quote(at);
      case EdnTokenKind::kMetadata: return read_metadata(at);
      case EdnTokenKind::kSymbolic:
      case EdnTokenKind::kTag: return read_tagged(token);
      case EdnTokenKind::kNamespaceMap: return read_namespace_map(token);
      case EdnTokenKind::kCloseList:
      case EdnTokenKind::kCloseVector:
      case EdnTokenKind::kCloseMap:
        return lexer_.error(fmt::format("unmatched {}", token.text), token.at);
      default: return read_atom(token);
    }
  }

  Result<Form> read_atom(const EdnToken& token) {
    const auto at = static_cast<std::uint32_t>(token.at);
    if (token.kind == EdnTokenKind::kName && inside_function_ && token.text.starts_with('%')) {
      return read_argument(token);
    }
    if (token.kind == EdnTokenKind::kName && token.text.starts_with("::")) {
      return read_auto_keyword(token);
    }
    Value value = KSV_TRY(lexer_.parse_atom(token));
    if (value.is(Kind::kSymbol)) {
      return Form{.kind = FormKind::kSymbol, .at = at, .value = std::move(value)};
    }
    return Form::constant(std::move(value), at);
  }

  // ::name is of the namespace `user`, where an expression is read.
  Result<Form> read_auto_keyword(const EdnToken& token) {
    const std::string_view name = token.text.substr(2);
    if (name.empty() || name.find('/') != std::string_view::npos || name.starts_with(':')) {
      return lexer_.error(fmt::format("invalid token: {}", token.text), token.at);
    }
    return Form::constant(Value::keyword(Name(std::string("user"), std::string(name))),
                          static_cast<std::uint32_t>(token.at));
  }

  Result<Form> read_argument(const EdnToken& token) {
    const std::string_view rest = token.text.substr(1);
    Form form{.kind = FormKind::kArgument, .at = static_cast<std::uint32_t>(token.at)};
    if (rest == "&") {
      uses_rest_ = true;
      return form;
    }
    form.argument = 1;
    if (!rest.empty()) {
      const bool digits =
          std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (!digits || rest.size() > 2) {
        return lexer_.error("an argument of #() is %, %1 to %20 or %&", token.at);
      }
      form.argument = 0;
      for (const char digit : rest) {
        form.argument = form.argument * 10 + static_cast<std::uint32_t>(digit - '0');
      }
    }
    if (form.argument < 1 || form.argument > kArgumentMax) {
      return lexer_.error("an argument of #() is %, %1 to %20 or %&", token.at);
    }
    arguments_ = std::max(arguments_, form.argument);
    return form;
  }

  Result<Form> read_items(FormKind kind, EdnTokenKind close, const EdnToken& open) {
    Form form = Form::collection(kind, {}, static_cast<std::uint32_t>(open.at));
    for (;;) {
      const EdnToken token = KSV_TRY(lexer_.next());
      if (token.kind == close) return form;
      if (token.kind == EdnTokenKind::kEnd) {
        const TextPlace place = place_in(text_, open.at);
        return lexer_.error(fmt::format("the text ends inside the {} opened at {}:{}", open.text,
                                        place.line, place.column),
                            token.at);
      }
      if (token.kind == EdnTokenKind::kDiscard) {
        KSV_CHECK(read_required("#_"));
        continue;
      }
      Form item = KSV_TRY(read_from(token));
      form.size += item.size;
      form.items.push_back(std::move(item));
    }
  }

  // Clojure compares the key forms as they stand. Keys within keys are walked once for each level,
  // so the walks are counted.
  Status check_distinct(const Form& form, std::size_t stride) {
    constexpr std::size_t kWalkMax = std::size_t{1} << 26;
    Table seen;
    for (std::size_t i = 0; i < form.items.size(); i += stride) {
      walked_ += form.items[i].size;
      if (walked_ > kWalkMax) return lexer_.error("too many keys within keys", form.at);
      const Value key = quoted(form.items[i]);
      if (seen.put(key, Value())) continue;
      return lexer_.error(fmt::format("duplicate key {}", edn_excerpt(key)), form.items[i].at);
    }
    return ok();
  }

  Result<Form> read_map(const EdnToken& token) {
    Form form = KSV_TRY(read_items(FormKind::kMap, EdnTokenKind::kCloseMap, token));
    if (form.items.size() % 2 != 0) {
      return lexer_.error("a map needs an even number of forms", token.at);
    }
    KSV_CHECK(check_distinct(form, 2));
    return form;
  }

  Result<Form> read_set(const EdnToken& token) {
    Form form = KSV_TRY(read_items(FormKind::kSet, EdnTokenKind::kCloseMap, token));
    KSV_CHECK(check_distinct(form, 1));
    return form;
  }

  Result<Form> read_short_function(const EdnToken& token) {
    if (inside_function_) return lexer_.error("#() inside #(): use fn for one of them", token.at);
    inside_function_ = true;
    arguments_ = 0;
    uses_rest_ = false;
    Form form = KSV_TRY(read_items(FormKind::kShortFunction, EdnTokenKind::kCloseList, token));
    inside_function_ = false;
    form.argument = arguments_;
    form.rest = uses_rest_;
    return form;
  }

  Result<Form> read_wrapped(std::string_view name, std::string_view mark, std::uint32_t at) {
    Form form = KSV_TRY(read_required(mark));
    std::vector<Form> items;
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) {
      items.push_back(Form::symbol(name, at));
    } else {
      items.push_back(Form{.kind = FormKind::kSymbol,
                           .at = at,
                           .value = Value::symbol(Name(std::string(name.substr(0, slash)),
                                                       std::string(name.substr(slash + 1))))});
    }
    items.push_back(std::move(form));
    return Form::list(std::move(items), at);
  }

  // ~x and ~@x: the lexer takes the @ as a token of its own.
  Result<Form> read_unquote(std::uint32_t at) {
    const bool splice = lexer_.position() < text_.size() && text_[lexer_.position()] == '@';
    if (splice) KSV_CHECK(lexer_.next());
    return read_wrapped(splice ? "clojure.core/unquote-splicing" : "clojure.core/unquote",
                        splice ? "~@" : "~", at);
  }

  Result<Form> read_syntax_quote(std::uint32_t at) {
    const Form form = KSV_TRY(read_required("`"));
    Result<Form> expanded = expand_syntax_quote(form);
    if (!expanded) return lexer_.error(expanded.error().message(), at);
    return expanded;
  }

  // Metadata says nothing that the language could see.
  Result<Form> read_metadata(std::uint32_t at) {
    const Form meta = KSV_TRY(read_required("^"));
    const bool legal = meta.is_symbol() || meta.is(FormKind::kMap) || meta.is_vector() ||
                       meta.is_constant(Kind::kKeyword) || meta.is_constant(Kind::kString);
    if (!legal) {
      return lexer_.error("metadata must be a symbol, keyword, string, vector or map", at);
    }
    Form form = KSV_TRY(read_required("the metadata"));
    if (form.is(FormKind::kConstant)) {
      return lexer_.error("only symbols and collections have metadata", at);
    }
    return form;
  }

  // Tagged literals mean the same as in data: the data reader reads them again from their text.
  Result<Form> read_tagged(const EdnToken& token) {
    const auto at = static_cast<std::uint32_t>(token.at);
    const Form tag = KSV_TRY(read_required(token.text));
    if (token.kind == EdnTokenKind::kTag) KSV_CHECK(read_required("the tag"));
    Result<Value> value = read_edn(text_.substr(token.at, lexer_.position() - token.at));
    if (!value) {
      return lexer_.error("malformed literal", token.at);
    }
    if (value->is(Kind::kTagged)) {
      return lexer_.error(fmt::format("no reader function for tag {}", edn_excerpt(tag.value)),
                          token.at);
    }
    return Form::constant(*std::move(value), at);
  }

  Result<Form> read_namespace_map(const EdnToken& token) {
    std::string space = "user";
    // The lexer leaves the namespace to the reader: #:ns{...} or #::{...}.
    EdnToken name = KSV_TRY(lexer_.next());
    if (name.kind == EdnTokenKind::kName) {
      space = std::string(name.text.starts_with(':') ? name.text.substr(1) : name.text);
      name = KSV_TRY(lexer_.next());
    }
    if (name.kind != EdnTokenKind::kOpenMap || space.empty() ||
        space.find('/') != std::string::npos) {
      return lexer_.error("a namespaced map is #:namespace{...}", token.at);
    }
    Form form = KSV_TRY(read_map(name));
    for (std::size_t i = 0; i < form.items.size(); i += 2) {
      Value& key = form.items[i].value;
      if (!key.is(Kind::kKeyword) && !key.is(Kind::kSymbol)) continue;
      const Name old = key.as_name();
      if (old.ns && *old.ns != "_") continue;
      Name changed = old.ns ? Name(old.name) : Name(space, old.name);
      key = key.is(Kind::kKeyword) ? Value::keyword(std::move(changed))
                                   : Value::symbol(std::move(changed));
    }
    KSV_CHECK(check_distinct(form, 2));
    return form;
  }

  std::string_view text_;
  EdnLexer lexer_;
  std::uint32_t depth_ = 0;
  bool inside_function_ = false;
  std::uint32_t arguments_ = 0;
  bool uses_rest_ = false;
  std::size_t walked_ = 0;
};

// What read-string cannot give as data.
std::optional<std::string_view> unreadable_part(const Form& form) {
  if (form.is(FormKind::kShortFunction)) return "#()";
  if (form.is(FormKind::kBuiltin)) return "`";
  for (const Form& item : form.items) {
    if (auto found = unreadable_part(item)) return found;
  }
  return std::nullopt;
}

}  // namespace

Value quoted(const Form& form) {
  Values items;
  items.reserve(form.items.size());
  switch (form.kind) {
    case FormKind::kConstant:
    case FormKind::kSymbol: return form.value;
    case FormKind::kMap: {
      Table table;
      for (std::size_t i = 0; i + 1 < form.items.size(); i += 2) {
        table.put(quoted(form.items[i]), quoted(form.items[i + 1]));
      }
      return Value::map(std::move(table));
    }
    case FormKind::kSet:
      for (const Form& item : form.items) items.push_back(quoted(item));
      return Value::set(std::move(items));
    case FormKind::kVector:
      for (const Form& item : form.items) items.push_back(quoted(item));
      return Value::vector(std::move(items));
    case FormKind::kArgument:
      return Value::symbol(
          Name(form.argument == 0 ? std::string("%&") : "%" + std::to_string(form.argument)));
    case FormKind::kBuiltin: return Value::symbol(Name("builtin"));
    case FormKind::kShortFunction:
      items.push_back(Value::symbol(Name("fn*")));
      for (const Form& item : form.items) items.push_back(quoted(item));
      return Value::list(std::move(items));
    case FormKind::kList:
      for (const Form& item : form.items) items.push_back(quoted(item));
      return Value::list(std::move(items));
  }
  return Value();
}

Result<Form> read_form(std::string_view text) {
  if (text.size() > kTextBytesMax) {
    return Error(ErrorCode::kUsage,
                 fmt::format("an expression of {} bytes is too long (at most {})", text.size(),
                             kTextBytesMax));
  }
  std::optional<Form> form = KSV_TRY(FormReader(text).read_top());
  if (!form) return Error(ErrorCode::kUsage, "no expression in the text");
  return *std::move(form);
}

Result<Value> read_first_value(std::string_view text) {
  std::optional<Form> form = KSV_TRY(FormReader(text).read_top());
  if (!form) return Error(ErrorCode::kUsage, "EOF while reading: the text holds no form");
  if (const auto part = unreadable_part(*form)) {
    return Error(ErrorCode::kUsage, fmt::format("{} is code, not data", *part));
  }
  return quoted(*form);
}

Error usage_at(std::string_view text, std::size_t at, std::string_view message) {
  const TextPlace place = place_in(text, at);
  return {ErrorCode::kUsage, fmt::format("{} at {}:{}", message, place.line, place.column)};
}

}  // namespace ksv::expr
