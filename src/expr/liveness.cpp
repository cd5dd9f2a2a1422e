// Finds the last use of each local, so that values that only one local holds are edited in place
// and loops that build collections stay linear.
//
// A walk against the order of evaluation: a local that is read nowhere later has its last use here.
// Branches start from the same set and are joined. What a loop reads from outside of it is read
// again by the next turn, so it stays alive throughout; what is bound inside is bound anew by each
// turn.
#include "expr/nodes.h"

namespace ksv::expr {
namespace {

void unite(SlotSet& into, const SlotSet& other) {
  for (std::size_t i = 0; i < into.size(); ++i) {
    if (other[i]) into[i] = true;
  }
}

std::vector<Node*> parts_of(Node& node) {
  std::vector<Node*> parts;
  node.each_part([&parts](Node& part) { parts.push_back(&part); });
  return parts;
}

// Keeps alive what the node reads from outside the slots that it binds itself.
void keep_outer_uses(Node& node, SlotRange inner, SlotSet& live) {
  SlotSet uses(live.size());
  node.collect_uses(uses);
  for (std::size_t i = inner.first; i < inner.end; ++i) uses[i] = false;
  unite(live, uses);
}

}  // namespace

void Node::mark_last_uses(SlotSet& live) {
  const std::vector<Node*> parts = parts_of(*this);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) (*part)->mark_last_uses(live);
}

void Node::collect_uses(SlotSet& uses) {
  each_part([&uses](Node& part) { part.collect_uses(uses); });
}

void LocalNode::mark_last_uses(SlotSet& live) {
  last_use_ = !live[slot_];
  live[slot_] = true;
}

void LocalNode::collect_uses(SlotSet& uses) { uses[slot_] = true; }

void IfNode::mark_last_uses(SlotSet& live) {
  SlotSet live_otherwise = live;
  if (otherwise_) otherwise_->mark_last_uses(live_otherwise);
  then_->mark_last_uses(live);
  unite(live, live_otherwise);
  test_->mark_last_uses(live);
}

void CaseNode::mark_last_uses(SlotSet& live) {
  const SlotSet after = live;
  if (otherwise_) otherwise_->mark_last_uses(live);
  for (const NodePtr& branch : branches_) {
    SlotSet live_branch = after;
    branch->mark_last_uses(live_branch);
    unite(live, live_branch);
  }
  subject_->mark_last_uses(live);
}

void LoopNode::mark_last_uses(SlotSet& live) {
  keep_outer_uses(*body_, inner_, live);
  body_->mark_last_uses(live);
  for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding) {
    binding->value->mark_last_uses(live);
  }
}

void ForNode::mark_last_uses(SlotSet& live) {
  // Its own slots too are kept: a second collection is walked once for each element of the first.
  collect_uses(live);
  Node::mark_last_uses(live);
}

}  // namespace ksv::expr
