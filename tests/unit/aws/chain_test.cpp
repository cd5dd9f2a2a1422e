// The chain of providers: its order, what ends it, and how long its answer lasts.
#include "net/aws/time_text.h"
#include "unit/aws/aws_world.h"

namespace ksv::aws {
namespace {

void put_credentials_file(AwsWorld& world) {
  testing::put_file(world.home / ".aws/credentials",
                    "[default]\naws_access_key_id = FILE\naws_secret_access_key = " +
                        std::string(kSecret) + "\n");
}

void set_environment(AwsWorld& world) {
  world.env.variables["AWS_ACCESS_KEY_ID"] = "ENV";
  world.env.variables["AWS_SECRET_ACCESS_KEY"] = kSecret;
  world.env.variables["AWS_SESSION_TOKEN"] = kToken;
}

// An agent that hands out the keys C1, C2, ... each good for `seconds`.
void run_agent(AwsWorld& world, std::int64_t seconds) {
  world.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:1/c";
  world.http.answer = [&world, seconds](const FakeHttp::Seen&) {
    const auto expires = static_cast<long long>(world.env.wall_ms() + seconds * 1000);
    return FakeHttp::text(200, "{\"AccessKeyId\":\"C" + std::to_string(world.http.seen.size()) +
                                   "\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":" +
                                   std::to_string(expires) + "}");
  };
}

}  // namespace

TEST_CASE("the store's own settings come first, then the environment, then the profile") {
  AwsWorld world;
  put_credentials_file(world);
  set_environment(world);
  world.settings.access_key = "GIVEN";
  world.settings.secret = kSecret;
  auto given = world.get();
  REQUIRE_OK(given);
  CHECK(given->access_key == "GIVEN");
  world.settings = {};
  auto environment = world.get();
  REQUIRE_OK(environment);
  CHECK(environment->access_key == "ENV");
  CHECK(environment->session_token == kToken);
  CHECK(environment->source == "environment");
  world.env.variables.erase("AWS_ACCESS_KEY_ID");
  world.env.variables.erase("AWS_SECRET_ACCESS_KEY");
  auto file = world.get();
  REQUIRE_OK(file);
  CHECK(file->access_key == "FILE");
  CHECK(file->session_token.empty());
  CHECK(file->source == "profile default");
  CHECK(world.http.seen.empty());
}

TEST_CASE("a profile that the store names goes before the environment, AWS_PROFILE does not") {
  AwsWorld world;
  put_credentials_file(world);
  set_environment(world);
  world.env.variables["AWS_PROFILE"] = "default";
  CHECK(world.get()->access_key == "ENV");
  world.settings.profile = "default";
  CHECK(world.get()->access_key == "FILE");
}

TEST_CASE("the profile comes before the container, the container before the instance") {
  AwsWorld world;
  run_agent(world, 3600);
  const auto container = world.get();
  REQUIRE_OK(container);
  CHECK(container->access_key == "C1");
  CHECK(container->source == "container (http://127.0.0.1:1)");
  CHECK(world.http.seen.size() == 1);
  put_credentials_file(world);
  CHECK(world.get()->access_key == "FILE");
}

TEST_CASE("without any credentials every place that was looked at is told") {
  AwsWorld world;
  const std::string text = world.text_of_error(world.get());
  CHECK(world.get().error().code() == ErrorCode::kDenied);
  for (const char* part :
       {"AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "profile default", "/.aws/config",
        "/.aws/credentials", "AWS_CONTAINER_CREDENTIALS", "http://169.254.169.254"}) {
    CAPTURE(part);
    CHECK(has(text, part));
  }
  CHECK(has(text, "AWS_PROFILE"));  // what to do
}

TEST_CASE("a provider that is configured and fails ends the chain") {
  AwsWorld world;
  put_credentials_file(world);
  SUBCASE("half of the environment") {
    world.env.variables["AWS_ACCESS_KEY_ID"] = "ENV";
    CHECK(has(world.text_of_error(world.get()), "AWS_SECRET_ACCESS_KEY is not"));
  }
  SUBCASE("a web identity without its file") {
    world.env.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = world.home / "none";
    world.env.variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/r";
    CHECK(has(world.text_of_error(world.get()), "web identity: there is no file"));
  }
  SUBCASE("a profile that does not exist") {
    world.env.variables["AWS_PROFILE"] = "nobody";
    CHECK(has(world.text_of_error(world.get()), "there is no AWS profile nobody"));
    CHECK(world.get().error().code() == ErrorCode::kUsage);
  }
  SUBCASE("a key that cannot be sent") {
    set_environment(world);
    world.env.variables["AWS_SESSION_TOKEN"] = std::string(kToken) + "\r\nX-Evil: 1";
    CHECK(has(world.text_of_error(world.get()), "session token holds a blank"));
  }
  SUBCASE("credentials that have expired") {
    set_environment(world);
    world.env.variables["AWS_CREDENTIAL_EXPIRATION"] = "2020-01-01T00:00:00Z";
    CHECK(has(world.text_of_error(world.get()), "have expired"));
  }
  CHECK(world.http.seen.empty());
}

TEST_CASE("nobody is asked when requests are to go unsigned") {
  AwsWorld world;
  set_environment(world);
  world.settings.anonymous = true;
  const auto nobody = world.get();
  REQUIRE_OK(nobody);
  CHECK(nobody->anonymous);
  CHECK(nobody->access_key.empty());
}

TEST_CASE("credentials are kept, and renewed when five minutes of them are left") {
  AwsWorld world;
  run_agent(world, 3600);
  CredentialSource source(world.settings, world.http, world.env, world.call);
  CHECK(source.get()->access_key == "C1");
  world.env.wall_start_ms += 54 * 60 * 1000;
  CHECK(source.get()->access_key == "C1");
  world.env.wall_start_ms += 61 * 1000;
  CHECK(source.get()->access_key == "C2");
  source.forget();
  CHECK(source.get()->access_key == "C3");
}

TEST_CASE("short-lived credentials are used for half of their life") {
  AwsWorld world;
  run_agent(world, 200);
  CredentialSource source(world.settings, world.http, world.env, world.call);
  CHECK(source.get()->access_key == "C1");
  world.env.wall_start_ms += 99 * 1000;
  CHECK(source.get()->access_key == "C1");
  world.env.wall_start_ms += 2 * 1000;
  CHECK(source.get()->access_key == "C2");
}

TEST_CASE("a renewal that fails is put off while the credentials are good") {
  AwsWorld world;
  run_agent(world, 3600);
  CredentialSource source(world.settings, world.http, world.env, world.call);
  CHECK(source.get()->access_key == "C1");
  world.http.answer = nullptr;
  world.env.wall_start_ms += 56 * 60 * 1000;
  CHECK(source.get()->access_key == "C1");
  const std::size_t asked = world.http.seen.size();
  CHECK(source.get()->access_key == "C1");
  CHECK(world.http.seen.size() == asked);
  world.env.wall_start_ms += 4 * 60 * 1000;
  const auto late = source.get();
  REQUIRE_ERROR(late, ErrorCode::kDenied);
}

TEST_CASE("the log says where credentials came from, and not what they are") {
  AwsWorld world;
  set_environment(world);
  CHECK_OK(world.get());
  CHECK(world.log == "AWS credentials: environment\n");
}

}  // namespace ksv::aws
