// What ksv can ask an etcd cluster, with one meaning on v2 and v3 (doc/etcd.md).
//
// A path is "/" for the root or "/a/b": decoded UTF-8 without a trailing slash. On v2 the server
// has directories. On v3 a key is a path's bytes, and a directory is what lies under "path/": it is
// there while something is in it, or while its marker is, the key "path/" with an empty value.
// Paths that a client takes and gives are those of the server: the store's prefix is the caller's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ksv/bytes.h"
#include "ksv/result.h"

namespace ksv::etcd {

enum class Api { kV2, kV3 };

// What each answer tells beside its content. Zero and empty: this server does not say.
struct Meta {
  int status = 0;          // of HTTP
  std::int64_t index = 0;  // v2: X-Etcd-Index; v3: the store's revision
  std::int64_t raft_index = 0;
  std::int64_t raft_term = 0;
  std::string cluster_id{};
  std::string member_id{};  // v3
  std::string leader{};     // v2: X-Leader-Peer-Url, of old servers; v3: its id
};

// A leaf or a directory. `path` of the root is "/".
struct Node {
  std::string path;
  bool is_directory = false;
  Bytes value{};
  std::int64_t created = 0;   // createdIndex, create_revision
  std::int64_t modified = 0;  // modifiedIndex, mod_revision: the version
  std::int64_t writes = 0;    // v3: `version`, the writes since it was created
  std::int64_t ttl = 0;       // seconds; 0: it does not expire
  std::string expiration{};   // v2
  std::int64_t lease = 0;     // v3
  // Of a directory: its children, sorted by path; those of further directories only where the
  // read was recursive.
  std::vector<Node> children{};
};

// `action` as v2 names it: get, set, create, update, compareAndSwap, compareAndDelete, delete.
struct Reply {
  Meta meta;
  std::string action;
  std::optional<Node> node{};
  std::optional<Node> previous{};
};

struct ReadOptions {
  bool recursive = false;
  bool stale = false;         // by the member alone (serializable); else linearizable
  bool hidden = false;        // with names that begin with "_" too; v2 cannot list them
  std::int64_t revision = 0;  // v3: as of then; 0: now
  bool previous = false;      // writes: the state before, where that costs a v3 server extra
  bool lifetime = false;      // v3: Node::ttl of a leaf with a lease, which costs a request
};

// What must hold of the key for a write; what is not set is not asked.
struct Condition {
  std::optional<bool> exists{};
  std::optional<Bytes> value{};            // an empty one too, also on v2
  std::optional<std::int64_t> modified{};  // never 0: that is kUsage
};

// v3: one more key, beside the tree, which a write of a leaf or its removal puts in the same step.
struct Companion {
  std::string key;
  Bytes value{};
};

struct WriteOptions {
  Condition condition{};
  std::optional<std::int64_t> ttl{};  // seconds, from 1
  bool refresh = false;               // v2: the ttl alone, without waking watchers; v3: the same
                                      // value under a new lease
  bool directory = false;             // makes one; there is no value then
  bool is_quick = false;              // a lost race may come without the present state
  std::optional<Companion> companion{};
};

// A write that was applied, or the refusal of its condition with the present state (nothing: the
// key is absent). v3 learns it in the same round trip, v2 reads once more.
struct WriteReply {
  bool applied = false;
  Reply reply;                      // of the write; when refused, its meta and the present node
  std::int32_t error_code = 0;      // v2's errorCode of the refusal: 100, 101, 105
  std::string cause{};              // and its cause
  std::optional<Node> companion{};  // when refused: as it is; nothing: absent
};

struct RemoveOptions {
  Condition condition{};
  bool directory = false;  // an empty directory
  bool recursive = false;
  std::optional<Companion> companion{};
};

// One change of a key, in the order in which they took effect.
struct Event {
  std::string action;  // put, delete, expire
  Node node;           // of a removed key: its path and `modified` alone
  std::optional<Node> previous{};
};

struct WatchOptions {
  bool recursive = false;
  std::int64_t from = 0;  // the first index or revision wanted; 0: from now on
  bool previous = false;
  // Ends the watch when the time is up, without an error; zero: only by the sink or a signal.
  std::chrono::milliseconds time{0};
};
// How a watch ended, and where it is to be resumed without a missed or doubled event.
struct WatchEnd {
  std::int64_t next = 0;
  bool cleared = false;     // the server has no more the events from `next` on
  std::int64_t oldest = 0;  // of those that it still has, where it says so
};
// False ends the watch.
using EventSink = std::function<Result<bool>(const Event&)>;

struct Member {
  std::string id;
  std::string name;
  std::vector<std::string> peer_urls;
  std::vector<std::string> client_urls;
  bool is_leader = false;
  bool is_learner = false;
};
struct Health {
  std::string endpoint;
  bool healthy = false;
  std::int64_t took_ms = 0;
  std::string reason{};
};
struct Release {
  std::string server;   // "3.4.23"
  std::string cluster;  // "3.4.0"
  Api api = Api::kV3;
  std::string prefix{};  // of v3's paths: "/v3", "/v3beta" ...
};

// A v3 transaction: see etcd_txn.h, which is v3's alone.
struct Transaction;
struct TransactionReply;

// All methods may be called from several threads at once; each renews its time from the call's
// deadline. A write is sent at most once for each call of its method unless it certainly did not
// arrive, and an error carries Effect::kUnknown when its fate is open. Errors from the server carry
// the details status (HTTP), errorCode (v2's, or the nearest to v3's), message, cause and index,
// and on v3 code (gRPC's).
class Client {
 public:
  virtual ~Client() = default;
  virtual Api api() const = 0;

  // Nothing in `node` when the key is absent (v2: errorCode 100; never because of a 404 that is not
  // etcd's). The root is always there.
  virtual Result<Reply> get(const std::string& path, const ReadOptions& options) = 0;
  // What get gives of each path, in their order, without what directories hold. v3 asks for all in
  // one transaction, at one revision, where it may; v2 one after the other.
  virtual Result<std::vector<Reply>> get_each(const std::vector<std::string>& paths, bool stale);
  virtual Result<WriteReply> put(const std::string& path, BytesView value,
                                 const WriteOptions& options) = 0;
  // A child of the directory whose name is a number of 20 digits that rises with each.
  virtual Result<Reply> create_in_order(const std::string& directory, BytesView value,
                                        std::optional<std::int64_t> ttl) = 0;
  virtual Result<WriteReply> remove(const std::string& path, const RemoveOptions& options) = 0;
  // Calls the sink for each event, in order, once each; goes on over lost connections and other
  // endpoints. Returns when the sink ends it, the time is up, or the events are no more there.
  virtual Result<WatchEnd> watch(const std::string& path, const WatchOptions& options,
                                 const EventSink& sink) = 0;
  // The first event on the key from `from` on, if there was any; kState when they are gone.
  virtual Result<std::optional<Event>> first_event(const std::string& path, std::int64_t from) = 0;

  virtual Result<std::vector<Member>> members() = 0;
  virtual Result<std::vector<Health>> health() = 0;  // of each endpoint; asks all of them
  virtual Result<Release> release() = 0;
  // v3: what a member tells of the cluster beside its answers, the leader and raft's index among
  // it. v2 tells it with each answer: kUnsupported.
  virtual Result<Meta> state() { return Error(ErrorCode::kUnsupported, "v2 has no status"); }
  // v3 alone; v2 says kUnsupported.
  virtual Status compact(std::int64_t revision, bool physical) = 0;
  virtual Result<TransactionReply> transact(const Transaction& transaction) = 0;
  virtual Result<std::int64_t> grant_lease(std::int64_t seconds) = 0;
  virtual Result<std::int64_t> keep_alive(std::int64_t lease) = 0;  // what is left; 0: it is gone
  virtual Status revoke_lease(std::int64_t lease) = 0;
};

}  // namespace ksv::etcd
