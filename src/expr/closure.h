// Functions written in the expression: fn and #().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expr/node.h"
#include "expr/object.h"

namespace ksv::expr {

// One arity of a function.
struct Arity {
  std::uint32_t fixed = 0;  // parameters before &
  bool rest = false;
  std::uint32_t slots = 0;  // parameters come first, then the rest parameter
  NodePtr body{};
};

struct FunctionTemplate {
  std::string name;  // of (fn name ...), else "fn" or "#()"
  std::uint32_t at = 0;
  std::vector<Arity> arities{};
};

// A function with the values of the enclosing locals that it uses.
class Closure : public Callable {
 public:
  Closure(const FunctionTemplate& code, Values captured);
  Result<Value> call(Machine& machine, Arguments arguments) const override {
    return call_arity(machine, arguments, nullptr);
  }
  Result<Value> call_spread(Machine& machine, Arguments arguments,
                            const Spread& spread) const override {
    return call_arity(machine, arguments, &spread);
  }
  std::string name() const override { return code_.name; }
  const Value& captured(std::uint32_t index) const { return captured_[index]; }

 private:
  const Arity* arity_for(std::size_t count) const;
  Result<Value> call_arity(Machine& machine, Arguments arguments, const Spread* spread) const;
  Result<Value> run(Machine& machine, const Arity& arity, Arguments arguments, Value* slots,
                    Shape rest_shape) const;
  std::string arities_text() const;

  const FunctionTemplate& code_;
  Values captured_;
};

class ClosureNode : public Node {
 public:
  ClosureNode(std::unique_ptr<FunctionTemplate> code, std::vector<NodePtr> captured,
              std::uint32_t at)
      : Node(at), code_(std::move(code)), captured_(std::move(captured)) {}
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;

 private:
  std::unique_ptr<FunctionTemplate> code_;
  std::vector<NodePtr> captured_;
};

}  // namespace ksv::expr
