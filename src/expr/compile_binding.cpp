// Compiles what binds names: let, loop, recur, if-let and their like.
#include <fmt/format.h>
#include <utility>

#include "expr/compiler.h"

namespace ksv::expr {

Status Compiler::check_bindings(const Form& form, const Form& bindings) const {
  if (!bindings.is_vector()) {
    return error(bindings,
                 fmt::format("{} needs a vector of bindings", form.items[0].value.as_name().name));
  }
  if (bindings.items.size() % 2 != 0) {
    return error(bindings, fmt::format("{} needs an even number of forms in its bindings",
                                       form.items[0].value.as_name().name));
  }
  return ok();
}

Result<NodePtr> Compiler::compile_let(const Form& form, Tail tail) {
  if (form.items.size() < 2) return error(form, "let needs a vector of bindings");
  const Form& pairs = form.items[1];
  KSV_CHECK(check_bindings(form, pairs));
  const std::size_t visible = scope_->locals.size();
  std::vector<Binding> bindings;
  for (std::size_t i = 0; i < pairs.items.size(); i += 2) {
    NodePtr value = KSV_TRY(compile(pairs.items[i + 1], Tail::kNo));
    KSV_CHECK(bind_pattern(pairs.items[i], std::move(value), bindings));
  }
  NodePtr body = KSV_TRY(compile_body(form, 2, tail));
  scope_->locals.resize(visible);
  if (bindings.empty()) return body;
  return NodePtr(std::make_unique<LetNode>(std::move(bindings), std::move(body), form.at));
}

Result<NodePtr> Compiler::compile_loop(const Form& form, Tail) {
  if (form.items.size() < 2) return error(form, "loop needs a vector of bindings");
  const Form& pairs = form.items[1];
  KSV_CHECK(check_bindings(form, pairs));
  const std::size_t visible = scope_->locals.size();
  SlotRange inner{.first = scope_->slots};
  std::vector<Binding> bindings;
  std::vector<std::uint32_t> target;
  // The parts of a destructured value are bound anew by each turn, before the body; the later
  // initial values see them too.
  std::vector<Binding> parts;
  for (std::size_t i = 0; i < pairs.items.size(); i += 2) {
    NodePtr value = KSV_TRY(compile(pairs.items[i + 1], Tail::kNo));
    const bool plain = pairs.items[i].is_symbol();
    if (plain) {
      KSV_CHECK(bind_pattern(pairs.items[i], std::move(value), bindings));
      target.push_back(bindings.back().slot);
      continue;
    }
    const std::uint32_t slot = declare(fresh_name());
    target.push_back(slot);
    bindings.push_back({slot, std::move(value)});
    KSV_CHECK(bind_slot(pairs.items[i], slot, bindings));
  }
  // The same patterns again, for the turns: their names hide those of the first binding.
  for (std::size_t i = 0, t = 0; i < pairs.items.size(); i += 2, ++t) {
    if (pairs.items[i].is_symbol()) {
      scope_->locals.push_back({pairs.items[i].value.as_name().name, target[t]});
    } else {
      KSV_CHECK(bind_slot(pairs.items[i], target[t], parts));
    }
  }
  auto outer_target = std::exchange(scope_->recur_target, std::move(target));
  NodePtr body = KSV_TRY(compile_body(form, 2, Tail::kYes));
  scope_->recur_target = std::move(outer_target);
  scope_->locals.resize(visible);
  inner.end = scope_->slots;
  if (!parts.empty()) {
    body = std::make_unique<LetNode>(std::move(parts), std::move(body), form.at);
  }
  return NodePtr(std::make_unique<LoopNode>(std::move(bindings), std::move(body), inner, form.at));
}

Result<NodePtr> Compiler::compile_recur(const Form& form, Tail tail) {
  if (tail == Tail::kNo || !scope_->recur_target) {
    return error(form, "recur is only allowed in tail position");
  }
  const std::vector<std::uint32_t> target = *scope_->recur_target;
  if (form.items.size() - 1 != target.size()) {
    return error(form, fmt::format("recur takes {} argument{} here, got {}", target.size(),
                                   target.size() == 1 ? "" : "s", form.items.size() - 1));
  }
  std::vector<Binding> bindings;
  for (std::size_t i = 0; i < target.size(); ++i) {
    NodePtr value = KSV_TRY(compile(form.items[i + 1], Tail::kNo));
    bindings.push_back({target[i], std::move(value)});
  }
  return NodePtr(std::make_unique<RecurNode>(std::move(bindings), form.at));
}

// (if-let [pattern test] then else) as (let [t test] (if t (let [pattern t] then) else)).
Result<Form> Compiler::conditional_binding(const Form& form, bool some, bool when) {
  KSV_CHECK(check_count(form, when ? 1 : 2, when ? form.items.size() : 3));
  const Form& pair = form.items[1];
  KSV_CHECK(check_bindings(form, pair));
  if (pair.items.size() != 2) {
    return error(pair,
                 fmt::format("{} needs exactly one binding", form.items[0].value.as_name().name));
  }
  const std::uint32_t at = form.at;
  const Form test = Form::symbol(fresh_name(), at);
  Form inner = Form::list(
      {Form::core("let", at), Form::collection(FormKind::kVector, {pair.items[0], test}, at)}, at);
  if (when) {
    inner.items.insert(inner.items.end(), form.items.begin() + 2, form.items.end());
  } else {
    inner.items.push_back(form.items[2]);
  }
  const Form otherwise =
      !when && form.items.size() == 4 ? form.items[3] : Form::constant(Value(), at);
  Form branch = Form::list({Form::symbol("if", at)}, at);
  if (some) {
    branch.items.push_back(Form::list({Form::of(&builtin("nil?"), at), test}, at));
    branch.items.push_back(otherwise);
    branch.items.push_back(inner);
  } else {
    branch.items.push_back(test);
    branch.items.push_back(inner);
    branch.items.push_back(otherwise);
  }
  return Form::list(
      {inner.items[0], Form::collection(FormKind::kVector, {test, pair.items[1]}, at), branch}, at);
}

Result<NodePtr> Compiler::compile_if_let(const Form& form, Tail tail) {
  const Form expanded = KSV_TRY(conditional_binding(form, false, false));
  return compile(expanded, tail);
}

Result<NodePtr> Compiler::compile_when_let(const Form& form, Tail tail) {
  const Form expanded = KSV_TRY(conditional_binding(form, false, true));
  return compile(expanded, tail);
}

Result<NodePtr> Compiler::compile_if_some(const Form& form, Tail tail) {
  const Form expanded = KSV_TRY(conditional_binding(form, true, false));
  return compile(expanded, tail);
}

Result<NodePtr> Compiler::compile_when_some(const Form& form, Tail tail) {
  const Form expanded = KSV_TRY(conditional_binding(form, true, true));
  return compile(expanded, tail);
}

}  // namespace ksv::expr
