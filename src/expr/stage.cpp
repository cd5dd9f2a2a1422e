// The functions that turn one sequence into another, element by element.
#include "expr/stage.h"

#include <cmath>

#include "data/numbers.h"
#include "expr/cursor.h"
#include "expr/equality.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

class MapStage : public Stage {
 public:
  explicit MapStage(const Value& f) : f_(f) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    Value result = KSV_TRY(machine.call(f_, std::move(element)));
    return emit(std::move(result));
  }

 private:
  const Value f_;
};

class IndexedStage : public Stage {
 public:
  IndexedStage(const Value& f, bool keep) : f_(f), keep_(keep) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    Value result = KSV_TRY(machine.call(f_, Value::integer(index_++), std::move(element)));
    if (keep_ && result.is_nil()) return true;
    return emit(std::move(result));
  }

 private:
  const Value f_;
  const bool keep_;
  std::int64_t index_ = 0;
};

class MapcatStage : public Stage {
 public:
  explicit MapcatStage(const Value& f) : f_(f) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    Value result = KSV_TRY(machine.call(f_, std::move(element)));
    Values parts = KSV_TRY(elements_of(machine, std::move(result)));
    for (Value& part : parts) {
      const bool go_on = KSV_TRY(emit(std::move(part)));
      if (!go_on) return false;
    }
    return true;
  }

 private:
  const Value f_;
};

class FilterStage : public Stage {
 public:
  FilterStage(const Value& f, bool wanted) : f_(f), wanted_(wanted) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    const Value found = KSV_TRY(machine.call(f_, element));
    if (found.is_truthy() != wanted_) return true;
    return emit(std::move(element));
  }

 private:
  const Value f_;
  const bool wanted_;
};

class KeepStage : public Stage {
 public:
  explicit KeepStage(const Value& f) : f_(f) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    Value result = KSV_TRY(machine.call(f_, std::move(element)));
    if (result.is_nil()) return true;
    return emit(std::move(result));
  }

 private:
  const Value f_;
};

class TakeStage : public Stage {
 public:
  explicit TakeStage(std::size_t count) : left_(count) {}
  Result<bool> feed(Machine&, Value element, const Emit& emit) override {
    if (left_ == 0) return false;
    --left_;
    const bool go_on = KSV_TRY(emit(std::move(element)));
    return go_on && left_ > 0;
  }
  bool is_done() const override { return left_ == 0; }
  bool may_stop() const override { return true; }

 private:
  std::size_t left_;
};

class TakeWhileStage : public Stage {
 public:
  explicit TakeWhileStage(const Value& f) : f_(f) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    const Value found = KSV_TRY(machine.call(f_, element));
    if (!found.is_truthy()) return false;
    return emit(std::move(element));
  }
  bool may_stop() const override { return true; }

 private:
  const Value f_;
};

class DropStage : public Stage {
 public:
  explicit DropStage(std::size_t count) : left_(count) {}
  Result<bool> feed(Machine&, Value element, const Emit& emit) override {
    if (left_ == 0) return emit(std::move(element));
    --left_;
    return true;
  }

 private:
  std::size_t left_;
};

class DropWhileStage : public Stage {
 public:
  explicit DropWhileStage(const Value& f) : f_(f) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    if (dropping_) {
      const Value found = KSV_TRY(machine.call(f_, element));
      if (found.is_truthy()) return true;
      dropping_ = false;
    }
    return emit(std::move(element));
  }

 private:
  const Value f_;
  bool dropping_ = true;
};

class DistinctStage : public Stage {
 public:
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    if (!machine.take(4 * sizeof(Value))) return machine.out_of_memory();
    KSV_CHECK(machine.pay_walk(element));
    KSV_CHECK(check_key(machine, seen_, element));
    if (!seen_.put(element, Value())) return true;
    return emit(std::move(element));
  }

 private:
  Table seen_;
};

class DedupeStage : public Stage {
 public:
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    KSV_CHECK(machine.pay_walk(element));
    if (any_) {
      const bool equal = KSV_TRY(equal_values(machine, last_, element));
      if (equal) return true;
    }
    any_ = true;
    last_ = element;
    return emit(std::move(element));
  }

 private:
  bool any_ = false;
  Value last_;
};

class InterposeStage : public Stage {
 public:
  explicit InterposeStage(const Value& separator) : separator_(separator) {}
  Result<bool> feed(Machine&, Value element, const Emit& emit) override {
    if (any_) {
      const bool go_on = KSV_TRY(emit(separator_));
      if (!go_on) return false;
    }
    any_ = true;
    return emit(std::move(element));
  }

 private:
  const Value separator_;
  bool any_ = false;
};

class PartitionAllStage : public Stage {
 public:
  explicit PartitionAllStage(std::size_t size) : size_(size) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    KSV_CHECK(machine.grow(1));
    part_.push_back(std::move(element));
    if (part_.size() < size_) return true;
    return emit(lazy(std::exchange(part_, {})));
  }
  Status finish(Machine&, const Emit& emit) override {
    if (!part_.empty()) KSV_CHECK(emit(lazy(std::exchange(part_, {}))));
    return ok();
  }

 private:
  const std::size_t size_;
  Values part_;
};

class PartitionByStage : public Stage {
 public:
  explicit PartitionByStage(const Value& f) : f_(f) {}
  Result<bool> feed(Machine& machine, Value element, const Emit& emit) override {
    Value key = KSV_TRY(machine.call(f_, element));
    KSV_CHECK(machine.grow(1));
    KSV_CHECK(machine.pay_walk(key));
    bool go_on = true;
    bool equal = true;
    if (!part_.empty()) equal = KSV_TRY(equal_values(machine, key, key_));
    if (!equal) {
      go_on = KSV_TRY(emit(sequence(std::exchange(part_, {}), Shape::kHead)));
    }
    key_ = std::move(key);
    if (go_on) part_.push_back(std::move(element));
    return go_on;
  }
  Status finish(Machine&, const Emit& emit) override {
    if (!part_.empty()) KSV_CHECK(emit(sequence(std::exchange(part_, {}), Shape::kHead)));
    return ok();
  }

 private:
  const Value f_;
  Value key_;
  Values part_;
};

using StagePtr = std::unique_ptr<Stage>;

Result<StagePtr> counted_stage(StageKind kind, const Value& parameter) {
  const std::size_t count = KSV_TRY(require_count(parameter));
  if (kind == StageKind::kTake) return StagePtr(std::make_unique<TakeStage>(count));
  if (kind == StageKind::kDrop) return StagePtr(std::make_unique<DropStage>(count));
  if (count == 0) return expected("a size above 0", parameter);
  return StagePtr(std::make_unique<PartitionAllStage>(count));
}

}  // namespace

Result<StagePtr> make_stage(StageKind kind, const Value& parameter) {
  switch (kind) {
    case StageKind::kMap: return StagePtr(std::make_unique<MapStage>(parameter));
    case StageKind::kMapIndexed: return StagePtr(std::make_unique<IndexedStage>(parameter, false));
    case StageKind::kMapcat: return StagePtr(std::make_unique<MapcatStage>(parameter));
    case StageKind::kFilter: return StagePtr(std::make_unique<FilterStage>(parameter, true));
    case StageKind::kRemove: return StagePtr(std::make_unique<FilterStage>(parameter, false));
    case StageKind::kKeep: return StagePtr(std::make_unique<KeepStage>(parameter));
    case StageKind::kKeepIndexed: return StagePtr(std::make_unique<IndexedStage>(parameter, true));
    case StageKind::kTakeWhile: return StagePtr(std::make_unique<TakeWhileStage>(parameter));
    case StageKind::kDropWhile: return StagePtr(std::make_unique<DropWhileStage>(parameter));
    case StageKind::kDistinct: return StagePtr(std::make_unique<DistinctStage>());
    case StageKind::kDedupe: return StagePtr(std::make_unique<DedupeStage>());
    case StageKind::kInterpose: return StagePtr(std::make_unique<InterposeStage>(parameter));
    case StageKind::kPartitionBy: return StagePtr(std::make_unique<PartitionByStage>(parameter));
    case StageKind::kTake:
    case StageKind::kDrop:
    case StageKind::kPartitionAll: break;
  }
  return counted_stage(kind, parameter);
}

Result<Values> run_stage(Machine& machine, Stage& stage, Value source) {
  Values results;
  if (stage.is_done()) return results;
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(source)));
  if (cursor.is_endless() && !stage.may_stop()) return endless();
  const Emit emit = [&](Value value) -> Result<bool> {
    if (!machine.take(sizeof(Value))) return machine.out_of_memory();
    results.push_back(std::move(value));
    return true;
  };
  Value element;
  while (cursor.next(element)) {
    if (!machine.spend()) return machine.out_of_steps();
    const bool go_on = KSV_TRY(stage.feed(machine, std::move(element), emit));
    if (!go_on) break;
  }
  KSV_CHECK(stage.finish(machine, emit));
  return results;
}

// Counts go down by one while they are positive, so a fraction takes one element more.
Result<std::size_t> require_count(const Value& value) {
  KSV_CHECK(require_number(value));
  if (!is_positive(value)) return std::size_t{0};
  if (value.is(Kind::kLong)) return static_cast<std::size_t>(value.as_long());
  const double count = std::ceil(double_of(value));
  if (!(count < 1e18)) return static_cast<std::size_t>(1e18);
  return static_cast<std::size_t>(count);
}

}  // namespace ksv::expr
