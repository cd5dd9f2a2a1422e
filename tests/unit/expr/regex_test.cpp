// Java's patterns through PCRE2: where the two differ.
#include <doctest/doctest.h>

#include "unit/expr/evaluate.h"

namespace ksv::testing {
namespace {

std::string matches(const std::string& pattern, const std::string& text) {
  return value_text("(re-seq #\"" + pattern + "\" \"" + text + "\")");
}

}  // namespace

TEST_CASE("a dot stops at every line end that Java knows") {
  CHECK(matches(".+", R"(a\nb\rc\u0085d\u2028e\u2029f)") == R"(("a" "b" "c" "d" "e" "f"))");
  CHECK(matches("(?s).+", R"(a\nb)") == R"(("a\nb"))");
  CHECK(matches(".+", R"(a\fb)") == R"(("a\fb"))");
}

TEST_CASE("dollar matches before a last line end, never inside one") {
  CHECK(value_text(R"((re-find #"a$" "a\r\n"))") == R"("a")");
  CHECK(value_text(R"((re-find #"a$" "a\n\n"))") == "nil");
  CHECK(value_text(R"((str/replace "a\r\n" #"$" "|"))") == R"("a|\r\n|")");
}

TEST_CASE("classes nest, intersect and are negated as a whole") {
  CHECK(matches("[a-z&&[^aeiou]]+", "hello") == R"(("h" "ll"))");
  CHECK(matches("[a-c[x-z]]+", "abxym") == R"(("abxy"))");
  CHECK(matches("[^a-c[x-z]]+", "abxymn") == R"(("mn"))");
  CHECK(matches("[a-z&&[^m-p]&&[^a]]+", "abmz") == R"(("b" "z"))");
}

TEST_CASE("letters of other scripts are words to a boundary, but not to w") {
  CHECK(value_text(R"((re-find #"\bb" "éb"))") == "nil");
  CHECK(matches(R"(\w+)", "éb") == R"(("b"))");
}

TEST_CASE("case is ignored for ASCII letters only") {
  CHECK(value_text(R"((re-find #"(?i)ABC" "xabc"))") == R"("abc")");
  CHECK(value_text(R"((re-find #"(?i)É" "é"))") == "nil");
}

TEST_CASE("what only PCRE2 knows is refused") {
  for (const char* pattern : {R"(\\K)", "(?|a)", "(?R)", "(?1)", "(*FAIL)", "(?#c)", R"(\\C)",
                              "(?P<n>a)", "(?<n_x>a)", R"(\\g{1})", "[[:foo:]", "(?^i)"}) {
    const std::string made = "(re-pattern \"" + std::string(pattern) + "\")";
    CHECK_MESSAGE(value_text(made).starts_with("error: "), pattern);
  }
}

TEST_CASE("an unpaired surrogate cannot be matched, which is said") {
  CHECK(value_text(R"((re-find #"a" (subs "😀a" 1)))")
            .starts_with("error: re-find: the text cannot be matched"));
}

TEST_CASE("the limits of split are those of Java") {
  CHECK(value_text(R"((str/split "a,b,,c,," #"," 0))") == R"(["a" "b" "" "c"])");
  CHECK(value_text(R"((str/split "a,b,,c,," #"," -1))") == R"(["a" "b" "" "c" "" ""])");
  CHECK(value_text(R"((str/split "a,b,,c,," #"," 3))") == R"(["a" "b" ",c,,"])");
  CHECK(value_text(R"((str/split ",a" #","))") == R"(["" "a"])");
  CHECK(value_text(R"((str/split ",,," #","))") == "[]");
}

TEST_CASE("malformed patterns are refused when the expression is compiled") {
  const Result<Function> function = Function::compile(R"(#(re-find #"a[" %))");
  REQUIRE_FALSE(function.has_value());
  CHECK(function.error().code() == ErrorCode::kUsage);
  CHECK(function.error().message() ==
        "the pattern is malformed: a class needs a closing ] at 1:11");
}

}  // namespace ksv::testing
