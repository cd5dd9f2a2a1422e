// Credentials that the machine gives: container agents and instance metadata.
#include "unit/aws/aws_world.h"

namespace ksv::aws {
namespace {

constexpr const char* kKeys =
    "{\"Code\":\"Success\",\"AccessKeyId\":\"M\",\"SecretAccessKey\":\"s\",\"Token\":\"t\","
    "\"Expiration\":\"2033-01-01T00:00:00Z\"}";

std::string header_of(const FakeHttp::Seen& seen, std::string_view name) {
  const std::string* value = find_header(seen.headers, name);
  return value == nullptr ? "" : *value;
}

// An instance with a role, as version 2 of the metadata service answers.
HttpOutcome instance(const FakeHttp::Seen& seen) {
  const std::string path = seen.url.substr(seen.url.find("/latest"));
  if (seen.method == "PUT" && path == "/latest/api/token" &&
      header_of(seen, "x-aws-ec2-metadata-token-ttl-seconds") == "21600") {
    return FakeHttp::text(200, "metadata-token");
  }
  if (header_of(seen, "x-aws-ec2-metadata-token") != "metadata-token") {
    return FakeHttp::text(401, "");
  }
  if (path == "/latest/meta-data/iam/security-credentials/") return FakeHttp::text(200, "my role");
  if (path == "/latest/meta-data/iam/security-credentials/my%20role") {
    return FakeHttp::text(200, kKeys);
  }
  return FakeHttp::text(404, "");
}

}  // namespace

TEST_CASE("the agent of ECS is asked at its address") {
  AwsWorld world;
  world.env.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/c?id=1";
  world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(200, kKeys); };
  const auto credentials = world.get();
  REQUIRE_OK(credentials);
  CHECK(credentials->access_key == "M");
  CHECK(credentials->session_token == "t");
  CHECK(world.http.seen.at(0).url == "http://169.254.170.2/v2/c?id=1");
  CHECK(header_of(world.http.seen.at(0), "authorization").empty());
}

TEST_CASE("the token of the agent is read anew each time, the file before the variable") {
  AwsWorld world;
  world.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/c";
  world.env.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "variable";
  world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(200, kKeys); };
  CredentialSource source(world.settings, world.http, world.env, world.call);
  REQUIRE_OK(source.get());
  world.env.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = world.home / "token";
  for (const char* token : {"one\n", "two"}) {
    testing::put_file(world.home / "token", token);
    source.forget();
    REQUIRE_OK(source.get());
  }
  REQUIRE(world.http.seen.size() == 3);
  CHECK(header_of(world.http.seen[0], "authorization") == "variable");
  CHECK(header_of(world.http.seen[1], "authorization") == "one");
  CHECK(header_of(world.http.seen[2], "authorization") == "two");
}

TEST_CASE("the agent's token goes only to this machine, its agents, or through TLS") {
  AwsWorld world;
  world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(200, kKeys); };
  for (const char* url : {"http://localhost:1/c", "http://127.0.0.1/c", "http://127.255.1.9:80/c",
                          "http://[::1]:1/c", "http://169.254.170.2/c", "http://169.254.170.23/c",
                          "http://[fd00:ec2::23]/c", "https://example.com/c"}) {
    CAPTURE(url);
    world.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    CHECK_OK(world.get());
  }
  world.http.seen.clear();
  for (const char* url :
       {"http://example.com/c", "http://127.0.0.1.example.com/c", "http://127.0.0.256/c",
        "http://127.1/c", "http://127.0.0.1./c", "http://169.254.170.2.example.com/c",
        "http://169.254.169.254/c", "http://localhost.example.com/", "ftp://127.0.0.1/", "x"}) {
    CAPTURE(url);
    world.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    CHECK(has(world.text_of_error(world.get()), "container credentials"));
  }
  for (const char* path : {".example.com/c", "@example.com/c", "c"}) {
    CAPTURE(path);
    world.env.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = path;
    CHECK(has(world.text_of_error(world.get()), "must begin with /"));
  }
  CHECK(world.http.seen.empty());
}

TEST_CASE("an agent that fails ends the chain") {
  AwsWorld world;
  world.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:1/c?token=abc";
  world.env.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = kToken;
  std::string part;
  std::size_t attempts = 1;
  SUBCASE("silence") {
    part = "no answer from http://127.0.0.1:1";
    attempts = 3;
  }
  SUBCASE("a failure") {
    world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(500, kToken); };
    part = "HTTP 500";
    attempts = 3;
  }
  SUBCASE("a refusal") {
    world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(403, kToken); };
    part = "HTTP 403";
  }
  SUBCASE("no JSON") {
    world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(200, kToken); };
    part = "no JSON";
  }
  SUBCASE("no key") {
    world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(200, "{}"); };
    part = "no AccessKeyId";
  }
  const auto result = world.get();
  CHECK(has(world.text_of_error(result), part));
  CHECK_FALSE(has(world.text_of_error(result), "token=abc"));
  CHECK(result.error().code() == ErrorCode::kDenied);
  CHECK(world.http.seen.size() == attempts);
}

TEST_CASE("an instance gives the credentials of its role for a token") {
  AwsWorld world;
  world.http.answer = instance;
  std::string base = "http://169.254.169.254";
  SUBCASE("IPv4") {}
  SUBCASE("IPv6") {
    world.env.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
    base = "http://[fd00:ec2::254]";
  }
  SUBCASE("elsewhere") {
    world.env.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:2/";
    base = "http://127.0.0.1:2";
  }
  const auto credentials = world.get();
  REQUIRE_OK(credentials);
  CHECK(credentials->access_key == "M");
  CHECK(credentials->source == "instance metadata (role my role)");
  REQUIRE(world.http.seen.size() == 3);
  for (const FakeHttp::Seen& seen : world.http.seen) {
    CHECK(seen.url.starts_with(base + "/latest/"));
    CHECK(seen.timeout == std::chrono::seconds(1));
  }
}

TEST_CASE("off EC2 one short attempt is made, none when it is switched off") {
  AwsWorld world;
  CHECK(has(world.text_of_error(world.get()), "instance metadata: no answer"));
  CHECK(world.http.seen.size() == 1);
  world.env.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  CHECK(has(world.text_of_error(world.get()), "AWS_EC2_METADATA_DISABLED"));
  CHECK(world.http.seen.size() == 1);
  world.env.variables.erase("AWS_EC2_METADATA_DISABLED");
  world.env.variables["AWS_METADATA_SERVICE_TIMEOUT"] = "2";
  world.env.variables["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "2";
  world.text_of_error(world.get());
  REQUIRE(world.http.seen.size() == 3);
  CHECK(world.http.seen[2].timeout == std::chrono::seconds(2));
  world.env.variables["AWS_METADATA_SERVICE_TIMEOUT"] = "0";
  CHECK(world.get().error().code() == ErrorCode::kUsage);
}

TEST_CASE("metadata that has no credentials says why") {
  AwsWorld world;
  std::string part;
  std::string role = "r";
  std::string keys = kKeys;
  int status = 200;
  SUBCASE("another cloud") {
    status = 400;
    part = "answered with HTTP 400";
  }
  SUBCASE("no role") {
    role = "";
    part = "the instance has no role";
  }
  SUBCASE("a role that failed") {
    keys =
        "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"" + std::string(kToken) + "\"}";
    part = "not a success";
  }
  world.http.answer = [&](const FakeHttp::Seen& seen) {
    if (seen.method == "PUT") return FakeHttp::text(status, "t");
    return FakeHttp::text(200, seen.url.ends_with('/') ? role : keys);
  };
  CHECK(has(world.text_of_error(world.get()), part));
}

TEST_CASE("a deadline that has passed ends the search") {
  AwsWorld world;
  world.env.sleep(std::chrono::seconds(31));
  const auto result = world.get();
  REQUIRE_ERROR(result, ErrorCode::kDeadline);
  CHECK(world.http.seen.empty());
}

TEST_CASE("services of the machine are asked past every proxy, others through it") {
  AwsWorld world;
  world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(200, kKeys); };
  for (const char* url : {"http://localhost:1/c", "https://127.0.0.1/c", "http://[::1]:1/c",
                          "http://169.254.170.2/c", "http://[fd00:ec2::23]/c"}) {
    CAPTURE(url);
    world.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    REQUIRE_OK(world.get());
    CHECK(world.http.seen.back().direct);
  }
  world.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "https://agent.example.com/c";
  REQUIRE_OK(world.get());
  CHECK_FALSE(world.http.seen.back().direct);
}

TEST_CASE("instance metadata is asked past every proxy, wherever it is") {
  for (const char* endpoint :
       {"", "http://[fd00:ec2::254]", "http://127.0.0.1:9/", "http://imds"}) {
    CAPTURE(endpoint);
    AwsWorld world;
    world.env.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = endpoint;
    world.http.answer = instance;
    REQUIRE_OK(world.get());
    REQUIRE(world.http.seen.size() == 3);
    for (const FakeHttp::Seen& seen : world.http.seen) CHECK(seen.direct);
  }
}

TEST_CASE("headers of the machine's services are logged without token and keys") {
  AwsWorld world;
  world.call.log_headers = true;
  world.http.answer = instance;
  REQUIRE_OK(world.get());
  CHECK(world.log.find("> x-aws-ec2-metadata-token: ...") != std::string::npos);
  CHECK(world.log.find("metadata-token\n") == std::string::npos);
}

}  // namespace ksv::aws
