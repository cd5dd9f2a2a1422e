// Fressian, hasch and EDN on a value like the leaf of an index: 256 datoms.
#include "bench.h"
#include "codec/edn.h"
#include "codec/fressian.h"
#include "codec/hasch.h"

namespace ksv::bench {
namespace {

constexpr int kRounds = 200;

Value leaf() {
  Values datoms;
  for (std::int64_t i = 0; i < 256; ++i) {
    const Value datom = Value::vector({Value::integer(i), Value::keyword("person/name"),
                                       Value::string("name number " + std::to_string(i)),
                                       Value::integer(536'870'913 + i), Value::boolean(true)});
    datoms.push_back(Value::structure(Value::string("datahike.datom.Datom"), {datom}));
  }
  const Value body = Value::map({{Value::keyword("keys"), Value::vector(std::move(datoms))},
                                 {Value::keyword("branching-factor"), Value::integer(512)}});
  return Value::structure(Value::string("pss/leaf"), {body});
}

// A key as large as a value: what a content address costs.
Value document() {
  Value map = Value::map();
  for (std::int64_t i = 0; i < 256; ++i) {
    map.put(Value::keyword("key-" + std::to_string(i)), Value::string("some text of a value"));
  }
  return map;
}

void megabytes(const char* what, std::size_t bytes, double seconds) {
  report(what, static_cast<double>(bytes) / seconds / 1e6, "MB/s");
}

}  // namespace

void bench_codecs() {
  const Value value = leaf();
  const Bytes packed = *write_fressian(value);
  const std::string text = print_edn(value);
  const std::string document_text = print_edn(document());
  const Value key = document();
  megabytes("Fressian, write (leaf of 256 datoms)", packed.size(),
            median_seconds(kRounds, [&] { static_cast<void>(write_fressian(value)); }));
  megabytes("Fressian, read", packed.size(),
            median_seconds(kRounds, [&] { static_cast<void>(read_fressian(packed)); }));
  megabytes("EDN, print", text.size(),
            median_seconds(kRounds, [&] { static_cast<void>(print_edn(value)); }));
  megabytes("EDN, read", text.size(),
            median_seconds(kRounds, [&] { static_cast<void>(read_edn(text)); }));
  megabytes("hasch of a map (bytes of its EDN text)", document_text.size(),
            median_seconds(kRounds, [&] { static_cast<void>(hasch(key)); }));
  const Value small = Value::keyword("counter");
  constexpr int kKeys = 10'000;
  const double seconds = median_seconds(20, [&] {
    for (int i = 0; i < kKeys; ++i) static_cast<void>(hasch(small));
  });
  report("hasch of a keyword", kKeys / seconds, "keys/s");
}

}  // namespace ksv::bench
