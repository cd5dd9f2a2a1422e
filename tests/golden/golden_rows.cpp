// Golden texts, line by line.
#include "golden/golden_rows.h"

#include <charconv>
#include <doctest/doctest.h>
#include <fstream>

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv::testing {
namespace {

std::size_t number_at(std::string_view text, std::size_t at) {
  std::size_t number = 0;
  const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), number);
  REQUIRE(parsed.ec == std::errc());
  return number;
}

// The index of the quote that ends the string which starts at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at;
}

}  // namespace

std::vector<GoldenFields> read_golden_rows(const std::string& path, std::size_t width) {
  std::ifstream file(std::string(KSV_GOLDEN_DIR "/") + path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path);
  std::vector<GoldenFields> rows;
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line.starts_with("# ")) continue;
    GoldenFields fields;
    std::size_t start = 0;
    for (std::size_t tab = line.find('\t'); tab != std::string::npos;
         tab = line.find('\t', start)) {
      fields.push_back(line.substr(start, tab - start));
      start = tab + 1;
    }
    fields.push_back(line.substr(start));
    REQUIRE_MESSAGE(fields.size() == width, path, ": ", line);
    rows.push_back(std::move(fields));
  }
  REQUIRE_FALSE(rows.empty());
  return rows;
}

Value golden_value(std::string_view text) {
  constexpr std::string_view kCounting = "#ksv/counting ";
  constexpr std::string_view kRepeat = "#ksv/repeat [";
  if (text.starts_with(kCounting)) {
    Bytes bytes(number_at(text, kCounting.size()));
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return Value::bytes(std::move(bytes));
  }
  std::string expanded;
  std::size_t copied = 0;
  for (std::size_t at = text.find(kRepeat); at != std::string_view::npos;
       at = text.find(kRepeat, copied)) {
    expanded.append(text, copied, at - copied);
    const std::size_t open = at + kRepeat.size();
    const std::size_t close = end_of_string(text, open);
    const std::string_view part = text.substr(open + 1, close - open - 1);
    expanded += '"';
    for (std::size_t i = number_at(text, close + 2); i > 0; --i) expanded += part;
    expanded += '"';
    copied = text.find(']', close) + 1;
  }
  expanded.append(text, copied);
  Result<Value> value = read_edn(expanded);
  REQUIRE_OK(value);
  return *std::move(value);
}

}  // namespace ksv::testing
