// The table of the language: every function with its arity, its help and an example, and the same
// for the special forms. The manual page and its tests are made from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ksv/result.h"

#include "expr/machine.h"

namespace ksv::expr {

inline constexpr std::uint32_t kAnyArity = 0xffffffffU;

using BuiltinCode = Result<Value> (*)(Machine& machine, Arguments arguments);

struct BuiltinInfo {
  std::string_view name;  // as it is written: "inc", "str/join"
  std::uint32_t arity_min;
  std::uint32_t arity_max;  // kAnyArity: no maximum
  BuiltinCode code;
  std::string_view summary;
  std::string_view example;  // "(f args) => result"; empty for what only expansions use
};

struct SpecialFormInfo {
  std::string_view name;
  std::string_view shape;  // "(if test then else?)"
  std::string_view summary;
  std::string_view example;  // "(fn [x] ...) args => result" is not needed: an expression => result
};

// A family of functions: one file, one section of the manual.
struct BuiltinFamily {
  std::string_view title;
  std::span<const BuiltinInfo> functions;
};

std::span<const BuiltinFamily> builtin_families();
std::span<const SpecialFormInfo> special_forms();

// "1", "1 or 2", "2 or more".
std::string arity_text(const BuiltinInfo& info);

// The function of that name, written with any of its prefixes (str/join, string/join,
// clojure.string/join, clojure.core/inc), or null.
const BuiltinInfo* find_builtin(const Name& name);
// A function that expansions rely on; it must exist.
const BuiltinInfo& builtin(std::string_view name);

// The division of (/ 1.0 x), where Clojure knows a double: by zero it is infinite.
const BuiltinInfo& primitive_division();

// Whether the language has that special form or macro.
bool is_special_form(std::string_view name);

// Why a name of Clojure is not in the language, and what to use: "`rand` ...", or empty when the
// name is none that this language leaves out.
std::string_view left_out(const Name& name);
// The name of the language that is closest to a mistyped one, or empty.
std::string closest_name(const Name& name);

// The families, each from its own file.
std::span<const BuiltinInfo> arithmetic_builtins();
std::span<const BuiltinInfo> number_builtins();
std::span<const BuiltinInfo> bit_builtins();
std::span<const BuiltinInfo> compare_builtins();
std::span<const BuiltinInfo> predicate_builtins();
std::span<const BuiltinInfo> collection_builtins();
std::span<const BuiltinInfo> map_builtins();
std::span<const BuiltinInfo> set_builtins();
std::span<const BuiltinInfo> relation_builtins();
std::span<const BuiltinInfo> sequence_builtins();
std::span<const BuiltinInfo> transform_builtins();
std::span<const BuiltinInfo> slice_builtins();
std::span<const BuiltinInfo> group_builtins();
std::span<const BuiltinInfo> reduce_builtins();
std::span<const BuiltinInfo> function_builtins();
std::span<const BuiltinInfo> text_builtins();
std::span<const BuiltinInfo> string_builtins();
std::span<const BuiltinInfo> name_builtins();
std::span<const BuiltinInfo> parse_builtins();
std::span<const BuiltinInfo> regex_builtins();
std::span<const BuiltinInfo> expansion_builtins();

}  // namespace ksv::expr
