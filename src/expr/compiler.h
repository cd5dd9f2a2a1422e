// Turns forms into nodes: resolves names, checks shapes, expands the macros of the language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/result.h"

#include "expr/closure.h"
#include "expr/form.h"
#include "expr/nodes.h"

namespace ksv::expr {

// Whether nothing remains to be done after a form within its function or loop: where recur may be.
enum class Tail : std::uint8_t { kNo, kYes };

// Where a local lives, as seen from one function.
struct Reference {
  enum class Kind : std::uint8_t { kSlot, kCaptured, kSelf };
  Kind kind = Kind::kSlot;
  std::uint32_t index = 0;
  bool gives_double = false;  // see Node
  friend bool operator==(const Reference&, const Reference&) = default;
};

struct Scope;

// A function while it is compiled: its arities share the captured locals.
struct FunctionState {
  Scope* enclosing = nullptr;  // null for the expression itself
  std::string self{};          // its own name, if it has one
  std::vector<Reference> captured{};
};

// One arity while it is compiled.
struct Scope {
  struct Local {
    std::string name;
    std::uint32_t slot;
    bool gives_double = false;  // see Node
  };
  FunctionState* function = nullptr;
  std::vector<Local> locals{};
  std::uint32_t slots = 0;
  std::optional<std::vector<std::uint32_t>> recur_target{};
};

class Compiler {
 public:
  explicit Compiler(std::string_view text) : text_(text) {}

  struct Whole {
    NodePtr node;
    std::uint32_t slots;
  };
  // A whole expression. Errors are kUsage with a place.
  Result<Whole> compile_whole(const Form& form);

 private:
  using Macro = Result<NodePtr> (Compiler::*)(const Form& form, Tail tail);
  struct MacroEntry {
    std::string_view name;
    Macro macro;
    bool special;  // cannot be hidden by a local of the same name
  };
  static std::span<const MacroEntry> macros();
  const MacroEntry* find_macro(const Form& head);

  // compile.cpp
  Result<NodePtr> compile(const Form& form, Tail tail);
  Result<NodePtr> compile_nested(const Form& form, Tail tail);
  Result<NodePtr> compile_symbol(const Form& form);
  Result<NodePtr> compile_list(const Form& form, Tail tail);
  Result<NodePtr> compile_call(const Form& form);
  NodePtr division(std::vector<NodePtr> arguments, std::uint32_t at) const;
  Result<NodePtr> compile_collection(const Form& form, Kind kind);
  // The forms from `from` on, as do has them; nil when there are none.
  Result<NodePtr> compile_body(const Form& form, std::size_t from, Tail tail);
  Result<std::vector<NodePtr>> compile_all(const Form& form, std::size_t from);
  Error error(const Form& form, std::string_view message) const;
  Error unknown_name(const Form& form) const;
  Status check_count(const Form& form, std::size_t least, std::size_t most) const;

  // scope.cpp
  std::optional<Reference> resolve(Scope& scope, std::string_view name);
  bool is_local(const Form& form);
  NodePtr reference_node(const Reference& reference, std::uint32_t at) const;
  std::uint32_t declare(std::string name);
  std::string fresh_name();

  // compile_binding.cpp
  Result<NodePtr> compile_let(const Form& form, Tail tail);
  Result<NodePtr> compile_loop(const Form& form, Tail tail);
  Result<NodePtr> compile_recur(const Form& form, Tail tail);
  Result<NodePtr> compile_if_let(const Form& form, Tail tail);
  Result<NodePtr> compile_when_let(const Form& form, Tail tail);
  Result<NodePtr> compile_if_some(const Form& form, Tail tail);
  Result<NodePtr> compile_when_some(const Form& form, Tail tail);
  Result<Form> conditional_binding(const Form& form, bool some, bool when);
  Status check_bindings(const Form& form, const Form& bindings) const;

  // destructure.cpp
  Status bind_pattern(const Form& pattern, NodePtr value, std::vector<Binding>& into);
  Status bind_slot(const Form& pattern, std::uint32_t slot, std::vector<Binding>& into);
  Status bind_vector(const Form& pattern, std::uint32_t slot, std::vector<Binding>& into);
  Status bind_map(const Form& pattern, std::uint32_t slot, std::vector<Binding>& into);
  Status bind_names(const Form& key, const Form& names, const Form* defaults, std::uint32_t slot,
                    std::vector<Binding>& into);
  Status bind_key(const Form& pattern, NodePtr key, const Form* defaults, std::uint32_t slot,
                  std::vector<Binding>& into);
  NodePtr call_builtin(std::string_view name, std::vector<NodePtr> arguments, std::uint32_t at);

  // compile_function.cpp
  Result<NodePtr> compile_fn(const Form& form, Tail tail);
  Result<NodePtr> compile_short_function(const Form& form);
  Result<NodePtr> finish_function(FunctionState& state, std::unique_ptr<FunctionTemplate> code,
                                  const Form& form);
  Result<Arity> compile_arity(FunctionState& state, const Form& parameters, const Form& form,
                              std::size_t body_from);
  Result<NodePtr> compile_conditions(const Form& conditions, const Form& form,
                                     std::size_t body_from);
  Result<NodePtr> compile_assertion(const Form& condition);

  // compile_branch.cpp
  Result<NodePtr> compile_if(const Form& form, Tail tail);
  Result<NodePtr> compile_if_not(const Form& form, Tail tail);
  Result<NodePtr> compile_when(const Form& form, Tail tail);
  Result<NodePtr> compile_when_not(const Form& form, Tail tail);
  Result<NodePtr> compile_and(const Form& form, Tail tail);
  Result<NodePtr> compile_or(const Form& form, Tail tail);
  Result<NodePtr> compile_do(const Form& form, Tail tail);
  Result<NodePtr> compile_quote(const Form& form, Tail tail);
  Result<NodePtr> compile_cond(const Form& form, Tail tail);
  Result<NodePtr> compile_condp(const Form& form, Tail tail);
  Result<NodePtr> compile_case(const Form& form, Tail tail);
  Result<NodePtr> compile_logic(const Form& form, Tail tail, bool stop_at);

  // compile_thread.cpp
  Result<NodePtr> compile_thread_first(const Form& form, Tail tail);
  Result<NodePtr> compile_thread_last(const Form& form, Tail tail);
  Result<NodePtr> compile_some_first(const Form& form, Tail tail);
  Result<NodePtr> compile_some_last(const Form& form, Tail tail);
  Result<NodePtr> compile_as(const Form& form, Tail tail);
  Result<NodePtr> compile_cond_first(const Form& form, Tail tail);
  Result<NodePtr> compile_cond_last(const Form& form, Tail tail);
  Status check_steps(const Form& form, std::size_t first, std::size_t stride) const;
  Result<NodePtr> compile_thread(const Form& form, Tail tail, bool last);
  Result<NodePtr> compile_some(const Form& form, Tail tail, bool last);
  Result<NodePtr> compile_conditional(const Form& form, Tail tail, bool last);

  // compile_for.cpp
  Result<NodePtr> compile_for(const Form& form, Tail tail);
  Result<ForClause> compile_for_modifier(const Form& keyword, const Form& value);

  std::string_view text_;
  Scope* scope_ = nullptr;
  std::uint32_t depth_ = 0;
  std::uint32_t fresh_ = 0;
};

}  // namespace ksv::expr
