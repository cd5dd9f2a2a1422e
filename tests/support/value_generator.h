// Random values of many kinds from a seed: the same seed gives the same values everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "ksv/value.h"

namespace ksv::testing {

enum class GeneratedKinds {
  kStorable,  // all that every konserve serializer of Clojure's JVM keeps: no functions, no unknown
              // EDN tags
  kHashable,  // only what hasch can hash
};

// NaN, which equals nothing, and minus zero, which Fressian makes plain zero, do not occur.
class ValueGenerator {
 public:
  explicit ValueGenerator(std::uint64_t seed, GeneratedKinds kinds = GeneratedKinds::kStorable)
      : engine_(seed), kinds_(kinds) {}

  // Collections nest at most `depth_max` deep.
  Value next(std::uint32_t depth_max = 4);
  Value next_scalar();
  std::string next_text();  // code points of every length, NUL, no unpaired surrogates
  Name next_name();         // of few letters, so that names repeat
  std::uint64_t below(std::uint64_t end) { return engine_() % end; }

 private:
  std::int64_t next_long();
  BigInteger next_big_integer();
  double next_double();
  Value next_unhashable_scalar();
  Value next_collection(std::uint32_t depth_max);
  Value next_unhashable_collection(std::uint32_t depth_max);
  Value next_array(std::uint32_t depth_max);
  Values next_items(std::uint32_t depth_max);
  Table next_table(std::uint32_t depth_max);

  std::mt19937_64 engine_;
  GeneratedKinds kinds_;
};

}  // namespace ksv::testing
