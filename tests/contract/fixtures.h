// The backends that the contract suite runs on, each with what it declares.
//
// A new backend: write a fixture, add it to KSV_EACH_BACKEND.
#pragma once

#include <atomic>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "ksv/catalog.h"

#include "base/hex.h"
#include "base/real_env.h"
#include "contract/items_as_bytes.h"
#include "net/curl_http.h"
#include "support/result_checks.h"
#include "support/temp_folder.h"

namespace ksv::testing {

class FixtureBase {
 public:
  Env& env() { return env_; }
  Call& call() { return call_; }
  StorePlace& place() { return *place_; }
  // A store that was just created and is empty.
  Backend& backend() {
    if (!created_) {
      auto outcome = place_->create();
      REQUIRE_OK(outcome);
      REQUIRE(*outcome == CreateOutcome::kCreated);
      created_ = true;
    }
    return place_->backend();
  }
  // The n-th key: of the form that every backend takes.
  std::string key(std::uint8_t n = 0) const {
    Uuid uuid{0x11, 0x22, 0x33};
    uuid[15] = n;
    return uuid_text(uuid) + ".ksv";
  }

 protected:
  void open(const StoreAddress& address) {
    auto place = open_place(address, env_, call_);
    REQUIRE_OK(place);
    place_ = std::move(*place);
  }

 private:
  RealEnv env_{net::make_curl_http};
  Call call_{Deadline(env_, std::chrono::seconds(30))};
  std::unique_ptr<StorePlace> place_;
  bool created_ = false;
};

class MemoryFixture : public FixtureBase {
 public:
  static constexpr bool kAnyKey = true;           // any text is a key, else names of blobs only
  static constexpr bool kEmptyValues = true;      // a value may have no bytes
  static constexpr std::size_t kManyKeys = 2500;  // several pages, and not too slow a test
  MemoryFixture() {
    StoreAddress address;
    address.backend = "memory";
    open(address);
  }
};

class FileFixture : public FixtureBase {
 public:
  static constexpr bool kAnyKey = false;
  static constexpr bool kEmptyValues = false;
  static constexpr std::size_t kManyKeys = 100;
  explicit FileFixture(bool sync = true) {
    StoreAddress address;
    address.backend = "file";
    address.location = folder_ / "store";
    if (!sync) address.options["sync"] = "false";
    open(address);
  }

 private:
  TempFolder folder_;
};

class UnsyncedFileFixture : public FileFixture {
 public:
  static constexpr std::size_t kManyKeys = 2500;
  UnsyncedFileFixture() : FileFixture(false) {}
};

// A store in the S3 service at KSV_TEST_S3_ENDPOINT, which KSV_TEST_S3_ACCESS_KEY and
// KSV_TEST_S3_SECRET may use.
class S3Fixture : public FixtureBase {
 public:
  static constexpr bool kAnyKey = false;
  static constexpr bool kEmptyValues = true;
  static constexpr std::size_t kManyKeys = 1100;
  S3Fixture() { open(s3_address()); }
  ~S3Fixture() { static_cast<void>(place().remove({})); }

  StoreAddress s3_address() {
    StoreAddress address;
    address.backend = "s3";
    address.location = "ksv-contract";
    address.id = uuid_text(random_uuid(env()));
    address.options = {{"endpoint", setting("KSV_TEST_S3_ENDPOINT")},
                       {"access-key", setting("KSV_TEST_S3_ACCESS_KEY")},
                       {"secret", setting("KSV_TEST_S3_SECRET")},
                       {"region", "us-east-1"}};
    return address;
  }

 private:
  std::string setting(const std::string& name) {
    const auto value = env().variable(name);
    REQUIRE_MESSAGE(value.has_value(), name << " is not set");
    return *value;
  }
};

// A store in the etcd at KSV_TEST_ETCD_ENDPOINTS, under a prefix of its own.
class EtcdFixture : public FixtureBase {
 public:
  static constexpr bool kEmptyValues = true;
  static constexpr std::size_t kManyKeys = 600;
  using Options = std::map<std::string, std::string>;
  explicit EtcdFixture(Options options) {
    const auto endpoints = env().variable("KSV_TEST_ETCD_ENDPOINTS");
    REQUIRE_MESSAGE(endpoints.has_value(), "KSV_TEST_ETCD_ENDPOINTS is not set");
    StoreAddress address;
    address.backend = "etcd";
    address.location = *endpoints + "/contract/" + uuid_text(random_uuid(env()));
    address.options = std::move(options);
    open(address);
  }
  ~EtcdFixture() { static_cast<void>(place().remove({})); }
};
struct V3Fixture : EtcdFixture {
  static constexpr bool kAnyKey = true;
  V3Fixture() : EtcdFixture(Options{}) {}
};
struct V3SidecarFixture : EtcdFixture {
  static constexpr bool kAnyKey = true;
  V3SidecarFixture() : EtcdFixture(Options{{"settle", "sidecar"}}) {}
};
struct V3KonserveFixture : EtcdFixture {
  static constexpr bool kAnyKey = false;
  V3KonserveFixture() : EtcdFixture(Options{{"layout", "konserve"}}) {}
};
struct V2Fixture : EtcdFixture {
  static constexpr bool kAnyKey = true;
  V2Fixture() : EtcdFixture(Options{{"api", "v2"}}) {}
};
struct V2KonserveFixture : EtcdFixture {
  static constexpr bool kAnyKey = false;
  V2KonserveFixture() : EtcdFixture(Options{{"layout", "konserve"}, {"api", "v2"}}) {}
};

// A table in the DynamoDB at KSV_TEST_DYNAMODB_ENDPOINT, in konserve's layout.
class DynamoFixture : public FixtureBase {
 public:
  static constexpr bool kAnyKey = false;
  static constexpr bool kEmptyValues = true;
  static constexpr std::size_t kManyKeys = 600;
  DynamoFixture() {
    address_.backend = "dynamodb";
    address_.location = "contract-" + uuid_text(random_uuid(env()));
    address_.options = {{"layout", "konserve"},
                        {"endpoint", setting("KSV_TEST_DYNAMODB_ENDPOINT")},
                        {"access-key", setting("KSV_TEST_DYNAMODB_ACCESS_KEY")},
                        {"secret", setting("KSV_TEST_DYNAMODB_SECRET")},
                        {"region", setting("KSV_TEST_DYNAMODB_REGION")}};
    open(address_);
  }
  ~DynamoFixture() { static_cast<void>(place().remove({})); }
  const StoreAddress& address() const { return address_; }

 private:
  StoreAddress address_;
  std::string setting(const std::string& name) {
    const auto value = env().variable(name);
    REQUIRE_MESSAGE(value.has_value(), name << " is not set");
    return *value;
  }
};

// The same place with a table of items, compared by all of their attributes; then by a version
// attribute, and by transactions.
class ItemFixture : public FixtureBase {
 public:
  static constexpr bool kAnyKey = true;
  static constexpr bool kEmptyValues = true;
  static constexpr std::size_t kManyKeys = 600;
  using Options = std::map<std::string, std::string>;
  explicit ItemFixture(const Options& more = {}) {
    StoreAddress address;
    address.backend = "dynamodb";
    address.location = "contract-" + uuid_text(random_uuid(env()));
    address.options = more;
    address.options["hash-key"] = "id:s";
    for (const auto& [option, variable] : {std::pair{"endpoint", "ENDPOINT"},
                                           {"access-key", "ACCESS_KEY"},
                                           {"secret", "SECRET"},
                                           {"region", "REGION"}}) {
      const auto value = env().variable("KSV_TEST_DYNAMODB_" + std::string(variable));
      REQUIRE(value.has_value());
      address.options[option] = *value;
    }
    open(address);
    backend_.emplace(static_cast<dynamodb::ItemPlace&>(place()).items());
  }
  ~ItemFixture() { static_cast<void>(place().remove({})); }
  Backend& backend() {
    static_cast<void>(FixtureBase::backend());
    return *backend_;
  }

 private:
  std::optional<ItemsAsBytes> backend_;
};
struct ItemVersionFixture : ItemFixture {
  ItemVersionFixture() : ItemFixture(Options{{"version-attr", "version"}}) {}
};
struct ItemOnceFixture : ItemFixture {
  ItemOnceFixture() : ItemFixture(Options{{"exactly-once", "true"}}) {}
};

// What a fixture differs in, beside what it must say.
template <typename Fixture>
constexpr bool kIsEtcd = std::is_base_of_v<EtcdFixture, Fixture>;
// Keys are paths, so that a key and one below it exclude each other.
template <typename Fixture>
constexpr bool kKeysArePaths = kIsEtcd<Fixture>&& Fixture::kAnyKey;
// Bytes go out and come back framed, so that more are counted than there are.
template <typename Fixture>
constexpr bool kIsFramed = kIsEtcd<Fixture> || std::is_same_v<Fixture, DynamoFixture> ||
                           std::is_base_of_v<ItemFixture, Fixture>;
// A write without a condition reads what it counts up.
template <typename Fixture>
constexpr bool kLooksFirst = std::is_same_v<Fixture, ItemVersionFixture>;
// Values are text.
template <typename Fixture>
constexpr bool kIsText = std::is_same_v<Fixture, V2Fixture>;
// The most bytes of a value.
template <typename Fixture>
constexpr std::size_t kValueMax = kIsEtcd<Fixture>                          ? 1'000'000
                                  : std::is_same_v<Fixture, DynamoFixture>  ? 400'000
                                  : std::is_base_of_v<ItemFixture, Fixture> ? 400'000
                                                                            : ~std::size_t{0};

#if defined(KSV_CONTRACT_S3)
#define KSV_EACH_BACKEND S3Fixture
#elif defined(KSV_CONTRACT_ETCD)
#define KSV_EACH_BACKEND \
  V3Fixture, V3SidecarFixture, V3KonserveFixture, V2Fixture, V2KonserveFixture
#elif defined(KSV_CONTRACT_DYNAMODB)
#define KSV_EACH_BACKEND DynamoFixture, ItemFixture, ItemVersionFixture, ItemOnceFixture
#else
#define KSV_EACH_BACKEND MemoryFixture, FileFixture, UnsyncedFileFixture
#endif

// Another one each time that it is given to a write.
struct NextWriteId {
  operator WriteId() const {  // NOLINT(google-explicit-constructor)
    static std::atomic<std::uint64_t> count{0};
    return {"test-" + std::to_string(++count)};
  }
};
inline constexpr NextWriteId kWriteId{};

// The version that an unconditional write gave.
inline Version put(Backend& backend, const std::string& key, std::string_view text) {
  auto outcome = backend.write(key, bytes_of(text), Any{}, kWriteId);
  REQUIRE_OK(outcome);
  const Written* written = std::get_if<Written>(&*outcome);
  REQUIRE(written != nullptr);
  return written->version;
}

// The value as text; "(absent)" when there is none.
inline std::string text_at(Backend& backend, const std::string& key) {
  auto stored = backend.read(key);
  REQUIRE_OK(stored);
  if (!*stored) return "(absent)";
  return std::string(text_of((*stored)->bytes));
}

inline Version version_at(Backend& backend, const std::string& key) {
  auto stored = backend.read(key);
  REQUIRE_OK(stored);
  REQUIRE(stored->has_value());
  return (*stored)->version;
}

// The outcome of a conditional write in one word.
inline std::string try_write(Backend& backend, const std::string& key, std::string_view text,
                             const Precondition& precondition) {
  auto outcome = backend.write(key, bytes_of(text), precondition, kWriteId);
  REQUIRE_OK(outcome);
  return std::holds_alternative<Written>(*outcome) ? "written" : "conflict";
}

}  // namespace ksv::testing
