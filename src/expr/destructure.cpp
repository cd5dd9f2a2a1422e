// Compiles destructuring: the parts of a value bound to the names of a pattern.
#include <fmt/format.h>

#include "codec/edn.h"
#include "expr/compiler.h"

namespace ksv::expr {
namespace {

// The default of a name in an :or map, or null.
const Form* default_of(const Form* defaults, std::string_view name) {
  if (defaults == nullptr) return nullptr;
  for (std::size_t i = 0; i + 1 < defaults->items.size(); i += 2) {
    const Form& key = defaults->items[i];
    if (key.is_symbol() && key.value.as_name().name == name) return &defaults->items[i + 1];
  }
  return nullptr;
}

std::vector<NodePtr> nodes_of(NodePtr first, NodePtr second, NodePtr third = nullptr) {
  std::vector<NodePtr> nodes;
  nodes.push_back(std::move(first));
  nodes.push_back(std::move(second));
  if (third) nodes.push_back(std::move(third));
  return nodes;
}

NodePtr constant_node(Value value, std::uint32_t at) {
  return std::make_unique<ConstantNode>(std::move(value), at);
}

}  // namespace

NodePtr Compiler::call_builtin(std::string_view name, std::vector<NodePtr> arguments,
                               std::uint32_t at) {
  return std::make_unique<BuiltinCallNode>(builtin(name), std::move(arguments), at);
}

Status Compiler::bind_pattern(const Form& pattern, NodePtr value, std::vector<Binding>& into) {
  if (pattern.is_symbol()) {
    const Name& name = pattern.value.as_name();
    if (name.ns) {
      return error(pattern, fmt::format("{} cannot be bound: it has a namespace", name.text()));
    }
    if (name.name == "&") return error(pattern, "& has no place here");
    const bool gives_double = value->gives_double();
    into.push_back({declare(name.name), std::move(value)});
    scope_->locals.back().gives_double = gives_double;
    return ok();
  }
  if (!pattern.is_vector() && !pattern.is(FormKind::kMap)) {
    return error(pattern, fmt::format("{} cannot be bound: a name, vector or map is needed",
                                      edn_excerpt(quoted(pattern))));
  }
  const std::uint32_t slot = declare(fresh_name());
  into.push_back({slot, std::move(value)});
  return bind_slot(pattern, slot, into);
}

Status Compiler::bind_slot(const Form& pattern, std::uint32_t slot, std::vector<Binding>& into) {
  if (depth_ >= limits::kDepthMax) return error(pattern, "the pattern nests too deeply");
  ++depth_;
  Status bound = ok();
  if (pattern.is_vector()) {
    bound = bind_vector(pattern, slot, into);
  } else if (pattern.is(FormKind::kMap)) {
    bound = bind_map(pattern, slot, into);
  } else {
    bound = bind_pattern(pattern, std::make_unique<LocalNode>(slot, pattern.at), into);
  }
  --depth_;
  return bound;
}

// Without &, elements are found by nth; with it, Clojure walks a sequence.
Status Compiler::bind_vector(const Form& pattern, std::uint32_t slot, std::vector<Binding>& into) {
  bool has_rest = false;
  for (const Form& item : pattern.items) has_rest = has_rest || item.is_symbol("&");
  const std::uint32_t at = pattern.at;
  if (has_rest) {
    const std::uint32_t sequence = declare(fresh_name());
    std::vector<NodePtr> source;
    source.push_back(std::make_unique<LocalNode>(slot, at));
    into.push_back({sequence, call_builtin("seq", std::move(source), at)});
    // What :as names is the value itself.
    for (std::size_t i = 0; i + 1 < pattern.items.size(); ++i) {
      if (!pattern.items[i].is_keyword("as")) continue;
      KSV_CHECK(bind_slot(pattern.items[i + 1], slot, into));
    }
    slot = sequence;
  }
  std::int64_t index = 0;
  for (std::size_t i = 0; i < pattern.items.size(); ++i) {
    const Form& item = pattern.items[i];
    if (item.is_symbol("&") || item.is_keyword("as")) {
      if (i + 1 >= pattern.items.size()) {
        return error(item, fmt::format("a name must follow {}", edn_excerpt(item.value)));
      }
      const Form& name = pattern.items[++i];
      if (item.is_symbol("&")) {
        if (name.is_symbol("&")) return error(name, "a name must follow &");
        NodePtr rest = call_builtin("(rest of pattern)",
                                    nodes_of(std::make_unique<LocalNode>(slot, at),
                                             constant_node(Value::integer(index), at)),
                                    name.at);
        KSV_CHECK(bind_pattern(name, std::move(rest), into));
        if (i + 1 < pattern.items.size() && !pattern.items[i + 1].is_keyword("as")) {
          return error(pattern.items[i + 1], "only :as may follow the name after &");
        }
      } else {
        if (!name.is_symbol()) return error(name, "a name must follow :as");
        if (!has_rest) KSV_CHECK(bind_slot(name, slot, into));
      }
      continue;
    }
    NodePtr element =
        call_builtin("nth",
                     nodes_of(std::make_unique<LocalNode>(slot, at),
                              constant_node(Value::integer(index), at), constant_node(Value(), at)),
                     item.at);
    KSV_CHECK(bind_pattern(item, std::move(element), into));
    ++index;
  }
  return ok();
}

Status Compiler::bind_key(const Form& pattern, NodePtr key, const Form* defaults,
                          std::uint32_t slot, std::vector<Binding>& into) {
  NodePtr otherwise;
  if (pattern.is_symbol()) {
    if (const Form* found = default_of(defaults, pattern.value.as_name().name)) {
      otherwise = KSV_TRY(compile(*found, Tail::kNo));
    }
  }
  NodePtr value = call_builtin(
      "get",
      nodes_of(std::make_unique<LocalNode>(slot, pattern.at), std::move(key), std::move(otherwise)),
      pattern.at);
  return bind_pattern(pattern, std::move(value), into);
}

// {:keys [a b]}, {:ns/keys [a]}, {:strs [a]}, {:syms [a]}.
Status Compiler::bind_names(const Form& key, const Form& names, const Form* defaults,
                            std::uint32_t slot, std::vector<Binding>& into) {
  const Name& directive = key.value.as_name();
  if (!names.is_vector()) {
    return error(names, fmt::format(":{} needs a vector of names", directive.text()));
  }
  for (const Form& item : names.items) {
    const bool keyword = item.is_constant(Kind::kKeyword);
    if (!item.is_symbol() && !keyword) {
      return error(item, fmt::format("{} is no name to bind", edn_excerpt(quoted(item))));
    }
    const Name& name = item.value.as_name();
    const Name full = name.ns ? name : Name(directive.ns, name.name);
    Value wanted;
    if (directive.name == "keys") {
      wanted = Value::keyword(full);
    } else if (directive.name == "syms") {
      wanted = Value::symbol(full);
    } else {
      wanted = Value::string(name.name);
    }
    KSV_CHECK(bind_key(Form::symbol(name.name, item.at), constant_node(std::move(wanted), item.at),
                       defaults, slot, into));
  }
  return ok();
}

Status Compiler::bind_map(const Form& pattern, std::uint32_t slot, std::vector<Binding>& into) {
  const std::uint32_t at = pattern.at;
  // A sequence stands for the keyword arguments that it holds.
  const std::uint32_t map = declare(fresh_name());
  std::vector<NodePtr> source;
  source.push_back(std::make_unique<LocalNode>(slot, at));
  into.push_back({map, call_builtin("(map of pattern)", std::move(source), at)});
  const Form* defaults = nullptr;
  for (std::size_t i = 0; i + 1 < pattern.items.size(); i += 2) {
    const Form& value = pattern.items[i + 1];
    if (pattern.items[i].is_keyword("or")) {
      if (!value.is(FormKind::kMap)) return error(value, ":or needs a map of defaults");
      defaults = &value;
    } else if (pattern.items[i].is_keyword("as")) {
      if (!value.is_symbol()) return error(value, "a name must follow :as");
      KSV_CHECK(bind_slot(value, map, into));
    }
  }
  for (std::size_t i = 0; i + 1 < pattern.items.size(); i += 2) {
    const Form& key = pattern.items[i];
    const Form& value = pattern.items[i + 1];
    if (key.is_keyword("or") || key.is_keyword("as")) continue;
    if (key.is_constant(Kind::kKeyword)) {
      const std::string& directive = key.value.as_name().name;
      if (directive == "keys" || directive == "syms" || directive == "strs") {
        KSV_CHECK(bind_names(key, value, defaults, map, into));
        continue;
      }
      return error(key, fmt::format("{} is no name to bind", edn_excerpt(key.value)));
    }
    NodePtr wanted = KSV_TRY(compile(value, Tail::kNo));
    KSV_CHECK(bind_key(key, std::move(wanted), defaults, map, into));
  }
  return ok();
}

}  // namespace ksv::expr
