// The providers over real HTTP, against servers that stand in for those of AWS.
#include <map>

#include "ksv/call.h"

#include "base/real_env.h"
#include "net/aws/credentials.h"
#include "net/curl_http.h"
#include "support/result_checks.h"
#include "support/scripted_server.h"
#include "support/temp_folder.h"

namespace ksv::aws {
namespace {

// The real world, but for its variables.
class OwnVariables final : public Env {
 public:
  std::int64_t wall_ms() override { return real_.wall_ms(); }
  std::chrono::milliseconds monotonic() override { return real_.monotonic(); }
  void sleep(std::chrono::microseconds duration) override { real_.sleep(duration); }
  void random(std::span<std::uint8_t> fill) override { real_.random(fill); }
  std::optional<std::string> variable(std::string_view name) override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
  Files& files() override { return real_.files(); }
  Http& http() override { return *http_; }
  int signalled() override { return 0; }
  void hold_signals(bool) override {}

  std::map<std::string, std::string, std::less<>> variables;

 private:
  RealEnv real_;
  std::unique_ptr<Http> http_ = net::make_curl_http(*this);
};

struct RealWorld {
  RealWorld() { env.variables["HOME"] = home.path(); }
  Result<Credentials> get() {
    CredentialSource source(settings, env.http(), env, call);
    return source.get();
  }
  testing::TempFolder home;
  OwnVariables env;
  CredentialSettings settings;
  Call call{Deadline(env, std::chrono::seconds(30))};
};

constexpr const char* kKeys =
    "{\"Code\":\"Success\",\"AccessKeyId\":\"M\",\"SecretAccessKey\":\"s\",\"Token\":\"t\","
    "\"Expiration\":\"2133-01-01T00:00:00Z\"}";

}  // namespace

TEST_CASE("a container's agent is asked over HTTP, and again when it fails") {
  testing::ScriptedServer agent;
  RealWorld world;
  world.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = agent.url("/c?x=1");
  world.env.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Bearer abc";
  agent.reply(503);
  agent.reply(200, {}, kKeys);
  const auto credentials = world.get();
  REQUIRE_OK(credentials);
  CHECK(credentials->access_key == "M");
  REQUIRE(agent.request_count() == 2);
  CHECK(agent.requests()[1].target == "/c?x=1");
  CHECK(agent.requests()[1].header("authorization") == "Bearer abc");
}

TEST_CASE("an instance is asked over HTTP by PUT and GET") {
  testing::ScriptedServer instance;
  RealWorld world;
  world.env.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = instance.url();
  instance.reply(200, {}, "token-1");
  instance.reply(200, {}, "role");
  instance.reply(200, {}, kKeys);
  REQUIRE_OK(world.get());
  const auto requests = instance.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].method == "PUT");
  CHECK(requests[0].header("x-aws-ec2-metadata-token-ttl-seconds") == "21600");
  CHECK(requests[2].target == "/latest/meta-data/iam/security-credentials/role");
  CHECK(requests[2].header("x-aws-ec2-metadata-token") == "token-1");
}

TEST_CASE("metadata that stays silent is given up") {
  testing::ScriptedServer silent;
  RealWorld world;
  world.env.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = silent.url();
  silent.then({.delay = std::chrono::seconds(20)});
  const auto result = world.get();
  REQUIRE_ERROR(result, ErrorCode::kDenied);
  CHECK(result.error().message().find("no answer from") != std::string::npos);
}

TEST_CASE("a role is assumed over HTTP, once more after a lost answer") {
  testing::ScriptedServer sts;
  RealWorld world;
  testing::put_file(world.home / "config",
                    "[default]\nrole_arn = arn:r\nsource_profile = b\nregion = us-east-1\n"
                    "[profile b]\naws_access_key_id = A\naws_secret_access_key = S\n");
  world.env.variables["AWS_CONFIG_FILE"] = world.home / "config";
  world.env.variables["AWS_ENDPOINT_URL_STS"] = sts.url();
  sts.then({.kind = testing::ServerAction::Kind::kClose});
  sts.reply(200, {},
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>R</AccessKeyId>"
            "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            "<Expiration>2133-01-01T00:00:00.000Z</Expiration></Credentials></AssumeRoleResult>"
            "</AssumeRoleResponse>");
  const auto role = world.get();
  REQUIRE_OK(role);
  CHECK(role->access_key == "R");
  REQUIRE(sts.request_count() == 2);
  CHECK(sts.requests()[1].method == "POST");
  CHECK(sts.requests()[1].target == "/");
  CHECK(sts.requests()[1].body.starts_with("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Ar"));
  CHECK(sts.requests()[1].header("authorization").find("Credential=A/") != std::string::npos);
}

}  // namespace ksv::aws
