// Reads the golden rows of update functions.
#include "golden/function_rows.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

#include "codec/edn.h"

namespace ksv::testing {
namespace {

namespace fs = std::filesystem;

Values read_all(const std::string& text, const std::string& place) {
  Values values;
  EdnStream stream(text);
  for (;;) {
    Result<std::optional<Value>> value = stream.next();
    REQUIRE_MESSAGE(value.has_value(), place);
    if (!*value) return values;
    values.push_back(**std::move(value));
  }
}

FunctionRow row_of(const std::vector<std::string>& lines, const std::string& place) {
  REQUIRE_MESSAGE((lines.size() == 3 || lines.size() == 4), place);
  FunctionRow row{.place = place, .expression = lines[0]};
  if (lines[1] == "%absent") {
    row.arguments.emplace_back();
  } else {
    row.arguments = read_all(lines[1], place);
  }
  REQUIRE_MESSAGE(row.arguments.size() == 1, place);
  if (lines.size() == 4) {
    const Values more = read_all(lines[2], place);
    row.arguments.insert(row.arguments.end(), more.begin(), more.end());
  }
  const std::string& last = lines.back();
  using Outcome = FunctionRow::Outcome;
  if (last.starts_with("=> ")) {
    row.expected = last.substr(3);
  } else if (last.starts_with("%refused ")) {
    row.outcome = Outcome::kRefused;
    row.expected = last.substr(9);
  } else if (last == "%error compile") {
    row.outcome = Outcome::kCompileError;
  } else if (last == "%error call") {
    row.outcome = Outcome::kCallError;
  } else {
    REQUIRE_MESSAGE(last == "%error", place);
    row.outcome = Outcome::kError;
  }
  return row;
}

void read_file(const fs::path& path, std::vector<FunctionRow>& rows) {
  std::ifstream file(path);
  REQUIRE(file.is_open());
  std::vector<std::string> lines;
  std::string line;
  std::size_t number = 0;
  const auto finish = [&] {
    const std::string place =
        path.filename().string() + ":" + std::to_string(number - lines.size());
    if (!lines.empty()) rows.push_back(row_of(lines, place));
    lines.clear();
  };
  while (std::getline(file, line)) {
    ++number;
    if (line.starts_with(";;")) continue;
    if (line.empty()) {
      finish();
    } else {
      lines.push_back(line);
    }
  }
  ++number;
  finish();
}

}  // namespace

std::vector<FunctionRow> read_function_rows() {
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(KSV_GOLDEN_DIR "/functions")) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<FunctionRow> rows;
  for (const fs::path& path : paths) read_file(path, rows);
  return rows;
}

}  // namespace ksv::testing
