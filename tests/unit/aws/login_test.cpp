// Credentials of programs and of logins: credential_process, SSO, aws login.
#include "base/crypto.h"
#include "base/hex.h"
#include "unit/aws/aws_world.h"

namespace ksv::aws {
namespace {

void put_process(AwsWorld& world, const std::string& command) {
  testing::put_file(world.home / ".aws/config",
                    "[default]\ncredential_process = " + command + "\n");
}

std::string printing(const std::string& json) { return "printf '%s' '" + json + "'"; }

std::string cached(const std::string& name) {
  return ".aws/sso/cache/" + to_hex(sha1(bytes_of(name))) + ".json";
}

std::string cached_token(const char* expires) {
  return std::string("{\"accessToken\":\"") + kToken + "\",\"expiresAt\":\"" + expires + "\"}";
}

constexpr const char* kRole =
    "{\"roleCredentials\":{\"accessKeyId\":\"SSO\",\"secretAccessKey\":"
    "\"s\",\"sessionToken\":\"t\",\"expiration\":1900000000000}}";

constexpr const char* kSession =
    "[profile s]\nsso_session = my\nsso_account_id = 111122223333\nsso_role_name = a/b\n"
    "[sso-session my]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n";

}  // namespace

TEST_CASE("a process prints credentials") {
  AwsWorld world;
  put_process(world, printing("{\"Version\":1,\"AccessKeyId\":\"P\",\"SecretAccessKey\":\"s\","
                              "\"SessionToken\":\"t\",\"Expiration\":\"2033-01-01T00:00:00Z\"}"));
  const auto credentials = world.get();
  REQUIRE_OK(credentials);
  CHECK(credentials->access_key == "P");
  CHECK(credentials->session_token == "t");
  CHECK(credentials->expires_ms == 1'988'150'400'000);
  CHECK(credentials->source == "profile default (credential_process)");
}

TEST_CASE("a process that fails is told without its command or what it printed") {
  AwsWorld world;
  std::string part;
  SUBCASE("status") {
    put_process(world, "echo " + std::string(kSecret) + "; exit 3");
    part = "ended with status 3";
  }
  SUBCASE("no JSON") {
    put_process(world, "echo " + std::string(kSecret));
    part = "no JSON object";
  }
  SUBCASE("another version") {
    put_process(world,
                printing("{\"Version\":2,\"AccessKeyId\":\"" + std::string(kSecret) + "\"}"));
    part = "Version";
  }
  SUBCASE("no secret") {
    put_process(world,
                printing("{\"Version\":1,\"AccessKeyId\":\"" + std::string(kSecret) + "\"}"));
    part = "no SecretAccessKey";
  }
  SUBCASE("expired") {
    put_process(world, printing("{\"Version\":1,\"AccessKeyId\":\"P\",\"SecretAccessKey\":\"s\","
                                "\"Expiration\":\"2001-01-01T00:00:00Z\"}"));
    part = "expired";
  }
  SUBCASE("endless output") {
    put_process(world, "yes " + std::string(kSecret));
    part = "printed too much";
  }
  const auto result = world.get();
  CHECK(has(world.text_of_error(result), part));
  CHECK(result.error().code() == ErrorCode::kDenied);
}

TEST_CASE("an SSO session gives a role's credentials for its cached token") {
  AwsWorld world;
  world.settings.profile = "s";
  testing::put_file(world.home / ".aws/config", kSession);
  testing::put_file(world.home / ".aws/sso/cache/3ece1471f44f63177cbc35ba0b904e0c096b6783.json",
                    cached_token("2033-01-01T00:00:00Z"));
  world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(200, kRole); };
  const auto credentials = world.get();
  REQUIRE_OK(credentials);
  CHECK(credentials->access_key == "SSO");
  CHECK(credentials->expires_ms == 1'900'000'000'000);
  CHECK(credentials->source == "profile s (SSO)");
  REQUIRE(world.http.seen.size() == 1);
  CHECK(world.http.seen[0].url ==
        "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=a%2Fb&"
        "account_id=111122223333");
  const std::string* token = find_header(world.http.seen[0].headers, "x-amz-sso_bearer_token");
  REQUIRE(token != nullptr);
  CHECK(*token == kToken);
  CHECK_FALSE(has(world.log, kToken));
}

TEST_CASE("SSO without a session is found by its start URL, and may be elsewhere") {
  AwsWorld world;
  testing::put_file(world.home / ".aws/config",
                    "[default]\nsso_start_url = https://x.awsapps.com/start\nsso_region = r\n"
                    "sso_account_id = 1\nsso_role_name = a\n");
  testing::put_file(world.home / cached("https://x.awsapps.com/start"),
                    cached_token("2033-01-01T00:00:00UTC"));
  world.env.variables["AWS_ENDPOINT_URL_SSO"] = "http://127.0.0.1:9/";
  world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(200, kRole); };
  REQUIRE_OK(world.get());
  CHECK(world.http.seen.at(0).url ==
        "http://127.0.0.1:9/federation/credentials?role_name=a&account_id=1");
}

TEST_CASE("a login that is missing, expired or refused asks for another") {
  AwsWorld world;
  world.settings.profile = "s";
  testing::put_file(world.home / ".aws/config", kSession);
  const std::string file = world.home / cached("my");
  SUBCASE("missing") {}
  SUBCASE("expired") { testing::put_file(file, cached_token("2020-01-01T00:00:00Z")); }
  SUBCASE("damaged") { testing::put_file(file, cached_token("whenever")); }
  SUBCASE("refused") {
    testing::put_file(file, cached_token("2033-01-01T00:00:00Z"));
    world.http.answer = [](const FakeHttp::Seen&) { return FakeHttp::text(401, kToken); };
  }
  const auto result = world.get();
  CHECK(has(world.text_of_error(result), "aws sso login --profile s"));
  CHECK(result.error().code() == ErrorCode::kDenied);
}

TEST_CASE("settings of SSO that are missing are named") {
  AwsWorld world;
  std::string config, part;
  SUBCASE("the role") {
    config = "[default]\nsso_session = my\nsso_account_id = 1\n";
    part = "sso_role_name is missing";
  }
  SUBCASE("the session") {
    config = "[default]\nsso_session = my\nsso_account_id = 1\nsso_role_name = a\n";
    part = "no section [sso-session my]";
  }
  SUBCASE("a region that is none") {
    config =
        "[default]\nsso_start_url = u\nsso_region = evil.example/\nsso_account_id = 1\n"
        "sso_role_name = a\n";
    part = "region";
  }
  testing::put_file(world.home / ".aws/config", config);
  CHECK(has(world.text_of_error(world.get()), part));
  CHECK(world.http.seen.empty());
}

TEST_CASE("what aws login left is used while it is valid") {
  AwsWorld world;
  const std::string session = "arn:aws:iam::1:user/u";
  testing::put_file(world.home / ".aws/config", "[default]\nlogin_session = " + session + "\n");
  const std::string file =
      world.home / (".aws/login/cache/" + to_hex(sha256(bytes_of(session))) + ".json");
  const auto put = [&](const std::string& expires) {
    testing::put_file(file, "{\"accessToken\":{\"accessKeyId\":\"L\",\"secretAccessKey\":\"" +
                                std::string(kSecret) +
                                "\",\"sessionToken\":\"t\",\"expiresAt\":\"" + expires + "\"}}");
  };
  CHECK(has(world.text_of_error(world.get()), "aws login --profile default"));
  put("2020-01-01T00:00:00Z");
  CHECK(has(world.text_of_error(world.get()), "aws login --profile default"));
  put("2033-01-01T00:00:00Z");
  const auto credentials = world.get();
  REQUIRE_OK(credentials);
  CHECK(credentials->access_key == "L");
}

}  // namespace ksv::aws
