// A walk over the pages of a query or scan, of which it can be told where to go on.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/dynamo_capacity.h"
#include "cli/session.h"

#include "backend/dynamodb/dynamo_client.h"

namespace ksv::cli {

// Items are printed as they come, from one part of a table or several at once.
class Walk {
 public:
  struct Plan {
    dynamodb::PageInput input;
    std::uint64_t limit = 0;  // of items that are printed; 0: all
    // The attributes of which a place in the table consists, where a page may have to be cut; and
    // those of them that are asked for only therefore, and not printed.
    std::vector<std::string> keys{};
    std::vector<std::string> hidden{};
  };
  Walk(Session& session, dynamodb::Wire& wire, CapacityMeter& capacity, Plan plan)
      : session_(session), wire_(wire), capacity_(capacity), plan_(std::move(plan)) {}

  // `start` is what continuation() gave, or nothing. kUsage.
  Status begin(std::size_t segments, const std::optional<Value>& start);
  Status run();
  // EDN that --start takes, where there is more; empty at the end, and where nothing was read.
  std::string continuation() const;
  std::int64_t count() const { return count_; }

 private:
  Status walk_part(std::size_t part);
  Status print(const dynamodb::ItemPage& page, std::size_t part);
  Status print_shown(const std::string& item);
  bool is_parallel() const { return next_.size() > 1; }
  bool is_full() const { return plan_.limit > 0 && printed_ == plan_.limit; }

  Session& session_;
  dynamodb::Wire& wire_;
  CapacityMeter& capacity_;
  Plan plan_;
  std::mutex mutex_;
  // Where each part is: a key, and whether it is finished.
  std::vector<std::string> next_{};
  std::vector<bool> done_{};
  std::uint64_t printed_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace ksv::cli
