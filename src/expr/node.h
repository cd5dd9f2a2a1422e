// The checked form of an expression: a tree whose names are resolved to slots, evaluated by
// walking.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

class Closure;

// The locals of one running call.
struct Frame {
  Value* slots = nullptr;
  const Closure* closure = nullptr;  // null while the expression itself is evaluated
  bool recurring = false;            // a recur has set its target's slots: go round again
};

using SlotSet = std::vector<bool>;

class Node {
 public:
  explicit Node(std::uint32_t at) : at_(at) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  virtual Result<Value> evaluate(Machine& machine, Frame& frame) const = 0;

  // The parts in the order in which they are evaluated.
  virtual void each_part(const std::function<void(Node&)>& visit) = 0;
  // Finds the last use of each local, where its value can be moved out instead of shared, so that
  // what only this local held is edited in place. `live` holds the slots that are read after this
  // node; on return, those read from here on. The default serves whatever evaluates each part at
  // most once.
  virtual void mark_last_uses(SlotSet& live);
  // Adds the slots that are read in this part of the tree.
  virtual void collect_uses(SlotSet& uses);
  // The value when it is known without evaluation, else null.
  virtual const Value* constant() const { return nullptr; }

  // Whether Clojure's compiler knows its value for a primitive double, which it divides by zero.
  virtual bool gives_double() const { return false; }

  std::uint32_t at() const { return at_; }

 private:
  std::uint32_t at_;
};

using NodePtr = std::unique_ptr<Node>;

}  // namespace ksv::expr
