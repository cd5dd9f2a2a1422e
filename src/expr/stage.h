// The functions that turn one sequence into another, element by element: one implementation for
// (filter f coll) and for the transducer (filter f).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

enum class StageKind : std::uint8_t {
  kMap,
  kMapIndexed,
  kMapcat,
  kFilter,
  kRemove,
  kKeep,
  kKeepIndexed,
  kTake,
  kTakeWhile,
  kDrop,
  kDropWhile,
  kDistinct,
  kDedupe,
  kInterpose,
  kPartitionAll,
  kPartitionBy,
};

// Receives an element; false: no more are wanted.
using Emit = std::function<Result<bool>(Value)>;

// One run over a sequence, with its state.
class Stage {
 public:
  Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  virtual ~Stage() = default;
  // Takes in one element; false: no more are wanted.
  virtual Result<bool> feed(Machine& machine, Value element, const Emit& emit) = 0;
  // At the end of the sequence.
  virtual Status finish(Machine&, const Emit&) { return ok(); }
  // Whether no element at all is wanted (take 0).
  virtual bool is_done() const { return false; }
  // Whether it ends by itself: an endless sequence may be fed.
  virtual bool may_stop() const { return false; }
};

// `parameter` is the function, the count or the separator.
Result<std::unique_ptr<Stage>> make_stage(StageKind kind, const Value& parameter);

// Runs the whole of `source` through the stage.
Result<Values> run_stage(Machine& machine, Stage& stage, Value source);

}  // namespace ksv::expr
