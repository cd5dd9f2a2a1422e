// Printing errors.
#include "cli/report.h"

#include <cstdio>
#include <string>

#include "cli/exit_status.h"

#include "ksv/limits.h"

#include "base/utf8.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

// One line, whatever is in it: control characters of keys and server texts become escapes.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      line += c;
    } else {
      constexpr char kDigits[] = "0123456789abcdef";
      line += "\\x";
      line += kDigits[byte >> 4];
      line += kDigits[byte & 15];
    }
  }
  return line;
}

// "message. Hint." with exactly one period each.
std::string sentence_of(const Error& error) {
  std::string text = error.message();
  if (error.hint().empty()) return text;
  if (!text.ends_with('.')) text += '.';
  text += " " + error.hint();
  if (!text.ends_with('.') && !text.ends_with('?') && !text.ends_with('!')) text += '.';
  return text;
}

bool names_key(const CommandSpec& command) {
  return !command.operands.empty() &&
         (command.operands[0].name == "KEY" || command.operands[0].name == "PATH");
}

std::string key_text(const CommandSpec& command, const Arguments& arguments) {
  if (!names_key(command) || arguments.operands.empty()) return "";
  const std::string& key = arguments.operands[0];
  return key.size() <= limits::kExcerptChars ? key : key.substr(0, limits::kExcerptChars) + "...";
}

std::string_view code_word(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage: return "usage";
    case ErrorCode::kContention: return "conflict";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kDeadline: return "deadline";
    case ErrorCode::kDenied: return "denied";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kState: return "state";
    case ErrorCode::kFunction: return "function";
    case ErrorCode::kUnsafe: return "unsafe";
    case ErrorCode::kPartial: return "partial";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kInternal: return "internal";
  }
  return "internal";
}

Value error_map(const Error& error, const std::string& message, const std::string& store,
                const std::string& key, std::uint64_t writes) {
  Value map = Value::map();
  const auto put = [&](const char* name, std::string_view text) {
    map.put(Value::keyword(name), Value::string(std::string(text)));
  };
  put("error", code_word(error.code()));
  put("outcome", outcome_of(error));
  map.put(Value::keyword("exit"), Value::integer(exit_status_of(error)));
  put("message", message);
  if (!error.hint().empty()) put("hint", error.hint());
  if (!store.empty()) put("store", store);
  if (!key.empty()) put("key", key);
  if (writes > 0) {
    map.put(Value::keyword("attempts"), Value::integer(static_cast<std::int64_t>(writes)));
    put("resolved-by", error.effect() == Effect::kUnknown ? "nothing" : "answer");
  }
  for (const ErrorDetail& detail : error.details()) {
    map.put(Value::keyword(detail.name),
            detail.number ? Value::integer(*detail.number) : Value::string(detail.text));
  }
  return map;
}

void print_line(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

}  // namespace

void report_key_failure(const Error& error, const Value& key, const Arguments& arguments) {
  const std::string* format = arguments.find("format");
  const bool as_json = arguments.has("json") || (format != nullptr && *format == "json");
  const bool as_edn = !as_json && format != nullptr && *format == "edn";
  if (!as_json && !as_edn) {
    return print_line("ksv: " + one_line(edn_excerpt(key) + ": " + sentence_of(error)));
  }
  Value map = Value::map();
  map.put(Value::keyword("key"), Value::string(print_edn(key)));
  map.put(Value::keyword("error"), Value::string(std::string(code_word(error.code()))));
  map.put(Value::keyword("outcome"), Value::string(std::string(outcome_of(error))));
  map.put(Value::keyword("message"), Value::string(error.message()));
  print_line(as_json ? print_json(map) : print_edn(map));
}

void report_error(const Error& error, const CommandSpec& command, const Arguments& arguments,
                  Session& session) {
  const std::string key = key_text(command, arguments);
  const std::string what = std::string(command.name) + (key.empty() ? "" : " " + key) + ": ";
  const std::string* format = arguments.find("format");
  if (arguments.has("json") || (format != nullptr && *format == "json")) {
    return print_line(print_json(error_map(error, what + error.message(), session.store_text(), key,
                                           session.call().stats.writes)));
  }
  if (format != nullptr && *format == "edn") {
    return print_line(print_edn(error_map(error, what + error.message(), session.store_text(), key,
                                          session.call().stats.writes)));
  }
  print_line("ksv: " + one_line(what + sentence_of(error)));
  for (const ErrorDetail& detail : error.details()) {
    print_line("     the " + detail.name + ": " + one_line(detail.text));
  }
}

void report_interrupted(Answer answer, int signal, const CommandSpec& command,
                        const Arguments& arguments, Session& session) {
  constexpr int kSignalBase = 128;
  const bool applied = answer == Answer::kYes;
  const std::string key = key_text(command, arguments);
  const std::string message = std::string(command.name) + (key.empty() ? "" : " " + key) +
                              ": interrupted by a signal; what was begun was brought to its end: " +
                              (applied ? "it took effect" : "nothing was written");
  const std::string* format = arguments.find("format");
  const bool as_json = arguments.has("json") || (format != nullptr && *format == "json");
  const bool as_edn = !as_json && format != nullptr && *format == "edn";
  if (!as_json && !as_edn) return print_line("ksv: " + one_line(message));
  Value map = Value::map();
  const auto put = [&](const char* name, const std::string& text) {
    if (!text.empty()) map.put(Value::keyword(name), Value::string(text));
  };
  put("error", std::string(code_word(ErrorCode::kCancelled)));
  put("outcome", applied ? "applied" : "not-applied");
  map.put(Value::keyword("exit"), Value::integer(kSignalBase + signal));
  put("message", message);
  put("store", session.store_text());
  put("key", key);
  print_line(as_json ? print_json(map) : print_edn(map));
}

void report_usage(const Error& error) { print_line("ksv: " + one_line(sentence_of(error))); }

}  // namespace ksv::cli
