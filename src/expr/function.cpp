// Update functions: compile once, apply as often as the update loop needs.
#include "expr/function.h"

#include <utility>

#include "expr/compiler.h"
#include "expr/finish.h"
#include "expr/form_reader.h"

namespace ksv {

class Program {
 public:
  Program(std::string text, const FunctionLimits& limits)
      : text_(std::move(text)), limits_(limits) {}

  // Compiles and evaluates the text once: its value is the function.
  Status prepare() {
    const expr::Form form = KSV_TRY(expr::read_form(text_));
    expr::Compiler::Whole whole = KSV_TRY(expr::Compiler(text_).compile_whole(form));
    // Closures point into the tree.
    node_ = std::move(whole.node);
    expr::Machine machine(text_, limits_);
    Values slots(whole.slots);
    expr::Frame frame{.slots = slots.data()};
    function_ = KSV_TRY(node_->evaluate(machine, frame));
    if (!expr::is_invokable(function_)) {
      return expr::usage_at(text_, form.at,
                            expr::kind_excerpt(function_) + " is no function, as FN must be");
    }
    return ok();
  }

  Result<Value> apply(const Values& arguments) const {
    expr::Machine machine(text_, limits_);
    Values copy = arguments;
    Result<Value> result = machine.call(function_, copy);
    if (!result) return machine.place(std::move(result).error(), "FN", 0);
    return expr::finished(machine, *std::move(result));
  }

  const std::string& text() const { return text_; }

 private:
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
