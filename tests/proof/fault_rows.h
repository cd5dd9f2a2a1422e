// The rows of the fault table: what happens to requests, and what ksv must say of each operation.
#pragma once

#include <optional>
#include <span>

#include "proof/rival_store.h"

namespace ksv::testing {

enum class Operation {
  kRead,
  kCreate,      // create-store
  kFirst,       // assoc --if-absent
  kMatch,       // assoc --if-match
  kUpdate,      // update, swap
  kCas,         // cas
  kPlain,       // assoc
  kBytes,       // bassoc
  kRemove,      // dissoc
  kRemoveThat,  // dissoc --if-match
};
inline constexpr std::size_t kOperations = 10;

// What becomes of a request at the service.
enum class Deed { kNone, kDone, kTwice, kTwiceSecond, kLate };

struct Script {
  Deed deed = Deed::kNone;
  // In place of the true answer; nothing: the true one.
  std::optional<ServerAction> answer{};
  int times = 1;  // so many requests are struck
  // Acts once, after the first deed and before the client hears of it.
  Rival rival = Rival::kNobody;
};

struct FaultRow {
  const char* fault;
  Script script;
  // In the order of Operation: the outcome, and how many requests of the operation's kind were
  // made.
  const char* expected[kOperations];
};

std::span<const FaultRow> fault_rows();

}  // namespace ksv::testing
