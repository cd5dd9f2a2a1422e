// Functions written in the expression: choosing the arity, binding parameters, going round on
// recur.
#include "expr/closure.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ksv::expr {
namespace {

// Calls with this many locals or fewer keep them on the stack.
constexpr std::size_t kStackSlots = 8;

// The shape of what & binds, after `fixed` parameters.
Shape shape_of_rest(const Spread* spread, std::size_t fixed) {
  if (spread == nullptr) return Shape::kSeq;
  if (fixed > spread->before) return spread->next;
  if (fixed == spread->before) return spread->seq;
  if (!spread->of_nil) return spread->cons;
  // (cons x nil) is a list.
  return fixed + 1 == spread->before ? Shape::kNone : Shape::kHead;
}

}  // namespace

Closure::Closure(const FunctionTemplate& code, Values captured)
    : code_(code), captured_(std::move(captured)) {
  for (const Value& value : captured_) holds(value);
}

const Arity* Closure::arity_for(std::size_t count) const {
  const Arity* variadic = nullptr;
  for (const Arity& arity : code_.arities) {
    if (arity.rest) {
      if (count >= arity.fixed) variadic = &arity;
    } else if (arity.fixed == count) {
      return &arity;
    }
  }
  return variadic;
}

std::string Closure::arities_text() const {
  std::vector<std::uint32_t> counts;
  std::string text;
  for (const Arity& arity : code_.arities) {
    if (!text.empty()) text += " or ";
    text += std::to_string(arity.fixed);
    if (arity.rest) text += " or more";
  }
  return text;
}

Result<Value> Closure::run(Machine& machine, const Arity& arity, Arguments arguments, Value* slots,
                           Shape rest_shape) const {
  const std::size_t fixed = arity.fixed;
  for (std::size_t i = 0; i < fixed; ++i) slots[i] = std::move(arguments[i]);
  if (arity.rest && arguments.size() > fixed) {
    KSV_CHECK(machine.grow(arguments.size() - fixed));
    Values rest(std::make_move_iterator(arguments.begin() + static_cast<std::ptrdiff_t>(fixed)),
                std::make_move_iterator(arguments.end()));
    slots[fixed] = Value::list(std::move(rest));
    slots[fixed].set_shape(rest_shape);
  }
  Frame frame{.slots = slots, .closure = this};
  for (;;) {
    Result<Value> result = arity.body->evaluate(machine, frame);
    if (!result || !frame.recurring) return result;
    frame.recurring = false;
  }
}

Result<Value> Closure::call_arity(Machine& machine, Arguments arguments,
                                  const Spread* spread) const {
  const Arity* arity = arity_for(arguments.size());
  if (arity == nullptr) {
    return machine.place(wrong_arity(arities_text(), arguments.size()), code_.name, code_.at);
  }
  const Shape rest = shape_of_rest(spread, arity->fixed);
  if (arity->slots <= kStackSlots) {
    std::array<Value, kStackSlots> slots;
    return run(machine, *arity, arguments, slots.data(), rest);
  }
  if (!machine.take(arity->slots * sizeof(Value))) return machine.out_of_memory();
  Values slots(arity->slots);
  return run(machine, *arity, arguments, slots.data(), rest);
}

Result<Value> ClosureNode::evaluate(Machine& machine, Frame& frame) const {
  Values captured;
  captured.reserve(captured_.size());
  for (const NodePtr& node : captured_) {
    Value value = KSV_TRY(node->evaluate(machine, frame));
    captured.push_back(std::move(value));
  }
  if (!machine.take(sizeof(Closure) + captured.size() * sizeof(Value))) {
    return machine.out_of_memory();
  }
  Value closure = make_object<Closure>(*code_, std::move(captured));
  KSV_CHECK(machine.check_depth(closure));
  return closure;
}

void ClosureNode::each_part(const std::function<void(Node&)>& visit) {
  for (const NodePtr& node : captured_) visit(*node);
}

}  // namespace ksv::expr
