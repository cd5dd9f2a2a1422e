// Keeping a key alive.
#include "backend/etcd/etcd_tenure.h"

namespace ksv::etcd {
namespace {

// Rounds against our own refreshes whose answers were lost.
constexpr int kRoundsMax = 4;

}  // namespace

Result<Tenure> Tenure::begin(Client& client, const std::string& path, std::int64_t version,
                             std::int64_t ttl) {
  Reply reply = KSV_TRY(client.get(path, {}));
  if (!reply.node || reply.node->modified != version) {
    return Error(ErrorCode::kState, path + " was written or removed by others at once");
  }
  if (reply.node->lease == 0 && reply.node->expiration.empty()) {
    return Error(ErrorCode::kState, path + " has no time to live");
  }
  return Tenure(client, *std::move(reply.node), ttl);
}

// A key that others wrote has another lease, value or beginning. On v2 our own refreshes change its
// index, also those whose answers are lost.
Result<bool> Tenure::is_ours() {
  const Reply reply = KSV_TRY(client_->get(node_.path, {}));
  if (!reply.node || reply.node->is_directory) return false;
  const Node& now = *reply.node;
  if (now.created != node_.created || now.lease != node_.lease || now.value != node_.value) {
    return false;
  }
  node_.modified = now.modified;
  return true;
}

Result<bool> Tenure::renew() { return client_->api() == Api::kV3 ? renew_lease() : refresh(); }

Result<bool> Tenure::renew_lease() {
  const std::int64_t left = KSV_TRY(client_->keep_alive(node_.lease));
  if (left == 0) return false;
  ttl_ = left;
  return is_ours();
}

Result<bool> Tenure::refresh() {
  for (int round = 1; round <= kRoundsMax; ++round) {
    const WriteReply reply = KSV_TRY(client_->put(node_.path, {},
                                                  {.condition = {.modified = node_.modified},
                                                   .ttl = ttl_,
                                                   .refresh = true,
                                                   .is_quick = true}));
    if (reply.applied) {
      if (reply.reply.node) node_.modified = reply.reply.node->modified;
      return true;
    }
    if (!KSV_TRY(is_ours())) return false;
  }
  return Error(ErrorCode::kContention, "others kept changing " + node_.path);
}

Status Tenure::end() {
  if (client_->api() == Api::kV3) return client_->revoke_lease(node_.lease);
  for (int round = 1; round <= kRoundsMax; ++round) {
    const auto reply =
        KSV_TRY(client_->remove(node_.path, {.condition = {.modified = node_.modified}}));
    if (reply.applied) return ok();
    if (!KSV_TRY(is_ours())) return ok();
  }
  return Error(ErrorCode::kContention, "others kept changing " + node_.path);
}

Result<std::optional<std::int64_t>> refresh(Client& client, const std::string& path,
                                            std::optional<std::int64_t> ttl) {
  const Reply reply = KSV_TRY(client.get(path, {}));
  if (!reply.node) return std::optional<std::int64_t>();
  const Node& node = *reply.node;
  if (node.is_directory) return Error(ErrorCode::kState, path + " is a directory");
  if (client.api() == Api::kV3 && node.lease != 0) {
    const std::int64_t lifetime = KSV_TRY(client.keep_alive(node.lease));
    if (lifetime != 0 && lifetime == ttl.value_or(lifetime)) return std::optional(node.modified);
  }
  if (!ttl && client.api() == Api::kV3) {
    return Error(ErrorCode::kState, path + " has no time to live").with_hint("Give it one: --ttl");
  }
  if (!ttl) {
    return Error(ErrorCode::kUsage, "etcd's v2 does not know how long a key was to live")
        .with_hint("Say it with --ttl");
  }
  const WriteReply written =
      KSV_TRY(client.put(path, {}, {.condition = {.exists = true}, .ttl = ttl, .refresh = true}));
  if (!written.applied || !written.reply.node) return std::optional<std::int64_t>();
  return std::optional(written.reply.node->modified);
}

}  // namespace ksv::etcd
