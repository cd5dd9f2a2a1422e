// Races of real processes on one store.
#include <charconv>

#include "ksv/catalog.h"

#include "base/real_env.h"
#include "support/file_store.h"
#include "support/processes.h"

namespace ksv::testing {

namespace {

// A process's own view of the store at `path`.
struct Client {
  Client(const std::string& path, bool sync) {
    StoreAddress address;
    address.backend = "file";
    address.location = path;
    address.options["sync"] = sync ? "true" : "false";
    auto opened = open_place(address, env, call);
    KSV_ASSERT(opened.has_value());
    place = std::move(*opened);
  }
  RealEnv env;
  Call call{Deadline(env, std::chrono::minutes(5))};
  std::unique_ptr<StorePlace> place;
};

// Adds one to the number at the key, in as many rounds as that takes. False on an error.
bool increment(Client& client) {
  Backend& backend = client.place->backend();
  for (;;) {
    auto stored = backend.read(kBlobName);
    if (!stored) return false;
    int number = 0;
    Precondition precondition = Absent{};
    if (*stored) {
      const std::string_view text = text_of((*stored)->bytes);
      std::from_chars(text.data(), text.data() + text.size(), number);
      precondition = Match{(*stored)->version};
    }
    const std::string next = std::to_string(number + 1);
    auto outcome = backend.write(kBlobName, bytes_of(next), precondition, {});
    if (!outcome) return false;
    if (std::holds_alternative<Written>(*outcome)) return true;
    client.env.sleep(std::chrono::microseconds(200));
  }
}

int failures(const std::vector<ChildEnd>& ends) {
  return static_cast<int>(
      std::count_if(ends.begin(), ends.end(), [](int end) { return end != 0; }));
}

std::string race(int processes, int times, bool sync, const std::string& path) {
  const auto ends = run_children(processes, [&](int) {
    Client client(path, sync);
    for (int i = 0; i < times; ++i) {
      if (!increment(client)) return 1;
    }
    return 0;
  });
  CHECK(failures(ends) == 0);
  Client client(path, sync);
  auto stored = client.place->backend().read(kBlobName);
  REQUIRE_OK(stored);
  return *stored ? std::string(text_of((*stored)->bytes)) : "(absent)";
}

}  // namespace

TEST_CASE("50 processes that each add 20 to one counter make 1000, the first write included") {
  TempFolder folder;
  CHECK(race(50, 20, false, folder.path()) == "1000");
  RealFiles files;
  auto names = files.names(folder.path(), 100);
  REQUIRE_OK(names);
  CHECK(**names == std::vector<std::string>{kBlobName});
}

TEST_CASE("the same holds for writes that are synced") {
  TempFolder folder;
  CHECK(race(10, 10, true, folder.path()) == "100");
}

TEST_CASE("the same holds under a fence of konserve") {
  TempFolder folder;
  put_file(folder / (kBlobName + ".cas"), "");
  CHECK(race(10, 20, false, folder.path()) == "200");
}

TEST_CASE("of 50 processes that create a store, one does") {
  TempFolder folder;
  const auto ends = run_children(50, [&](int) {
    Client client(folder / "a/store", true);
    auto created = client.place->create();
    if (!created) return 2;
    return *created == CreateOutcome::kCreated ? 0 : 1;
  });
  CHECK(std::count(ends.begin(), ends.end(), 0) == 1);
  CHECK(std::count(ends.begin(), ends.end(), 1) == 49);
}

TEST_CASE("of 50 processes that write a key first, one does") {
  TempFolder folder;
  const auto ends = run_children(50, [&](int i) {
    Client client(folder.path(), true);
    auto outcome =
        client.place->backend().write(kBlobName, bytes_of("by " + std::to_string(i)), Absent{}, {});
    if (!outcome) return 2;
    return std::holds_alternative<Written>(*outcome) ? 0 : 1;
  });
  CHECK(std::count(ends.begin(), ends.end(), 0) == 1);
  CHECK(std::count(ends.begin(), ends.end(), 1) == 49);
}

TEST_CASE("of 20 processes that delete a store, one does") {
  TempFolder folder;
  {
    Client client(folder / "store", true);
    REQUIRE_OK(client.place->create());
    for (int i = 0; i < 20; ++i) put_file(folder / ("store/" + std::to_string(i) + ".ksv"), "x");
  }
  const auto ends = run_children(20, [&](int) {
    Client client(folder / "store", true);
    auto removed = client.place->remove({});
    if (!removed) return 2;
    return *removed == DeleteOutcome::kDeleted ? 0 : 1;
  });
  CHECK(std::count(ends.begin(), ends.end(), 0) == 1);
  CHECK(std::count(ends.begin(), ends.end(), 2) == 0);
}

}  // namespace ksv::testing
