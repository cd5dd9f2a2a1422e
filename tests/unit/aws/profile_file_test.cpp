// The files ~/.aws/config and ~/.aws/credentials.
#include "net/aws/profile_file.h"

#include "net/aws/settings.h"
#include "unit/aws/aws_world.h"

namespace ksv::aws {
namespace {

Section section_of(const char* text) {
  const auto sections = parse_profile_file(text, "f");
  REQUIRE_OK(sections);
  REQUIRE(sections->size() == 1);
  return sections->front().values;
}

}  // namespace

TEST_CASE("settings are read without blanks, comments, a byte order mark or CR") {
  const Section section = section_of(
      "\xEF\xBB\xBF# a comment\r\n; another\r\n\r\n[profile a]  # note\r\n"
      "  \r\nRegion=eu-west-1  # near\r\nrole_arn = arn:aws:iam::1:role/x;y\r\n"
      "credential_process = /bin/echo a # b\r\nempty =\r\n");
  CHECK(section == Section{{"region", "eu-west-1"},
                           {"role_arn", "arn:aws:iam::1:role/x;y"},
                           {"credential_process", "/bin/echo a # b"},
                           {"empty", ""}});
}

TEST_CASE("indented lines belong to the setting above") {
  const Section section = section_of(
      "[services local]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n\n  # note\n"
      "  other=1\nlong = a\n  b\n");
  CHECK(section == Section{{"s3", ""},
                           {"s3.endpoint_url", "http://127.0.0.1:1"},
                           {"s3.other", "1"},
                           {"long", "a\nb"}});
}

TEST_CASE("names of sections may be quoted and spaced") {
  const auto sections =
      parse_profile_file("[profile \"a b\"]\n[ profile\tc ]\n[sso-session d]\n[default]\n", "f");
  REQUIRE_OK(sections);
  REQUIRE(sections->size() == 4);
  CHECK((*sections)[0].name == "a b");
  CHECK((*sections)[1].name == "c");
  CHECK((*sections)[1].kind == "profile");
  CHECK((*sections)[2].kind == "sso-session");
  CHECK((*sections)[3].kind.empty());
}

TEST_CASE("a damaged line is told by file and number, without what stands there") {
  const std::string secret = kSecret;
  for (const auto& [text, line] :
       {std::pair("[default]\n\n" + secret + "\n", 3), std::pair("a=" + secret + "\n", 1),
        std::pair("[" + secret + "\n", 1), std::pair("[a] " + secret + "\n", 1),
        std::pair("[a]\n= " + secret + "\n", 2), std::pair("[a]\n  x = " + secret + "\n", 2),
        std::pair("[a]\ns3 =\n  " + secret + "\n", 3), std::pair("[]\n" + secret, 1)}) {
    CAPTURE(text);
    const auto sections = parse_profile_file(text, "/x/config");
    REQUIRE_ERROR(sections, ErrorCode::kUsage);
    CHECK(has(sections.error().message(), "/x/config, line " + std::to_string(line) + ": "));
    CHECK_FALSE(has(sections.error().message(), secret));
  }
}

TEST_CASE("the credentials file wins, and its keys come whole") {
  AwsWorld world;
  testing::put_file(world.home / ".aws/config",
                    "[default]\nregion = r0\n[profile default]\nregion = r1\noutput = json\n"
                    "aws_access_key_id = A1\naws_secret_access_key = S1\naws_session_token = T1\n"
                    "[ignored]\nregion = r9\n");
  testing::put_file(world.home / ".aws/credentials",
                    "[default]\naws_access_key_id = A2\naws_secret_access_key = S2\n"
                    "[only here]\naws_access_key_id = A3\n");
  const auto profile = read_profile("", world.env);
  REQUIRE_OK(profile);
  CHECK(profile->values == Section{{"region", "r1"},
                                   {"output", "json"},
                                   {"aws_access_key_id", "A2"},
                                   {"aws_secret_access_key", "S2"}});
  CHECK_OK(read_profile("only here", world.env));
  REQUIRE_ERROR(read_profile("ignored", world.env), ErrorCode::kUsage);
}

TEST_CASE("files may be elsewhere, or nowhere") {
  AwsWorld world;
  const auto nothing = read_profile("", world.env);
  REQUIRE_OK(nothing);
  CHECK(nothing->values.empty());
  testing::put_file(world.home / "other", "[default]\nregion = r1\n");
  world.env.variables["AWS_CONFIG_FILE"] = "~/other";
  CHECK(read_profile("", world.env)->values == Section{{"region", "r1"}});
  world.env.variables.clear();
  CHECK_OK(read_profile("", world.env));
  REQUIRE_ERROR(read_profile("named", world.env), ErrorCode::kUsage);
}

TEST_CASE("a file that is far too large is refused") {
  AwsWorld world;
  testing::put_file(world.home / ".aws/config", std::string((std::size_t{1} << 20) + 1, '#'));
  REQUIRE_ERROR(read_profile("", world.env), ErrorCode::kUsage);
}

}  // namespace ksv::aws
