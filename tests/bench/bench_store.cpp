// The file store in one process: reads, writes with and without fsync, and beside them what the
// disk allows for the same sequence of system calls.
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <unistd.h>

#include "ksv/catalog.h"

#include "backend/registry.h"
#include "base/real_env.h"
#include "bench.h"
#include "core/konserve_store.h"
#include "core/update.h"

namespace ksv::bench {
namespace {

constexpr int kReads = 20'000;
constexpr int kWrites = 5'000;
constexpr int kSyncedWrites = 50;

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "ksv-bench-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct OpenStore {
  OpenStore(const std::string& path, bool sync) {
    StoreAddress address{.backend = "file", .location = path, .text = path};
    if (!sync) address.options["sync"] = "false";
    place = *open_place(address, env, call);
    static_cast<void>(place->create());
    store.emplace(place->backend(), env, StoreEncoding{});
  }
  RealEnv env;
  Call call{.deadline = Deadline(env, std::chrono::hours(1))};
  std::unique_ptr<StorePlace> place;
  std::optional<KonserveStore> store;
};

Value key_of(int i) { return Value::keyword("key-" + std::to_string(i % 1000)); }

void write_keys(Store& store, int count) {
  const Value value = Value::map({{Value::keyword("name"), Value::string("Alice")}});
  for (int i = 0; i < count; ++i) static_cast<void>(store.put(key_of(i), value, {}));
}

// Replaces `count` files by the bare system calls: create aside, write, rename; with `sync` also
// fsync and fsync of the folder. What ksv cannot undercut with sync, and what konserve does in any
// case, which has the JVM's work on top.
void bare_writes(const std::string& folder, int count, bool sync) {
  const std::string content(150, 'x');
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < count; ++i) {
    const std::string name = folder + "/bare-" + std::to_string(i % 1000);
    const std::string aside = name + ".new";
    const int file = ::open(aside.c_str(), O_RDWR | O_CREAT | O_EXCL, 0666);
    static_cast<void>(!::write(file, content.data(), content.size()));
    if (sync) ::fsync(file);
    ::close(file);
    ::rename(aside.c_str(), name.c_str());
    if (sync) ::fsync(directory);
  }
  ::close(directory);
}

void rate(const char* what, int count, double seconds) {
  report(what, count / seconds, "a second");
}

}  // namespace

void bench_store() {
  const TempFolder folder;
  OpenStore fast(folder.path() + "/fast", false);
  const std::string bare = folder.path() + "/fast";
  write_keys(*fast.store, kWrites);  // replacing is measured
  bare_writes(bare, kWrites, false);
  const double fast_ours = median_seconds(5, [&] { write_keys(*fast.store, kWrites); });
  const double fast_bare = median_seconds(5, [&] { bare_writes(bare, kWrites, false); });
  rate("assoc without fsync", kWrites, fast_ours);
  rate("konserve's system calls without fsync, bare", kWrites, fast_bare);
  report("konserve's calls / assoc, without fsync", fast_bare / fast_ours, "x the time");
  rate("get", kReads, median_seconds(5, [&] {
         for (int i = 0; i < kReads; ++i) static_cast<void>(fast.store->get(key_of(i)));
       }));
  const Compute increment = [](const Entry* present, std::uint32_t) -> Result<Value> {
    return Value::integer(present == nullptr ? 1 : present->value.as_long() + 1);
  };
  rate("update without fsync", kWrites, median_seconds(5, [&] {
         for (int i = 0; i < kWrites; ++i) {
           static_cast<void>(update_value(*fast.store, Value::keyword("counter"), increment, {},
                                          fast.env, fast.call));
         }
       }));
  OpenStore safe(folder.path() + "/safe", true);
  write_keys(*safe.store, kSyncedWrites);
  bare_writes(folder.path() + "/safe", kSyncedWrites, true);
  const double ours = median_seconds(5, [&] { write_keys(*safe.store, kSyncedWrites); });
  const double floor =
      median_seconds(5, [&] { bare_writes(folder.path() + "/safe", kSyncedWrites, true); });
  rate("assoc with fsync", kSyncedWrites, ours);
  rate("the same system calls, bare", kSyncedWrites, floor);
  report("assoc with fsync / bare", ours / floor, "x the time");
}

}  // namespace ksv::bench
