// Transducers: functions from a reducing function to a reducing function, built on the stages.
#include "expr/transducer.h"

#include <utility>

#include "expr/cursor.h"
#include "expr/object.h"

namespace ksv::expr {
namespace {

// The reducing function that a transducer makes of another. It has the state of one run.
class Step : public Callable {
 public:
  Step(StageKind kind, std::unique_ptr<Stage> stage, Value next, std::string name)
      : stage_(std::move(stage)),
        next_(std::move(next)),
        name_(std::move(name)),
        makes_parts_(kind == StageKind::kPartitionAll || kind == StageKind::kPartitionBy) {
    holds(next_);
  }

  std::string name() const override { return name_; }

  Result<Value> call(Machine& machine, Arguments arguments) const override {
    if (arguments.empty()) return machine.call(next_, Arguments());
    if (arguments.size() > 2) return wrong_arity("0 to 2", arguments.size());
    Value so_far = std::move(arguments[0]);
    bool stopped = false;
    const Emit emit = [&](Value element) -> Result<bool> {
      // The parts of a transducer are vectors, those of a lazy sequence are lazy.
      if (makes_parts_) element = Value::vector(std::move(element).take_items());
      so_far = KSV_TRY(machine.call(next_, std::move(so_far), std::move(element)));
      if (reduced_of(so_far) == nullptr) return true;
      stopped = true;
      return false;
    };
    if (arguments.size() == 1) {
      KSV_CHECK(stage_->finish(machine, emit));
      return machine.call(next_, unreduced(std::move(so_far)));
    }
    const bool go_on = KSV_TRY(stage_->feed(machine, std::move(arguments[1]), emit));
    if (go_on || stopped) return so_far;
    return reduced(std::move(so_far));
  }

 private:
  std::unique_ptr<Stage> stage_;
  Value next_;
  std::string name_;
  bool makes_parts_;
};

class Transducer : public Callable {
 public:
  Transducer(StageKind kind, Value parameter, std::string_view name)
      : kind_(kind), parameter_(std::move(parameter)), name_(name) {
    holds(parameter_);
  }

  std::string name() const override { return name_ + " transducer"; }

  // A step has state, so it lives only within one `into`: a function that kept one would give
  // another result each time it runs.
  Result<Value> call(Machine& machine, Arguments arguments) const override {
    if (arguments.size() != 1) return wrong_arity("1", arguments.size());
    if (!machine.is_transducing()) {
      return failure(name_ +
                     " without a collection makes a transducer, which only "
                     "(into to xform from) can run");
    }
    std::unique_ptr<Stage> stage = KSV_TRY(make_stage(kind_, parameter_));
    if (!machine.take(256)) return machine.out_of_memory();
    return make_object<Step>(kind_, std::move(stage), std::move(arguments[0]), name_);
  }

 private:
  StageKind kind_;
  Value parameter_;
  std::string name_;
};

// The last reducing function: collects.
class Collector : public Callable {
 public:
  explicit Collector(Values& into) : into_(&into) {}
  std::string name() const override { return "into"; }
  void close() { into_ = nullptr; }

  Result<Value> call(Machine& machine, Arguments arguments) const override {
    if (arguments.size() != 2) return arguments.empty() ? Value() : std::move(arguments[0]);
    if (into_ == nullptr) return failure("the sequence has ended");
    if (!machine.take(sizeof(Value))) return machine.out_of_memory();
    into_->push_back(std::move(arguments[1]));
    return std::move(arguments[0]);
  }

 private:
  Values* into_;
};

Result<Values> run(Machine& machine, const Value& xform, const Value& collector, Values& into,
                   Value source) {
  const Value step = KSV_TRY(machine.call(xform, collector));
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(source)));
  Value so_far;
  Value element;
  while (cursor.next(element)) {
    so_far = KSV_TRY(machine.call(step, std::move(so_far), std::move(element)));
    if (reduced_of(so_far) != nullptr) break;
  }
  KSV_CHECK(machine.call(step, unreduced(std::move(so_far))));
  return std::move(into);
}

}  // namespace

Value make_transducer(StageKind kind, Value parameter, std::string_view name) {
  return make_object<Transducer>(kind, std::move(parameter), name);
}

Result<Values> transduce(Machine& machine, const Value& xform, Value source) {
  Values into;
  auto* collector = new Collector(into);
  const Value function = Value::function(collector);
  const bool outer = machine.set_transducing(true);
  Result<Values> results = run(machine, xform, function, into, std::move(source));
  machine.set_transducing(outer);
  collector->close();
  return results;
}

}  // namespace ksv::expr
