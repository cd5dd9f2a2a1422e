// Append-only logs: order, races between appenders, damage.
#include "core/append_log.h"

#include "codec/edn.h"
#include "support/memory_store.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::MemoryStore;

const Value kLog = Value::keyword("log");

std::string elements(Store& store) {
  std::string text;
  const auto there = each_log_element(store, kLog, [&](const Value& element) -> Status {
    text += print_edn(element) + " ";
    return ok();
  });
  REQUIRE_OK(there);
  return *there ? text : "absent";
}

Status append_number(MemoryStore& memory, std::int64_t number) {
  return append_to_log(memory.store, kLog, Value::integer(number), memory.env, memory.call);
}

TEST_CASE("elements come back in the order they were appended") {
  MemoryStore memory;
  CHECK(elements(memory.store) == "absent");
  for (std::int64_t i = 1; i <= 5; ++i) REQUIRE_OK(append_number(memory, i));
  CHECK(elements(memory.store) == "1 2 3 4 5 ");
}

TEST_CASE("the blobs of a log are konserve's") {
  MemoryStore memory;
  REQUIRE_OK(append_number(memory, 1));
  REQUIRE_OK(append_number(memory, 2));
  const auto head = memory.store.get(kLog);
  REQUIRE_OK(head);
  const Values& items = (*head)->value.items();
  REQUIRE(items.size() == 3);
  CHECK(items[0] == Value::keyword("append-log"));
  CHECK(*field((*head)->meta, "type") == Value::keyword("append-log"));
  const auto first = memory.store.get(items[2]);
  REQUIRE_OK(first);
  CHECK(*field((*first)->value, "next") == items[1]);
  CHECK(*field((*first)->value, "elem") == Value::integer(1));
  CHECK(*field((*first)->meta, "key") == kLog);
  const auto last = memory.store.get(items[1]);
  REQUIRE_OK(last);
  CHECK(field((*last)->value, "next")->is_nil());
}

TEST_CASE("a head whose last element lags behind is mended by the next appender") {
  MemoryStore memory;
  REQUIRE_OK(append_number(memory, 1));
  const Value old_head = (*memory.store.get(kLog))->value;
  REQUIRE_OK(append_number(memory, 2));
  REQUIRE_OK(append_number(memory, 3));
  // As if the appenders of 2 and 3 had died before they moved the head on.
  REQUIRE_OK(memory.store.put(kLog, old_head, {.type = "append-log"}));
  CHECK(elements(memory.store) == "1 2 3 ");
  REQUIRE_OK(append_number(memory, 4));
  CHECK(elements(memory.store) == "1 2 3 4 ");
}

TEST_CASE("what is no log is refused, and nothing is left behind") {
  MemoryStore memory;
  REQUIRE_OK(memory.store.put(kLog, Value::integer(42), {}));
  REQUIRE_ERROR(append_number(memory, 1), ErrorCode::kUsage);
  const auto page = memory.backend.list("", std::nullopt);
  REQUIRE_OK(page);
  CHECK(page->entries.size() == 1);
}

TEST_CASE("a missing element and a ring are damage, not an endless walk") {
  MemoryStore memory;
  REQUIRE_OK(append_number(memory, 1));
  REQUIRE_OK(append_number(memory, 2));
  const Values items = (*memory.store.get(kLog))->value.items();
  const auto ignore = [](const Value&) -> Status { return ok(); };

  SUBCASE("missing") {
    REQUIRE_OK(memory.store.remove(items[1], Any{}));
    REQUIRE_ERROR(each_log_element(memory.store, kLog, ignore), ErrorCode::kCorrupt);
  }
  SUBCASE("ring") {
    const Value link = Value::map(
        {{Value::keyword("next"), items[2]}, {Value::keyword("elem"), Value::integer(9)}});
    REQUIRE_OK(memory.store.put(items[1], link, {}));
    REQUIRE_ERROR(each_log_element(memory.store, kLog, ignore), ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace ksv
