// v3's reads of several keys: one transaction, and fewer keys at a time where that cannot be.
#include "base/hex.h"
#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

std::string base64(std::string_view text) { return to_base64(bytes_of(text)); }

std::string leaf(const std::string& key) {
  return R"({"response_range":{"kvs":[{"key":")" + base64(key) +
         R"(","mod_revision":"5","value":")" + base64("of " + key) + R"("}],"count":"1"}})";
}
std::string succeeded(const std::string& responses) {
  return R"(,"succeeded":true,"responses":[)" + responses + "]";
}

std::string values_of(const Result<std::vector<etcd::Reply>>& replies) {
  REQUIRE_OK(replies);
  std::string text;
  for (const etcd::Reply& reply : *replies) {
    text += "[";
    if (reply.node) text += reply.node->is_directory ? "dir" : text_of(reply.node->value);
    text += "]";
  }
  return text;
}

const std::vector<std::string> kFour = {"/a", "/b", "/c", "/d"};

void tell_leaves(V3World& world, const std::vector<std::string>& keys) {
  std::string responses;
  for (const std::string& key : keys) responses += (responses.empty() ? "" : ",") + leaf(key);
  world.tell(succeeded(responses));
}

}  // namespace

TEST_CASE("several leaves are one transaction of reads") {
  V3World world;
  tell_leaves(world, {"/a", "/b"});
  CHECK(values_of(world.client().get_each({"/a", "/b"}, false)) == "[of /a][of /b]");
  REQUIRE(world.http.asked.size() == 1);
  CHECK(world.asked(0).url == "http://a:1/v3/kv/txn");
  CHECK(world.asked(0).body ==
        R"({"success":[{"request_range":{"key":"L2E="}},{"request_range":{"key":"L2I="}}]})");
}

TEST_CASE("what is no leaf is looked for as a directory, at the same revision") {
  V3World world;
  world.tell(succeeded(leaf("/a") + "," + kNoKeys + "," + kNoKeys));
  world.tell(succeeded(leaf("/b/x") + "," + kNoKeys));
  CHECK(values_of(world.client().get_each({"/a", "/b", "/c"}, true)) == "[of /a][dir][]");
  REQUIRE(world.http.asked.size() == 2);
  // From "/b/" to "/b0", and "/c/" to "/c0".
  CHECK(world.asked(1).body ==
        R"({"success":[{"request_range":{"key":"L2Iv","range_end":"L2Iw","limit":"1",)"
        R"("revision":"7","serializable":true,"keys_only":true}},)"
        R"({"request_range":{"key":"L2Mv","range_end":"L2Mw","limit":"1",)"
        R"("revision":"7","serializable":true,"keys_only":true}}]})");
  CHECK(world.sent_header(0, "Grpc-Metadata-hasleader").empty());
}

TEST_CASE("the root is a directory, whatever its marker is") {
  V3World world;
  world.tell(succeeded(leaf("/a") + "," + leaf("/")));
  world.tell(succeeded(kNoKeys));
  CHECK(values_of(world.client().get_each({"/a", "/"}, false)) == "[of /a][dir]");
}

TEST_CASE("fewer keys are asked for where the server, or we, cannot take as many") {
  struct Row {
    int status;
    const char* body;
  };
  for (
      const Row& row :
      {Row{400, R"({"code":3,"message":"etcdserver: too many operations in txn request"})"},
       Row{403, R"({"code":7,"message":"etcdserver: permission denied"})"},
       Row{429,
           R"x({"code":8,"message":"grpc: received message larger than max (9 vs. 4)","details":[]})x"},
       Row{0, nullptr}}) {
    V3World world;
    std::vector<std::size_t> bounds;
    world.http.on_exchange = [&](const HttpRequest& request) {
      bounds.push_back(request.answer_bytes_max);
    };
    if (row.body != nullptr) world.refuse(row.status, row.body);
    if (row.body == nullptr) world.http.fail(HttpFailure::Kind::kTooLarge, true);
    tell_leaves(world, {"/a", "/b"});
    tell_leaves(world, {"/c", "/d"});
    CHECK(values_of(world.client().get_each(kFour, false)) == "[of /a][of /b][of /c][of /d]");
    REQUIRE(bounds.size() == 3);
    CHECK(bounds[0] < (std::size_t{64} << 20));
  }
}

TEST_CASE("a revision that is gone before directories were looked for is read anew") {
  V3World world;
  world.tell(succeeded(leaf("/a") + "," + leaf("/b") + "," + leaf("/c") + "," + kNoKeys));
  world.refuse(400,
               R"({"code":11,"message":"etcdserver: mvcc: required revision has been compacted"})");
  tell_leaves(world, {"/a", "/b"});
  tell_leaves(world, {"/c", "/d"});
  CHECK(values_of(world.client().get_each(kFour, false)) == "[of /a][of /b][of /c][of /d]");
}

TEST_CASE("other refusals are errors at once") {
  V3World world;
  world.refuse(400, R"({"code":3,"message":"etcdserver: authentication failed"})");
  const auto got = world.client().get_each(kFour, false);
  REQUIRE_ERROR(got, ErrorCode::kDenied);
  CHECK(world.http.asked.size() == 1);
  V3World untrusted;
  untrusted.http.fail(HttpFailure::Kind::kTls, false);
  CHECK_FALSE(untrusted.client().get_each(kFour, false).has_value());
  CHECK(untrusted.http.asked.size() == 1);
  V3World empty;
  CHECK(values_of(empty.client().get_each({}, false)).empty());
}

TEST_CASE("no more keys are asked for at once than a transaction of the server holds") {
  V3World world;
  world.address.options["max-txn-ops"] = "2";
  tell_leaves(world, {"/a", "/b"});
  tell_leaves(world, {"/c", "/d"});
  CHECK(values_of(world.client().get_each(kFour, false)) == "[of /a][of /b][of /c][of /d]");
}

}  // namespace ksv::testing
