// Appending to and reading konserve's logs.
//
// konserve writes the new element, then the previous element's :next, then the head, each without a
// condition: two appenders at once lose an element. Here the link is a compare-and-set of :next
// from nil, which only one appender can win; that is the moment the element joins the log. The
// head's LAST is a hint that may lag behind by the elements of appenders that died or are still at
// work: whoever finds :next set moves it on before trying again.
#include "core/append_log.h"

#include <utility>

#include "core/update.h"

namespace ksv {
namespace {

struct Head {
  Value last;
  Value first;
};

Error not_a_log(const Entry& entry) {
  return Error(ErrorCode::kUsage,
               "this is not an append log but a " + std::string(kind_name(entry.value.kind())))
      .with_hint("append starts a log only under a key that is absent");
}

Result<Head> head_of(const Entry& entry) {
  if (!entry.value.is(Kind::kVector)) return not_a_log(entry);
  const Values& items = entry.value.items();
  if (items.size() != 3 || !(items[0] == Value::keyword("append-log"))) return not_a_log(entry);
  return Head{items[1], items[2]};
}

Value head_value(const Head& head) {
  return Value::vector({Value::keyword("append-log"), head.last, head.first});
}

Value link_value(const Value& next, const Value& element) {
  return Value::map({{Value::keyword("next"), next}, {Value::keyword("elem"), element}});
}

// The element blob under `id`, which the log refers to: its absence is damage.
Result<Entry> read_link(Store& store, const Value& id) {
  std::optional<Entry> entry = KSV_TRY(store.get(id));
  if (!entry || !entry->value.is(Kind::kMap)) {
    return Error(ErrorCode::kCorrupt, "the log is broken: one of its elements is missing");
  }
  return *std::move(entry);
}

PutOptions log_options(const Value& log_key, Precondition precondition, const Entry* base) {
  return {.precondition = std::move(precondition),
          .base = base,
          .type = "append-log",
          .meta_key = &log_key};
}

// What was not linked is not in the log, whatever became of the element's own blob.
Error not_linked(const Error& error) {
  if (error.effect() != Effect::kUnknown) return error;
  return Error(error.code(),
               "nothing was appended: the element could not be written, or may not "
               "have been: " +
                   error.message());
}

// Moves the head's LAST on. A refusal is fine: somebody else moved it.
Status move_last(Store& store, const Value& key, const Entry& head_entry, const Value& first,
                 const Value& last) {
  const auto outcome = KSV_TRY(store.put(key, head_value({last, first}),
                                         log_options(key, Match{head_entry.version}, &head_entry)));
  static_cast<void>(outcome);
  return ok();
}

// One attempt to link `id` into the log. True when it is in.
Result<bool> try_link(Store& store, const Value& key, const Value& id) {
  const std::optional<Entry> head_entry = KSV_TRY(store.get(key));
  if (!head_entry) {
    const PutOutcome outcome =
        KSV_TRY(store.put(key, head_value({id, id}), log_options(key, Absent{}, nullptr)));
    return std::holds_alternative<Put>(outcome);
  }
  const Head head = KSV_TRY(head_of(*head_entry));
  const Entry last = KSV_TRY(read_link(store, head.last));
  const Value* next = field(last.value, "next");
  if (next != nullptr && !next->is_nil()) {
    KSV_CHECK(move_last(store, key, *head_entry, head.first, *next));
    return false;
  }
  Value linked = last.value;
  linked.put(Value::keyword("next"), id);
  const PutOutcome outcome =
      KSV_TRY(store.put(head.last, linked, log_options(key, Match{last.version}, &last)));
  if (!std::holds_alternative<Put>(outcome)) return false;
  // The element is in. LAST is only a hint: a failure to move it changes nothing.
  static_cast<void>(move_last(store, key, *head_entry, head.first, id).has_value());
  return true;
}

}  // namespace

Status append_to_log(Store& store, const Value& key, const Value& element, Env& env, Call& call) {
  if (const std::optional<Entry> present = KSV_TRY(store.get(key))) {
    KSV_CHECK(head_of(*present));
  }
  const Value id = Value::uuid(random_uuid(env));
  const auto stored =
      store.put(id, link_value(Value(), element), log_options(key, Absent{}, nullptr));
  if (!stored.has_value()) return not_linked(stored.error());
  if (!std::holds_alternative<Put>(*stored)) {
    return Error(ErrorCode::kUnavailable, "the store refuses to write under a key that is new");
  }
  for (std::uint32_t round = 1;; ++round) {
    const auto began = env.monotonic();
    auto linked = try_link(store, key, id);
    if (!linked.has_value()) {
      // Not linked for certain: take the element away again. What remains of a failure here is an
      // orphan that nothing refers to.
      if (linked.error().effect() == Effect::kNone) {
        static_cast<void>(store.remove(id, Any{}).has_value());
      }
      return std::move(linked).error();
    }
    if (*linked) return ok();
    ++call.stats.conflicts;
    if (call.deadline.passed()) {
      static_cast<void>(store.remove(id, Any{}).has_value());
      return Error(ErrorCode::kContention, "other appenders kept winning until the time was up");
    }
    const auto wait = store.capabilities().contention_wait;
    const auto pause =
        backoff(wait, round + 1, env, longest_backoff(wait, env.monotonic() - began));
    env.sleep(std::min(pause, call.deadline.left()));
  }
}

Result<bool> each_log_element(Store& store, const Value& key,
                              const std::function<Status(const Value&)>& each) {
  const std::optional<Entry> head_entry = KSV_TRY(store.get(key));
  if (!head_entry) return false;
  const Head head = KSV_TRY(head_of(*head_entry));
  Value id = head.first;
  // A damaged log may be a ring. Brent's algorithm finds that in constant memory: the tortoise
  // jumps to the hare at each power of two.
  Value tortoise;
  std::uint64_t steps = 0;
  std::uint64_t power = 1;
  while (!id.is_nil()) {
    if (steps > 0 && id == tortoise) {
      return Error(ErrorCode::kCorrupt, "the log is broken: its elements form a ring");
    }
    if (steps == power) {
      tortoise = id;
      power *= 2;
    }
    ++steps;
    const Entry link = KSV_TRY(read_link(store, id));
    const Value* element = field(link.value, "elem");
    KSV_CHECK(each(element != nullptr ? *element : Value()));
    const Value* next = field(link.value, "next");
    id = next != nullptr ? *next : Value();
  }
  return true;
}

}  // namespace ksv
