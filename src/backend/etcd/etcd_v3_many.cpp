// v3's reads of several keys in one transaction, at one revision.
#include <fmt/format.h>

#include "backend/etcd/etcd_v3_client.h"
#include "backend/etcd/etcd_v3_keys.h"

namespace ksv::etcd {
namespace {

// More than this is asked for in smaller parts: values may be of 1.5 MiB each, and the gateway has
// them in base64.
constexpr std::size_t kAnswerBytesMax = std::size_t{24} << 20;

// gRPC's code; 0 where the error is not of the server.
std::int64_t grpc_code_of(const Error& error) {
  for (const ErrorDetail& detail : error.details()) {
    if (detail.name == "code") return detail.number.value_or(0);
  }
  return 0;
}

// What fewer keys at once may not meet: more operations than the server takes, one key that the
// user may not read, an answer that is too large for the gateway, or for us, a revision that was
// compacted since, or that another member has not yet.
bool is_for_fewer(const Error& error) {
  switch (grpc_code_of(error)) {
    case 0: return error.code() == ErrorCode::kUnsupported;
    case 3:
    case 8: return error.code() == ErrorCode::kUsage;
    case 7:
    case 11: return true;
    default: return false;
  }
}

}  // namespace

// A part of what was asked for.
struct V3Client::Several {
  const std::vector<std::string>& paths;
  std::vector<Reply>& replies;
  std::size_t begin;
  std::size_t count;
  bool stale;

  const std::string& path(std::size_t i) const { return paths[begin + i]; }
  Reply& reply(std::size_t i) const { return replies[begin + i]; }
  std::string name() const { return fmt::format("get {} keys from {} on", count, path(0)); }
};

Result<std::vector<Reply>> V3Client::get_each(const std::vector<std::string>& paths, bool stale) {
  for (const std::string& path : paths) KSV_CHECK(check_path(path));
  std::vector<Reply> replies(paths.size());
  const bool is_stale = stale || wire_.settings().stale;
  if (!paths.empty()) KSV_CHECK(get_several({paths, replies, 0, paths.size(), is_stale}));
  return replies;
}

Status V3Client::get_several(const Several& several) {
  if (several.count == 1) {
    several.reply(0) = KSV_TRY(get(several.path(0), {.stale = several.stale}));
    return ok();
  }
  if (several.count > wire_.settings().operations_max) return get_halves(several);
  TxnText txn;
  for (std::size_t i = 0; i < several.count; ++i) {
    txn.then.push_back(TxnText::range({.key = several.path(i), .stale = several.stale}));
  }
  auto answer = run_txn(several.name(), txn, net::Repeat::kRead, several.stale, kAnswerBytesMax);
  if (!answer.has_value()) {
    if (is_for_fewer(answer.error()) && !wire_.has_only_v2()) return get_halves(several);
    return std::move(answer).error();
  }
  for (std::size_t i = 0; i < several.count; ++i) {
    Reply& reply = several.reply(i);
    reply = {.meta = answer->meta, .action = "get"};
    std::vector<Node>& nodes = answer->ops[i].nodes;
    const bool is_leaf = !nodes.empty() && several.path(i) != "/";
    if (is_leaf) reply.node = std::move(nodes.front());
  }
  return find_directories(several, answer->meta.index);
}

// Of the paths that are no leaves, by one more transaction, at the same revision.
Status V3Client::find_directories(const Several& several, std::int64_t revision) {
  TxnText txn;
  std::vector<std::size_t> absent;
  for (std::size_t i = 0; i < several.count; ++i) {
    if (several.reply(i).node) continue;
    const std::string directory = directory_key(several.path(i));
    absent.push_back(i);
    txn.then.push_back(TxnText::range({.key = directory,
                                       .range_end = range_end_of(directory),
                                       .limit = 1,
                                       .revision = revision,
                                       .stale = several.stale,
                                       .keys_only = true}));
  }
  if (absent.empty()) return ok();
  auto answer = run_txn(several.name(), txn, net::Repeat::kRead, several.stale);
  if (!answer.has_value()) {
    if (is_for_fewer(answer.error())) return get_halves(several);
    return std::move(answer).error();
  }
  for (std::size_t i = 0; i < absent.size(); ++i) {
    const std::string& path = several.path(absent[i]);
    if (answer->ops[i].nodes.empty() && path != "/") continue;
    several.reply(absent[i]).node = Node{.path = path, .is_directory = true};
  }
  return ok();
}

Status V3Client::get_halves(const Several& several) {
  Several half = several;
  half.count = several.count / 2;
  KSV_CHECK(get_several(half));
  half.begin += half.count;
  half.count = several.count - half.count;
  return get_several(half);
}

}  // namespace ksv::etcd
