// v3's reads: a leaf, or a directory in pages of one revision.
#include <algorithm>

#include "ksv/limits.h"

#include "backend/etcd/etcd_v3_client.h"
#include "backend/etcd/etcd_v3_keys.h"
#include "backend/etcd/etcd_v3_tree.h"

namespace ksv::etcd {
namespace {

// A page is as large as the one before lets hope that it stays small.
constexpr std::int64_t kFirstPageKeys = 256;
constexpr std::int64_t kPageKeysMax = 10'000;
constexpr std::size_t kSmallPageBytes = std::size_t{1} << 20;
constexpr std::size_t kLargePageBytes = std::size_t{8} << 20;

std::size_t bytes_in(const OpAnswer& page) {
  std::size_t bytes = 0;
  for (const Node& node : page.nodes) bytes += node.path.size() + node.value.size();
  return bytes;
}

std::int64_t next_limit(std::int64_t limit, std::size_t page_bytes) {
  if (page_bytes < kSmallPageBytes) return std::min(limit * 4, kPageKeysMax);
  if (page_bytes > kLargePageBytes) return std::max(limit / 4, std::int64_t{1});
  return limit;
}

}  // namespace

// A directory that is being read.
struct V3Client::Listing {
  std::string name;  // of the request
  std::string range_end;
  RangeQuery query{};  // of the next page
  TreeBuilder tree;
  std::size_t bytes = 0;
};

Result<Reply> V3Client::get(const std::string& path, const ReadOptions& options) {
  KSV_CHECK(check_path(path));
  const bool is_stale = options.stale || wire_.settings().stale;
  const std::string directory = directory_key(path);
  Listing listing{.name = "get " + path,
                  .range_end = range_end_of(directory),
                  .tree = {path, {.recursive = options.recursive, .hidden = options.hidden}}};
  listing.query = {.key = directory,
                   .range_end = listing.range_end,
                   .limit = kFirstPageKeys,
                   .revision = options.revision,
                   .stale = is_stale};
  if (path == "/") return get_with(&listing, path, options);
  // Most reads are of a leaf, which a plain range answers soonest.
  auto leaf = get_leaf(listing, path, options);
  if (leaf.has_value() && leaf->node) return leaf;
  if (!leaf.has_value() && !is_forbidden(leaf.error())) return leaf;
  if (leaf.has_value()) {
    auto reply = get_with(&listing, path, options);
    if (reply.has_value() || !is_forbidden(reply.error())) return reply;
  }
  return get_apart(&listing, std::move(leaf));
}

// An answer without a node where no leaf is.
Result<Reply> V3Client::get_leaf(const Listing& listing, const std::string& path,
                                 const ReadOptions& options) {
  Reply reply;
  reply.action = "get";
  OpAnswer answer = KSV_TRY(read_page(
      listing.name, {.key = path, .revision = options.revision, .stale = listing.query.stale},
      &reply.meta));
  KSV_CHECK(take_leaf(&answer, options, &reply));
  return reply;
}

Status V3Client::take_leaf(OpAnswer* answer, const ReadOptions& options, Reply* reply) {
  if (answer->nodes.empty()) return ok();
  Node& leaf = answer->nodes.front();
  if (options.lifetime && leaf.lease != 0) leaf.ttl = KSV_TRY(seconds_left(leaf.lease));
  reply->node = std::move(leaf);
  return ok();
}

// The leaf and the directory's first page in one request.
Result<Reply> V3Client::get_with(Listing* listing, const std::string& path,
                                 const ReadOptions& options) {
  const RangeQuery& page = listing->query;
  TxnText txn;
  if (path != "/") {
    txn.then.push_back(
        TxnText::range({.key = path, .revision = page.revision, .stale = page.stale}));
  }
  txn.then.push_back(TxnText::range(page));
  TxnAnswer answer = KSV_TRY(run_txn(listing->name, txn, net::Repeat::kRead, page.stale));
  if (path == "/" || answer.ops.front().nodes.empty()) {
    return get_directory(listing, std::move(answer));
  }
  Reply reply{.meta = answer.meta, .action = "get"};
  KSV_CHECK(take_leaf(&answer.ops.front(), options, &reply));
  return reply;
}

// For a user who may read only one of the two: what the leaf's range answered, and the directory.
Result<Reply> V3Client::get_apart(Listing* listing, Result<Reply> leaf) {
  TxnText directory;
  directory.then.push_back(TxnText::range(listing->query));
  auto below = run_txn(listing->name, directory, net::Repeat::kRead, listing->query.stale);
  if (below.has_value()) return get_directory(listing, *std::move(below));
  // The leaf is absent, as far as this user may know.
  if (is_forbidden(below.error()) && leaf.has_value()) return leaf;
  return std::move(below).error();
}

Result<Reply> V3Client::get_directory(Listing* listing, TxnAnswer first) {
  Reply reply{.meta = first.meta, .action = "get"};
  const bool is_root = listing->query.key == "/";
  // The further pages are of the state that the first one is of.
  if (listing->query.revision == 0) listing->query.revision = first.meta.index;
  KSV_CHECK(read_rest(listing, std::move(first.ops.back())));
  if (is_root || !listing->tree.is_empty()) reply.node = listing->tree.take();
  return reply;
}

Status V3Client::read_rest(Listing* listing, OpAnswer page) {
  while (true) {
    const std::size_t page_bytes = bytes_in(page);
    listing->bytes += page_bytes;
    if (listing->bytes > limits::kValueBytesMax) {
      return Error(ErrorCode::kUnsupported, listing->name + ": the directory is too large");
    }
    if (page.more && page.nodes.empty()) {
      return Error(ErrorCode::kUnavailable, listing->name + ": a page of the directory is empty");
    }
    if (page.more) listing->query.key = listing->tree.next_after(page.nodes.back().path);
    for (Node& node : page.nodes) KSV_CHECK(listing->tree.add(std::move(node)));
    if (!page.more || listing->query.key >= listing->range_end) return ok();
    listing->query.limit = next_limit(listing->query.limit, page_bytes);
    page = KSV_TRY(read_page(listing->name, listing->query));
  }
}

Result<OpAnswer> V3Client::read_page(const std::string& name, const RangeQuery& query, Meta* meta) {
  const Question question{
      .name = name, .path = "/kv/range", .body = range_text(query), .stale = query.stale};
  const Response response = KSV_TRY(ask(question));
  FieldReader reader;
  OpAnswer page = read_range(response.json, &reader);
  if (meta != nullptr) {
    *meta = reader.meta(response.json);
    meta->status = response.status;
  }
  if (reader.is_bad()) return unreadable(question);
  return page;
}

}  // namespace ksv::etcd
