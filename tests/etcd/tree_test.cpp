// Keys and directories, conditions and times to live: the same on v2 and v3.
#include <algorithm>
#include <set>
#include <thread>

#include "etcd/etcd_world.h"

namespace ksv::testing {

using etcd::ReadOptions;
using etcd::RemoveOptions;
using etcd::WriteOptions;

TEST_CASE("what was put is read, whatever its name and its value") {
  EtcdWorld world;
  CHECK(world.value("/k") == "(absent)");
  for (const char* name :
       {"/k", "/a b", "/a+b", "/a%2Fb", "/∴/∎", "/?#&=", "/-._~*", "/dots..and/...x"}) {
    world.set(name, std::string("value of ") + name);
  }
  for (const char* name :
       {"/k", "/a b", "/a+b", "/a%2Fb", "/∴/∎", "/?#&=", "/-._~*", "/dots..and/...x"}) {
    CHECK(world.value(name) == std::string("value of ") + name);
  }
  world.set("/empty", "");
  CHECK(world.value("/empty") == "");
  world.set("/lines", "one\ntwo\n\"<>&\\");
  CHECK(world.value("/lines") == "one\ntwo\n\"<>&\\");
}

TEST_CASE("bytes of any kind are kept by v3") {
  EtcdWorld world;
  if (world.is_v2()) return;
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  world.set("/bytes", bytes);
  CHECK(world.value("/bytes") == bytes);
}

TEST_CASE("a leaf tells its versions") {
  EtcdWorld world;
  const std::int64_t first = world.set("/k", "1");
  const std::int64_t second = world.set("/k", "2");
  CHECK(second > first);
  auto got = world.client().get(world.at("/k"), {});
  REQUIRE_OK(got);
  CHECK(got->node->modified == second);
  CHECK(got->meta.index >= second);
  CHECK(got->meta.status == 200);
  CHECK(got->action == "get");
  // v2 counts a put as a creation, v3 does not.
  CHECK(got->node->created == (world.is_v2() ? second : first));
}

TEST_CASE("a compare by value writes only when it holds") {
  EtcdWorld world;
  world.set("/k", "old");
  WriteOptions options;
  options.condition.value = copy_of(bytes_of("other"));
  auto refused = world.client().put(world.at("/k"), bytes_of("new"), options);
  REQUIRE_OK(refused);
  CHECK_FALSE(refused->applied);
  CHECK(refused->error_code == 101);
  CHECK(refused->cause == "[other != old]");
  REQUIRE(refused->reply.node);
  CHECK(text_of(refused->reply.node->value) == "old");
  options.condition.value = copy_of(bytes_of("old"));
  auto applied = world.client().put(world.at("/k"), bytes_of("new"), options);
  REQUIRE_OK(applied);
  CHECK(applied->applied);
  CHECK(applied->reply.action == "compareAndSwap");
  CHECK(world.value("/k") == "new");
}

TEST_CASE("a compare with an empty value writes only over an empty value") {
  EtcdWorld world;
  world.set("/k", "x");
  WriteOptions options;
  options.condition.value = Bytes();
  auto refused = world.client().put(world.at("/k"), bytes_of("new"), options);
  REQUIRE_OK(refused);
  CHECK_FALSE(refused->applied);
  world.set("/k", "");
  auto applied = world.client().put(world.at("/k"), bytes_of("new"), options);
  REQUIRE_OK(applied);
  CHECK(applied->applied);
  auto absent = world.client().put(world.at("/none"), bytes_of("new"), options);
  REQUIRE_OK(absent);
  CHECK_FALSE(absent->applied);
  CHECK(absent->error_code == 100);
}

TEST_CASE("a compare by version writes once") {
  EtcdWorld world;
  WriteOptions options;
  options.condition.modified = world.set("/k", "0");
  auto first = world.client().put(world.at("/k"), bytes_of("1"), options);
  REQUIRE_OK(first);
  CHECK(first->applied);
  auto second = world.client().put(world.at("/k"), bytes_of("2"), options);
  REQUIRE_OK(second);
  CHECK_FALSE(second->applied);
  CHECK(second->error_code == 101);
  CHECK(second->reply.node->modified == first->reply.node->modified);
  CHECK(world.value("/k") == "1");
  options.condition.modified = 0;
  auto zero = world.client().put(world.at("/k"), bytes_of("3"), options);
  REQUIRE_ERROR(zero, ErrorCode::kUsage);
}

TEST_CASE("creation and replacement ask whether the key is there") {
  EtcdWorld world;
  WriteOptions create;
  create.condition.exists = false;
  WriteOptions replace;
  replace.condition.exists = true;
  auto early = world.client().put(world.at("/k"), bytes_of("1"), replace);
  REQUIRE_OK(early);
  CHECK_FALSE(early->applied);
  CHECK(early->error_code == 100);
  auto created = world.client().put(world.at("/k"), bytes_of("1"), create);
  REQUIRE_OK(created);
  CHECK(created->applied);
  CHECK(created->reply.action == "create");
  auto again = world.client().put(world.at("/k"), bytes_of("2"), create);
  REQUIRE_OK(again);
  CHECK_FALSE(again->applied);
  CHECK(again->error_code == 105);
  CHECK(text_of(again->reply.node->value) == "1");
  auto replaced = world.client().put(world.at("/k"), bytes_of("3"), replace);
  REQUIRE_OK(replaced);
  CHECK(replaced->applied);
  CHECK(replaced->reply.action == "update");
}

TEST_CASE("a directory lists its children, and with recursion those of all") {
  EtcdWorld world;
  world.set("/d/foo", "1");
  world.set("/d/bar", "2");
  world.set("/d/folder/of/stuff", "hi");
  world.set("/d-other", "no");
  CHECK(world.value("/d") == "(directory)");
  CHECK(world.tree("/d") == "{bar:2 folder:{} foo:1}");
  CHECK(world.tree("/d", {.recursive = true}) == "{bar:2 folder:{of:{stuff:hi}} foo:1}");
  auto root = world.client().get("/", {});
  REQUIRE_OK(root);
  REQUIRE(root->node);
  CHECK(root->node->path == "/");
  CHECK(root->node->is_directory);
}

TEST_CASE("names that begin with an underscore are in no listing, but can be read") {
  EtcdWorld world;
  world.set("/d/seen", "1");
  world.set("/d/_hidden", "2");
  world.set("/d/sub/_deep/leaf", "3");
  CHECK(world.tree("/d", {.recursive = true}) == "{seen:1 sub:{}}");
  CHECK(world.value("/d/_hidden") == "2");
  CHECK(world.tree("/d/sub/_deep") == "{leaf:3}");
  if (world.is_v2()) return;
  CHECK(world.tree("/d", {.recursive = true, .hidden = true}) ==
        "{_hidden:2 seen:1 sub:{_deep:{leaf:3}}}");
}

TEST_CASE("a large directory is read in pages of one state") {
  EtcdWorld world;
  constexpr int kLeaves = 700;
  for (int i = 0; i < kLeaves; ++i) {
    world.set("/d/" + std::to_string(10'000 + i), std::to_string(i));
    if (i % 100 == 0) world.set("/d/" + std::to_string(10'000 + i) + "-dir/leaf", "x");
  }
  auto got = world.client().get(world.at("/d"), {});
  REQUIRE_OK(got);
  CHECK(got->node->children.size() == kLeaves + kLeaves / 100);
  CHECK(std::is_sorted(got->node->children.begin(), got->node->children.end(),
                       [](const auto& one, const auto& other) { return one.path < other.path; }));
}

TEST_CASE("a value is not put where a directory is, nor a directory under a value") {
  EtcdWorld world;
  world.set("/dir/leaf", "1");
  auto over = world.client().put(world.at("/dir"), bytes_of("x"), {});
  REQUIRE_ERROR(over, ErrorCode::kState);
  check_error_code(over.error(), 102);
  auto under = world.client().put(world.at("/dir/leaf/below/deep"), bytes_of("x"), {});
  REQUIRE_ERROR(under, ErrorCode::kState);
  check_error_code(under.error(), 104);
  WriteOptions create;
  create.condition.exists = false;
  auto created = world.client().put(world.at("/dir"), bytes_of("x"), create);
  REQUIRE_OK(created);
  CHECK(created->error_code == 105);
  auto root = world.client().put("/", bytes_of("x"), {});
  REQUIRE_ERROR(root, ErrorCode::kState);
  check_error_code(root.error(), 107);
}

TEST_CASE("an empty directory is made once, and goes when it is empty") {
  EtcdWorld world;
  WriteOptions make;
  make.directory = true;
  auto made = world.client().put(world.at("/dir"), {}, make);
  REQUIRE_OK(made);
  CHECK(made->applied);
  CHECK(world.tree("/dir") == "{}");
  auto again = world.client().put(world.at("/dir"), {}, make);
  REQUIRE_ERROR(again, ErrorCode::kState);
  check_error_code(again.error(), 102);
  world.set("/dir/leaf", "1");
  auto full = world.client().remove(world.at("/dir"), {.directory = true});
  REQUIRE_ERROR(full, ErrorCode::kState);
  check_error_code(full.error(), 108);
  auto plain = world.client().remove(world.at("/dir"), {});
  REQUIRE_ERROR(plain, ErrorCode::kState);
  check_error_code(plain.error(), 102);
  REQUIRE_OK(world.client().remove(world.at("/dir/leaf"), {}));
  auto gone = world.client().remove(world.at("/dir"), {.directory = true});
  REQUIRE_OK(gone);
  CHECK(gone->applied);
  CHECK(world.value("/dir") == "(absent)");
}

TEST_CASE("removal tells what was there, and refuses what does not hold") {
  EtcdWorld world;
  const std::int64_t version = world.set("/k", "1");
  RemoveOptions options;
  options.condition.modified = version + 1000;
  auto refused = world.client().remove(world.at("/k"), options);
  REQUIRE_OK(refused);
  CHECK_FALSE(refused->applied);
  CHECK(refused->error_code == 101);
  options.condition.modified = version;
  auto removed = world.client().remove(world.at("/k"), options);
  REQUIRE_OK(removed);
  CHECK(removed->applied);
  CHECK(removed->reply.action == "compareAndDelete");
  REQUIRE(removed->reply.previous);
  CHECK(text_of(removed->reply.previous->value) == "1");
  auto absent = world.client().remove(world.at("/k"), {});
  REQUIRE_OK(absent);
  CHECK_FALSE(absent->applied);
  CHECK(absent->error_code == 100);
  auto root = world.client().remove("/", {.recursive = true});
  REQUIRE_ERROR(root, ErrorCode::kState);
  check_error_code(root.error(), 107);
}

TEST_CASE("a tree is removed whole, and nothing beside it") {
  EtcdWorld world;
  world.set("/d/a", "1");
  world.set("/d/b/c", "2");
  world.set("/d-beside", "3");
  auto removed = world.client().remove(world.at("/d"), {.recursive = true});
  REQUIRE_OK(removed);
  CHECK(removed->applied);
  CHECK(world.value("/d") == "(absent)");
  CHECK(world.value("/d-beside") == "3");
}

TEST_CASE("children that are created in order have rising names of twenty digits") {
  EtcdWorld world;
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    auto created = world.client().create_in_order(world.at("/queue"), bytes_of("job"), {});
    REQUIRE_OK(created);
    CHECK(created->action == "create");
    const std::string& path = created->node->path;
    CHECK(path.size() == world.at("/queue/").size() + 20);
    if (!names.empty()) CHECK(path > names.back());
    names.push_back(path);
    world.set("/elsewhere", std::to_string(i));
  }
  auto got = world.client().get(world.at("/queue"), {});
  REQUIRE_OK(got);
  CHECK(got->node->children.size() == 3);
  world.set("/leaf", "1");
  auto under_leaf = world.client().create_in_order(world.at("/leaf"), bytes_of("job"), {});
  REQUIRE_ERROR(under_leaf, ErrorCode::kState);
  check_error_code(under_leaf.error(), 104);
}

TEST_CASE("children that many create at once are all there, each by its own name") {
  EtcdWorld world;
  constexpr std::size_t kThreads = 8;
  constexpr std::size_t kEach = 10;
  std::vector<std::set<std::string>> made(kThreads);
  std::vector<std::thread> threads;
  etcd::Client& client = world.client();
  for (auto& mine : made) {
    threads.emplace_back([&client, &mine, &world] {
      std::string last;
      for (std::size_t i = 0; i < kEach; ++i) {
        auto created = client.create_in_order(world.at("/queue"), bytes_of("job"), {});
        if (!created.has_value() || created->node->path <= last) return;
        last = created->node->path;
        mine.insert(last);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : made) {
    CHECK(mine.size() == kEach);
    all.insert(mine.begin(), mine.end());
  }
  CHECK(all.size() == kThreads * kEach);
  auto got = world.client().get(world.at("/queue"), {});
  REQUIRE_OK(got);
  CHECK(got->node->children.size() == all.size());
}

TEST_CASE("a time to live is told, renewed and taken off") {
  EtcdWorld world;
  WriteOptions options;
  options.ttl = 100;
  auto put = world.client().put(world.at("/k"), bytes_of("1"), options);
  REQUIRE_OK(put);
  auto got = world.client().get(world.at("/k"), {.lifetime = true});
  REQUIRE_OK(got);
  CHECK(got->node->ttl > 90);
  CHECK(got->node->ttl <= 100);
  options.ttl = 500;
  options.refresh = true;
  auto refreshed = world.client().put(world.at("/k"), {}, options);
  REQUIRE_OK(refreshed);
  CHECK(refreshed->applied);
  got = world.client().get(world.at("/k"), {.lifetime = true});
  CHECK(got->node->ttl > 400);
  CHECK(text_of(got->node->value) == "1");
  world.set("/k", "2");
  got = world.client().get(world.at("/k"), {.lifetime = true});
  CHECK(got->node->ttl == 0);
  options.refresh = false;
  options.ttl = 0;
  auto zero = world.client().put(world.at("/k"), bytes_of("3"), options);
  REQUIRE_ERROR(zero, ErrorCode::kUsage);
}

TEST_CASE("what has outlived its time is gone") {
  EtcdWorld world;
  WriteOptions options;
  options.ttl = 2;
  REQUIRE_OK(world.client().put(world.at("/k"), bytes_of("1"), options));
  for (int i = 0; i < 100 && world.value("/k") != "(absent)"; ++i) {
    world.env.sleep(std::chrono::milliseconds(100));
  }
  CHECK(world.value("/k") == "(absent)");
}

TEST_CASE("a path that is none is refused before it is sent") {
  EtcdWorld world;
  for (const char* path : {"", "k", "/a//b", "/a/"}) {
    auto got = world.client().get(path, {});
    REQUIRE_ERROR(got, ErrorCode::kUsage);
  }
  CHECK(world.call.stats.requests == 0);
}

}  // namespace ksv::testing
