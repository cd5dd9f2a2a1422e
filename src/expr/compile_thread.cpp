// Compiles the threading macros by rewriting them into nested calls and lets.
#include <fmt/format.h>
#include <utility>

#include "expr/compiler.h"

namespace ksv::expr {
namespace {

// `value` as the second (or last) part of `step`: (f a) is (f value a), f is (f value).
Form threaded(const Form& step, Form value, bool last) {
  if (!step.is_list() || step.items.empty()) return Form::list({step, std::move(value)}, step.at);
  Form call = step;
  call.items.insert(last ? call.items.end() : call.items.begin() + 1, std::move(value));
  return call;
}

Form let_of(std::vector<Form> bindings, Form body, std::uint32_t at) {
  return Form::list({Form::core("let", at),
                     Form::collection(FormKind::kVector, std::move(bindings), at), std::move(body)},
                    at);
}

}  // namespace

Result<NodePtr> Compiler::compile_thread_first(const Form& form, Tail tail) {
  return compile_thread(form, tail, false);
}
Result<NodePtr> Compiler::compile_thread_last(const Form& form, Tail tail) {
  return compile_thread(form, tail, true);
}
Result<NodePtr> Compiler::compile_some_first(const Form& form, Tail tail) {
  return compile_some(form, tail, false);
}
Result<NodePtr> Compiler::compile_some_last(const Form& form, Tail tail) {
  return compile_some(form, tail, true);
}
Result<NodePtr> Compiler::compile_cond_first(const Form& form, Tail tail) {
  return compile_conditional(form, tail, false);
}
Result<NodePtr> Compiler::compile_cond_last(const Form& form, Tail tail) {
  return compile_conditional(form, tail, true);
}

// #(...) is (fn [..] ...), into which nothing can be threaded.
Status Compiler::check_steps(const Form& form, std::size_t first, std::size_t stride) const {
  for (std::size_t i = first; i < form.items.size(); i += stride) {
    if (!form.items[i].is(FormKind::kShortFunction)) continue;
    return error(form.items[i], fmt::format("{} needs (#(...)), in parentheses, to call it",
                                            form.items[0].value.as_name().name));
  }
  return ok();
}

Result<NodePtr> Compiler::compile_thread(const Form& form, Tail tail, bool last) {
  KSV_CHECK(check_count(form, 1, limits::kDepthMax));
  KSV_CHECK(check_steps(form, 2, 1));
  Form value = form.items[1];
  for (std::size_t i = 2; i < form.items.size(); ++i) {
    value = threaded(form.items[i], std::move(value), last);
  }
  return compile(value, tail);
}

// (some-> x f g) as (let [v x, v (if (nil? v) nil (f v)), ...] v).
Result<NodePtr> Compiler::compile_some(const Form& form, Tail tail, bool last) {
  KSV_CHECK(check_count(form, 1, limits::kDepthMax));
  KSV_CHECK(check_steps(form, 2, 1));
  const Form v = Form::symbol(fresh_name(), form.at);
  std::vector<Form> bindings{v, form.items[1]};
  for (std::size_t i = 2; i < form.items.size(); ++i) {
    const std::uint32_t at = form.items[i].at;
    bindings.push_back(v);
    bindings.push_back(
        Form::list({Form::symbol("if", at), Form::list({Form::of(&builtin("nil?"), at), v}, at),
                    Form::constant(Value(), at), threaded(form.items[i], v, last)},
                   at));
  }
  return compile(let_of(std::move(bindings), v, form.at), tail);
}

// (cond-> x test step ...) as (let [v x, v (if test (-> v step) v), ...] v).
Result<NodePtr> Compiler::compile_conditional(const Form& form, Tail tail, bool last) {
  KSV_CHECK(check_count(form, 1, 2 * std::size_t{limits::kDepthMax}));
  if (form.items.size() % 2 != 0) {
    return error(form, fmt::format("{} needs pairs of a test and a form",
                                   form.items[0].value.as_name().name));
  }
  KSV_CHECK(check_steps(form, 3, 2));
  const Form v = Form::symbol(fresh_name(), form.at);
  std::vector<Form> bindings{v, form.items[1]};
  for (std::size_t i = 2; i + 1 < form.items.size(); i += 2) {
    const std::uint32_t at = form.items[i].at;
    bindings.push_back(v);
    bindings.push_back(Form::list(
        {Form::symbol("if", at), form.items[i], threaded(form.items[i + 1], v, last), v}, at));
  }
  return compile(let_of(std::move(bindings), v, form.at), tail);
}

// (as-> x name form... last) as (let [name x, name form, ...] last).
Result<NodePtr> Compiler::compile_as(const Form& form, Tail tail) {
  KSV_CHECK(check_count(form, 2, 2 * std::size_t{limits::kDepthMax}));
  const Form& name = form.items[2];
  std::vector<Form> bindings{name, form.items[1]};
  for (std::size_t i = 3; i + 1 < form.items.size(); ++i) {
    bindings.push_back(name);
    bindings.push_back(form.items[i]);
  }
  return compile(let_of(std::move(bindings), form.items.back(), form.at), tail);
}

}  // namespace ksv::expr
