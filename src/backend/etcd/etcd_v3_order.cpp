// v3's numbered children: queues, in the order in which they were made.
//
// v2 names such a child by the index of its creation, which v3 tells only afterwards. So the number
// is a guess, the next revision or what follows the last child, and the transaction holds that no
// child has that number or a higher one. The numbers thus rise with the time of creation, whoever
// else makes children. A lost race costs one round trip, which also tells the next guess.
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "backend/etcd/etcd_v3_client.h"
#include "backend/etcd/etcd_v3_keys.h"

namespace ksv::etcd {
namespace {

constexpr std::size_t kDigits = 20;
// The pause after a lost race is up to this long for each child that came before.
constexpr std::uint32_t kPauseMaxUs = 2'000;
constexpr std::uint32_t kPauseRoundsMax = 16;

std::string numbered(const std::string& directory, std::int64_t number) {
  return directory + fmt::format("{:020}", number);
}

// The number in the name of the last child; 0 without one.
std::int64_t number_of(const OpAnswer& last, const std::string& directory) {
  for (const Node& node : last.nodes) {
    const std::string_view name = std::string_view(node.path).substr(directory.size());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_number = error == std::errc() && end == name.data() + name.size();
    if (is_number && name.size() == kDigits) return number;
  }
  return 0;
}

Reply created(const Meta& meta, const PutOp& put) {
  Reply reply{.meta = meta, .action = "create"};
  Node node{.path = put.key, .value = put.value};
  node.created = node.modified = meta.index;
  node.writes = 1;
  node.lease = put.lease;
  reply.node = std::move(node);
  return reply;
}

void pause(Env& env, std::uint32_t round) {
  std::array<std::uint8_t, 4> dice{};
  env.random(dice);
  const std::uint32_t span = kPauseMaxUs * std::min(round, kPauseRoundsMax);
  const std::uint32_t drawn = dice[0] | std::uint32_t{dice[1]} << 8 | std::uint32_t{dice[2]} << 16;
  env.sleep(std::chrono::microseconds(drawn % span));
}

}  // namespace

Result<Reply> V3Client::create_in_order(const std::string& directory, BytesView value,
                                        std::optional<std::int64_t> ttl) {
  KSV_CHECK(check_path(directory));
  WriteOptions options;
  options.ttl = ttl;
  KSV_CHECK(check_put(numbered(directory_key(directory), 0), value, options));
  const std::string name = "create in " + directory;
  PutOp put{.key = {}, .value = copy_of(value)};
  if (ttl) {
    auto granted = grant_lease(*ttl);
    if (!granted.has_value()) {
      return std::move(granted).error().with_context(name).with_effect(Effect::kNone);
    }
    put.lease = *granted;
  }
  std::vector<std::string> above = paths_above(directory);
  if (directory != "/") above.push_back(directory);
  auto reply = create_numbered(directory, above, &put);
  if (!reply.has_value() && is_forbidden(reply.error())) {
    reply = create_numbered(directory, {}, &put);
  }
  const bool may_be_applied = reply.has_value() || reply.error().effect() == Effect::kUnknown;
  if (!may_be_applied && ttl) static_cast<void>(revoke_lease(put.lease).has_value());
  if (reply.has_value()) reply->node->ttl = ttl.value_or(0);
  return reply;
}

Result<Reply> V3Client::create_numbered(const std::string& directory,
                                        const std::vector<std::string>& above, PutOp* put) {
  const std::string name = "create in " + directory;
  const std::string under = directory_key(directory);
  // Names of digits; a colon follows the nine.
  const std::string end = under + ":";
  const RangeQuery last{
      .key = under + "0", .range_end = end, .limit = 1, .keys_only = true, .newest_first = true};
  TxnText look;
  look.then.push_back(TxnText::range(last));
  TxnAnswer state = KSV_TRY(run_txn(name, look, net::Repeat::kRead));
  for (std::uint32_t round = 1;; ++round) {
    const std::int64_t number = std::max(state.meta.index, number_of(state.ops[0], under)) + 1;
    put->key = numbered(under, number);
    TxnText txn;
    txn.compares.push_back(compare_text(range_is_empty(put->key, end)));
    for (const std::string& each : above) {
      txn.compares.push_back(compare_text(key_is_absent(each)));
    }
    txn.then.push_back(TxnText::put(*put));
    txn.otherwise.push_back(TxnText::range(last));
    for (const std::string& each : above) {
      txn.otherwise.push_back(TxnText::range({.key = each, .keys_only = true}));
    }
    auto tried = run_txn(name, txn, net::Repeat::kOnce);
    if (!tried.has_value()) return doubted(std::move(tried).error(), put->key);
    state = *std::move(tried);
    if (state.succeeded) return created(state.meta, *put);
    for (std::size_t i = 1; i < state.ops.size(); ++i) {
      if (state.ops[i].nodes.empty()) continue;
      return tree_error(104, above[i - 1], state.meta.index).with_context(name);
    }
    pause(wire_.env(), round);
  }
}

}  // namespace ksv::etcd
