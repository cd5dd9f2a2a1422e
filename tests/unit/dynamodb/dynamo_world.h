// A way to DynamoDB whose answers a test prepares.
#pragma once

#include <string>

#include "backend/dynamodb/dynamo_client.h"
#include "base/crc32.h"
#include "support/fake_env.h"
#include "support/fake_http.h"
#include "support/result_checks.h"

namespace ksv::testing {

struct DynamoWorld {
  using Options = std::map<std::string, std::string>;
  explicit DynamoWorld(const Options& more = {}) {
    env.use_http(http);
    StoreAddress address{.backend = "dynamodb", .location = "users"};
    address.options = {{"endpoint", "http://db.test:8000"},
                       {"region", "eu-west-1"},
                       {"access-key", "AK"},
                       {"secret", "SK"}};
    for (const auto& [name, value] : more) address.options[name] = value;
    if (address.options["access-key"].empty()) {
      address.options.erase("access-key");
      address.options.erase("secret");
    }
    auto settings = dynamodb::read_settings(address);
    REQUIRE_OK(settings);
    auto endpoint = dynamodb::find_endpoint(*settings, env);
    REQUIRE_OK(endpoint);
    wire = std::make_unique<dynamodb::Wire>(*settings, *endpoint, env, call);
  }

  void answer(std::string_view body) {
    http.answer(200, {{"x-amz-crc32", std::to_string(crc32(bytes_of(body)))}}, body);
  }
  void damaged_answer(std::string_view body) { http.answer(200, {{"x-amz-crc32", "1"}}, body); }
  void refuse(const std::string& type, int status = 400, const std::string& more = "",
              HttpHeaders headers = {}) {
    http.answer(status, std::move(headers),
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + type +
                    "\",\"message\":\"because\"" + more + "}");
  }
  void lose() { http.fail(HttpFailure::Kind::kBroken, true, "the connection was lost"); }

  // An unconditional write, and one whose success makes its condition false.
  Result<dynamodb::WriteReply> put() {
    return dynamodb::put_item(*wire, {.table = "users", .item = R"({"id":{"N":"1"}})"});
  }
  Result<dynamodb::WriteReply> put_new() {
    return dynamodb::put_item(*wire, {.table = "users",
                                      .item = R"({"id":{"N":"1"}})",
                                      .condition = "attribute_not_exists(id)",
                                      .repeat = net::Repeat::kConditional});
  }
  Result<dynamodb::GetReply> get() {
    return dynamodb::get_item(*wire, {.table = "users", .key = R"({"id":{"N":"1"}})"});
  }

  FakeEnv env;
  FakeHttp http;
  Call call{Deadline(env, std::chrono::seconds(60))};
  std::unique_ptr<dynamodb::Wire> wire;
};

}  // namespace ksv::testing
