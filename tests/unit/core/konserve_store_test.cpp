// konserve's layout: metadata, encodings, bytes, keys.
#include "core/konserve_store.h"

#include <map>

#include "codec/edn.h"
#include "support/memory_store.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::MemoryStore;

const Value kKey = Value::keyword("k");

Entry entry_of(Store& store, const Value& key = kKey) {
  auto entry = store.get(key);
  REQUIRE_OK(entry);
  REQUIRE(entry->has_value());
  return **entry;
}

void put(Store& store, const Value& value, const PutOptions& options = {}) {
  const auto outcome = store.put(kKey, value, options);
  REQUIRE_OK(outcome);
  REQUIRE(std::holds_alternative<Put>(*outcome));
}

ByteSource source_of(std::string_view text) {
  return [text, at = std::size_t{0}](std::span<std::uint8_t> into) mutable -> Result<std::size_t> {
    const std::size_t count = std::min({into.size(), text.size() - at, std::size_t{3}});
    std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
    at += count;
    return count;
  };
}

TEST_CASE("new metadata has konserve's entries in konserve's order, and a revision") {
  MemoryStore memory;
  put(memory.store, Value::integer(1));
  const Value meta = entry_of(memory.store).meta;
  std::string names;
  for (const Table::Entry& entry : meta.table()) names += print_edn(entry.key);
  CHECK(names == ":key:type:last-write:revision");
  CHECK(*field(meta, "key") == kKey);
  CHECK(*field(meta, "type") == Value::keyword("edn"));
  CHECK(field(meta, "last-write")->as_inst() == memory.env.wall_ms());
}

TEST_CASE("each write has a revision of its own, so equal values differ in version") {
  MemoryStore memory;
  put(memory.store, Value::integer(1));
  const Entry first = entry_of(memory.store);
  put(memory.store, Value::integer(1));
  const Entry second = entry_of(memory.store);
  CHECK_FALSE(*field(first.meta, "revision") == *field(second.meta, "revision"));
  CHECK(first.version != second.version);
}

TEST_CASE("a write from a base carries the user's metadata forward, a plain one does not") {
  MemoryStore memory;
  put(memory.store, Value::integer(1));
  Entry base = entry_of(memory.store);
  base.meta.put(Value::keyword("owner"), Value::string("ops"));
  put(memory.store, Value::integer(2), {.base = &base});
  CHECK(*field(entry_of(memory.store).meta, "owner") == Value::string("ops"));
  put(memory.store, Value::integer(3));
  CHECK(field(entry_of(memory.store).meta, "owner") == nullptr);
}

TEST_CASE("the time of the last write never goes back within a process") {
  MemoryStore memory;
  put(memory.store, Value::integer(1));
  const auto first = field(entry_of(memory.store).meta, "last-write")->as_inst();
  memory.env.wall_start_ms -= 100'000;
  put(memory.store, Value::integer(2));
  CHECK(field(entry_of(memory.store).meta, "last-write")->as_inst() >= first);
}

TEST_CASE("an update keeps the encoding of the blob unless the store's is given") {
  MemoryStore packed({.compressor = CompressorId::kZstd});
  put(packed.store, Value::integer(1));
  const Entry base = entry_of(packed.store);
  CHECK(base.header->compressor == CompressorId::kZstd);

  KonserveStore plain(packed.backend, packed.env, {});
  put(plain, Value::integer(2), {.base = &base});
  CHECK(entry_of(plain).header->compressor == CompressorId::kZstd);

  KonserveStore lz4(packed.backend, packed.env, {.compressor = CompressorId::kLz4});
  put(lz4, Value::integer(3), {.base = &base});
  CHECK(entry_of(lz4).header->compressor == CompressorId::kLz4);
}

TEST_CASE(
    "a plain write keeps the encoding of what it replaces, and nothing falls into the clear") {
  MemoryStore packed({.compressor = CompressorId::kZstd});
  put(packed.store, Value::integer(1));
  KonserveStore plain(packed.backend, packed.env, {});
  put(plain, Value::integer(2));
  CHECK(entry_of(plain).header->compressor == CompressorId::kZstd);

  MemoryStore sealed({.encryptor = EncryptorId::kAesCbc, .key = Value::string("secret")});
  put(sealed.store, Value::integer(1));
  KonserveStore keyless(sealed.backend, sealed.env, {});
  CHECK_FALSE(keyless.put(kKey, Value::integer(2), {}).has_value());
  CHECK(entry_of(sealed.store).value == Value::integer(1));
}

TEST_CASE("an encrypted store without its key reads nothing and says why") {
  MemoryStore sealed({.encryptor = EncryptorId::kAesCbc, .key = Value::string("secret")});
  put(sealed.store, Value::integer(1));
  KonserveStore keyless(sealed.backend, sealed.env, {});
  const auto entry = keyless.get(kKey);
  REQUIRE_FALSE(entry.has_value());
  CHECK(entry.error().message().find("secret") == std::string::npos);
  KonserveStore wrong(sealed.backend, sealed.env, {.key = Value::string("other")});
  REQUIRE_ERROR(wrong.get(kKey), ErrorCode::kCorrupt);
}

TEST_CASE("bytes go in and out unchanged, with metadata of their own") {
  MemoryStore memory({.compressor = CompressorId::kLz4});
  const std::string text = "twelve bytes";
  REQUIRE_OK(memory.store.put_bytes(kKey, source_of(text), Any{}));
  std::string read;
  const auto entry = memory.store.get_bytes(kKey, [&](BytesView bytes) -> Status {
    read += text_of(bytes);
    return ok();
  });
  REQUIRE_OK(entry);
  REQUIRE(entry->has_value());
  CHECK(read == text);
  CHECK(*field((*entry)->meta, "type") == Value::keyword("binary"));
  CHECK(entry_of(memory.store).value == Value::bytes(copy_of(bytes_of(text))));
}

TEST_CASE("no bytes are a value, too") {
  MemoryStore memory;
  REQUIRE_OK(memory.store.put_bytes(kKey, source_of(""), Any{}));
  bool called = false;
  const auto entry = memory.store.get_bytes(kKey, [&](BytesView) -> Status {
    called = true;
    return ok();
  });
  REQUIRE_OK(entry);
  CHECK(entry->has_value());
  CHECK_FALSE(called);
}

TEST_CASE("a refused write of bytes leaves the value, and says so") {
  MemoryStore memory;
  put(memory.store, Value::integer(1));
  const auto outcome = memory.store.put_bytes(kKey, source_of("x"), Absent{});
  REQUIRE_OK(outcome);
  CHECK(std::holds_alternative<Refused>(*outcome));
  CHECK(entry_of(memory.store).value == Value::integer(1));
}

TEST_CASE("every key is walked once, with its metadata; damage is told and does not end the walk") {
  MemoryStore memory;
  for (std::int64_t i = 0; i < 1000; ++i) {
    REQUIRE_OK(memory.store.put(Value::integer(i), Value::integer(i * i), {}));
  }
  const std::string damaged = "00000000-0000-5000-8000-000000000000.ksv";
  const auto outcome = memory.backend.write(damaged, bytes_of("no blob at all, not even a header"),
                                            Any{}, WriteId{"x"});
  REQUIRE_OK(outcome);
  std::map<std::int64_t, int> seen;
  std::vector<std::string> unreadable;
  REQUIRE_OK(memory.store.each_key(
      [&](const Value& key, const Entry& entry) -> Status {
        ++seen[key.as_long()];
        CHECK(entry.value.is_nil());
        return ok();
      },
      [&](const std::string& name, const Error&) { unreadable.push_back(name); }));
  CHECK(seen.size() == 1000);
  for (const auto& [key, count] : seen) CHECK(count == 1);
  CHECK(unreadable == std::vector<std::string>{damaged});
}

TEST_CASE("metadata larger than the first read is still read") {
  MemoryStore memory;
  put(memory.store, Value::integer(1));
  Entry base = entry_of(memory.store);
  base.meta.put(Value::keyword("note"), Value::string(std::string(20'000, 'x')));
  put(memory.store, Value::integer(2), {.base = &base});
  const auto meta = memory.store.get_meta(kKey);
  REQUIRE_OK(meta);
  CHECK(field((*meta)->meta, "note")->as_string().size() == 20'000);
}

TEST_CASE("a value that cannot be written is refused before anything is") {
  MemoryStore memory;
  REQUIRE_ERROR(memory.store.put(Value::ratio({1, 3}), Value::integer(1), {}), ErrorCode::kUsage);
}

}  // namespace
}  // namespace ksv
