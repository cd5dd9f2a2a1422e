// Names of locals: which slot, of which function, they stand for.
#include <algorithm>

#include "expr/compiler.h"

namespace ksv::expr {

std::optional<Reference> Compiler::resolve(Scope& scope, std::string_view name) {
  for (auto local = scope.locals.rbegin(); local != scope.locals.rend(); ++local) {
    if (local->name == name)
      return Reference{Reference::Kind::kSlot, local->slot, local->gives_double};
  }
  FunctionState& function = *scope.function;
  if (!function.self.empty() && function.self == name) {
    return Reference{Reference::Kind::kSelf, 0, false};
  }
  if (function.enclosing == nullptr) return std::nullopt;
  const std::optional<Reference> outer = resolve(*function.enclosing, name);
  if (!outer) return std::nullopt;
  auto& captured = function.captured;
  const auto known = std::find(captured.begin(), captured.end(), *outer);
  const auto index = static_cast<std::uint32_t>(known - captured.begin());
  if (known == captured.end()) captured.push_back(*outer);
  return Reference{Reference::Kind::kCaptured, index, outer->gives_double};
}

bool Compiler::is_local(const Form& form) {
  if (!form.is_symbol() || form.value.as_name().ns) return false;
  return resolve(*scope_, form.value.as_name().name).has_value();
}

NodePtr Compiler::reference_node(const Reference& reference, std::uint32_t at) const {
  switch (reference.kind) {
    case Reference::Kind::kSlot:
      return std::make_unique<LocalNode>(reference.index, at, reference.gives_double);
    case Reference::Kind::kCaptured:
      return std::make_unique<CapturedNode>(reference.index, at, reference.gives_double);
    case Reference::Kind::kSelf: break;
  }
  return std::make_unique<SelfNode>(at);
}

// Slots are never used twice within a function: the analysis of last uses relies on it.
std::uint32_t Compiler::declare(std::string name) {
  const std::uint32_t slot = scope_->slots++;
  scope_->locals.push_back({std::move(name), slot, false});
  return slot;
}

// A name that no text can hold.
std::string Compiler::fresh_name() { return "\x01" + std::to_string(fresh_++); }

}  // namespace ksv::expr
