// Text, letters, formats and parsing beyond what the golden rows show.
#include <doctest/doctest.h>

#include "unit/expr/evaluate.h"

namespace ksv::testing {

TEST_CASE("case changes follow Unicode") {
  CHECK(value_text(R"((str/upper-case "straße ﬁ ŉ"))") == R"("STRASSE FI ʼN")");
  CHECK(value_text(R"((str/lower-case "ΑΣ ΣΑΣ. Σ"))") == R"("ας σας. σ")");
  CHECK(value_text(R"((str/upper-case "ǆ ы ա 𐐨"))") == R"("Ǆ Ы Ա 𐐀")");
  CHECK(value_text(R"((str/lower-case "ÀÉ ЖЯ Ⅻ"))") == R"("àé жя ⅻ")");
}

TEST_CASE("a lazy sequence has the text that Java gives an object") {
  CHECK(value_text("(str (map inc []))") == R"("clojure.lang.LazySeq@1")");
  CHECK(value_text("(str (map identity [1 :a \"b\" nil]))") ==
        R"("clojure.lang.LazySeq@dceb3da7")");
  CHECK(value_text("(str (seq (map inc [1])))") == "\"(2)\"");
}

TEST_CASE("dates are printed by str as java.util.Date does, in UTC") {
  CHECK(value_text(R"((str #inst "2020-01-02T03:04:05.006Z"))") ==
        R"("Thu Jan 02 03:04:05 UTC 2020")");
  CHECK(value_text(R"((str #inst "1969-12-31T23:59:59.999Z"))") ==
        R"("Wed Dec 31 23:59:59 UTC 1969")");
}

TEST_CASE("formats round half up from the shortest digits") {
  CHECK(value_text(R"((format "%.2f %.1f %.0f" 1.005 0.25 2.5))") == R"("1.01 0.3 3")");
  CHECK(value_text(R"((format "%,.2f|%(,.2f|%+.1e" 1234567.891 -1234.5 0.000123))") ==
        R"("1,234,567.89|(1,234.50)|+1.2e-04")");
  CHECK(value_text(R"((format "%g %g %g" 0.0001 1e10 123456.7))") ==
        R"("0.000100000 1.00000e+10 123457")");
}

TEST_CASE("numbers in text are parsed as Java parses them") {
  CHECK(value_text(R"(["+5" (parse-long "+5") (parse-long "٣٤") (parse-long "5 ")])") ==
        R"(["+5" 5 34 nil])");
  CHECK(
      value_text(R"([(parse-double " 1e3 ") (parse-double "0x1.8p1") (parse-double "1e-400")])") ==
      "[1000.0 3.0 0.0]");
  CHECK(value_text(R"((parse-uuid "1-2-3-4-5"))") ==
        "#uuid \"00000001-0002-0003-0004-000000000005\"");
}

TEST_CASE("read-string reads data as Clojure's own reader does") {
  CHECK(value_text(R"([(read-string "#_ 1 [2]") (read-string "'a") (read-string "::k")])") ==
        "[[2] (quote a) :user/k]");
  CHECK(value_text(R"x((read-string "#(inc %)"))x").starts_with("error: read-string: #() is code"));
  CHECK(value_text(R"((read-string "@a"))") == "(clojure.core/deref a)");
}

}  // namespace ksv::testing
