// Roles: web identity, profiles that lead to other profiles, and what STS answers.
#include "net/aws/time_text.h"
#include "unit/aws/aws_world.h"

namespace ksv::aws {
namespace {

constexpr const char* kArn = "arn:aws:iam::111122223333:role/r";

std::string sts_answer(const std::string& action, const std::string& key) {
  return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
         "Result><Credentials><AccessKeyId>" + key + "</AccessKeyId><SecretAccessKey>" + kSecret +
         "</SecretAccessKey><SessionToken>" + kToken +
         "</SessionToken><Expiration>2033-01-01T00:00:00Z</Expiration></Credentials></" + action +
         "Result></" + action + "Response>";
}

std::string sts_refusal(const std::string& code, const std::string& message) {
  return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message +
         "</Message></Error><RequestId>i</RequestId></ErrorResponse>";
}

std::string header_of(const FakeHttp::Seen& seen, std::string_view name) {
  const std::string* value = find_header(seen.headers, name);
  return value == nullptr ? "" : *value;
}

void put_config(AwsWorld& world, const std::string& text) {
  testing::put_file(world.home / ".aws/config", text);
}

std::string keys(const std::string& access_key) {
  return "aws_access_key_id = " + access_key + "\naws_secret_access_key = " + kSecret + "\n";
}

}  // namespace

TEST_CASE("a web identity's token buys a role, unsigned, and is read anew each time") {
  AwsWorld world;
  const std::string file = world.home / "token";
  testing::put_file(file, "web.token.1\n");
  world.env.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = file;
  world.env.variables["AWS_ROLE_ARN"] = kArn;
  world.env.variables["AWS_ROLE_SESSION_NAME"] = "me";
  world.env.variables["AWS_REGION"] = "eu-west-1";
  world.http.answer = [](const FakeHttp::Seen&) {
    return FakeHttp::text(200, sts_answer("AssumeRoleWithWebIdentity", "WEB"));
  };
  CredentialSource source(world.settings, world.http, world.env, world.call);
  const auto first = source.get();
  REQUIRE_OK(first);
  CHECK(first->access_key == "WEB");
  CHECK(first->session_token == kToken);
  CHECK(first->expires_ms == parse_iso_time("2033-01-01T00:00:00Z"));
  CHECK(has(first->source, kArn));
  testing::put_file(file, "web.token.2");
  source.forget();
  REQUIRE_OK(source.get());
  REQUIRE(world.http.seen.size() == 2);
  const FakeHttp::Seen& seen = world.http.seen[0];
  CHECK(seen.method == "POST");
  CHECK(seen.url == "https://sts.eu-west-1.amazonaws.com/");
  CHECK(header_of(seen, "authorization").empty());
  CHECK(seen.body ==
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
        "111122223333%3Arole%2Fr&RoleSessionName=me&WebIdentityToken=web.token.1");
  CHECK(has(world.http.seen[1].body, "WebIdentityToken=web.token.2"));
  CHECK_FALSE(has(world.log, "web.token"));
}

TEST_CASE("a role is assumed with the keys of its source profile") {
  AwsWorld world;
  put_config(world, "[profile base]\n" + keys("BASE") + "[profile r]\nrole_arn = " + kArn +
                        "\nsource_profile = base\nexternal_id = x y\nrole_session_name = me\n"
                        "duration_seconds = 900\nregion = us-east-2\n");
  world.settings.profile = "r";
  world.http.answer = [](const FakeHttp::Seen&) {
    return FakeHttp::text(200, sts_answer("AssumeRole", "ROLE"));
  };
  const auto role = world.get();
  REQUIRE_OK(role);
  CHECK(role->access_key == "ROLE");
  CHECK(role->source == std::string("profile r (role ") + kArn + ")");
  REQUIRE(world.http.seen.size() == 1);
  const FakeHttp::Seen& seen = world.http.seen[0];
  CHECK(seen.url == "https://sts.us-east-2.amazonaws.com/");
  CHECK(has(header_of(seen, "authorization"), "Credential=BASE/"));
  CHECK(has(header_of(seen, "authorization"), "/us-east-2/sts/aws4_request"));
  CHECK(has(seen.body, "Action=AssumeRole&"));
  CHECK(has(seen.body, "&RoleSessionName=me&ExternalId=x%20y&DurationSeconds=900"));
  CHECK_FALSE(has(world.log, kSecret));
  CHECK_FALSE(has(world.log, kToken));
}

TEST_CASE("roles follow each other, the answer of one signing the next") {
  AwsWorld world;
  put_config(world, "[profile base]\n" + keys("BASE") + "[profile one]\nrole_arn = " + kArn +
                        "1\nsource_profile = base\n[profile two]\nrole_arn = " + kArn +
                        "2\nsource_profile = one\n");
  world.env.variables["AWS_PROFILE"] = "two";
  world.http.answer = [&](const FakeHttp::Seen&) {
    return FakeHttp::text(
        200, sts_answer("AssumeRole", "ROLE" + std::to_string(world.http.seen.size())));
  };
  const auto role = world.get();
  REQUIRE_OK(role);
  CHECK(role->access_key == "ROLE2");
  REQUIRE(world.http.seen.size() == 2);
  CHECK(world.http.seen[0].url == "https://sts.amazonaws.com/");
  CHECK(has(header_of(world.http.seen[0], "authorization"), "Credential=BASE/"));
  CHECK(has(header_of(world.http.seen[1], "authorization"), "Credential=ROLE1/"));
  CHECK(header_of(world.http.seen[1], "x-amz-security-token") == kToken);
}

TEST_CASE("the source of a role may be the environment, or the profile itself") {
  AwsWorld world;
  world.http.answer = [](const FakeHttp::Seen& seen) {
    const bool expected = has(header_of(seen, "authorization"), "Credential=OWN/");
    return FakeHttp::text(expected ? 200 : 403, sts_answer("AssumeRole", "ROLE"));
  };
  world.settings.profile = "r";
  SUBCASE("the environment") {
    put_config(world, std::string("[profile r]\nrole_arn = ") + kArn +
                          "\ncredential_source = Environment\n");
    world.env.variables["AWS_ACCESS_KEY_ID"] = "OWN";
    world.env.variables["AWS_SECRET_ACCESS_KEY"] = kSecret;
  }
  SUBCASE("the profile itself") {
    put_config(world, std::string("[profile r]\nrole_arn = ") + kArn + "\nsource_profile = r\n" +
                          keys("OWN"));
  }
  const auto role = world.get();
  REQUIRE_OK(role);
  CHECK(role->access_key == "ROLE");
}

TEST_CASE("profiles that lead nowhere are told") {
  AwsWorld world;
  const std::string role = std::string("role_arn = ") + kArn + "\n";
  std::string config;
  std::string part;
  ErrorCode code = ErrorCode::kDenied;
  SUBCASE("a circle") {
    config = "[profile r]\n" + role + "source_profile = s\n[profile s]\n" + role +
             "source_profile = r\n";
    part = "leads in a circle";
    code = ErrorCode::kUsage;
  }
  SUBCASE("a source that does not exist") {
    config = "[profile r]\n" + role + "source_profile = none\n";
    part = "there is no profile none";
    code = ErrorCode::kUsage;
  }
  SUBCASE("a source without credentials") {
    config = "[profile r]\n" + role + "source_profile = s\n[profile s]\nregion = x\n";
    part = "source_profile s has no credentials";
  }
  SUBCASE("two sources") {
    config = "[profile r]\n" + role + "source_profile = s\ncredential_source = Environment\n";
    part = "one of them";
  }
  SUBCASE("no source") {
    config = "[profile r]\n" + role;
    part = "one of them";
  }
  SUBCASE("an unknown source") {
    config = "[profile r]\n" + role + "credential_source = Moon\n";
    part = "must be Environment";
    code = ErrorCode::kUsage;
  }
  SUBCASE("a source that has none") {
    config = "[profile r]\n" + role + "credential_source = Environment\n";
    part = "AWS_ACCESS_KEY_ID is not set";
  }
  SUBCASE("a code of a device") {
    config = "[profile r]\n" + role + "source_profile = s\nmfa_serial = arn:x\n";
    part = "mfa_serial";
  }
  SUBCASE("half a pair of keys") {
    config = std::string("[profile r]\naws_secret_access_key = ") + kSecret + "\n";
    part = "not both";
  }
  put_config(world, config);
  world.settings.profile = "r";
  const auto result = world.get();
  CHECK(has(world.text_of_error(result), part));
  CHECK(has(world.text_of_error(result), "profile r"));
  CHECK(result.error().code() == code);
  CHECK(world.http.seen.empty());
}

TEST_CASE("a refusal of STS is told in one line, without the request that it repeats") {
  AwsWorld world;
  put_config(world, "[default]\nrole_arn = " + std::string(kArn) + "\nsource_profile = b\n" +
                        "[profile b]\n" + keys("BASE") + "aws_session_token = " + kToken + "\n");
  std::string message;
  SUBCASE("plain") { message = "User: u is not authorized"; }
  SUBCASE("further lines") {
    message = "User: u is not authorized\n\nx-amz-security-token:" + std::string(kToken);
  }
  world.http.answer = [&](const FakeHttp::Seen&) {
    return FakeHttp::text(403, sts_refusal("AccessDenied", message));
  };
  const auto result = world.get();
  CHECK(result.error().code() == ErrorCode::kDenied);
  CHECK(result.error().message() == "AWS credentials: profile default: role " + std::string(kArn) +
                                        ": HTTP 403 AccessDenied: User: u is not authorized");
  world.text_of_error(result);
}

TEST_CASE("a secret in a refusal's own line is not passed on") {
  AwsWorld world;
  put_config(world, "[default]\nrole_arn = " + std::string(kArn) + "\nsource_profile = b\n" +
                        "[profile b]\n" + keys("BASE") + "aws_session_token = " + kToken + "\n");
  world.http.answer = [&](const FakeHttp::Seen&) {
    return FakeHttp::text(403, sts_refusal("InvalidToken", "bad " + std::string(kToken)));
  };
  CHECK(has(world.text_of_error(world.get()), "HTTP 403 InvalidToken"));
}

TEST_CASE("answers of STS that are none are refused") {
  AwsWorld world;
  put_config(world, "[default]\nrole_arn = " + std::string(kArn) + "\nsource_profile = b\n" +
                        "[profile b]\n" + keys("BASE"));
  std::string body;
  SUBCASE("no XML") { body = "hello"; }
  SUBCASE("another answer") { body = sts_answer("AssumeRoleWithWebIdentity", "X"); }
  SUBCASE("no key") { body = sts_answer("AssumeRole", ""); }
  SUBCASE("a key that cannot be a header") { body = sts_answer("AssumeRole", "A&#10;B"); }
  world.http.answer = [&](const FakeHttp::Seen&) { return FakeHttp::text(200, body); };
  const auto result = world.get();
  world.text_of_error(result);
  CHECK(result.error().code() == ErrorCode::kDenied);
}

TEST_CASE("a skewed clock is corrected once, and a failing STS asked again") {
  AwsWorld world;
  put_config(world, "[default]\nrole_arn = " + std::string(kArn) + "\nsource_profile = b\n" +
                        "[profile b]\n" + keys("BASE"));
  world.http.answer = [&](const FakeHttp::Seen& seen) {
    if (world.http.seen.size() == 1) return FakeHttp::text(503, "");
    if (has(header_of(seen, "x-amz-date"), "20300101T0")) {
      return FakeHttp::text(200, sts_answer("AssumeRole", "ROLE"));
    }
    return FakeHttp::text(403, sts_refusal("SignatureDoesNotMatch", "Signature expired"),
                          {{"date", "Tue, 01 Jan 2030 00:00:00 GMT"}});
  };
  const auto role = world.get();
  REQUIRE_OK(role);
  CHECK(world.http.seen.size() == 3);
}

TEST_CASE("an unreachable STS is not a denial") {
  AwsWorld world;
  put_config(world, "[default]\nrole_arn = " + std::string(kArn) + "\nsource_profile = b\n" +
                        "[profile b]\n" + keys("BASE"));
  const auto result = world.get();
  REQUIRE_ERROR(result, ErrorCode::kUnavailable);
  CHECK(result.error().effect() == Effect::kNone);
  world.text_of_error(result);
}

TEST_CASE("endpoint, region and legacy settings say which STS is asked") {
  AwsWorld world;
  put_config(world, "[default]\nregion = cn-north-1\nrole_arn = " + std::string(kArn) +
                        "\nsource_profile = b\n[profile b]\n" + keys("BASE"));
  world.http.answer = [](const FakeHttp::Seen&) {
    return FakeHttp::text(200, sts_answer("AssumeRole", "ROLE"));
  };
  std::string url = "https://sts.cn-north-1.amazonaws.com.cn/";
  std::string scope = "/cn-north-1/sts/";
  SUBCASE("the region's") {}
  SUBCASE("one's own") {
    world.env.variables["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:7480/sts";
    url = "http://127.0.0.1:7480/sts";
  }
  SUBCASE("the old one for all regions") {
    world.env.variables["AWS_STS_REGIONAL_ENDPOINTS"] = "legacy";
    url = "https://sts.amazonaws.com/";
    scope = "/us-east-1/sts/";
  }
  SUBCASE("the store's region") {
    world.settings.region = "eu-west-3";
    url = "https://sts.eu-west-3.amazonaws.com/";
    scope = "/eu-west-3/sts/";
  }
  SUBCASE("hardened cryptography and IPv6") {
    world.settings.region = "us-east-2";
    world.env.variables["AWS_USE_FIPS_ENDPOINT"] = "true";
    world.env.variables["AWS_USE_DUALSTACK_ENDPOINT"] = "true";
    url = "https://sts-fips.us-east-2.api.aws/";
    scope = "/us-east-2/sts/";
  }
  REQUIRE_OK(world.get());
  CHECK(world.http.seen.at(0).url == url);
  CHECK(has(header_of(world.http.seen.at(0), "authorization"), scope));
}

}  // namespace ksv::aws
