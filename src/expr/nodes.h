// The kinds of node that an expression compiles to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ksv/value.h"

#include "expr/builtins.h"
#include "expr/node.h"
#include "expr/object.h"

namespace ksv::expr {

struct Binding {
  std::uint32_t slot = 0;
  NodePtr value{};
};

class ConstantNode : public Node {
 public:
  ConstantNode(Value value, std::uint32_t at) : Node(at), value_(std::move(value)) {}
  Result<Value> evaluate(Machine&, Frame&) const override { return value_; }
  void each_part(const std::function<void(Node&)>&) override {}
  const Value* constant() const override { return &value_; }
  bool gives_double() const override { return value_.is(Kind::kDouble); }

 private:
  Value value_;
};

class LocalNode : public Node {
 public:
  LocalNode(std::uint32_t slot, std::uint32_t at, bool gives_double = false)
      : Node(at), slot_(slot), gives_double_(gives_double) {}
  bool gives_double() const override { return gives_double_; }
  Result<Value> evaluate(Machine&, Frame& frame) const override {
    if (last_use_) return std::move(frame.slots[slot_]);
    return frame.slots[slot_];
  }
  void each_part(const std::function<void(Node&)>&) override {}
  void mark_last_uses(SlotSet& live) override;
  void collect_uses(SlotSet& uses) override;

 private:
  std::uint32_t slot_;
  bool gives_double_;
  bool last_use_ = false;
};

// A local of an enclosing function, copied into the closure when it was made.
class CapturedNode : public Node {
 public:
  CapturedNode(std::uint32_t index, std::uint32_t at, bool gives_double)
      : Node(at), index_(index), gives_double_(gives_double) {}
  bool gives_double() const override { return gives_double_; }
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>&) override {}

 private:
  std::uint32_t index_;
  bool gives_double_;
};

// The function that is running, under its own name.
class SelfNode : public Node {
 public:
  using Node::Node;
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>&) override {}
};

class IfNode : public Node {
 public:
  IfNode(NodePtr test, NodePtr then, NodePtr otherwise, std::uint32_t at)
      : Node(at),
        test_(std::move(test)),
        then_(std::move(then)),
        otherwise_(std::move(otherwise)) {}
  bool gives_double() const override { return then_->gives_double() && otherwise_->gives_double(); }
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;
  void mark_last_uses(SlotSet& live) override;

 private:
  NodePtr test_;
  NodePtr then_;
  NodePtr otherwise_;
};

// (do ...): the value of the last part.
class DoNode : public Node {
 public:
  DoNode(std::vector<NodePtr> parts, std::uint32_t at) : Node(at), parts_(std::move(parts)) {}
  bool gives_double() const override { return parts_.back()->gives_double(); }
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;

 private:
  std::vector<NodePtr> parts_;  // at least one
};

// (and ...) or (or ...) of at least one part.
class LogicNode : public Node {
 public:
  LogicNode(bool stop_at, std::vector<NodePtr> parts, std::uint32_t at)
      : Node(at), stop_at_(stop_at), parts_(std::move(parts)) {}
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;

 private:
  bool stop_at_;  // the truth that ends it: false for `and`
  std::vector<NodePtr> parts_;
};

class LetNode : public Node {
 public:
  LetNode(std::vector<Binding> bindings, NodePtr body, std::uint32_t at)
      : Node(at), bindings_(std::move(bindings)), body_(std::move(body)) {}
  bool gives_double() const override { return body_->gives_double(); }
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;

 private:
  std::vector<Binding> bindings_;
  NodePtr body_;
};

// The slots of what is bound inside a loop: [first, end).
struct SlotRange {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
};

class LoopNode : public Node {
 public:
  LoopNode(std::vector<Binding> bindings, NodePtr body, SlotRange inner, std::uint32_t at)
      : Node(at), bindings_(std::move(bindings)), body_(std::move(body)), inner_(inner) {}
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;
  void mark_last_uses(SlotSet& live) override;

 private:
  std::vector<Binding> bindings_;
  NodePtr body_;
  SlotRange inner_;
};

// In tail position, so that nothing remains to be done between it and its target.
class RecurNode : public Node {
 public:
  RecurNode(std::vector<Binding> bindings, std::uint32_t at)
      : Node(at), bindings_(std::move(bindings)) {}
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;

 private:
  std::vector<Binding> bindings_;
};

// A call of a function of the table.
class BuiltinCallNode : public Node {
 public:
  BuiltinCallNode(const BuiltinInfo& info, std::vector<NodePtr> arguments, std::uint32_t at)
      : Node(at), info_(info), arguments_(std::move(arguments)) {}
  bool gives_double() const override;
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;

 private:
  const BuiltinInfo& info_;
  std::vector<NodePtr> arguments_;
};

class CallNode : public Node {
 public:
  CallNode(std::string name, NodePtr function, std::vector<NodePtr> arguments, std::uint32_t at)
      : Node(at),
        name_(std::move(name)),
        function_(std::move(function)),
        arguments_(std::move(arguments)) {}
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;

 private:
  std::string name_;  // for messages
  NodePtr function_;
  std::vector<NodePtr> arguments_;
};

// [...], {...} or #{...} with parts to evaluate.
class LiteralNode : public Node {
 public:
  LiteralNode(Kind kind, std::vector<NodePtr> parts, std::uint32_t at)
      : Node(at), kind_(kind), parts_(std::move(parts)) {}
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;

 private:
  Result<Value> evaluate_table(Machine& machine, Frame& frame) const;

  Kind kind_;
  std::vector<NodePtr> parts_;
};

class CaseNode : public Node {
 public:
  // The values of `choices` are indexes into `branches`. `otherwise` may be null.
  CaseNode(NodePtr subject, Table choices, std::vector<NodePtr> branches, NodePtr otherwise,
           std::uint32_t at)
      : Node(at),
        subject_(std::move(subject)),
        choices_(std::move(choices)),
        branches_(std::move(branches)),
        otherwise_(std::move(otherwise)) {}
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;
  void mark_last_uses(SlotSet& live) override;

 private:
  NodePtr subject_;
  Table choices_;
  std::vector<NodePtr> branches_;
  NodePtr otherwise_;
};

struct ForClause {
  enum class Kind : std::uint8_t { kEach, kLet, kWhen, kWhile };
  Kind kind = Kind::kEach;
  std::uint32_t slot = 0;           // kEach: the element
  NodePtr value{};                  // the collection or the test
  std::vector<Binding> bindings{};  // of the element's parts, or of :let
};

class ForNode : public Node {
 public:
  ForNode(std::vector<ForClause> clauses, NodePtr body, SlotRange inner, std::uint32_t at)
      : Node(at), clauses_(std::move(clauses)), body_(std::move(body)), inner_(inner) {}
  Result<Value> evaluate(Machine& machine, Frame& frame) const override;
  void each_part(const std::function<void(Node&)>& visit) override;
  void mark_last_uses(SlotSet& live) override;

 private:
  // False when a :while ended the innermost loop.
  Result<bool> run(Machine& machine, Frame& frame, std::size_t clause, Values& into) const;

  std::vector<ForClause> clauses_;
  NodePtr body_;
  SlotRange inner_;
};

}  // namespace ksv::expr
