// Creating, deleting and listing stores in etcd.
#include "backend/etcd/etcd_place.h"

#include <utility>

#include "backend/etcd/etcd_open.h"
#include "base/hex.h"

namespace ksv::etcd {
namespace {

// Sends of a store's marker whose answers are lost.
constexpr int kMarkerRounds = 4;

void add_figures(const Node& node, StoreEntry* entry) {
  for (const Node& child : node.children) {
    if (!child.is_directory) {
      ++entry->keys;
      entry->bytes += child.value.size();
    }
    add_figures(child, entry);
  }
}

}  // namespace

EtcdPlace::EtcdPlace(Settings settings, Env& env, Call& call)
    : settings_(std::move(settings)),
      env_(env),
      own_client_(open_client(settings_, env, call)),
      client_(*own_client_),
      backend_(client_, settings_, env) {}

EtcdPlace::EtcdPlace(Client& client, Settings settings, Env& env)
    : settings_(std::move(settings)),
      env_(env),
      client_(client),
      backend_(client_, settings_, env) {}

Result<std::optional<Node>> EtcdPlace::find(const std::string& path) {
  Reply reply = KSV_TRY(client_.get(path, {}));
  return std::move(reply.node);
}

Result<bool> EtcdPlace::exists() {
  if (settings_.konserve) {
    const auto marker = KSV_TRY(find(backend_.paths().marker()));
    return marker.has_value();
  }
  const auto root = KSV_TRY(find(backend_.paths().root()));
  if (root && !root->is_directory) {
    return Error(ErrorCode::kState, root->path + " is a key, and no directory");
  }
  return root.has_value();
}

Result<CreateOutcome> EtcdPlace::create() {
  return settings_.konserve ? create_marker() : create_directory();
}

std::string EtcdPlace::proof_path() {
  if (!settings_.sidecar) return {};
  return join_path(backend_.paths().root(), "_ksv/txns/" + uuid_text(random_uuid(env_)));
}

// The marker names the write that made it, so an answer that was lost leaves no doubt.
Result<CreateOutcome> EtcdPlace::create_marker() {
  const SignalHold hold(env_);
  const std::string path = backend_.paths().marker();
  const std::string id = uuid_text(random_uuid(env_));
  bool doubtful = false;
  for (int round = 1; round <= kMarkerRounds; ++round) {
    const auto reply = client_.put(path, bytes_of(id), {.condition = {.exists = false}});
    if (reply.has_value() && reply->applied) return CreateOutcome::kCreated;
    doubtful = doubtful || (!reply.has_value() && reply.error().effect() != Effect::kNone);
    if (!reply.has_value() && !doubtful) return reply.error();
    auto marker = find(path);
    if (!marker.has_value()) return Error(marker.error()).with_effect(Effect::kUnknown);
    if (!*marker) continue;
    const bool is_ours = text_of((*marker)->value) == id;
    return is_ours ? CreateOutcome::kCreated : CreateOutcome::kExisted;
  }
  return Error(ErrorCode::kUnavailable, "it is unknown whether the store was created",
               Effect::kUnknown)
      .with_hint("Look with ksv store-exists");
}

Result<CreateOutcome> EtcdPlace::create_directory() {
  const std::string path = backend_.paths().root();
  if (path == "/") return CreateOutcome::kExisted;
  const auto reply =
      KSV_TRY(client_.put(path, {}, {.condition = {.exists = false}, .directory = true}));
  if (reply.applied) return CreateOutcome::kCreated;
  if (KSV_TRY(exists())) return CreateOutcome::kExisted;
  return Error(ErrorCode::kContention, "the store was made and removed by others meanwhile");
}

// What is gone already is fine. The root itself cannot go, only what is in it.
Status EtcdPlace::remove_tree(const std::string& path) {
  if (path != "/") {
    KSV_CHECK(client_.remove(path, {.recursive = true}));
    return ok();
  }
  const Reply root = KSV_TRY(client_.get(path, {}));
  const std::vector<Node> children = root.node ? root.node->children : std::vector<Node>();
  for (const Node& child : children) {
    KSV_CHECK(client_.remove(child.path, {.recursive = child.is_directory}));
  }
  KSV_CHECK(client_.remove(join_path(path, "_ksv"), {.recursive = true}));
  return ok();
}

// One step on both versions, except for the root.
Result<DeleteOutcome> EtcdPlace::remove(const std::function<void(std::uint64_t)>& progress) {
  const bool was_there = KSV_TRY(exists());
  const Page page = KSV_TRY(backend_.list("", std::nullopt));
  if (!was_there && page.entries.empty()) return DeleteOutcome::kWasAbsent;
  KSV_CHECK(remove_tree(backend_.paths().root()));
  if (progress && !page.entries.empty()) progress(page.entries.size());
  return DeleteOutcome::kDeleted;
}

Result<std::unique_ptr<StorePlace>> open_etcd_place(const StoreAddress& address, Env& env,
                                                    Call& call) {
  Settings settings = KSV_TRY(read_settings(address, env));
  return std::unique_ptr<StorePlace>(std::make_unique<EtcdPlace>(std::move(settings), env, call));
}

Result<std::vector<StoreEntry>> list_etcd_stores(const StoreAddress& address, bool figures,
                                                 Env& env, Call& call) {
  const Settings settings = KSV_TRY(read_settings(address, env));
  const std::unique_ptr<Client> client = open_client(settings, env, call);
  const std::string root = settings.prefix.empty() ? "/" : settings.prefix;
  const Reply reply = KSV_TRY(client->get(root, {.recursive = figures}));
  std::vector<StoreEntry> stores;
  if (!reply.node) return stores;
  for (const Node& child : reply.node->children) {
    if (!child.is_directory) continue;
    if (settings.konserve) {
      const Paths paths(child.path, true);
      const Reply marker = KSV_TRY(client->get(paths.marker(), {}));
      if (!marker.node) continue;
    }
    StoreEntry entry{.id = child.path.substr(child.path.rfind('/') + 1)};
    if (figures) add_figures(child, &entry);
    stores.push_back(std::move(entry));
  }
  return stores;
}

}  // namespace ksv::etcd
