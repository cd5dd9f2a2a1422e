// The client of v3, by the gateway's JSON: what trees and conditions mean there.
#pragma once

#include "backend/etcd/etcd_client.h"
#include "backend/etcd/etcd_v3_txn.h"
#include "backend/etcd/etcd_wire.h"

namespace ksv::etcd {

// A path is the key of the same bytes; the path of a directory with a slash after it is its marker.
// A key is not written where the tree has no place for it: under a leaf, or where a directory is.
// That is checked by the same transaction that writes, so that it costs nothing.
//
// A user whose role has a key, but neither what is above nor below it, could do nothing that way.
// So what was denied is asked for once more without a look at the tree.
//
// Other programs may leave a leaf and a directory of the same path behind. Then the path is the
// leaf's: get, put and remove are about the leaf, and a listing has the leaf, with the children of
// the directory as its own.
class V3Client final : public Client {
 public:
  explicit V3Client(Wire& wire) : wire_(wire) {}

  Api api() const override { return Api::kV3; }
  Result<Reply> get(const std::string& path, const ReadOptions& options) override;
  Result<std::vector<Reply>> get_each(const std::vector<std::string>& paths, bool stale) override;
  Result<WriteReply> put(const std::string& path, BytesView value,
                         const WriteOptions& options) override;
  Result<Reply> create_in_order(const std::string& directory, BytesView value,
                                std::optional<std::int64_t> ttl) override;
  Result<WriteReply> remove(const std::string& path, const RemoveOptions& options) override;
  Result<WatchEnd> watch(const std::string& path, const WatchOptions& options,
                         const EventSink& sink) override;
  Result<std::optional<Event>> first_event(const std::string& path, std::int64_t from) override;
  Result<std::vector<Member>> members() override;
  Result<std::vector<Health>> health() override;
  Result<Release> release() override;
  Result<Meta> state() override;
  Status compact(std::int64_t revision, bool physical) override;
  Result<TransactionReply> transact(const Transaction& transaction) override;
  Result<std::int64_t> grant_lease(std::int64_t seconds) override;
  Result<std::int64_t> keep_alive(std::int64_t lease) override;
  Status revoke_lease(std::int64_t lease) override;

 private:
  struct Question {
    std::string name;  // "put /a/b"
    std::string path;  // "/kv/txn"
    std::string body;
    net::Repeat repeat = net::Repeat::kRead;
    bool stale = false;
    std::size_t answer_bytes_max = 0;  // 0: the usual bound
  };
  struct Response {
    int status = 0;
    Json json{};
    std::optional<Error> refusal{};
    Meaning meaning = Meaning::kOther;
  };
  // Refusals that are definite are responses.
  Result<Response> ask_for(const Question& question);
  // Refusals are errors.
  Result<Response> ask(const Question& question);
  Result<TxnAnswer> run_txn(const std::string& name, const TxnText& txn, net::Repeat repeat,
                            bool stale = false, std::size_t answer_bytes_max = 0);
  // The answer to `question` could not be read; a write may be done all the same.
  static Error unreadable(const Question& question);

  // The refusal of a write that nothing settles. Without a code of etcd's it may come from
  // something on the way, after the server did the write: it is believed if reading `key` is
  // refused alike.
  Error doubted(Error refusal, const std::string& key);

  // gRPC's PermissionDenied: the role lacks a key of those that were named.
  static bool is_forbidden(const Error& error);

  // Reading (etcd_v3_read.cpp).
  struct Listing;
  Result<Reply> get_with(Listing* listing, const std::string& path, const ReadOptions& options);
  Result<Reply> get_leaf(const Listing& listing, const std::string& path,
                         const ReadOptions& options);
  Status take_leaf(OpAnswer* answer, const ReadOptions& options, Reply* reply);
  Result<Reply> get_apart(Listing* listing, Result<Reply> leaf);
  Result<Reply> get_directory(Listing* listing, TxnAnswer first);
  Status read_rest(Listing* listing, OpAnswer page);
  Result<OpAnswer> read_page(const std::string& name, const RangeQuery& query,
                             Meta* meta = nullptr);
  Result<std::int64_t> seconds_left(std::int64_t lease);

  // Reading many (etcd_v3_many.cpp).
  struct Several;
  Status get_several(const Several& several);
  Status get_halves(const Several& several);
  Status find_directories(const Several& several, std::int64_t revision);

  // Writing (etcd_v3_put.cpp, etcd_v3_remove.cpp, etcd_v3_order.cpp).
  struct Put;
  Status check_put(const std::string& path, BytesView value, const WriteOptions& options) const;
  Result<WriteReply> put_leased(const std::string& path, BytesView value,
                                const WriteOptions& options, std::int64_t lease);
  Result<WriteReply> put_leaf(const Put& put);
  Result<WriteReply> put_directory(const Put& put);
  Result<Reply> create_numbered(const std::string& directory, const std::vector<std::string>& above,
                                PutOp* put);
  Result<WriteReply> remove_leaf(const std::string& path, const RemoveOptions& options,
                                 bool looks_below);
  Result<WriteReply> remove_tree(const std::string& path);
  Result<std::optional<WriteReply>> remove_marker(const std::string& path, const Node& marker);

  // Transactions as they are given (etcd_v3_cluster.cpp), and with a proof (etcd_v3_proof.cpp).
  Result<TransactionReply> transact_proven(const TxnText& txn, const Transaction& transaction);
  Result<TxnAnswer> run_proven(const TxnText& txn, const std::string& proof);
  Result<TransactionReply> settle_by_proof(const std::string& proof, std::int64_t lease,
                                           const Error& lost);

  // The events of all keys from `from` on, until one of them is of `path` or of after `until`.
  Result<std::optional<Event>> scan_for_event(const std::string& path, std::int64_t from,
                                              std::int64_t until);

  Wire& wire_;
};

// Errors in the words and numbers that v2 has for them: 102 "Not a file" and its like.
Error tree_error(std::int64_t code, const std::string& path, std::int64_t index);

}  // namespace ksv::etcd
