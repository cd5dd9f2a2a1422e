// Addresses of tables, and the hosts that they lead to.
#include "backend/dynamodb/dynamo_endpoint.h"
#include "support/fake_env.h"
#include "support/result_checks.h"

namespace ksv::testing {
namespace {

using Options = std::map<std::string, std::string>;

Result<dynamodb::Settings> settings_of(const std::string& table, const Options& options = {}) {
  StoreAddress address{.backend = "dynamodb", .location = table};
  address.options = options;
  return dynamodb::read_settings(address);
}

std::string host_of(const Options& options, const Options& variables = {}) {
  FakeEnv env;
  env.variables.insert(variables.begin(), variables.end());
  env.variables["AWS_CONFIG_FILE"] = "/dev/null";
  env.variables["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  auto settings = settings_of("users", options);
  REQUIRE_OK(settings);
  auto endpoint = dynamodb::find_endpoint(*settings, env);
  if (!endpoint) return "error: " + endpoint.error().message();
  return endpoint->region + " " + endpoint->scheme + "://" + endpoint->authority + endpoint->path;
}

}  // namespace

TEST_CASE("an endpoint follows the region, unless one is named") {
  CHECK(host_of({{"region", "eu-west-1"}}) ==
        "eu-west-1 https://dynamodb.eu-west-1.amazonaws.com/");
  CHECK(host_of({}, {{"AWS_REGION", "cn-north-1"}}) ==
        "cn-north-1 https://dynamodb.cn-north-1.amazonaws.com.cn/");
  CHECK(host_of({{"region", "us-east-1"}, {"fips", "true"}}) ==
        "us-east-1 https://dynamodb-fips.us-east-1.amazonaws.com/");
  CHECK(host_of({{"endpoint", "http://127.0.0.1:8000"}}) == "us-east-1 http://127.0.0.1:8000/");
  CHECK(host_of({{"endpoint", "https://dynamodb.eu-west-1.amazonaws.com"}}) ==
        "eu-west-1 https://dynamodb.eu-west-1.amazonaws.com/");
  CHECK(host_of({{"region", "eu-west-1"}},
                {{"AWS_ENDPOINT_URL_DYNAMODB", "http://db.test:8000/base"}}) ==
        "eu-west-1 http://db.test:8000/base");
  CHECK(host_of({}) == "error: the store's region is not known");
  CHECK(host_of({{"endpoint", "http://db.test?x=1"}}).starts_with("error: "));
  CHECK(host_of({{"region", "eu.west/1"}}).starts_with("error: "));
}

TEST_CASE("the streams of a region have a host of their own") {
  const auto streams_of = [](const Options& options) {
    FakeEnv env;
    auto settings = settings_of("users", options);
    REQUIRE_OK(settings);
    auto endpoint = dynamodb::find_endpoint(*settings, env);
    REQUIRE_OK(endpoint);
    return endpoint->streams_authority;
  };
  CHECK(streams_of({{"region", "eu-west-1"}}) == "streams.dynamodb.eu-west-1.amazonaws.com");
  CHECK(streams_of({{"endpoint", "https://dynamodb.eu-west-1.amazonaws.com"}}) ==
        "streams.dynamodb.eu-west-1.amazonaws.com");
  CHECK(streams_of({{"endpoint", "http://db.test:8000"}}) == "db.test:8000");
}

TEST_CASE("names and options that cannot be are refused") {
  for (const char* table : {"ab", "a b", "a/b", "\xC3\xA9tat"}) {
    CAPTURE(table);
    REQUIRE_ERROR(settings_of(table), ErrorCode::kUsage);
  }
  REQUIRE_ERROR(settings_of(std::string(256, 'a')), ErrorCode::kUsage);
  REQUIRE_OK(settings_of(std::string(255, 'a')));
  REQUIRE_OK(settings_of("a.b-C_1"));
  for (const Options& options :
       {Options{{"layout", "flat"}}, Options{{"stale", "yes"}}, Options{{"billing", "free"}},
        Options{{"read-capacity", "0"}}, Options{{"write-capacity", "x"}},
        Options{{"billing", "pay-per-request"}, {"read-capacity", "1"}},
        Options{{"access-key", "A"}}, Options{{"session-token", "a\nb"}},
        Options{{"connect-timeout", "soon"}}}) {
    CAPTURE(options.begin()->first);
    REQUIRE_ERROR(settings_of("users", options), ErrorCode::kUsage);
  }
}

}  // namespace ksv::testing
