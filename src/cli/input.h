// Reading what the user gives: files, standard input, keys, values, numbers, durations.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/backend.h"
#include "ksv/bytes.h"
#include "ksv/env.h"
#include "ksv/value.h"

namespace ksv::cli {

// kExactJson: numbers keep their digits, keys become keywords, as in items of DynamoDB.
enum class ValueSyntax { kEdn, kJson, kExactJson, kRaw };

// A whole file, or nothing when it is absent. kUsage when it is larger than `bytes_max`.
Result<std::optional<Bytes>> read_file(Env& env, const std::string& path, std::size_t bytes_max);
// All of standard input.
Result<Bytes> read_standard_input(std::size_t bytes_max);

// A source over a file ("-": standard input). kUsage when the file is absent.
Result<ByteSource> open_source(Env& env, const std::string& path);

// A VALUE operand: the text itself, "-" for standard input, "@FILE" for a file's content ("@@..."
// for text that begins with @). `what` names it in errors.
Result<Value> read_value(Env& env, std::string_view operand, ValueSyntax syntax,
                         std::string_view what);

// A KEY operand. kUsage for what cannot be a key.
Result<Value> read_key(std::string_view operand, bool string_keys);
// A PATH operand: a vector whose first item is the key. kUsage for anything else.
struct Path {
  Value key;
  Values inner;  // the way into the key's value
};
Result<Path> read_path(std::string_view operand);

// "500ms", "30s", "5m", "1h" or plain seconds.
Result<std::chrono::milliseconds> read_duration(std::string_view text);
Result<std::uint64_t> read_count(std::string_view text, std::string_view what, std::uint64_t max);

}  // namespace ksv::cli
