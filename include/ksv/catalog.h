// Stores as things that are created, listed and deleted: the other half of a backend's contract.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ksv/backend.h"

namespace ksv {

// Where a store lives, as the command line or a config map said it.
struct StoreAddress {
  std::string backend{};   // "file", "memory", "s3", ...
  std::string location{};  // file: the path of the store's folder
  std::string id{};        // the store's uuid where the backend has ids, else empty
  std::map<std::string, std::string> options{};  // what came as ?name=value, or from the config map
  std::string text{};                            // as it is named in messages: no secrets
};

enum class CreateOutcome { kCreated, kExisted };
enum class DeleteOutcome { kDeleted, kWasAbsent };

// One store of a StoreList.
struct StoreEntry {
  std::string id;          // what names the store among its siblings
  std::uint64_t keys = 0;  // the three figures only when asked for
  std::uint64_t bytes = 0;
  std::int64_t last_write_ms = 0;
};

// A store at its address, whether it exists or not. `backend` may be used only while it exists.
class StorePlace {
 public:
  virtual ~StorePlace() = default;
  virtual Result<bool> exists() = 0;
  // kState when something else is there (a foreign folder, a file).
  virtual Result<CreateOutcome> create() = 0;
  // Deletes every key, then what marks the store. Can be repeated after a failure. `progress` is
  // told the number of keys deleted so far. kState when foreign data is in the way; nothing is
  // deleted then.
  virtual Result<DeleteOutcome> remove(const std::function<void(std::uint64_t)>& progress) = 0;
  virtual Backend& backend() = 0;
  // Whether the backend says kState itself when there is no store, so that it may be used without
  // asking exists() first, which costs a request.
  virtual bool backend_checks() const { return false; }
};

// Opens nothing by itself and creates nothing. The address must name a store of `backend`.
Result<std::unique_ptr<StorePlace>> open_place(const StoreAddress& address, Env& env, Call& call);

// The stores at `address`, which names what holds stores (a folder, a bucket); `figures` asks for
// counts and sizes. Sorted by id.
Result<std::vector<StoreEntry>> list_stores(const StoreAddress& address, bool figures, Env& env,
                                            Call& call);

}  // namespace ksv
