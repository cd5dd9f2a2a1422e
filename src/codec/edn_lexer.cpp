// The walk over EDN text: white space, delimiters, dispatch after #, and the extent of each atom.
#include "codec/edn_lexer.h"

#include <optional>
#include <string>

#include "base/utf8.h"
#include "codec/edn_chars.h"

namespace ksv {

namespace {

bool is_code_only_macro(char32_t c) {
  return c == '\'' || c == '`' || c == '~' || c == '@' || c == '%';
}

// Has a reader macro of its own, so it ends a number.
bool is_macro(char32_t c, EdnDialect dialect) {
  switch (c) {
    case '"':
    case ';':
    case '^':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case '\\':
    case '#': return true;
    default: return dialect == EdnDialect::kCode && is_code_only_macro(c);
  }
}

// Ends a symbol or a character, which may hold # ' and %.
bool is_terminating_macro(char32_t c, EdnDialect dialect) {
  return c != '#' && c != '\'' && c != '%' && is_macro(c, dialect);
}

// clojure.edn forbids these in symbols, so that a form with them is not taken for data.
bool is_forbidden_in_edn(char32_t c) { return c == '@' || c == '`' || c == '~'; }

std::optional<EdnTokenKind> delimiter_kind(char c) {
  switch (c) {
    case '(': return EdnTokenKind::kOpenList;
    case ')': return EdnTokenKind::kCloseList;
    case '[': return EdnTokenKind::kOpenVector;
    case ']': return EdnTokenKind::kCloseVector;
    case '{': return EdnTokenKind::kOpenMap;
    case '}': return EdnTokenKind::kCloseMap;
    case '^': return EdnTokenKind::kMetadata;
    default: return std::nullopt;
  }
}

std::optional<EdnTokenKind> code_prefix_kind(char c) {
  switch (c) {
    case '\'': return EdnTokenKind::kQuote;
    case '`': return EdnTokenKind::kSyntaxQuote;
    case '~': return EdnTokenKind::kUnquote;
    case '@': return EdnTokenKind::kDeref;
    default: return std::nullopt;
  }
}

std::optional<EdnTokenKind> dispatch_kind(char c, EdnDialect dialect) {
  switch (c) {
    case '{': return EdnTokenKind::kOpenSet;
    case '_': return EdnTokenKind::kDiscard;
    case '^': return EdnTokenKind::kMetadata;
    case '#': return EdnTokenKind::kSymbolic;
    case ':': return EdnTokenKind::kNamespaceMap;
    default: break;
  }
  if (dialect != EdnDialect::kCode) return std::nullopt;
  if (c == '(') return EdnTokenKind::kOpenFunction;
  if (c == '\'') return EdnTokenKind::kVar;
  return std::nullopt;
}

}  // namespace

TextPlace place_in(std::string_view text, std::size_t at) {
  TextPlace place;
  for (std::size_t i = 0; i < at && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

Error EdnLexer::error(std::string_view what, std::size_t at) const {
  const TextPlace place = place_in(text_, at);
  return Error(ErrorCode::kUsage, std::string(what) + " at " + std::to_string(place.line) + ":" +
                                      std::to_string(place.column));
}

EdnToken EdnLexer::token(EdnTokenKind kind, std::size_t length) {
  const EdnToken token{.kind = kind, .at = at_, .text = text_.substr(at_, length)};
  at_ += length;
  return token;
}

Status EdnLexer::skip_blank() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const bool shebang = dialect_ == EdnDialect::kCode && text_.substr(at_, 2) == "#!";
    if (c == ';' || shebang) {
      while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
      continue;
    }
    std::size_t after = at_;
    const std::optional<char32_t> code_point = next_code_point(text_, after);
    if (!code_point) return error("bytes that are not UTF-8", at_);
    if (!is_edn_space(*code_point)) break;
    at_ = after;
  }
  return ok();
}

bool EdnLexer::number_starts_here() const {
  std::size_t after = at_;
  std::optional<char32_t> code_point = next_code_point(text_, after);
  if (code_point && (*code_point == '+' || *code_point == '-')) {
    if (after == text_.size()) return false;
    code_point = next_code_point(text_, after);
  }
  return code_point && is_java_digit(*code_point);
}

Result<EdnToken> EdnLexer::next() {
  KSV_CHECK(skip_blank());
  if (at_ == text_.size()) return token(EdnTokenKind::kEnd, 0);
  const char c = text_[at_];
  if (const auto kind = delimiter_kind(c)) return token(*kind, 1);
  if (c == '"') return scan_quoted(EdnTokenKind::kString, at_, at_);
  if (c == '\\') return scan_word(EdnTokenKind::kChar);
  if (c == '#') return scan_dispatch();
  if (dialect_ == EdnDialect::kCode) {
    if (const auto kind = code_prefix_kind(c)) return token(*kind, 1);
  }
  if (number_starts_here()) return scan_number();
  return scan_word(EdnTokenKind::kName);
}

Result<EdnToken> EdnLexer::scan_dispatch() {
  if (at_ + 1 == text_.size()) return error("unexpected end of text after #", at_ + 1);
  const char c = text_[at_ + 1];
  if (const auto kind = dispatch_kind(c, dialect_)) return token(*kind, 2);
  if (c == '"' && dialect_ == EdnDialect::kCode) {
    return scan_quoted(EdnTokenKind::kRegex, at_, at_ + 1);
  }
  std::size_t after = at_ + 1;
  const std::optional<char32_t> code_point = next_code_point(text_, after);
  if (!code_point) return error("bytes that are not UTF-8", at_ + 1);
  if (may_begin_tag(*code_point)) return token(EdnTokenKind::kTag, 1);
  if (*code_point == '<') return error("unreadable form #<", at_);
  return error(shown_in_message(text_.substr(at_, after - at_)) + " is not EDN", at_);
}

Result<EdnToken> EdnLexer::scan_quoted(EdnTokenKind kind, std::size_t start,
                                       std::size_t open_quote) {
  std::size_t at = open_quote + 1;
  bool escaped = false;
  while (at < text_.size()) {
    const char c = text_[at];
    if (c == '"' && !escaped) {
      at_ = start;
      return token(kind, at + 1 - start);
    }
    escaped = c == '\\' && !escaped;
    const std::size_t here = at;
    if (!next_code_point(text_, at)) return error("bytes that are not UTF-8", here);
  }
  return error(kind == EdnTokenKind::kRegex ? "unclosed regular expression, begun"
                                            : "unclosed string, begun",
               start);
}

Result<EdnToken> EdnLexer::scan_number() {
  std::size_t at = at_;
  while (at < text_.size()) {
    std::size_t after = at;
    const std::optional<char32_t> code_point = next_code_point(text_, after);
    if (!code_point) return error("bytes that are not UTF-8", at);
    if (is_edn_space(*code_point) || is_macro(*code_point, dialect_)) break;
    at = after;
  }
  return token(EdnTokenKind::kNumber, at - at_);
}

// A symbol, a keyword, or \ and a character: the first character after the backslash may be any.
Result<EdnToken> EdnLexer::scan_word(EdnTokenKind kind) {
  const bool character = kind == EdnTokenKind::kChar;
  std::size_t at = character ? at_ + 1 : at_;
  if (at == text_.size()) return error("unexpected end of text after \\", at);
  for (bool first = true; at < text_.size(); first = false) {
    std::size_t after = at;
    const std::optional<char32_t> code_point = next_code_point(text_, after);
    if (!code_point) return error("bytes that are not UTF-8", at);
    if (!first && (is_edn_space(*code_point) || is_terminating_macro(*code_point, dialect_))) {
      break;
    }
    if (dialect_ == EdnDialect::kEdn && is_forbidden_in_edn(*code_point) && !(character && first)) {
      return error("unexpected " + shown_in_message(text_.substr(at, after - at)), at);
    }
    at = after;
  }
  return token(kind, at - at_);
}

}  // namespace ksv
