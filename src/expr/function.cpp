// Update functions: compile once, apply as often as the update loop needs.
#include "expr/function.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ksv/limits.h"

#include "codec/edn.h"
#include "data/numbers.h"
#include "expr/compiler.h"
#include "expr/finish.h"
#include "expr/form_reader.h"
#include "expr/stack.h"

namespace ksv {

class Program {
 public:
  Program(std::string text, const FunctionLimits& limits)
      : text_(std::move(text)), limits_(limits) {}

  // Compiles and evaluates the text once: its value is the function.
  Status prepare() {
    return on_stack<Unit>([this](std::ptrdiff_t stack) { return prepare_here(stack); });
  }

  Result<Value> apply(const Values& arguments) const {
    return on_stack<Value>([&](std::ptrdiff_t stack) { return apply_here(arguments, stack); });
  }

  const std::string& text() const { return text_; }

 private:
  // Calls `body` where as many calls fit into each other as the limit allows: on this stack, or on
  // a larger one when the limit was raised.
  template <typename T, typename Body>
  Result<T> on_stack(const Body& body) const {
    constexpr std::size_t kBytesPerCall = 8192;
    constexpr std::size_t kStackMax = std::size_t{1} << 30;
    if (limits_.depth_max <= limits::kDepthMax) return body(expr::Machine::kStackBytes);
    const std::size_t bytes = std::min(std::size_t{limits_.depth_max} * kBytesPerCall, kStackMax);
    const auto reserve = static_cast<std::size_t>(expr::Machine::kStackBytes);
    std::optional<Result<T>> result;
    KSV_CHECK(expr::run_with_stack(bytes + 2 * reserve, [&] {
      result.emplace(body(static_cast<std::ptrdiff_t>(bytes + reserve)));
    }));
    return *std::move(result);
  }

  Status prepare_here(std::ptrdiff_t stack) {
    const expr::Form form = KSV_TRY(expr::read_form(text_));
    expr::Compiler::Whole whole = KSV_TRY(expr::Compiler(text_).compile_whole(form));
    // Closures point into the tree.
    node_ = std::move(whole.node);
    expr::Machine machine(text_, limits_, stack);
    Values slots(whole.slots);
    expr::Frame frame{.slots = slots.data()};
    function_ = KSV_TRY(node_->evaluate(machine, frame));
    if (!expr::is_invokable(function_)) {
      return expr::usage_at(text_, form.at,
                            expr::kind_excerpt(function_) + " is no function, as FN must be");
    }
    return ok();
  }

  Result<Value> apply_here(const Values& arguments, std::ptrdiff_t stack) const {
    expr::Machine machine(text_, limits_, stack);
    Values copy = arguments;
    for (Value& argument : copy) {
      if (is_nan(argument)) argument.set_shape(Shape::kBoxed);
    }
    Result<Value> result = machine.call(function_, copy);
    if (!result) return machine.place(std::move(result).error(), name(), 0);
    return expr::finished(machine, *std::move(result));
  }

  // The function in messages.
  std::string name() const {
    const expr::Callable* callable = expr::callable_of(function_);
    return callable == nullptr ? edn_excerpt(function_) : callable->name();
  }

  std::string text_;
  FunctionLimits limits_;
  expr::NodePtr node_;
  Value function_;
};

Function::Function(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

Result<Function> Function::compile(std::string_view text, const FunctionLimits& limits) {
  auto program = std::make_shared<Program>(std::string(text), limits);
  KSV_CHECK(program->prepare());
  return Function(std::move(program));
}

Result<Value> Function::apply(const Values& arguments) const { return program_->apply(arguments); }

const std::string& Function::text() const { return program_->text(); }

}  // namespace ksv
