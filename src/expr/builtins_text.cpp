// Text: str, subs, pr-str, read-string, names, and parsing of numbers.
#include <algorithm>
#include <limits>

#include "base/utf8.h"
#include "codec/edn.h"
#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/form_reader.h"
#include "expr/format.h"
#include "expr/parsing.h"
#include "expr/print.h"
#include "expr/require.h"

namespace ksv::expr {

Status require_string(const Value& value) {
  if (!value.is(Kind::kString)) return expected("a string", value);
  return ok();
}

namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

Result<Value> str(Machine& machine, Arguments arguments) {
  std::string text;
  for (const Value& argument : arguments) KSV_CHECK(print_plainly(machine, argument, text));
  return joined_text(std::move(text));
}

Result<Value> subs(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  const std::string& text = arguments[0].as_string();
  const bool ascii = is_ascii(text);
  const std::u16string units = ascii ? std::u16string() : to_utf16(text);
  const auto length = static_cast<std::int64_t>(ascii ? text.size() : units.size());
  const std::int64_t from = KSV_TRY(index_of(arguments[1]));
  std::int64_t to = length;
  if (arguments.size() == 3) to = KSV_TRY(index_of(arguments[2]));
  if (from < 0 || to < from || to > length) {
    return failure("the range from " + std::to_string(from) + " to " + std::to_string(to) +
                   " is not within a string of length " + std::to_string(length));
  }
  if (!machine.take(text.size() * 3)) return machine.out_of_memory();
  const auto at = static_cast<std::size_t>(from);
  const auto count = static_cast<std::size_t>(to - from);
  if (ascii) return Value::string(text.substr(at, count));
  return string_of_units(std::u16string_view(units).substr(at, count));
}

Result<Value> pr_str(Machine& machine, Arguments arguments) {
  std::string text;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) text += ' ';
    KSV_CHECK(print_readably(machine, arguments[i], text));
  }
  return joined_text(std::move(text));
}

Result<Value> read_string(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  const std::string& text = arguments[0].as_string();
  if (!machine.spend(text.size() / 8)) return machine.out_of_steps();
  if (!machine.take(text.size() * 16)) return machine.out_of_memory();
  Result<Value> value = read_first_value(text);
  if (!value) return failure(value.error().message() + " of the text");
  return value;
}

Result<Value> formatted(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  std::string text = KSV_TRY(java_format(machine, arguments[0].as_string(), arguments.subspan(1)));
  return joined_text(std::move(text));
}

bool is_named(const Value& value) { return value.is(Kind::kKeyword) || value.is(Kind::kSymbol); }

Result<Value> name(Machine&, Arguments arguments) {
  if (arguments[0].is(Kind::kString)) return std::move(arguments[0]);
  if (!is_named(arguments[0])) return expected("a keyword, symbol or string", arguments[0]);
  return Value::string(arguments[0].as_name().name);
}

Result<Value> namespace_of(Machine&, Arguments arguments) {
  if (!is_named(arguments[0])) return expected("a keyword or symbol", arguments[0]);
  const Name& full = arguments[0].as_name();
  return full.ns ? Value::string(*full.ns) : Value();
}

// "ns/name" as Symbol.intern takes it apart: at the first slash, unless it is all there is.
Name split_name(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || text == "/") return Name(text);
  return Name(text.substr(0, slash), text.substr(slash + 1));
}

// The two strings of (keyword ns name), of which the first may be nil.
Result<Name> name_of_two(Arguments arguments) {
  if (!arguments[0].is_nil()) KSV_CHECK(require_string(arguments[0]));
  KSV_CHECK(require_string(arguments[1]));
  std::optional<std::string> space;
  if (!arguments[0].is_nil()) space = arguments[0].as_string();
  return Name(std::move(space), arguments[1].as_string());
}

Result<Value> keyword(Machine&, Arguments arguments) {
  if (arguments.size() == 2) {
    Name full = KSV_TRY(name_of_two(arguments));
    return Value::keyword(std::move(full));
  }
  switch (arguments[0].kind()) {
    case Kind::kKeyword: return std::move(arguments[0]);
    case Kind::kSymbol: return Value::keyword(arguments[0].as_name());
    case Kind::kString: return Value::keyword(split_name(arguments[0].as_string()));
    default: return Value();
  }
}

Result<Value> symbol(Machine&, Arguments arguments) {
  if (arguments.size() == 2) {
    Name full = KSV_TRY(name_of_two(arguments));
    return Value::symbol(std::move(full));
  }
  switch (arguments[0].kind()) {
    case Kind::kSymbol: return std::move(arguments[0]);
    case Kind::kKeyword: return Value::symbol(arguments[0].as_name());
    case Kind::kString: return Value::symbol(split_name(arguments[0].as_string()));
    default: return expected("a string, keyword or symbol", arguments[0]);
  }
}

template <std::optional<Value> (*Parse)(std::string_view)>
Result<Value> parse(Machine&, Arguments arguments) {
  KSV_CHECK(require_string(arguments[0]));
  const std::optional<Value> found = Parse(arguments[0].as_string());
  return found ? *found : Value();
}

constexpr BuiltinInfo kText[] = {
    {"str", 0, kAnyArity, str, "the text of all arguments, joined",
     "(str \"a\" 1 nil :b) => \"a1:b\""},
    {"subs", 2, 3, subs, "the part of a string from an index up to another",
     "(subs \"hello\" 1 3) => \"el\""},
    {"format", 1, kAnyArity, formatted, "text after a pattern of Java's Formatter",
     "(format \"%05.1f|%s\" 3.14159 :a) => \"003.1|:a\""},
    {"pr-str", 0, kAnyArity, pr_str, "the arguments as EDN text",
     "(pr-str [1 \"a\"]) => \"[1 \\\"a\\\"]\""},
    {"read-string", 1, 1, read_string, "the first value that the text holds",
     "(read-string \"[1 2]\") => [1 2]"},
    {"parse-long", 1, 1, parse<parse_long>, "the integer that the text is, or nil",
     "(parse-long \"42\") => 42"},
    {"parse-double", 1, 1, parse<parse_double>, "the double that the text is, or nil",
     "(parse-double \"1e3\") => 1000.0"},
    {"parse-boolean", 1, 1, parse<parse_boolean>, "true or false, or nil for other text",
     "(parse-boolean \"true\") => true"},
    {"parse-uuid", 1, 1, parse<parse_uuid>, "the uuid that the text is, or nil",
     "(parse-uuid \"x\") => nil"},
};

constexpr BuiltinInfo kNames[] = {
    {"name", 1, 1, name, "the name of a keyword or symbol, without its namespace",
     "(name :a/b) => \"b\""},
    {"namespace", 1, 1, namespace_of, "the namespace of a keyword or symbol, or nil",
     "(namespace :a/b) => \"a\""},
    {"keyword", 1, 2, keyword, "a keyword of that name", "(keyword \"a\" \"b\") => :a/b"},
    {"symbol", 1, 2, symbol, "a symbol of that name", "(symbol \"a\") => a"},
};

}  // namespace

std::span<const BuiltinInfo> text_builtins() { return kText; }
std::span<const BuiltinInfo> name_builtins() { return kNames; }

}  // namespace ksv::expr
