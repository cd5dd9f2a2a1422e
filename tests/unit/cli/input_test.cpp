// Values, keys, paths, counts and durations as users write them.
#include "cli/input.h"

#include "support/fake_env.h"
#include "support/result_checks.h"

namespace ksv::cli {
namespace {

TEST_CASE("durations have a unit, or are seconds") {
  const auto ms = [](std::string_view text) {
    const auto duration = read_duration(text);
    REQUIRE_OK(duration);
    return duration->count();
  };
  CHECK(ms("500ms") == 500);
  CHECK(ms("30s") == 30'000);
  CHECK(ms("1.5s") == 1'500);
  CHECK(ms("5m") == 300'000);
  CHECK(ms("1h") == 3'600'000);
  CHECK(ms("2") == 2'000);
  for (const char* wrong : {"", "s", "-1s", "soon", "1 s", "1d", "nan", "inf", "1e99"}) {
    CAPTURE(wrong);
    REQUIRE_ERROR(read_duration(wrong), ErrorCode::kUsage);
  }
}

TEST_CASE("counts are whole numbers up to their bound") {
  CHECK(*read_count("0", "N", 10) == 0);
  CHECK(*read_count("10", "N", 10) == 10);
  for (const char* wrong : {"", "11", "-1", "1.5", "x", "99999999999999999999"}) {
    CAPTURE(wrong);
    REQUIRE_ERROR(read_count(wrong, "N", 10), ErrorCode::kUsage);
  }
}

TEST_CASE("a key is EDN, or text as it stands") {
  CHECK(*read_key(":a/b", false) == Value::keyword(Name("a", "b")));
  CHECK(*read_key(":a/b", true) == Value::string(":a/b"));
  REQUIRE_ERROR(read_key("", false), ErrorCode::kUsage);
  REQUIRE_ERROR(read_key(":a :b", false), ErrorCode::kUsage);
}

TEST_CASE("a path begins with its key") {
  const auto path = read_path("[:user :tags 0]");
  REQUIRE_OK(path);
  CHECK(path->key == Value::keyword("user"));
  CHECK(path->inner == Values{Value::keyword("tags"), Value::integer(0)});
  CHECK(read_path("[:user]")->inner.empty());
  for (const char* wrong : {"[]", ":user", "(:user)", "{:a 1}", "[:user"}) {
    CAPTURE(wrong);
    REQUIRE_ERROR(read_path(wrong), ErrorCode::kUsage);
  }
}

TEST_CASE("values are read in the syntax asked for") {
  testing::FakeEnv env;
  const auto read = [&](std::string_view text, ValueSyntax syntax) {
    const auto value = read_value(env, text, syntax, "VALUE");
    REQUIRE_OK(value);
    return *value;
  };
  CHECK(read("{:a 1}", ValueSyntax::kEdn) ==
        Value::map({{Value::keyword("a"), Value::integer(1)}}));
  CHECK(read("{\"a\": 1}", ValueSyntax::kJson) ==
        Value::map({{Value::string("a"), Value::integer(1)}}));
  CHECK(read("{:a 1}", ValueSyntax::kRaw) == Value::string("{:a 1}"));
  CHECK(read("@@home", ValueSyntax::kRaw) == Value::string("@home"));
  REQUIRE_ERROR(read_value(env, "@/no/such/file", ValueSyntax::kEdn, "VALUE"), ErrorCode::kUsage);
}

}  // namespace
}  // namespace ksv::cli
