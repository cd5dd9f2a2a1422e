// Several keys in one command.
#include "core/many.h"

#include "support/memory_store.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::MemoryStore;

const Value kA = Value::keyword("a");
const Value kB = Value::keyword("b");

TEST_CASE("all pairs are written, found and removed; what is absent is left out") {
  MemoryStore memory;
  const auto failures = put_many(memory.store, {{kA, Value::integer(1)}, {kB, Value::integer(2)}});
  REQUIRE_OK(failures);
  CHECK(failures->empty());
  const auto found = get_many(memory.store, {kB, Value::keyword("nothing"), kA});
  REQUIRE_OK(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].value == Value::integer(2));
  const auto removed = remove_many(memory.store, {kA, Value::keyword("nothing")});
  REQUIRE_OK(removed);
  REQUIRE(removed->existed.size() == 2);
  CHECK(removed->existed[0].second);
  CHECK_FALSE(removed->existed[1].second);
}

TEST_CASE("a key named twice is refused before anything is written") {
  MemoryStore memory;
  REQUIRE_ERROR(put_many(memory.store, {{kA, Value::integer(1)}, {kA, Value::integer(2)}}),
                ErrorCode::kUsage);
  CHECK_FALSE(*memory.store.exists(kA));
}

TEST_CASE("one value that cannot be written keeps all others of an atomic store back") {
  MemoryStore memory;
  const auto failures =
      put_many(memory.store, {{kA, Value::integer(1)}, {Value::ratio({1, 3}), Value()}});
  CHECK_FALSE(failures.has_value());
  CHECK_FALSE(*memory.store.exists(kA));
}

}  // namespace
}  // namespace ksv
