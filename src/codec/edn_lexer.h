// Splits EDN text, and the code forms that extend it, into tokens with their places, and gives the
// atoms among them their values. The rules are those of Clojure 1.11's two readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// kEdn: what clojure.edn reads. kCode: also what stands in front of code forms, as Clojure's own
// reader takes them apart: ' ` ~ @ #( #" #' and % (which comes as a kName token: "%", "%1", "%&").
enum class EdnDialect { kEdn, kCode };

enum class EdnTokenKind : std::uint8_t {
  kEnd,           // of the text
  kOpenList,      // (
  kOpenVector,    // [
  kOpenMap,       // {
  kOpenSet,       // #{
  kCloseList,     // )
  kCloseVector,   // ]
  kCloseMap,      // }
  kNumber,        // an atom
  kName,          // an atom: nil, true, false, a symbol or a keyword
  kChar,          // an atom: \a
  kString,        // an atom: "text"
  kRegex,         // an atom: #"regex" (kCode)
  kMetadata,      // ^ or #^: two forms follow
  kDiscard,       // #_: one form follows
  kSymbolic,      // ##: the symbol Inf, -Inf or NaN follows
  kNamespaceMap,  // #: of #:ns{...}: a symbol, then a map follow
  kTag,           // the # before a tag's symbol: that symbol, then a form follow
  kOpenFunction,  // #( (kCode)
  kQuote,         // ' (kCode)
  kSyntaxQuote,   // ` (kCode)
  kUnquote,       // ~ (kCode)
  kDeref,         // @ (kCode)
  kVar,           // #' (kCode)
};

struct EdnToken {
  EdnTokenKind kind = EdnTokenKind::kEnd;
  std::size_t at = 0;       // byte offset of its first character
  std::string_view text{};  // as it stands, with quotes and backslashes

  bool is_atom() const { return kind >= EdnTokenKind::kNumber && kind <= EdnTokenKind::kRegex; }
};

// Line and column, from 1; columns count characters.
struct TextPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};
TextPlace place_in(std::string_view text, std::size_t at);

// Namespace and name of "ns/name", split at the first slash as Clojure's `keyword` and `symbol` do.
Name split_name(std::string_view text);

// A walk over a text, which must outlive it and its tokens. Errors are kUsage and end in
// "at line:column"; the caller puts "EDN: " or the like before them.
class EdnLexer {
 public:
  explicit EdnLexer(std::string_view text, EdnDialect dialect = EdnDialect::kEdn,
                    std::size_t at = 0)
      : text_(text), at_(at), dialect_(dialect) {}

  // The next token, after white space, commas and comments.
  Result<EdnToken> next();
  // The value of an atom.
  Result<Value> parse_atom(const EdnToken& token) const;

  // Byte offset after the last token.
  std::size_t position() const { return at_; }
  std::string_view text() const { return text_; }
  // "what at line:column".
  Error error(std::string_view what, std::size_t at) const;

 private:
  Status skip_blank();
  Result<EdnToken> scan_dispatch();
  Result<EdnToken> scan_quoted(EdnTokenKind kind, std::size_t start, std::size_t open_quote);
  Result<EdnToken> scan_number();
  Result<EdnToken> scan_word(EdnTokenKind kind);
  bool number_starts_here() const;
  EdnToken token(EdnTokenKind kind, std::size_t length);

  std::string_view text_;
  std::size_t at_;
  EdnDialect dialect_;
};

}  // namespace ksv
