// Compiles the forms that are no macro: names, calls, literals.
#include <algorithm>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "codec/edn.h"
#include "expr/compiler.h"
#include "expr/form_reader.h"
#include "expr/regex.h"

namespace ksv::expr {

std::span<const Compiler::MacroEntry> Compiler::macros() {
  static const MacroEntry kMacros[] = {
      {"if", &Compiler::compile_if, true},
      {"do", &Compiler::compile_do, true},
      {"quote", &Compiler::compile_quote, true},
      {"recur", &Compiler::compile_recur, true},
      {"fn", &Compiler::compile_fn, false},
      {"let", &Compiler::compile_let, false},
      {"loop", &Compiler::compile_loop, false},
      {"if-not", &Compiler::compile_if_not, false},
      {"if-let", &Compiler::compile_if_let, false},
      {"if-some", &Compiler::compile_if_some, false},
      {"when", &Compiler::compile_when, false},
      {"when-not", &Compiler::compile_when_not, false},
      {"when-let", &Compiler::compile_when_let, false},
      {"when-some", &Compiler::compile_when_some, false},
      {"and", &Compiler::compile_and, false},
      {"or", &Compiler::compile_or, false},
      {"cond", &Compiler::compile_cond, false},
      {"condp", &Compiler::compile_condp, false},
      {"case", &Compiler::compile_case, false},
      {"->", &Compiler::compile_thread_first, false},
      {"->>", &Compiler::compile_thread_last, false},
      {"some->", &Compiler::compile_some_first, false},
      {"some->>", &Compiler::compile_some_last, false},
      {"as->", &Compiler::compile_as, false},
      {"cond->", &Compiler::compile_cond_first, false},
      {"cond->>", &Compiler::compile_cond_last, false},
      {"for", &Compiler::compile_for, false},
  };
  return kMacros;
}

bool is_special_form(std::string_view name) {
  const std::span<const SpecialFormInfo> forms = special_forms();
  return std::any_of(forms.begin(), forms.end(),
                     [name](const SpecialFormInfo& form) { return form.name == name; });
}

const Compiler::MacroEntry* Compiler::find_macro(const Form& head) {
  if (!head.is_symbol()) return nullptr;
  for (const MacroEntry& entry : macros()) {
    if (!head.is_symbol(entry.name)) continue;
    return !entry.special && is_local(head) ? nullptr : &entry;
  }
  return nullptr;
}

Error Compiler::error(const Form& form, std::string_view message) const {
  return usage_at(text_, form.at, message);
}

Status Compiler::check_count(const Form& form, std::size_t least, std::size_t most) const {
  const std::size_t count = form.items.size() - 1;
  const std::string name = edn_excerpt(quoted(form.items[0]));
  if (count < least) return error(form, fmt::format("{}: too few forms ({})", name, count));
  if (count > most) return error(form, fmt::format("{}: too many forms ({})", name, count));
  return ok();
}

Result<Compiler::Whole> Compiler::compile_whole(const Form& form) {
  FunctionState state;
  Scope scope{.function = &state};
  scope_ = &scope;
  NodePtr node = KSV_TRY(compile(form, Tail::kNo));
  SlotSet live(scope.slots);
  node->mark_last_uses(live);
  scope_ = nullptr;
  return Whole{std::move(node), scope.slots};
}

Result<NodePtr> Compiler::compile(const Form& form, Tail tail) {
  if (depth_ >= limits::kDepthMax) return error(form, "the expression nests too deeply");
  ++depth_;
  Result<NodePtr> node = compile_nested(form, tail);
  --depth_;
  return node;
}

Result<NodePtr> Compiler::compile_nested(const Form& form, Tail tail) {
  switch (form.kind) {
    case FormKind::kConstant:
      if (form.value.is(Kind::kRegex)) {
        const Status pattern = check_pattern(form.value.as_string());
        if (!pattern) return error(form, pattern.error().message());
      }
      return NodePtr(std::make_unique<ConstantNode>(form.value, form.at));
    case FormKind::kSymbol: return compile_symbol(form);
    case FormKind::kBuiltin:
      return NodePtr(std::make_unique<ConstantNode>(
          make_object<BuiltinFunction>(*form.builtin, form.at), form.at));
    case FormKind::kArgument: {
      const std::string name = quoted(form).as_name().name;
      const std::optional<Reference> reference = resolve(*scope_, name);
      if (!reference) return error(form, fmt::format("{} stands outside of its #()", name));
      return reference_node(*reference, form.at);
    }
    case FormKind::kShortFunction: return compile_short_function(form);
    case FormKind::kList: return compile_list(form, tail);
    case FormKind::kVector: return compile_collection(form, Kind::kVector);
    case FormKind::kMap: return compile_collection(form, Kind::kMap);
    case FormKind::kSet: return compile_collection(form, Kind::kSet);
  }
  return error(form, "a form of an unknown kind");
}

Error Compiler::unknown_name(const Form& form) const {
  const Name& name = form.value.as_name();
  if (const std::string_view why = left_out(name); !why.empty()) {
    return error(form, fmt::format("{} is not part of the language: {}", name.text(), why));
  }
  const bool java =
      name.name.starts_with('.') || name.name.ends_with('.') ||
      (name.ns && !name.ns->empty() && name.ns->front() >= 'A' && name.ns->front() <= 'Z');
  if (java) {
    return error(form, fmt::format("{} is not part of the language: Java is not there to be called",
                                   name.text()));
  }
  const std::string closest = closest_name(name);
  Error unknown = error(form, fmt::format("{} is not known", name.text()));
  if (closest.empty()) return unknown;
  return Error(ErrorCode::kUsage, fmt::format("{}: did you mean {}?", unknown.message(), closest));
}

Result<NodePtr> Compiler::compile_symbol(const Form& form) {
  const Name& name = form.value.as_name();
  if (!name.ns) {
    if (const std::optional<Reference> reference = resolve(*scope_, name.name)) {
      return reference_node(*reference, form.at);
    }
  }
  if (const BuiltinInfo* info = find_builtin(name)) {
    return NodePtr(
        std::make_unique<ConstantNode>(make_object<BuiltinFunction>(*info, form.at), form.at));
  }
  if (find_macro(form) != nullptr) {
    return error(form,
                 fmt::format("{} is no function: it must stand first in a list", name.text()));
  }
  return unknown_name(form);
}

Result<NodePtr> Compiler::compile_list(const Form& form, Tail tail) {
  if (form.items.empty()) {
    return NodePtr(std::make_unique<ConstantNode>(Value::list({}), form.at));
  }
  const Form& head = form.items[0];
  if (const MacroEntry* entry = find_macro(head)) return (this->*entry->macro)(form, tail);
  if (head.is_constant(Kind::kNil)) return error(head, "nil cannot be called");
  return compile_call(form);
}

Result<NodePtr> Compiler::compile_call(const Form& form) {
  const Form& head = form.items[0];
  const BuiltinInfo* info = head.builtin;
  if (head.is_symbol() && !is_local(head)) info = find_builtin(head.value.as_name());
  if (info != nullptr) {
    std::vector<NodePtr> arguments = KSV_TRY(compile_all(form, 1));
    if (info->name == "/" && arguments.size() > 1) return division(std::move(arguments), head.at);
    return NodePtr(std::make_unique<BuiltinCallNode>(*info, std::move(arguments), head.at));
  }
  NodePtr function = KSV_TRY(compile(head, Tail::kNo));
  std::vector<NodePtr> arguments = KSV_TRY(compile_all(form, 1));
  std::string name = "call";
  if (head.is_symbol() || head.is(FormKind::kConstant)) name = edn_excerpt(head.value);
  return NodePtr(std::make_unique<CallNode>(std::move(name), std::move(function),
                                            std::move(arguments), head.at));
}

// From the first primitive double on, (/ a b c) divides as primitive doubles do; the second
// argument already makes the first division one.
NodePtr Compiler::division(std::vector<NodePtr> arguments, std::uint32_t at) const {
  const auto primitive = std::find_if(arguments.begin(), arguments.end(),
                                      [](const NodePtr& node) { return node->gives_double(); });
  const BuiltinInfo& exact = builtin("/");
  if (primitive == arguments.end()) {
    return std::make_unique<BuiltinCallNode>(exact, std::move(arguments), at);
  }
  if (primitive - arguments.begin() > 1) {
    std::vector<NodePtr> first(std::make_move_iterator(arguments.begin()),
                               std::make_move_iterator(primitive));
    arguments.erase(arguments.begin(), primitive);
    arguments.insert(arguments.begin(),
                     std::make_unique<BuiltinCallNode>(exact, std::move(first), at));
  }
  return std::make_unique<BuiltinCallNode>(primitive_division(), std::move(arguments), at);
}

Result<std::vector<NodePtr>> Compiler::compile_all(const Form& form, std::size_t from) {
  std::vector<NodePtr> nodes;
  for (std::size_t i = from; i < form.items.size(); ++i) {
    NodePtr node = KSV_TRY(compile(form.items[i], Tail::kNo));
    nodes.push_back(std::move(node));
  }
  return nodes;
}

Result<NodePtr> Compiler::compile_body(const Form& form, std::size_t from, Tail tail) {
  std::vector<NodePtr> nodes;
  for (std::size_t i = from; i < form.items.size(); ++i) {
    const bool last = i + 1 == form.items.size();
    NodePtr node = KSV_TRY(compile(form.items[i], last ? tail : Tail::kNo));
    nodes.push_back(std::move(node));
  }
  if (nodes.empty()) return NodePtr(std::make_unique<ConstantNode>(Value(), form.at));
  if (nodes.size() == 1) return std::move(nodes[0]);
  return NodePtr(std::make_unique<DoNode>(std::move(nodes), form.at));
}

Result<NodePtr> Compiler::compile_collection(const Form& form, Kind kind) {
  std::vector<NodePtr> parts = KSV_TRY(compile_all(form, 0));
  const bool constant = std::all_of(parts.begin(), parts.end(), [](const NodePtr& part) {
    return part->constant() != nullptr && !part->constant()->is(Kind::kFunction);
  });
  if (!constant) return NodePtr(std::make_unique<LiteralNode>(kind, std::move(parts), form.at));
  Values items;
  for (const NodePtr& part : parts) items.push_back(*part->constant());
  if (kind == Kind::kVector) {
    return NodePtr(std::make_unique<ConstantNode>(Value::vector(std::move(items)), form.at));
  }
  Table table;
  const bool is_map = kind == Kind::kMap;
  for (std::size_t i = 0; i < items.size(); i += is_map ? 2 : 1) {
    if (!table.put(items[i], is_map ? items[i + 1] : Value())) {
      return error(form.items[i], fmt::format("duplicate key {}", edn_excerpt(items[i])));
    }
  }
  Value value = is_map ? Value::map(std::move(table)) : Value::set(std::move(table));
  return NodePtr(std::make_unique<ConstantNode>(std::move(value), form.at));
}

}  // namespace ksv::expr
