// Reading v2's keys, and what v2 tells of the cluster.
#include "backend/etcd/etcd_cluster.h"
#include "backend/etcd/etcd_open.h"
#include "backend/etcd/etcd_txn.h"
#include "backend/etcd/etcd_v2_answer.h"
#include "backend/etcd/etcd_v2_client.h"
#include "backend/etcd/etcd_v3_json.h"

namespace ksv::etcd {
namespace {

Error only_v3(const std::string& what) {
  return Error(ErrorCode::kUnsupported, "etcd's v2 has no " + what)
      .with_hint("Leave api=v2 out; but v3 keeps its keys apart from those of v2.");
}

Member read_member(const Json& json, FieldReader* reader) {
  Member member;
  member.id = reader->text(json, "id");
  member.name = reader->text(json, "name");
  member.peer_urls = reader->texts(json, "peerURLs");
  member.client_urls = reader->texts(json, "clientURLs");
  return member;
}

}  // namespace

Result<Reply> V2Client::get(const std::string& path, const ReadOptions& options) {
  if (options.revision != 0) return only_v3("reads of the past");
  Request request{.name = "get " + path, .resource = Resource::kV2, .method = "GET"};
  request.path = KSV_TRY(v2_key_path(path));
  // Without it a member answers from what it has, which may be old.
  if (!options.stale) request.path += "?quorum=true";
  if (options.recursive) request.path += options.stale ? "?recursive=true" : "&recursive=true";
  const Answer answer = KSV_TRY(wire_.send(request));
  // Below a key there is nothing, either.
  const bool is_absent = answer.is(Meaning::kNoKey) || answer.is(Meaning::kNotDirectory);
  if (is_absent) return Reply{.meta = v2_meta(answer), .action = "get"};
  if (answer.refusal) return wire_.refused(request, answer);
  return v2_reply(answer, request.name);
}

Result<std::vector<Member>> V2Client::members() {
  const Request list{.name = "list the members",
                     .resource = Resource::kV2,
                     .method = "GET",
                     .path = "/v2/members"};
  const Answer answer = KSV_TRY(wire_.send(list));
  if (answer.refusal) return wire_.refused(list, answer);
  const Request ask{.name = "ask for the leader",
                    .resource = Resource::kV2,
                    .method = "GET",
                    .path = "/v2/members/leader"};
  const auto leader_answer = wire_.send(ask);
  FieldReader reader;
  std::string leader;
  // There may be none just now.
  if (leader_answer.has_value() && !leader_answer->refusal) {
    const auto json = parse_json(text_of(leader_answer->body), 16);
    if (json.has_value()) leader = reader.text(*json, "id");
  }
  const auto json = parse_json(text_of(answer.body), 16);
  std::vector<Member> members;
  if (json.has_value()) {
    for (const Json& each : reader.list(*json, "members")) {
      members.push_back(read_member(each, &reader));
      members.back().is_leader = !leader.empty() && members.back().id == leader;
    }
  }
  if (json.has_value() && !reader.is_bad()) return members;
  return Error(ErrorCode::kUnavailable, list.name + ": the answer is none that etcd's v2 gives");
}

Result<std::vector<Health>> V2Client::health() { return ask_health(wire_); }

Result<Release> V2Client::release() {
  Release release = KSV_TRY(ask_release(wire_));
  release.api = Api::kV2;
  release.prefix = "/v2";
  return release;
}

Status V2Client::compact(std::int64_t /*revision*/, bool /*physical*/) {
  return only_v3("revisions to compact");
}
Result<TransactionReply> V2Client::transact(const Transaction& /*transaction*/) {
  return only_v3("transactions");
}
Result<std::int64_t> V2Client::grant_lease(std::int64_t /*seconds*/) { return only_v3("leases"); }
Result<std::int64_t> V2Client::keep_alive(std::int64_t /*lease*/) { return only_v3("leases"); }
Status V2Client::revoke_lease(std::int64_t /*lease*/) { return only_v3("leases"); }

std::unique_ptr<Client> make_v2_client(Wire& wire) { return std::make_unique<V2Client>(wire); }

}  // namespace ksv::etcd
