// Compiles list comprehensions.
#include <fmt/format.h>
#include <utility>

#include "codec/edn.h"
#include "expr/compiler.h"

namespace ksv::expr {
namespace {

// Each clause is a level of recursion while it runs.
constexpr std::size_t kClausesMax = 64;

}  // namespace

Result<ForClause> Compiler::compile_for_modifier(const Form& keyword, const Form& value) {
  ForClause clause;
  if (keyword.is_keyword("let")) {
    clause.kind = ForClause::Kind::kLet;
    if (!value.is_vector() || value.items.size() % 2 != 0) {
      return error(value, ":let needs a vector with an even number of forms");
    }
    for (std::size_t i = 0; i < value.items.size(); i += 2) {
      NodePtr node = KSV_TRY(compile(value.items[i + 1], Tail::kNo));
      KSV_CHECK(bind_pattern(value.items[i], std::move(node), clause.bindings));
    }
    return clause;
  }
  if (keyword.is_keyword("when")) {
    clause.kind = ForClause::Kind::kWhen;
  } else if (keyword.is_keyword("while")) {
    clause.kind = ForClause::Kind::kWhile;
  } else {
    return error(keyword, fmt::format("for knows :let, :when and :while, not {}",
                                      edn_excerpt(keyword.value)));
  }
  clause.value = KSV_TRY(compile(value, Tail::kNo));
  return clause;
}

Result<NodePtr> Compiler::compile_for(const Form& form, Tail) {
  KSV_CHECK(check_count(form, 2, 2));
  const Form& pairs = form.items[1];
  KSV_CHECK(check_bindings(form, pairs));
  if (pairs.items.empty() || pairs.items[0].is_constant(Kind::kKeyword)) {
    return error(pairs, "for begins with a name and a collection");
  }
  if (pairs.items.size() / 2 > kClausesMax) return error(pairs, "for has too many clauses");
  const std::size_t visible = scope_->locals.size();
  SlotRange inner{.first = scope_->slots};
  std::vector<ForClause> clauses;
  for (std::size_t i = 0; i < pairs.items.size(); i += 2) {
    const Form& pattern = pairs.items[i];
    const Form& value = pairs.items[i + 1];
    if (pattern.is_constant(Kind::kKeyword)) {
      ForClause clause = KSV_TRY(compile_for_modifier(pattern, value));
      clauses.push_back(std::move(clause));
      continue;
    }
    ForClause clause;
    clause.value = KSV_TRY(compile(value, Tail::kNo));
    clause.slot = declare(fresh_name());
    if (pattern.is_symbol() && !pattern.value.as_name().ns) {
      scope_->locals.back().name = pattern.value.as_name().name;
    } else {
      KSV_CHECK(bind_pattern(pattern, std::make_unique<LocalNode>(clause.slot, pattern.at),
                             clause.bindings));
    }
    clauses.push_back(std::move(clause));
  }
  NodePtr body = KSV_TRY(compile(form.items[2], Tail::kNo));
  scope_->locals.resize(visible);
  inner.end = scope_->slots;
  return NodePtr(std::make_unique<ForNode>(std::move(clauses), std::move(body), inner, form.at));
}

}  // namespace ksv::expr
