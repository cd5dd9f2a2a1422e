// The reader and the printer against what Clojure made of the same texts (golden/edn/reader.txt).
#include <doctest/doctest.h>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

struct Row {
  std::string text;
  std::string verdict;
  std::string result;
};

// Undoes the form of characters that would not show: "⟨000a⟩" is a line feed.
std::string revealed(const std::string& line) {
  const std::string open = "⟨";
  const std::string close = "⟩";
  std::string text;
  std::size_t at = 0;
  while (at < line.size()) {
    if (line.compare(at, open.size(), open) != 0) {
      text += line[at++];
      continue;
    }
    const std::size_t digits = at + open.size();
    append_utf8(text, static_cast<char32_t>(std::strtoul(line.c_str() + digits, nullptr, 16)));
    at = digits + 4 + close.size();
  }
  return text;
}

std::vector<Row> read_rows() {
  std::ifstream file(std::string(KSV_GOLDEN_DIR) + "/edn/reader.txt");
  std::vector<Row> rows;
  std::string line;
  while (std::getline(file, line) && !line.empty()) {
  }
  while (std::getline(file, line)) {
    const std::string in = "in:";
    REQUIRE(line.compare(0, in.size(), in) == 0);
    Row row;
    row.text = line.size() > 4 ? revealed(line.substr(4)) : "";
    REQUIRE(std::getline(file, line));
    const std::size_t colon = line.find(':');
    REQUIRE(colon != std::string::npos);
    row.verdict = line.substr(0, colon);
    row.result = colon + 2 < line.size() ? revealed(line.substr(colon + 2)) : "";
    rows.push_back(row);
    std::getline(file, line);
  }
  return rows;
}

// Reading is refused in one line that ends in a place, unless no value is there at all.
void check_refused(const Row& row) {
  const Result<Value> value = read_edn(row.text);
  REQUIRE_ERROR(value, ErrorCode::kUsage);
  const std::string& message = value.error().message();
  CAPTURE(message);
  CHECK(message.compare(0, 5, "EDN: ") == 0);
  CHECK(message.find('\n') == std::string::npos);
  if (row.verdict != "none") {
    const std::size_t place = message.rfind(" at ");
    REQUIRE(place != std::string::npos);
    CHECK(message.find_first_not_of("0123456789:", place + 4) == std::string::npos);
  }
}

void check_value(const Row& row) {
  const Result<Value> value = read_edn(row.text);
  REQUIRE_OK(value);
  if (row.verdict == "set") {
    const Result<Value> expected = read_edn(row.result);
    REQUIRE_OK(expected);
    CHECK(*value == *expected);
  } else {
    CHECK(print_edn(*value) == row.result);
  }
  const Result<Value> again = read_edn(print_edn(*value));
  REQUIRE_OK(again);
  CHECK(print_edn(*again) == print_edn(*value));
}

void check_row(const Row& row) {
  CAPTURE(row.text);
  EdnStream stream(row.text);
  const Result<std::optional<Value>> first = stream.next();
  if (row.verdict == "error") {
    CHECK_FALSE(first.has_value());
    check_refused(row);
  } else if (row.verdict == "none") {
    REQUIRE_OK(first);
    CHECK_FALSE(first->has_value());
    check_refused(row);
  } else if (row.verdict == "first") {
    REQUIRE_OK(first);
    REQUIRE(first->has_value());
    CHECK(print_edn(**first) == row.result);
    check_refused(row);
  } else {
    check_value(row);
  }
}

TEST_CASE("EDN texts mean what Clojure reads and print as Clojure prints them") {
  const std::vector<Row> rows = read_rows();
  CHECK(rows.size() == 432);
  for (const Row& row : rows) check_row(row);
}

}  // namespace
}  // namespace ksv
