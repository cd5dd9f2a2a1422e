// Walking the keys of a konserve store: the head of each blob, many at a time.
//
// File names are hashes, so each key must be read from its blob's metadata. Workers fetch and
// decode heads in batches and hand each batch out under one lock, so callbacks need none. Memory is
// bounded by the pages and batches in flight, whatever the number of keys.
#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "core/konserve_store.h"

namespace ksv {
namespace {

// Blob names end so; what else a listing shows (staging files, backups, fences) is not a key.
constexpr std::string_view kBlobSuffix = ".ksv";

// Below this many local blobs, threads cost more than they save.
constexpr std::size_t kBatch = 256;
// Requests in flight to a remote store, and how many one thread makes before it hands out.
constexpr std::size_t kRemoteThreads = 16;
constexpr std::size_t kRemoteBatch = 16;

// What names begin with. The two top bits of a hasch UUID are clear, so 00 to 3f take as many each;
// other writers' names may begin with the other digits.
std::vector<std::string> name_prefixes() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kOwnDigits = 4;
  std::vector<std::string> prefixes;
  for (const char first : kDigits.substr(0, kOwnDigits)) {
    for (const char second : kDigits) prefixes.push_back({first, second});
  }
  for (const char first : kDigits.substr(kOwnDigits)) prefixes.emplace_back(1, first);
  return prefixes;
}

}  // namespace

class KeyWalk {
 public:
  using Each = std::function<Status(const Value&, const Entry&)>;
  using Unreadable = std::function<void(const std::string&, const Error&)>;

  KeyWalk(KonserveStore& store, const Each& each, const Unreadable& unreadable)
      : store_(store), each_(each), unreadable_(unreadable) {
    const bool remote = store.capabilities().remote;
    batch_ = remote ? kRemoteBatch : kBatch;
    threads_ = remote ? kRemoteThreads : std::max(1U, std::thread::hardware_concurrency());
  }

  // The first page shows whether there are many. Then, where listing waits for a network, the rest
  // is listed by prefixes, at once.
  Status run() {
    Page page = KSV_TRY(store_.backend_.list("", std::nullopt));
    const Capabilities& can = store_.capabilities();
    const std::string last = page.entries.empty() ? "" : page.entries.back().key;
    KSV_CHECK(read_page(page, threads_));
    if (page.next && can.remote && can.sorted_listing) {
      const std::vector<std::string> prefixes = name_prefixes();
      return for_each_parallel(prefixes.size(), kRemoteThreads, [&](std::size_t shard) {
        return read_shard(prefixes[shard], last);
      });
    }
    while (page.next) {
      page = KSV_TRY(store_.backend_.list("", page.next));
      KSV_CHECK(read_page(page, threads_));
    }
    return ok();
  }

 private:
  // The names that begin with `prefix` and come after `last`.
  Status read_shard(const std::string& prefix, const std::string& last) {
    if (prefix < last.substr(0, prefix.size())) return ok();
    std::optional<std::string> after;
    do {
      Page page = KSV_TRY(store_.backend_.list(prefix, after));
      after = page.next;
      std::erase_if(page.entries, [&](const Listed& listed) { return listed.key <= last; });
      KSV_CHECK(read_page(page, 1));
    } while (after);
    return ok();
  }

  Status read_page(const Page& page, std::size_t threads) {
    const std::size_t batches = (page.entries.size() + batch_ - 1) / batch_;
    return for_each_parallel(batches, threads, [&](std::size_t batch) {
      const std::size_t from = batch * batch_;
      return read_batch(
          std::span(page.entries).subspan(from, std::min(batch_, page.entries.size() - from)));
    });
  }

  Status read_batch(std::span<const Listed> listed) {
    std::vector<std::pair<const Listed*, Result<std::optional<Entry>>>> heads;
    heads.reserve(listed.size());
    for (const Listed& one : listed) {
      if (one.key.ends_with(kBlobSuffix))
        heads.emplace_back(&one, store_.read_unversioned_meta(one.key));
    }
    const std::lock_guard guard(mutex_);
    for (const auto& [one, entry] : heads) {
      if (!entry.has_value()) {
        unreadable_(one->key, entry.error());
      } else if (*entry) {  // else it was removed meanwhile
        const Value* key = field((*entry)->meta, "key");
        KSV_CHECK(each_(key != nullptr ? *key : Value(), **entry));
      }
    }
    return ok();
  }

  KonserveStore& store_;
  const Each& each_;
  const Unreadable& unreadable_;
  std::size_t batch_;
  std::size_t threads_;
  std::mutex mutex_;
};

Status KonserveStore::each_key(
    const std::function<Status(const Value&, const Entry&)>& each,
    const std::function<void(const std::string&, const Error&)>& unreadable) {
  return KeyWalk(*this, each, unreadable).run();
}

}  // namespace ksv
