// The syntax quote ` of Clojure's reader: a form that builds the form under it.
#include "expr/syntax_quote.h"

#include <fmt/format.h>

#include "expr/builtins.h"

namespace ksv::expr {
namespace {

bool is_call_of(const Form& form, std::string_view name) {
  return form.is_list() && form.items.size() == 2 && form.items[0].is_symbol() &&
         form.items[0].value.as_name() == Name(std::string("clojure.core"), std::string(name));
}

// Symbols are written in full: as what they name, else in the namespace `user`.
Result<Form> quoted_symbol(const Form& form) {
  const Name& name = form.value.as_name();
  if (!name.ns && name.name.ends_with('#')) {
    return Error(ErrorCode::kUsage,
                 fmt::format("{} is not part of the language: its name would be another each time",
                             name.text()));
  }
  Name full = name;
  if (name.ns == "str" || name.ns == "string") {
    full.ns = "clojure.string";
  } else if (name.ns == "set") {
    full.ns = "clojure.set";
  } else if (!name.ns && name.name != "&") {
    const bool special =
        name.name == "if" || name.name == "do" || name.name == "quote" || name.name == "recur";
    const bool core =
        is_special_form(name.name) || find_builtin(name) != nullptr || !left_out(name).empty();
    if (!special) full.ns = core ? "clojure.core" : "user";
  }
  return Form::list(
      {Form::symbol("quote", form.at),
       Form{.kind = FormKind::kSymbol, .at = form.at, .value = Value::symbol(std::move(full))}},
      form.at);
}

Result<Form> quoted_items(const Form& form) {
  const std::uint32_t at = form.at;
  Form all = Form::list({Form::of(&builtin("concat"), at)}, at);
  for (const Form& item : form.items) {
    if (is_call_of(item, "unquote-splicing")) {
      all.items.push_back(item.items[1]);
      continue;
    }
    Form part = KSV_TRY(expand_syntax_quote(item));
    all.items.push_back(
        Form::list({Form::of(&builtin("list"), item.at), std::move(part)}, item.at));
  }
  return all;
}

}  // namespace

Result<Form> expand_syntax_quote(const Form& form) {
  const std::uint32_t at = form.at;
  if (is_call_of(form, "unquote")) return form.items[1];
  if (is_call_of(form, "unquote-splicing")) {
    return Error(ErrorCode::kUsage, "~@ must stand inside a collection");
  }
  switch (form.kind) {
    case FormKind::kSymbol: return quoted_symbol(form);
    case FormKind::kConstant:
    case FormKind::kArgument: return form;
    case FormKind::kShortFunction:
    case FormKind::kBuiltin: return Error(ErrorCode::kUsage, "#() cannot stand inside `");
    default: break;
  }
  if (form.is_list() && form.items.empty()) return form;
  Form items = KSV_TRY(quoted_items(form));
  switch (form.kind) {
    case FormKind::kVector: return Form::list({Form::of(&builtin("vec"), at), items}, at);
    case FormKind::kSet: return Form::list({Form::of(&builtin("set"), at), items}, at);
    case FormKind::kMap:
      return Form::list(
          {Form::of(&builtin("apply"), at), Form::of(&builtin("hash-map"), at), items}, at);
    default: return Form::list({Form::of(&builtin("seq"), at), items}, at);
  }
}

}  // namespace ksv::expr
