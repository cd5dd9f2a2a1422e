// Compiles fn and #().
#include <fmt/format.h>
#include <utility>

#include "codec/edn.h"
#include "expr/compiler.h"

namespace ksv::expr {
namespace {

// As in Clojure.
constexpr std::size_t kParametersMax = 20;

const Arity* variadic_of(const FunctionTemplate& code) {
  for (const Arity& arity : code.arities) {
    if (arity.rest) return &arity;
  }
  return nullptr;
}

}  // namespace

Result<NodePtr> Compiler::finish_function(FunctionState& state,
                                          std::unique_ptr<FunctionTemplate> code,
                                          const Form& form) {
  std::vector<NodePtr> captured;
  for (const Reference& reference : state.captured) {
    captured.push_back(reference_node(reference, form.at));
  }
  return NodePtr(std::make_unique<ClosureNode>(std::move(code), std::move(captured), form.at));
}

Result<NodePtr> Compiler::compile_fn(const Form& form, Tail) {
  FunctionState state{.enclosing = scope_};
  auto code = std::make_unique<FunctionTemplate>();
  code->name = "fn";
  code->at = form.at;
  std::size_t from = 1;
  if (form.items.size() > 1 && form.items[1].is_symbol()) {
    const Name& name = form.items[1].value.as_name();
    if (name.ns) return error(form.items[1], "the name of a function has no namespace");
    state.self = name.name;
    code->name = name.name;
    from = 2;
  }
  if (form.items.size() <= from) return error(form, "fn needs a vector of parameters");
  if (form.items[from].is_vector()) {
    Arity arity = KSV_TRY(compile_arity(state, form.items[from], form, from + 1));
    code->arities.push_back(std::move(arity));
    return finish_function(state, std::move(code), form);
  }
  for (std::size_t i = from; i < form.items.size(); ++i) {
    const Form& part = form.items[i];
    if (!part.is_list() || part.items.empty() || !part.items[0].is_vector()) {
      return error(part, "fn needs a vector of parameters here, or ([parameters] body...)");
    }
    Arity arity = KSV_TRY(compile_arity(state, part.items[0], part, 1));
    for (const Arity& other : code->arities) {
      if (other.rest && arity.rest) return error(part, "only one arity may take & more");
      if (other.fixed == arity.fixed && !other.rest && !arity.rest) {
        return error(part, fmt::format("two arities take {} arguments", arity.fixed));
      }
    }
    code->arities.push_back(std::move(arity));
  }
  if (const Arity* variadic = variadic_of(*code)) {
    for (const Arity& arity : code->arities) {
      if (!arity.rest && arity.fixed > variadic->fixed) {
        return error(form, "an arity takes more arguments than the one with & has before it");
      }
    }
  }
  return finish_function(state, std::move(code), form);
}

Result<Arity> Compiler::compile_arity(FunctionState& state, const Form& parameters,
                                      const Form& form, std::size_t body_from) {
  Scope scope{.function = &state};
  Scope* outer = std::exchange(scope_, &scope);
  const auto compile_inside = [&]() -> Result<Arity> {
    Arity arity;
    std::vector<std::pair<const Form*, std::uint32_t>> patterns;
    std::vector<std::uint32_t> target;
    for (std::size_t i = 0; i < parameters.items.size(); ++i) {
      const Form* item = &parameters.items[i];
      if (item->is_symbol("&")) {
        if (i + 2 != parameters.items.size()) {
          return error(*item, "exactly one name must follow & in the parameters");
        }
        item = &parameters.items[++i];
        if (item->is_symbol("&")) return error(*item, "a name must follow &");
        arity.rest = true;
      } else {
        ++arity.fixed;
      }
      if (item->is_symbol() && !item->value.as_name().ns) {
        target.push_back(declare(item->value.as_name().name));
      } else {
        target.push_back(declare(fresh_name()));
        patterns.emplace_back(item, target.back());
      }
    }
    if (arity.fixed > kParametersMax) return error(parameters, "more than 20 parameters");
    std::vector<Binding> bindings;
    for (const auto& [pattern, slot] : patterns) {
      NodePtr value = std::make_unique<LocalNode>(slot, pattern->at);
      KSV_CHECK(bind_pattern(*pattern, std::move(value), bindings));
    }
    scope.recur_target = std::move(target);
    const bool conditions =
        form.items.size() > body_from + 1 && form.items[body_from].is(FormKind::kMap);
    if (conditions) {
      arity.body = KSV_TRY(compile_conditions(form.items[body_from], form, body_from + 1));
    } else {
      arity.body = KSV_TRY(compile_body(form, body_from, Tail::kYes));
    }
    if (!bindings.empty()) {
      arity.body =
          std::make_unique<LetNode>(std::move(bindings), std::move(arity.body), parameters.at);
    }
    arity.slots = scope.slots;
    SlotSet live(scope.slots);
    arity.body->mark_last_uses(live);
    return arity;
  };
  Result<Arity> arity = compile_inside();
  scope_ = outer;
  return arity;
}

// {:pre [test...] :post [test...]} before a body; % is the result in :post.
Result<NodePtr> Compiler::compile_conditions(const Form& conditions, const Form& form,
                                             std::size_t body_from) {
  std::vector<NodePtr> parts;
  const Form* post = nullptr;
  for (std::size_t i = 0; i + 1 < conditions.items.size(); i += 2) {
    const Form& tests = conditions.items[i + 1];
    if (conditions.items[i].is_keyword("post")) post = &tests;
    if (!conditions.items[i].is_keyword("pre")) continue;
    for (const Form& test : tests.items) {
      NodePtr assertion = KSV_TRY(compile_assertion(test));
      parts.push_back(std::move(assertion));
    }
  }
  if (post == nullptr) {
    NodePtr body = KSV_TRY(compile_body(form, body_from, Tail::kYes));
    parts.push_back(std::move(body));
    return NodePtr(std::make_unique<DoNode>(std::move(parts), form.at));
  }
  NodePtr body = KSV_TRY(compile_body(form, body_from, Tail::kNo));
  std::vector<Binding> result;
  result.push_back({declare("%"), std::move(body)});
  std::vector<NodePtr> checks;
  for (const Form& test : post->items) {
    NodePtr assertion = KSV_TRY(compile_assertion(test));
    checks.push_back(std::move(assertion));
  }
  checks.push_back(std::make_unique<LocalNode>(result[0].slot, form.at));
  parts.push_back(std::make_unique<LetNode>(
      std::move(result), std::make_unique<DoNode>(std::move(checks), form.at), form.at));
  return NodePtr(std::make_unique<DoNode>(std::move(parts), form.at));
}

Result<NodePtr> Compiler::compile_assertion(const Form& condition) {
  std::vector<NodePtr> arguments;
  NodePtr test = KSV_TRY(compile(condition, Tail::kNo));
  arguments.push_back(std::move(test));
  arguments.push_back(
      std::make_unique<ConstantNode>(Value::string(edn_excerpt(quoted(condition))), condition.at));
  return call_builtin("(condition)", std::move(arguments), condition.at);
}

Result<NodePtr> Compiler::compile_short_function(const Form& form) {
  FunctionState state{.enclosing = scope_};
  auto code = std::make_unique<FunctionTemplate>();
  code->name = "#()";
  code->at = form.at;
  Scope scope{.function = &state};
  Scope* outer = std::exchange(scope_, &scope);
  Arity arity{.fixed = form.argument, .rest = form.rest};
  std::vector<std::uint32_t> target;
  for (std::uint32_t i = 1; i <= form.argument; ++i) {
    target.push_back(declare("%" + std::to_string(i)));
  }
  if (form.rest) target.push_back(declare("%&"));
  scope.recur_target = std::move(target);
  Result<NodePtr> body = compile_list(form, Tail::kYes);
  scope_ = outer;
  if (!body) return std::move(body).error();
  arity.body = *std::move(body);
  arity.slots = scope.slots;
  SlotSet live(scope.slots);
  arity.body->mark_last_uses(live);
  code->arities.push_back(std::move(arity));
  return finish_function(state, std::move(code), form);
}

}  // namespace ksv::expr
