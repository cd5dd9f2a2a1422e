// What etcd's recorded refusals mean, and above all whether they leave a doubt.
#include <fstream>
#include <sstream>

#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

etcd::ServiceError refusal(int status, std::string_view body) {
  return etcd::read_refusal({.status = status, .body = copy_of(bytes_of(body))});
}

}  // namespace

TEST_CASE(
    "each recorded refusal has its code, and is definite or open as the specification has it") {
  std::ifstream file(KSV_GOLDEN_DIR "/etcd/refusals.tsv");
  std::string line;
  int rows = 0;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::string name;
    std::string status;
    std::string code;
    std::string certainty;
    std::string body;
    for (std::string* field : {&name, &status, &code, &certainty, &body}) {
      std::getline(fields, *field, '\t');
    }
    CAPTURE(name);
    const etcd::ServiceError got =
        refusal((status[0] - '0') * 100 + (status[1] - '0') * 10 + status[2] - '0', body);
    const std::string told =
        got.code ? (got.is_v2 ? "v2:" : "v3:") + std::to_string(*got.code) : "-";
    CHECK(told == code);
    CHECK((got.traits.definite ? "definite" : "open") == certainty);
    ++rows;
  }
  CHECK(rows > 70);
}

TEST_CASE("refusals of 3.6 have no field error, those of its streams are nested") {
  const auto unary = refusal(
      400,
      R"({"code":11,"message":"etcdserver: mvcc: required revision has been compacted","details":[]})");
  CHECK(unary.code == 11);
  CHECK(unary.traits.meaning == etcd::Meaning::kCleared);
  const auto stream =
      refusal(500, R"({"error":{"code":14,"message":"etcdserver: no leader","details":[]}})");
  CHECK(stream.code == 14);
  CHECK(stream.traits.meaning == etcd::Meaning::kNoLeader);
  CHECK(stream.traits.definite);
}

TEST_CASE("an error carries what the server said") {
  const Error error = etcd::make_error(refusal(
      412, R"({"errorCode":101,"message":"Compare failed","cause":"[1 != 2]","index":35})"));
  CHECK(error.message() == "Compare failed (errorCode 101): [1 != 2]");
  const std::vector<ErrorDetail> expected = {{"status", "412", 412},
                                             {"errorCode", "101", 101},
                                             {"message", "Compare failed", {}},
                                             {"cause", "[1 != 2]", {}},
                                             {"index", "35", 35}};
  CHECK(error.details() == expected);
}

TEST_CASE("an answer of something that is no etcd is told in one short line") {
  const std::string page = "<html>\r\n<h1>Bad gateway</h1>\n" + std::string(5000, 'x');
  const Error error = etcd::make_error(refusal(502, page));
  CHECK(error.message().size() < 300);
  CHECK(error.message().find('\n') == std::string::npos);
}

TEST_CASE("no answer makes the reader of refusals fail") {
  for (const char* body :
       {"{\"errorCode\":\"x\"}", "{\"errorCode\":1e99}", "{\"code\":99999999999999999999}",
        "{\"error\":{}}", "[[[[[[[[[[[[[[[[[[[[[[", "\xFF\xFE", "null", "\"x\""}) {
    const auto got = refusal(500, body);
    CHECK_FALSE(got.traits.definite);
    CHECK_FALSE(etcd::make_error(got).message().empty());
  }
}

}  // namespace ksv::testing
