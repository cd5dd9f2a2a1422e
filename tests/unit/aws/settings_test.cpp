// Regions, endpoints, flags and certificates out of environment and profiles.
#include "net/aws/settings.h"

#include "net/aws/clock.h"
#include "unit/aws/aws_world.h"

namespace ksv::aws {
namespace {

using Text = std::optional<std::string>;

}  // namespace

TEST_CASE("the region is the store's, the environment's, the profile's, or none") {
  AwsWorld world;
  CHECK(*find_region("", "", world.env) == Text());
  testing::put_file(world.home / ".aws/config", "[default]\nregion = r1\n[profile p]\nregion=r2\n");
  CHECK(*find_region("", "", world.env) == Text("r1"));
  CHECK(*find_region("", "p", world.env) == Text("r2"));
  world.env.variables["AWS_DEFAULT_REGION"] = "r3";
  CHECK(*find_region("", "p", world.env) == Text("r3"));
  world.env.variables["AWS_REGION"] = "r4";
  CHECK(*find_region("", "p", world.env) == Text("r4"));
  CHECK(*find_region("r5", "p", world.env) == Text("r5"));
}

TEST_CASE("a region that could lead to another host is refused") {
  AwsWorld world;
  for (const char* region : {"evil.example/", "a b", "a#", "a@b", "a:1", "a?b", "a\n", "é"}) {
    CAPTURE(region);
    REQUIRE_ERROR(find_region(region, "", world.env), ErrorCode::kUsage);
    REQUIRE_ERROR(service_host({.service = "sts", .region = region}), ErrorCode::kUsage);
  }
}

TEST_CASE("the endpoint of a service goes before that of all, the environment before the profile") {
  AwsWorld world;
  CHECK(*find_endpoint("s3", "", world.env) == Text());
  testing::put_file(world.home / ".aws/config",
                    "[default]\nservices = local\nendpoint_url = http://all\n"
                    "[services local]\ns3 =\n  endpoint_url = http://s3\n");
  CHECK(*find_endpoint("s3", "", world.env) == Text("http://s3"));
  CHECK(*find_endpoint("dynamodb", "", world.env) == Text("http://all"));
  world.env.variables["AWS_ENDPOINT_URL"] = "http://env";
  CHECK(*find_endpoint("s3", "", world.env) == Text("http://env"));
  world.env.variables["AWS_ENDPOINT_URL_S3"] = "http://env-s3";
  CHECK(*find_endpoint("s3", "", world.env) == Text("http://env-s3"));
  CHECK(*find_endpoint("dynamodb", "", world.env) == Text("http://env"));
  world.env.variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  CHECK(*find_endpoint("s3", "", world.env) == Text());
}

TEST_CASE("a profile may have endpoints ignored, and must not name services that are not there") {
  AwsWorld world;
  testing::put_file(world.home / ".aws/config",
                    "[default]\nignore_configured_endpoint_urls = TRUE\nendpoint_url = http://x\n"
                    "[profile p]\nservices = none\n");
  CHECK(*find_endpoint("s3", "", world.env) == Text());
  REQUIRE_ERROR(find_endpoint("s3", "p", world.env), ErrorCode::kUsage);
}

TEST_CASE("flags are true or false, the environment's before the profile's") {
  AwsWorld world;
  CHECK_FALSE(*use_fips("", world.env));
  testing::put_file(world.home / ".aws/config",
                    "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = perhaps\n");
  CHECK(*use_fips("", world.env));
  world.env.variables["AWS_USE_FIPS_ENDPOINT"] = "false";
  CHECK_FALSE(*use_fips("", world.env));
  REQUIRE_ERROR(use_dualstack("", world.env), ErrorCode::kUsage);
}

TEST_CASE("certificates are those of AWS's settings, then of curl's, then of OpenSSL's") {
  AwsWorld world;
  CHECK(find_ca_bundle("", world.env)->empty());
  world.env.variables["SSL_CERT_FILE"] = "/o";
  CHECK(*find_ca_bundle("", world.env) == "/o");
  world.env.variables["CURL_CA_BUNDLE"] = "/c";
  CHECK(*find_ca_bundle("", world.env) == "/c");
  testing::put_file(world.home / ".aws/config", "[default]\nca_bundle = /p\n");
  CHECK(*find_ca_bundle("", world.env) == "/p");
  world.env.variables["AWS_CA_BUNDLE"] = "/a";
  CHECK(*find_ca_bundle("", world.env) == "/a");
}

TEST_CASE("hosts have the suffix of their partition") {
  CHECK(*service_host({.service = "sts", .region = "eu-west-1"}) == "sts.eu-west-1.amazonaws.com");
  CHECK(*service_host({.service = "sts", .region = "cn-north-1"}) ==
        "sts.cn-north-1.amazonaws.com.cn");
  CHECK(*service_host({.service = "dynamodb", .region = "us-gov-west-1", .fips = true}) ==
        "dynamodb-fips.us-gov-west-1.amazonaws.com");
  CHECK(*service_host({.service = "sts", .region = "us-east-2", .dualstack = true}) ==
        "sts.us-east-2.api.aws");
  CHECK(*service_host({.service = "sts", .region = "us-isob-east-1"}) ==
        "sts.us-isob-east-1.sc2s.sgov.gov");
}

TEST_CASE("a clock that is off is set by the service's, one that is right is left alone") {
  testing::FakeEnv env;
  env.wall_start_ms = 1'709'210'096'000;  // 2024-02-29T12:34:56Z
  Clock clock;
  const auto answer = [](const char* date) { return HttpAnswer{403, {{"date", date}}, {}}; };
  CHECK_FALSE(clock.learn(HttpAnswer{403, {}, {}}, env));
  CHECK_FALSE(clock.learn(answer("yesterday"), env));
  CHECK_FALSE(clock.learn(answer("Thu, 29 Feb 2024 12:35:56 GMT"), env));
  CHECK(clock.now_ms(env) == env.wall_start_ms);
  CHECK(clock.learn(answer("Thu, 29 Feb 2024 13:34:56 GMT"), env));
  CHECK(clock.now_ms(env) == env.wall_start_ms + 3'600'000);
  CHECK_FALSE(clock.learn(answer("Thu, 29 Feb 2024 13:34:58 GMT"), env));
  CHECK(clock.learn(answer("Thu, 29 Feb 2024 11:34:56 GMT"), env));
  CHECK(clock.now_ms(env) == env.wall_start_ms - 3'600'000);
}

}  // namespace ksv::aws
