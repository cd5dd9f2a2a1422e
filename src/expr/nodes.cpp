// Evaluation of each kind of node.
#include "expr/nodes.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "codec/edn.h"
#include "expr/case_hash.h"
#include "expr/closure.h"
#include "expr/cursor.h"
#include "expr/equality.h"

namespace ksv::expr {
namespace {

// Calls with this many arguments or fewer keep them on the stack.
constexpr std::size_t kStackArguments = 4;

// Evaluates the parts into place and hands them to `receive`.
template <typename Receive>
Result<Value> with_arguments(Machine& machine, Frame& frame, const std::vector<NodePtr>& parts,
                             const Receive& receive) {
  if (parts.size() <= kStackArguments) {
    std::array<Value, kStackArguments> arguments;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Result<Value> value = parts[i]->evaluate(machine, frame);
      if (!value) return value;
      arguments[i] = *std::move(value);
    }
    return receive(Arguments(arguments.data(), parts.size()));
  }
  if (!machine.take(parts.size() * sizeof(Value))) return machine.out_of_memory();
  Values arguments(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Result<Value> value = parts[i]->evaluate(machine, frame);
    if (!value) return value;
    arguments[i] = *std::move(value);
  }
  return receive(Arguments(arguments));
}

Status bind(Machine& machine, Frame& frame, const std::vector<Binding>& bindings) {
  for (const Binding& binding : bindings) {
    Result<Value> value = binding.value->evaluate(machine, frame);
    if (!value) return std::move(value).error();
    frame.slots[binding.slot] = *std::move(value);
  }
  return ok();
}

void visit_bindings(const std::vector<Binding>& bindings, const std::function<void(Node&)>& visit) {
  for (const Binding& binding : bindings) visit(*binding.value);
}

Error duplicate_key(const Value& key) {
  return failure(fmt::format("duplicate key {}", edn_excerpt(key)));
}

}  // namespace

Result<Value> CapturedNode::evaluate(Machine&, Frame& frame) const {
  return frame.closure->captured(index_);
}

Result<Value> SelfNode::evaluate(Machine&, Frame& frame) const {
  // Functions are immutable; only the count of references is touched.
  auto* self = const_cast<Closure*>(frame.closure);
  self->references.fetch_add(1, std::memory_order_relaxed);
  return Value::function(self);
}

Result<Value> IfNode::evaluate(Machine& machine, Frame& frame) const {
  const Value test = KSV_TRY(test_->evaluate(machine, frame));
  if (test.is_truthy()) return then_->evaluate(machine, frame);
  if (otherwise_) return otherwise_->evaluate(machine, frame);
  return Value();
}

void IfNode::each_part(const std::function<void(Node&)>& visit) {
  visit(*test_);
  visit(*then_);
  if (otherwise_) visit(*otherwise_);
}

Result<Value> DoNode::evaluate(Machine& machine, Frame& frame) const {
  for (std::size_t i = 0; i + 1 < parts_.size(); ++i) {
    KSV_CHECK(parts_[i]->evaluate(machine, frame));
  }
  return parts_.back()->evaluate(machine, frame);
}

void DoNode::each_part(const std::function<void(Node&)>& visit) {
  for (const NodePtr& part : parts_) visit(*part);
}

Result<Value> LogicNode::evaluate(Machine& machine, Frame& frame) const {
  for (std::size_t i = 0; i + 1 < parts_.size(); ++i) {
    Result<Value> value = parts_[i]->evaluate(machine, frame);
    if (!value || value->is_truthy() == stop_at_) return value;
  }
  return parts_.back()->evaluate(machine, frame);
}

void LogicNode::each_part(const std::function<void(Node&)>& visit) {
  for (const NodePtr& part : parts_) visit(*part);
}

Result<Value> LetNode::evaluate(Machine& machine, Frame& frame) const {
  KSV_CHECK(bind(machine, frame, bindings_));
  return body_->evaluate(machine, frame);
}

void LetNode::each_part(const std::function<void(Node&)>& visit) {
  visit_bindings(bindings_, visit);
  visit(*body_);
}

Result<Value> LoopNode::evaluate(Machine& machine, Frame& frame) const {
  KSV_CHECK(bind(machine, frame, bindings_));
  for (;;) {
    Result<Value> result = body_->evaluate(machine, frame);
    if (!result || !frame.recurring) return result;
    frame.recurring = false;
  }
}

void LoopNode::each_part(const std::function<void(Node&)>& visit) {
  visit_bindings(bindings_, visit);
  visit(*body_);
}

Result<Value> RecurNode::evaluate(Machine& machine, Frame& frame) const {
  if (!machine.spend()) return machine.place(machine.out_of_steps(), "recur", at());
  // All values are computed before the first slot changes.
  constexpr std::size_t kStackValues = 6;
  std::array<Value, kStackValues> few;
  Values many(bindings_.size() > kStackValues ? bindings_.size() : 0);
  Value* values = many.empty() ? few.data() : many.data();
  for (std::size_t i = 0; i < bindings_.size(); ++i) {
    Result<Value> value = bindings_[i].value->evaluate(machine, frame);
    if (!value) return value;
    values[i] = *std::move(value);
  }
  for (std::size_t i = 0; i < bindings_.size(); ++i) {
    frame.slots[bindings_[i].slot] = std::move(values[i]);
  }
  frame.recurring = true;
  return Value();
}

void RecurNode::each_part(const std::function<void(Node&)>& visit) {
  visit_bindings(bindings_, visit);
}

// As Clojure's inlined arithmetic has it: a double and anything give a double, but for those
// functions that give one of two arguments back, or were not written for a mixed pair.
bool BuiltinCallNode::gives_double() const {
  const std::string_view name = info_.name;
  const auto doubles = std::count_if(arguments_.begin(), arguments_.end(),
                                     [](const NodePtr& node) { return node->gives_double(); });
  const std::size_t count = arguments_.size();
  if (name == "double" || name == "float") return count == 1;
  if (doubles == 0) return false;
  const bool all = static_cast<std::size_t>(doubles) == count;
  if (name == "max" || name == "min") return all && count > 1;
  if (name == "quot" || name == "rem") {
    return std::all_of(arguments_.begin(), arguments_.end(), [](const NodePtr& node) {
      const Value* constant = node->constant();
      return node->gives_double() || (constant != nullptr && constant->is(Kind::kLong));
    });
  }
  if (name == "-" || name == "-'" || name.starts_with("inc") || name.starts_with("dec"))
    return true;
  if (name == "abs") return true;
  const bool folds = name == "+" || name == "*" || name == "/" || name == "+'" || name == "*'";
  return folds && count > 1;
}

Result<Value> BuiltinCallNode::evaluate(Machine& machine, Frame& frame) const {
  return with_arguments(machine, frame, arguments_, [&](Arguments arguments) -> Result<Value> {
    if (!machine.spend()) return machine.place(machine.out_of_steps(), info_.name, at());
    if (arguments.size() < info_.arity_min || arguments.size() > info_.arity_max) {
      return machine.place(wrong_arity(arity_text(info_), arguments.size()), info_.name, at());
    }
    Result<Value> result = info_.code(machine, arguments);
    if (!result) return machine.place(std::move(result).error(), info_.name, at());
    Status depth = machine.check_depth(*result);
    if (!depth) return machine.place(std::move(depth).error(), info_.name, at());
    return result;
  });
}

void BuiltinCallNode::each_part(const std::function<void(Node&)>& visit) {
  for (const NodePtr& argument : arguments_) visit(*argument);
}

Result<Value> CallNode::evaluate(Machine& machine, Frame& frame) const {
  const Value function = KSV_TRY(function_->evaluate(machine, frame));
  return with_arguments(machine, frame, arguments_, [&](Arguments arguments) -> Result<Value> {
    Result<Value> result = machine.call(function, arguments);
    if (!result) return machine.place(std::move(result).error(), name_, at());
    return result;
  });
}

void CallNode::each_part(const std::function<void(Node&)>& visit) {
  visit(*function_);
  for (const NodePtr& argument : arguments_) visit(*argument);
}

Result<Value> LiteralNode::evaluate(Machine& machine, Frame& frame) const {
  if (!machine.spend()) return machine.place(machine.out_of_steps(), "literal", at());
  if (!machine.take((parts_.size() + 4) * sizeof(Value))) {
    return machine.place(machine.out_of_memory(), "literal", at());
  }
  Result<Value> result = Value();
  if (kind_ == Kind::kVector) {
    Values items;
    items.reserve(parts_.size());
    for (const NodePtr& part : parts_) {
      Value item = KSV_TRY(part->evaluate(machine, frame));
      items.push_back(std::move(item));
    }
    result = Value::vector(std::move(items));
  } else {
    result = evaluate_table(machine, frame);
    if (!result) return result;
  }
  Status depth = machine.check_depth(*result);
  if (!depth) return machine.place(std::move(depth).error(), "literal", at());
  return result;
}

Result<Value> LiteralNode::evaluate_table(Machine& machine, Frame& frame) const {
  Table table;
  const bool is_map = kind_ == Kind::kMap;
  for (std::size_t i = 0; i < parts_.size(); i += is_map ? 2 : 1) {
    Value key = KSV_TRY(parts_[i]->evaluate(machine, frame));
    Value value;
    if (is_map) value = KSV_TRY(parts_[i + 1]->evaluate(machine, frame));
    Status paid = machine.pay_walk(key);
    if (!paid)
      return machine.place(std::move(paid).error(), is_map ? "map" : "set", parts_[i]->at());
    Status told_apart = check_key(machine, table, key);
    if (!told_apart)
      return machine.place(std::move(told_apart).error(), is_map ? "map" : "set", parts_[i]->at());
    if (!table.put(key, std::move(value))) {
      return machine.place(duplicate_key(key), is_map ? "map" : "set", parts_[i]->at());
    }
  }
  return is_map ? Value::map(std::move(table)) : Value::set(std::move(table));
}

void LiteralNode::each_part(const std::function<void(Node&)>& visit) {
  for (const NodePtr& part : parts_) visit(*part);
}

Result<Value> CaseNode::evaluate(Machine& machine, Frame& frame) const {
  const Value subject = KSV_TRY(subject_->evaluate(machine, frame));
  Status paid = machine.pay_walk(subject);
  if (!paid) return machine.place(std::move(paid).error(), "case", at());
  const Table::Entry* choice = choices_.find(subject);
  if (choice != nullptr) {
    const bool found = KSV_TRY(is_found_by_hash(machine, choices_, choice->key, subject));
    if (!found) choice = nullptr;
  }
  if (choice != nullptr) {
    const auto branch = static_cast<std::size_t>(choice->value.as_long());
    return branches_[branch]->evaluate(machine, frame);
  }
  if (otherwise_) return otherwise_->evaluate(machine, frame);
  return machine.place(failure(fmt::format("no clause for {}", edn_excerpt(subject))), "case",
                       at());
}

void CaseNode::each_part(const std::function<void(Node&)>& visit) {
  visit(*subject_);
  for (const NodePtr& branch : branches_) visit(*branch);
  if (otherwise_) visit(*otherwise_);
}

Result<Value> ForNode::evaluate(Machine& machine, Frame& frame) const {
  Values into;
  KSV_CHECK(run(machine, frame, 0, into));
  Value result = Value::list(std::move(into));
  result.set_shape(Shape::kLazy);
  Status depth = machine.check_depth(result);
  if (!depth) return machine.place(std::move(depth).error(), "for", at());
  return result;
}

Result<bool> ForNode::run(Machine& machine, Frame& frame, std::size_t index, Values& into) const {
  if (index == clauses_.size()) {
    Value value = KSV_TRY(body_->evaluate(machine, frame));
    if (!machine.take(sizeof(Value))) return machine.place(machine.out_of_memory(), "for", at());
    into.push_back(std::move(value));
    return true;
  }
  const ForClause& clause = clauses_[index];
  if (clause.kind == ForClause::Kind::kLet) {
    KSV_CHECK(bind(machine, frame, clause.bindings));
    return run(machine, frame, index + 1, into);
  }
  Value value = KSV_TRY(clause.value->evaluate(machine, frame));
  if (clause.kind != ForClause::Kind::kEach) {
    if (value.is_truthy()) return run(machine, frame, index + 1, into);
    return clause.kind == ForClause::Kind::kWhen;
  }
  Result<Cursor> cursor = Cursor::over(machine, value);
  if (!cursor) return machine.place(std::move(cursor).error(), "for", at());
  Value element;
  while (cursor->next(element)) {
    if (!machine.spend()) return machine.place(machine.out_of_steps(), "for", at());
    frame.slots[clause.slot] = std::move(element);
    KSV_CHECK(bind(machine, frame, clause.bindings));
    const bool go_on = KSV_TRY(run(machine, frame, index + 1, into));
    if (!go_on) break;
  }
  return true;
}

void ForNode::each_part(const std::function<void(Node&)>& visit) {
  for (const ForClause& clause : clauses_) {
    if (clause.value) visit(*clause.value);
    visit_bindings(clause.bindings, visit);
  }
  visit(*body_);
}

}  // namespace ksv::expr
