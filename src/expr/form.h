// Forms: an expression as it was read, with the place of each part, before its names mean anything.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "ksv/value.h"

namespace ksv::expr {

struct BuiltinInfo;

enum class FormKind : std::uint8_t {
  kConstant,  // evaluates to `value`
  kSymbol,    // `value` is the symbol
  kList,
  kVector,
  kMap,  // items: key, value, key, value ...
  kSet,
  kShortFunction,  // #(...): items are those of the list; `argument` is the highest %n, `rest` if
                   // %&
  kArgument,       // %, %1, ... of the #() around it: `argument` is the number, 0 for %&
  kBuiltin,        // written by an expansion: `builtin`, whatever its name means where it stands
};

struct Form {
  FormKind kind = FormKind::kConstant;
  bool rest = false;
  std::uint32_t at = 0;  // byte offset in the text
  std::uint32_t argument = 0;
  std::uint32_t size = 1;  // forms in it, itself included
  Value value{};
  std::vector<Form> items{};
  const BuiltinInfo* builtin = nullptr;

  static Form constant(Value value, std::uint32_t at) {
    return {.kind = FormKind::kConstant, .at = at, .value = std::move(value)};
  }
  static Form symbol(std::string_view name, std::uint32_t at) {
    return {.kind = FormKind::kSymbol, .at = at, .value = Value::symbol(Name(std::string(name)))};
  }
  // A name of clojure.core, which no local can hide.
  static Form core(std::string_view name, std::uint32_t at) {
    return {.kind = FormKind::kSymbol,
            .at = at,
            .value = Value::symbol(Name(std::string("clojure.core"), std::string(name)))};
  }
  static Form collection(FormKind kind, std::vector<Form> items, std::uint32_t at) {
    return {.kind = kind, .at = at, .items = std::move(items)};
  }
  static Form list(std::vector<Form> items, std::uint32_t at) {
    return collection(FormKind::kList, std::move(items), at);
  }
  static Form of(const BuiltinInfo* builtin, std::uint32_t at) {
    return {.kind = FormKind::kBuiltin, .at = at, .builtin = builtin};
  }

  bool is(FormKind k) const { return kind == k; }
  bool is_list() const { return kind == FormKind::kList; }
  bool is_vector() const { return kind == FormKind::kVector; }
  bool is_symbol() const { return kind == FormKind::kSymbol; }
  // The symbol without a namespace, or of clojure.core.
  bool is_symbol(std::string_view name) const {
    if (kind != FormKind::kSymbol) return false;
    const Name& symbol = value.as_name();
    return symbol.name == name && (!symbol.ns || *symbol.ns == "clojure.core");
  }
  bool is_keyword(std::string_view name) const {
    return kind == FormKind::kConstant && value.is(Kind::kKeyword) && !value.as_name().ns &&
           value.as_name().name == name;
  }
  bool is_constant(Kind k) const { return kind == FormKind::kConstant && value.is(k); }
};

// What (quote form) gives.
Value quoted(const Form& form);

}  // namespace ksv::expr
