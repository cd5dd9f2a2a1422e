// Where requests go, and which options an address may have.
#include <doctest/doctest.h>

#include "backend/s3/s3_endpoint.h"
#include "support/fake_env.h"
#include "support/result_checks.h"

namespace ksv::s3 {
namespace {

Result<Endpoint> endpoint_of(std::map<std::string, std::string> options,
                             const std::string& bucket = "my-bucket",
                             std::map<std::string, std::string, std::less<>> variables = {}) {
  StoreAddress address;
  address.backend = "s3";
  address.location = bucket;
  address.options = std::move(options);
  const Settings settings = KSV_TRY(read_settings(address));
  testing::FakeEnv env;
  env.variables = std::move(variables);
  return Endpoint::find(settings, env);
}

std::string url_of(const Result<Endpoint>& endpoint) {
  REQUIRE_OK(endpoint);
  const Target target = endpoint->target(endpoint->region(), "a b_\xC3\xA9.ksv");
  return target.scheme + "://" + target.authority + target.path;
}

TEST_CASE("AWS is addressed by region, with the bucket in the host where it fits") {
  CHECK(url_of(endpoint_of({{"region", "eu-west-1"}})) ==
        "https://my-bucket.s3.eu-west-1.amazonaws.com/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({{"region", "eu-west-1"}}, "my.bucket")) ==
        "https://s3.eu-west-1.amazonaws.com/my.bucket/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({{"region", "cn-north-1"}})) ==
        "https://my-bucket.s3.cn-north-1.amazonaws.com.cn/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({{"region", "us-east-1"}, {"dualstack", "true"}, {"fips", "true"}})) ==
        "https://my-bucket.s3-fips.dualstack.us-east-1.amazonaws.com/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({{"region", "us-east-1"}, {"path-style", "true"}})) ==
        "https://s3.us-east-1.amazonaws.com/my-bucket/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({}, "my-bucket", {{"AWS_REGION", "eu-west-2"}})) ==
        "https://my-bucket.s3.eu-west-2.amazonaws.com/a%20b_%C3%A9.ksv");
}

TEST_CASE("an endpoint of one's own has the bucket in the path unless told otherwise") {
  CHECK(url_of(endpoint_of({{"endpoint", "http://127.0.0.1:9000"}})) ==
        "http://127.0.0.1:9000/my-bucket/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({{"endpoint", "https://s3.example/base/"}})) ==
        "https://s3.example/base/my-bucket/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({{"endpoint", "https://s3.example"}, {"path-style", "false"}})) ==
        "https://my-bucket.s3.example/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({{"endpoint", "http://127.0.0.1:9000"}, {"path-style", "false"}})) ==
        "http://127.0.0.1:9000/my-bucket/a%20b_%C3%A9.ksv");
  CHECK(url_of(endpoint_of({}, "my-bucket", {{"AWS_ENDPOINT_URL_S3", "http://x:1"}})) ==
        "http://x:1/my-bucket/a%20b_%C3%A9.ksv");
}

TEST_CASE("the region is what is given, found, implied by the host, or asked for") {
  CHECK(endpoint_of({{"endpoint", "http://x"}})->region() == "us-east-1");
  CHECK(endpoint_of({{"endpoint", "http://x"}, {"region", "here"}})->region() == "here");
  CHECK(endpoint_of({{"endpoint", "https://id.r2.cloudflarestorage.com"}})->region() == "auto");
  CHECK(endpoint_of({{"endpoint", "https://s3.eu-north-1.amazonaws.com"}})->region() ==
        "eu-north-1");
  auto none = endpoint_of({});
  REQUIRE_ERROR(none, ErrorCode::kUsage);
  CHECK(none.error().hint().find("AWS_REGION") != std::string::npos);
}

TEST_CASE("only AWS's own hosts are trusted unseen") {
  CHECK(endpoint_of({{"region", "eu-west-1"}})->is_aws());
  CHECK(endpoint_of({{"endpoint", "https://s3.eu-west-1.amazonaws.com"}})->is_aws());
  CHECK_FALSE(endpoint_of({{"endpoint", "https://amazonaws.com.example"}})->is_aws());
  CHECK_FALSE(endpoint_of({{"endpoint", "http://127.0.0.1:1"}})->is_aws());
}

TEST_CASE("regions are read out of AWS's host names") {
  struct Row {
    std::string_view host;
    std::string_view region;
  };
  const Row rows[] = {{"s3.eu-west-1.amazonaws.com", "eu-west-1"},
                      {"b.s3.eu-west-1.amazonaws.com", "eu-west-1"},
                      {"b.s3-eu-west-1.amazonaws.com", "eu-west-1"},
                      {"s3.dualstack.eu-west-1.amazonaws.com", "eu-west-1"},
                      {"b.vpce-1.s3.us-east-2.vpce.amazonaws.com", "us-east-2"},
                      {"s3.cn-north-1.amazonaws.com.cn", "cn-north-1"},
                      {"s3.amazonaws.com", ""},
                      {"s3.example", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.host);
    CHECK(region_of_host(row.host) == row.region);
  }
}

TEST_CASE("options that cannot be are refused before anything is sent") {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"path-style", "yes"},
                                                        {"allow-unsafe", "1"},
                                                        {"connect-timeout", "soon"},
                                                        {"connect-timeout", "0"},
                                                        {"region", "eu west"},
                                                        {"region", "a\r\nb"},
                                                        {"endpoint", "ftp://x"},
                                                        {"endpoint", "http://x/?q=1"},
                                                        {"access-key", "only"}}) {
    CAPTURE(name);
    CAPTURE(value);
    REQUIRE_ERROR(endpoint_of({{name, value}}), ErrorCode::kUsage);
  }
  for (const std::string bucket : {"", "a/b", "..", "a b", "a@b"}) {
    CAPTURE(bucket);
    REQUIRE_ERROR(endpoint_of({{"region", "r"}}, bucket), ErrorCode::kUsage);
  }
}

}  // namespace
}  // namespace ksv::s3
