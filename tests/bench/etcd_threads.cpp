// Many threads of one process that each increment the same counter in etcd once: the wall time, and
// how often they wrote. The argument is an endpoint, HOST:PORT.
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include "ksv/catalog.h"

#include "base/real_env.h"
#include "core/plain_store.h"
#include "core/update.h"
#include "net/curl_http.h"

namespace {

constexpr int kThreads = 100;

ksv::Result<ksv::Value> incremented(const ksv::Entry* present, std::uint32_t /*round*/) {
  const std::string text = present == nullptr ? "0" : present->value.as_string();
  long count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return ksv::Value::string(std::to_string(count + 1));
}

// The number of writes.
ksv::Result<std::uint64_t> increment(const ksv::StoreAddress& address, ksv::Env& env) {
  ksv::Call call{ksv::Deadline(env, std::chrono::minutes(2))};
  const auto place = KSV_TRY(ksv::open_place(address, env, call));
  ksv::PlainStore store(place->backend(), env, &call);
  KSV_CHECK(ksv::update_value(store, ksv::Value::string("/threads"), incremented, {}, env, call));
  return call.stats.writes;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  ksv::RealEnv env(ksv::net::make_curl_http);
  const ksv::StoreAddress address{.backend = "etcd",
                                  .location = std::string(words[1]) + "/bench",
                                  .text = "etcd://" + std::string(words[1]) + "/bench"};
  std::atomic<std::uint64_t> writes{0};
  std::atomic<int> failures{0};
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      const auto attempts = increment(address, env);
      if (attempts.has_value()) {
        writes += *attempts;
      } else {
        ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%.2f s, attempts %llu, failures %d\n", took.count(),
              static_cast<unsigned long long>(writes.load()), failures.load());
  return failures == 0 ? 0 : 1;
}
