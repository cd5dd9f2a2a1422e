// Compiles what chooses: if, when, and, or, cond, condp, case; and do, quote.
#include <fmt/format.h>
#include <utility>

#include "ksv/limits.h"

#include "codec/edn.h"
#include "expr/compiler.h"

namespace ksv::expr {

Result<NodePtr> Compiler::compile_do(const Form& form, Tail tail) {
  return compile_body(form, 1, tail);
}

Result<NodePtr> Compiler::compile_quote(const Form& form, Tail) {
  KSV_CHECK(check_count(form, 1, 1));
  return NodePtr(std::make_unique<ConstantNode>(quoted(form.items[1]), form.at));
}

Result<NodePtr> Compiler::compile_if(const Form& form, Tail tail) {
  KSV_CHECK(check_count(form, 2, 3));
  NodePtr test = KSV_TRY(compile(form.items[1], Tail::kNo));
  NodePtr then = KSV_TRY(compile(form.items[2], tail));
  NodePtr otherwise;
  if (form.items.size() == 4) otherwise = KSV_TRY(compile(form.items[3], tail));
  return NodePtr(
      std::make_unique<IfNode>(std::move(test), std::move(then), std::move(otherwise), form.at));
}

Result<NodePtr> Compiler::compile_if_not(const Form& form, Tail tail) {
  KSV_CHECK(check_count(form, 2, 3));
  NodePtr test = KSV_TRY(compile(form.items[1], Tail::kNo));
  NodePtr otherwise = KSV_TRY(compile(form.items[2], tail));
  NodePtr then = std::make_unique<ConstantNode>(Value(), form.at);
  if (form.items.size() == 4) then = KSV_TRY(compile(form.items[3], tail));
  return NodePtr(
      std::make_unique<IfNode>(std::move(test), std::move(then), std::move(otherwise), form.at));
}

Result<NodePtr> Compiler::compile_when(const Form& form, Tail tail) {
  KSV_CHECK(check_count(form, 1, form.items.size()));
  NodePtr test = KSV_TRY(compile(form.items[1], Tail::kNo));
  NodePtr body = KSV_TRY(compile_body(form, 2, tail));
  return NodePtr(std::make_unique<IfNode>(std::move(test), std::move(body), nullptr, form.at));
}

Result<NodePtr> Compiler::compile_when_not(const Form& form, Tail tail) {
  KSV_CHECK(check_count(form, 1, form.items.size()));
  NodePtr test = KSV_TRY(compile(form.items[1], Tail::kNo));
  NodePtr body = KSV_TRY(compile_body(form, 2, tail));
  NodePtr nothing = std::make_unique<ConstantNode>(Value(), form.at);
  return NodePtr(
      std::make_unique<IfNode>(std::move(test), std::move(nothing), std::move(body), form.at));
}

Result<NodePtr> Compiler::compile_and(const Form& form, Tail tail) {
  return compile_logic(form, tail, false);
}

Result<NodePtr> Compiler::compile_or(const Form& form, Tail tail) {
  return compile_logic(form, tail, true);
}

Result<NodePtr> Compiler::compile_logic(const Form& form, Tail tail, bool stop_at) {
  std::vector<NodePtr> parts;
  for (std::size_t i = 1; i < form.items.size(); ++i) {
    const bool last = i + 1 == form.items.size();
    NodePtr part = KSV_TRY(compile(form.items[i], last ? tail : Tail::kNo));
    parts.push_back(std::move(part));
  }
  if (parts.empty()) {
    return NodePtr(
        std::make_unique<ConstantNode>(stop_at ? Value() : Value::boolean(true), form.at));
  }
  return NodePtr(std::make_unique<LogicNode>(stop_at, std::move(parts), form.at));
}

Result<NodePtr> Compiler::compile_cond(const Form& form, Tail tail) {
  if (form.items.size() % 2 == 0) return error(form, "cond needs an even number of forms");
  if (form.items.size() / 2 > limits::kDepthMax) return error(form, "cond has too many clauses");
  NodePtr node = std::make_unique<ConstantNode>(Value(), form.at);
  // From the last clause to the first; compiled in this order the tests see the same names.
  for (std::size_t i = form.items.size(); i > 1; i -= 2) {
    NodePtr test = KSV_TRY(compile(form.items[i - 2], Tail::kNo));
    NodePtr then = KSV_TRY(compile(form.items[i - 1], tail));
    node = std::make_unique<IfNode>(std::move(test), std::move(then), std::move(node),
                                    form.items[i - 2].at);
  }
  return node;
}

// (condp f x test result... default?), with test :>> g for (g (f test x)).
Result<NodePtr> Compiler::compile_condp(const Form& form, Tail tail) {
  KSV_CHECK(check_count(form, 2, 2 * std::size_t{limits::kDepthMax}));
  const std::uint32_t at = form.at;
  const Form f = Form::symbol(fresh_name(), at);
  const Form x = Form::symbol(fresh_name(), at);
  struct Clause {
    Form test;
    Form result;
    bool applies;
  };
  std::vector<Clause> clauses;
  Form rest = Form::list({Form::of(&builtin("(no clause)"), at), x}, at);
  for (std::size_t i = 3; i < form.items.size();) {
    if (i + 1 == form.items.size()) {
      rest = form.items[i];
      break;
    }
    const bool applies = form.items[i + 1].is_keyword(">>") && i + 2 < form.items.size();
    clauses.push_back({form.items[i], form.items[i + (applies ? 2 : 1)], applies});
    i += applies ? 3 : 2;
  }
  for (auto clause = clauses.rbegin(); clause != clauses.rend(); ++clause) {
    const std::uint32_t here = clause->test.at;
    Form test = Form::list({f, clause->test, x}, here);
    if (clause->applies) {
      const Form found = Form::symbol(fresh_name(), here);
      Form branch = Form::list(
          {Form::symbol("if", here), found, Form::list({clause->result, found}, here), rest}, here);
      rest = Form::list(
          {Form::core("let", here),
           Form::collection(FormKind::kVector, {found, std::move(test)}, here), std::move(branch)},
          here);
    } else {
      rest = Form::list(
          {Form::symbol("if", here), std::move(test), clause->result, std::move(rest)}, here);
    }
  }
  const Form whole =
      Form::list({Form::core("let", at),
                  Form::collection(FormKind::kVector, {f, form.items[1], x, form.items[2]}, at),
                  std::move(rest)},
                 at);
  return compile(whole, tail);
}

Result<NodePtr> Compiler::compile_case(const Form& form, Tail tail) {
  KSV_CHECK(check_count(form, 1, form.items.size()));
  NodePtr subject = KSV_TRY(compile(form.items[1], Tail::kNo));
  Table choices;
  std::vector<NodePtr> branches;
  NodePtr otherwise;
  for (std::size_t i = 2; i < form.items.size(); i += 2) {
    if (i + 1 == form.items.size()) {
      otherwise = KSV_TRY(compile(form.items[i], tail));
      break;
    }
    const auto branch = Value::integer(static_cast<std::int64_t>(branches.size()));
    // A list holds several constants.
    const Form& test = form.items[i];
    const Form alone = Form::list({test}, test.at);
    for (const Form& constant : test.is_list() ? test.items : alone.items) {
      const Value value = quoted(constant);
      if (!choices.put(value, branch)) {
        return error(constant, fmt::format("case has {} twice", edn_excerpt(value)));
      }
    }
    NodePtr node = KSV_TRY(compile(form.items[i + 1], tail));
    branches.push_back(std::move(node));
  }
  return NodePtr(std::make_unique<CaseNode>(std::move(subject), std::move(choices),
                                            std::move(branches), std::move(otherwise), form.at));
}

}  // namespace ksv::expr
