// Lists a store's objects and deletes them by the thousand, several requests at once.
#include "backend/s3/s3_sweep.h"

#include <algorithm>

#include "backend/s3/s3_ahead.h"
#include "backend/s3/s3_listing.h"
#include "backend/s3/s3_multi_delete.h"
#include "backend/s3/s3_names.h"

namespace ksv::s3 {
namespace {

constexpr std::size_t kBatchesInFlight = 4;
constexpr std::size_t kFailuresShown = 3;

struct Batch {
  std::vector<std::string> names;
  std::uint64_t keys = 0;
};

// A page as what is to be deleted of it.
Batch batch_of(const ListPage& page, const std::string& prefix) {
  Batch batch;
  for (const Listed& object : page.objects) {
    if (!object.key.starts_with(prefix)) continue;
    const std::string_view name = std::string_view(object.key).substr(prefix.size());
    if (!goes_with_store(name)) continue;
    batch.keys += is_key(name) ? 1 : 0;
    batch.names.push_back(object.key);
  }
  return batch;
}

struct BatchDone {
  std::uint64_t keys = 0;
  std::vector<DeleteFailure> failures{};
};

class Sweep {
 public:
  Sweep(Wire& wire, const std::string& prefix, const std::function<void(std::uint64_t)>& progress)
      : wire_(wire), prefix_(prefix), progress_(progress) {}

  Result<std::uint64_t> run() {
    std::optional<std::string> token;
    do {
      std::optional<ListPage> page = KSV_TRY(list_page(wire_, {.prefix = prefix_, .token = token}));
      if (!page) break;
      token = std::move(page->next);
      Batch batch = batch_of(*page, prefix_);
      if (batch.names.empty()) continue;
      while (ahead_.size() >= kBatchesInFlight) KSV_CHECK(take());
      ahead_.start([this, names = std::move(batch.names), keys = batch.keys] {
        return remove(names, keys);
      });
    } while (token);
    while (!ahead_.empty()) KSV_CHECK(take());
    if (failed_ == 0) return keys_;
    std::string text = std::to_string(failed_) + " objects could not be deleted: " + failures_;
    return Error(ErrorCode::kPartial, std::move(text)).with_hint("Repeat the command.");
  }

  std::uint64_t keys() const { return keys_; }

 private:
  Result<BatchDone> remove(const std::vector<std::string>& names, std::uint64_t keys) {
    BatchDone done;
    done.failures = KSV_TRY(delete_objects(wire_, names));
    const auto failed_keys = std::count_if(
        done.failures.begin(), done.failures.end(), [&](const DeleteFailure& failure) {
          return is_key(
              std::string_view(failure.name).substr(std::min(prefix_.size(), failure.name.size())));
        });
    done.keys = keys - std::min(keys, static_cast<std::uint64_t>(failed_keys));
    return done;
  }

  Status take() {
    const BatchDone done = KSV_TRY(ahead_.next());
    keys_ += done.keys;
    for (const DeleteFailure& failure : done.failures) {
      if (failed_++ >= kFailuresShown) continue;
      failures_.append(failures_.empty() ? "" : "; ").append(failure.name + ": " + failure.why);
    }
    if (progress_ && done.keys > 0) progress_(keys_);
    return ok();
  }

  Wire& wire_;
  const std::string& prefix_;
  const std::function<void(std::uint64_t)>& progress_;
  std::uint64_t keys_ = 0;
  std::uint64_t failed_ = 0;
  std::string failures_;
  Ahead<BatchDone> ahead_;  // ends first: its threads use the rest
};

}  // namespace

Result<std::uint64_t> sweep(Wire& wire, const std::string& prefix,
                            const std::function<void(std::uint64_t)>& progress) {
  Sweep sweeping(wire, prefix, progress);
  auto outcome = sweeping.run();
  if (outcome || sweeping.keys() == 0) return outcome;
  if (outcome.error().code() == ErrorCode::kPartial) return outcome;
  return Error(ErrorCode::kPartial, std::to_string(sweeping.keys()) +
                                        " keys were deleted, not all: " + outcome.error().message())
      .with_hint("Repeat the command; it goes on where it stopped.");
}

}  // namespace ksv::s3
