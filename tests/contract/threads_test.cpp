// The contract under several threads: updates by compare-and-set are neither lost nor doubled.
#include <charconv>
#include <thread>

#include "contract/fixtures.h"

namespace ksv::testing {

namespace {

int number_of(BytesView bytes) {
  const std::string_view text = text_of(bytes);
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Adds one, by as many rounds as it takes; the first write included. False on an error.
bool increment(Backend& backend, const std::string& key) {
  for (int round = 0; round < 100'000; ++round) {
    auto stored = backend.read(key);
    if (!stored) return false;
    Precondition precondition = Absent{};
    int number = 0;
    if (*stored) {
      precondition = Match{(*stored)->version};
      number = number_of((*stored)->bytes);
    }
    auto outcome = backend.write(key, bytes_of(std::to_string(number + 1)), precondition, kWriteId);
    if (!outcome) return false;
    if (std::holds_alternative<Written>(*outcome)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE_TEMPLATE("increments by many threads all count", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  const std::string key = fixture.key();
  constexpr int kThreads = 8;
  constexpr int kTimes = 25;
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < kTimes; ++n) failures += increment(backend, key) ? 0 : 1;
      });
    }
  }
  CHECK(failures == 0);
  CHECK(text_at(backend, key) == std::to_string(kThreads * kTimes));
}

TEST_CASE_TEMPLATE("of many first writers, one wins", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  const std::string key = fixture.key();
  std::atomic<int> winners = 0;
  std::atomic<int> losers = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] {
        auto outcome = backend.write(key, bytes_of(std::to_string(i)), Absent{}, kWriteId);
        if (!outcome) return;
        (std::holds_alternative<Written>(*outcome) ? winners : losers) += 1;
      });
    }
  }
  CHECK(winners == 1);
  CHECK(losers == 15);
}

TEST_CASE_TEMPLATE("a reader sees one write or another, never a mixture", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  const std::string key = fixture.key();
  put(backend, key, std::string(50'000, 'a'));
  std::atomic<bool> done = false;
  std::atomic<int> failures = 0;
  std::jthread writer([&] {
    for (int i = 0; i < 100; ++i) {
      const std::string text(50'000 + static_cast<std::size_t>(i), i % 2 == 0 ? 'b' : 'a');
      failures += backend.write(key, bytes_of(text), Any{}, kWriteId) ? 0 : 1;
    }
    done = true;
  });
  while (!done) {
    const std::string text = text_at(backend, key);
    CHECK(text.size() >= 50'000);
    CHECK(text.find_first_not_of(text.front()) == std::string::npos);
  }
  CHECK(failures == 0);
}

}  // namespace ksv::testing
