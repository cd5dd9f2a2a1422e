// Tokens, as EDN has them and as code has them.
#include "codec/edn_lexer.h"

#include <doctest/doctest.h>
#include <string>

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

// The tokens of a text with bars between them, or the error.
std::string tokens_of(std::string_view text, EdnDialect dialect) {
  EdnLexer lexer(text, dialect);
  std::string tokens;
  for (;;) {
    const Result<EdnToken> token = lexer.next();
    if (!token) return tokens + "error: " + token.error().message();
    if (token->kind == EdnTokenKind::kEnd) return tokens;
    tokens += std::string(token->text) + "|";
  }
}

TEST_CASE("code takes apart what EDN keeps in names or refuses") {
  CHECK(tokens_of("'(a 'b)", EdnDialect::kEdn) == "'|(|a|'b|)|");
  CHECK(tokens_of("'(a 'b)", EdnDialect::kCode) == "'|(|a|'|b|)|");
  CHECK(tokens_of("@a ~b `c", EdnDialect::kCode) == "@|a|~|b|`|c|");
  CHECK(tokens_of("@a", EdnDialect::kEdn) == "error: unexpected @ at 1:1");
  CHECK(tokens_of("#(+ % %2 %&)", EdnDialect::kCode) == "#(|+|%|%2|%&|)|");
  CHECK(tokens_of("#(+ %)", EdnDialect::kEdn) == "error: #( is not EDN at 1:1");
  CHECK(tokens_of("#'a", EdnDialect::kCode) == "#'|a|");
}

TEST_CASE("a quote ends a number but not a name") {
  CHECK(tokens_of("a'b 1'b", EdnDialect::kCode) == "a'b|1|'|b|");
  CHECK(tokens_of("1'b", EdnDialect::kEdn) == "1'b|");
}

TEST_CASE("a regular expression is one token, whose backslashes stay") {
  EdnLexer lexer(R"(#"a\"\d" x)", EdnDialect::kCode);
  const Result<EdnToken> token = lexer.next();
  REQUIRE_OK(token);
  CHECK(token->kind == EdnTokenKind::kRegex);
  const Result<Value> value = lexer.parse_atom(*token);
  REQUIRE_OK(value);
  CHECK(*value == Value::regex(R"(a\"\d)"));
}

TEST_CASE("a line that begins with #! is a comment in code") {
  CHECK(tokens_of("#!/usr/bin/ksv\ninc", EdnDialect::kCode) == "inc|");
}

TEST_CASE("tokens know their place") {
  const std::string_view text = "é\n  :a";
  EdnLexer lexer(text);
  REQUIRE_OK(lexer.next());
  const Result<EdnToken> token = lexer.next();
  REQUIRE_OK(token);
  const TextPlace place = place_in(text, token->at);
  CHECK(place.line == 2);
  CHECK(place.column == 3);
  CHECK(lexer.position() == text.size());
}

TEST_CASE("names split at their first slash") {
  CHECK(split_name("a/b/c") == Name("a", "b/c"));
  CHECK(split_name("/") == Name("/"));
  CHECK(split_name("a//") == Name("a", "/"));
  CHECK(split_name("a") == Name("a"));
}

}  // namespace
}  // namespace ksv
