// Walking the keys of a konserve store: the head of each blob, many at a time.
//
// File names are hashes, so each key must be read from its blob's metadata. Workers fetch and
// decode heads in batches; the caller's thread alone hands them out, so callbacks need no locks.
// Memory is bounded by one page of names and the batches in flight.
#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "core/konserve_store.h"

namespace ksv {
namespace {

// Blob names end so; what else a listing shows (staging files, backups, fences) is not a key.
constexpr std::string_view kBlobSuffix = ".ksv";

// Below this many blobs, threads cost more than they save.
constexpr std::size_t kBatchMin = 256;
constexpr std::size_t kBatchMax = 4096;

struct Head {
  std::string name;
  Result<std::optional<Entry>> entry = std::optional<Entry>();
};

}  // namespace

class KeyWalk {
 public:
  explicit KeyWalk(KonserveStore& store) : store_(store) {}

  // Reads the heads of names[from, to), each in place.
  void read_heads(std::span<Head> heads) {
    const std::size_t threads_max = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t threads = std::clamp<std::size_t>(heads.size() / kBatchMin, 1, threads_max);
    const std::size_t share = (heads.size() + threads - 1) / threads;
    std::vector<std::jthread> workers;
    for (std::size_t i = 1; i < threads; ++i) {
      const std::size_t from = std::min(i * share, heads.size());
      const std::size_t to = std::min(from + share, heads.size());
      workers.emplace_back([this, part = heads.subspan(from, to - from)] { read_part(part); });
    }
    read_part(heads.first(std::min(share, heads.size())));
  }

 private:
  void read_part(std::span<Head> heads) {
    for (Head& head : heads) head.entry = store_.read_meta(head.name);
  }

  KonserveStore& store_;
};

Status KonserveStore::each_key(
    const std::function<Status(const Value&, const Entry&)>& each,
    const std::function<void(const std::string&, const Error&)>& unreadable) {
  KeyWalk walk(*this);
  std::optional<std::string> after;
  do {
    Page page = KSV_TRY(backend_.list("", after));
    after = std::move(page.next);
    std::vector<Head> heads;
    for (std::size_t at = 0; at < page.entries.size();) {
      heads.clear();
      for (; at < page.entries.size() && heads.size() < kBatchMax; ++at) {
        std::string& name = page.entries[at].key;
        if (name.ends_with(kBlobSuffix)) heads.push_back({.name = std::move(name)});
      }
      walk.read_heads(heads);
      for (const Head& head : heads) {
        if (!head.entry.has_value()) {
          unreadable(head.name, head.entry.error());
        } else if (*head.entry) {  // else it was removed meanwhile
          const Entry& entry = **head.entry;
          const Value* key = field(entry.meta, "key");
          KSV_CHECK(each(key != nullptr ? *key : Value(), entry));
        }
      }
    }
  } while (after);
  return ok();
}

}  // namespace ksv
