// The forms in which a store is named.
#include "cli/store_form.h"

#include "support/fake_env.h"
#include "support/result_checks.h"

namespace ksv::cli {
namespace {

StoreSpec spec_of(std::string_view form) {
  testing::FakeEnv env;
  auto spec = parse_store_form(form, env);
  REQUIRE_OK(spec);
  return *std::move(spec);
}

void refused(std::string_view form, std::string_view part_of_message) {
  CAPTURE(form);
  testing::FakeEnv env;
  auto spec = parse_store_form(form, env);
  REQUIRE_ERROR(spec, ErrorCode::kUsage);
  CHECK(spec.error().message().find(part_of_message) != std::string::npos);
}

TEST_CASE("paths and file URLs name a folder") {
  CHECK(spec_of("/a/b/").address.location == "/a/b");
  CHECK(spec_of("./x").address.location == "./x");
  CHECK(spec_of("..").address.location == "..");
  CHECK(spec_of("file:x/y").address.location == "x/y");
  const StoreSpec spec = spec_of("file:/a?compressor=zstd&serializer=boring&sync=false");
  CHECK(spec.encoding.compressor == CompressorId::kZstd);
  CHECK(spec.encoding.serializer == SerializerId::kBoring);
  CHECK(spec.address.options.find("sync")->second == "false");
}

TEST_CASE("a configuration map is taken as the application has it") {
  const StoreSpec spec = spec_of(
      "{:backend :file :path \"/data\" :id #uuid \"550e8400-e29b-41d4-a716-446655440000\" "
      ":config {:sync-blob? true :in-place? false :optimistic-locking-retries 7 "
      ":encoding {:serializer :FressianSerializer :compressor {:type :lz4} "
      ":encryptor {:type :aes :key \"k\"}}}}");
  CHECK(spec.address.location == "/data");
  CHECK(spec.address.id == "550e8400-e29b-41d4-a716-446655440000");
  CHECK(spec.conflict_retries == 7U);
  CHECK(spec.encoding.compressor == CompressorId::kLz4);
  CHECK(spec.encoding.encryptor == EncryptorId::kAesCbc);
  CHECK(*spec.encoding.key == Value::string("k"));
  CHECK(spec.warnings.size() == 1);
  CHECK(spec.address.text.find("k\"") == std::string::npos);
}

TEST_CASE("old places of :compressor and :encryptor inside :config still count") {
  const StoreSpec spec =
      spec_of("{:backend :file :path \"/d\" :config {:compressor {:type :lz4}}}");
  CHECK(spec.encoding.compressor == CompressorId::kLz4);
}

TEST_CASE("tables of DynamoDB are named by a URL or by konserve's map") {
  const StoreSpec spec = spec_of("dynamodb://users?layout=konserve&region=eu-west-1");
  CHECK(spec.address.backend == "dynamodb");
  CHECK(spec.address.location == "users");
  CHECK(spec.address.options.find("region")->second == "eu-west-1");
  CHECK(spec_of("dynamodb://").address.location.empty());
  const StoreSpec map = spec_of(
      "{:backend :dynamodb :table \"users\" :region \"eu-west-1\" :access-key \"A\" :secret \"S\" "
      ":read-capacity 7 :consistent-read? false :id #uuid "
      "\"550e8400-e29b-41d4-a716-446655440000\"}");
  CHECK(map.address.location == "users");
  CHECK(map.address.options.find("layout")->second == "konserve");
  CHECK(map.address.options.find("read-capacity")->second == "7");
  CHECK(map.warnings.size() == 1);
  refused("dynamodb://a b", "table");
  refused("dynamodb://users?path-style=true", "no option");
  refused("{:backend :dynamodb}", ":table");
}

TEST_CASE("what konserve refuses or silently drops is an error here") {
  refused("{:backend :file}", ":path");
  refused("{:path \"/d\"}", ":backend");
  refused("{:backend :file :path \"/d\" :id \"no-uuid\"}", ":id must be a uuid");
  refused("{:backend :file :path \"/d\" :compressor {:type :lz4}}", "belongs into :config");
  refused("{:backend :file :path \"/d\" :config {:encoding {:colour 1}}}", "unknown key :colour");
  refused("{:backend :file :path \"/d\" :config {:compressor {:type :gzip}}}", "gzip");
  refused("{:backend", "config map");
}

TEST_CASE("what is no store says so") {
  refused("", "is not a store");
  refused("a/b", "is not a store");
  refused("file:", "needs a path");
  refused("file:/a?colour=red", "has no option \"colour\"");
  refused("nowhere", "no profile \"nowhere\"");
  refused("@/no/such/file", "there is no such file");
}

}  // namespace
}  // namespace ksv::cli
