// Reading, writing and listing the keys of a store in etcd.
#include "backend/etcd/etcd_backend.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "ksv/limits.h"

#include "backend/etcd/etcd_sidecar.h"
#include "base/hex.h"
#include "base/read_source.h"

namespace ksv::etcd {
namespace {

// More than any server takes; the client tells the true limit.
constexpr std::size_t kBytesMax = std::size_t{64} << 20;
// For a hundred processes on one counter: less makes more writes, more makes it no faster.
constexpr std::chrono::milliseconds kContentionWait{50};

Error directory_error(const std::string& path) {
  return Error(ErrorCode::kState, path + " is a directory")
      .with_hint("ksv ls shows what is in it.")
      .with_detail("errorCode", 102);
}

Version version_of(const Node& node) { return {std::to_string(node.modified)}; }

// The keys of all leaves below, in order.
void collect(const Node& node, const Paths& paths, const std::string& slash, Page* page) {
  for (const Node& child : node.children) {
    if (!child.is_directory) {
      page->entries.push_back(
          {.key = slash + paths.key_of(child.path), .size = child.value.size()});
    }
    collect(child, paths, slash, page);
  }
}

Capabilities capabilities_of(Api api, const Settings& settings) {
  Capabilities can;
  can.many_atomic = api == Api::kV3;
  can.reads_many = api == Api::kV3;
  can.sorted_listing = true;
  can.remote = true;
  // konserve's blobs name their writes themselves.
  can.history = !settings.konserve;
  can.history_names_writes = can.history && settings.sidecar && api == Api::kV3;
  can.contention_wait = kContentionWait;
  can.refusal_has_winner = api == Api::kV3;
  can.durability = "written to the logs of a majority of the members, and synced there";
  return can;
}

}  // namespace

std::optional<std::int64_t> find_index(const Version& version) {
  std::int64_t index = 0;
  const char* const end = version.token.data() + version.token.size();
  const auto [rest, error] = std::from_chars(version.token.data(), end, index);
  if (error != std::errc() || rest != end || index <= 0) return std::nullopt;
  return index;
}

EtcdBackend::EtcdBackend(Client& client, const Settings& settings, Env& env)
    : client_(client),
      env_(env),
      paths_(settings.prefix, settings.konserve),
      is_konserve_(settings.konserve),
      stale_(settings.stale),
      sidecar_(settings.sidecar && !settings.konserve),
      ttl_(settings.ttl),
      operations_max_(settings.operations_max),
      v2_can_(capabilities_of(Api::kV2, settings)),
      v3_can_(capabilities_of(Api::kV3, settings)) {}

const Capabilities& EtcdBackend::capabilities() const {
  return client_.api() == Api::kV2 ? v2_can_ : v3_can_;
}

void EtcdBackend::note(const Meta& meta) {
  std::int64_t seen = seen_.load();
  while (seen < meta.index && !seen_.compare_exchange_weak(seen, meta.index)) {
  }
}

Bytes EtcdBackend::packed(BytesView bytes) const {
  return is_base64() ? copy_of(bytes_of(to_base64(bytes))) : copy_of(bytes);
}

Result<Stored> EtcdBackend::unpacked(Node node) const {
  Version version = version_of(node);
  if (!is_base64()) return Stored{std::move(node.value), std::move(version)};
  auto bytes = from_base64(text_of(node.value));
  if (!bytes) return Error(ErrorCode::kCorrupt, node.path + " holds no blob in base64");
  return Stored{*std::move(bytes), std::move(version)};
}

Result<std::optional<Stored>> EtcdBackend::unpacked(const std::optional<Node>& node) const {
  if (!node) return std::optional<Stored>();
  return std::optional<Stored>(KSV_TRY(unpacked(*node)));
}

Result<std::optional<Node>> EtcdBackend::find_leaf(const std::string& path, bool stale) {
  Reply reply = KSV_TRY(client_.get(path, {.stale = stale}));
  return leaf_of(path, std::move(reply));
}

Result<std::optional<Node>> EtcdBackend::leaf_of(const std::string& path, Reply reply) {
  note(reply.meta);
  if (reply.node && reply.node->is_directory) return directory_error(path);
  return std::move(reply.node);
}

Result<std::optional<Stored>> EtcdBackend::stored_of(std::optional<Node> leaf) const {
  if (!leaf) return std::optional<Stored>();
  return std::optional<Stored>(KSV_TRY(unpacked(*std::move(leaf))));
}

Result<std::optional<Stored>> EtcdBackend::read(const std::string& key) {
  const std::string path = KSV_TRY(paths_.path_of(key));
  std::optional<Node> leaf = KSV_TRY(find_leaf(path, stale_));
  return stored_of(std::move(leaf));
}

Result<std::optional<Range>> EtcdBackend::read_range(const std::string& key, std::uint64_t offset,
                                                     std::uint64_t length) {
  std::optional<Stored> stored = KSV_TRY(read(key));
  if (!stored) return std::optional<Range>();
  const std::uint64_t size = stored->bytes.size();
  const std::uint64_t from = std::min(offset, size);
  const BytesView part = BytesView(stored->bytes).subspan(from, std::min(length, size - from));
  return std::optional<Range>(Range{copy_of(part), size, std::move(stored->version)});
}

Result<std::optional<Version>> EtcdBackend::read_stream(const std::string& key,
                                                        std::uint64_t offset,
                                                        const ByteSink& sink) {
  std::optional<Stored> stored = KSV_TRY(read(key));
  if (!stored) return std::optional<Version>();
  const BytesView bytes(stored->bytes);
  const BytesView rest = bytes.subspan(std::min<std::size_t>(offset, bytes.size()));
  if (!rest.empty()) KSV_CHECK(sink(rest));
  return std::optional<Version>(std::move(stored->version));
}

Result<WriteOutcome> EtcdBackend::write(const std::string& key, BytesView bytes,
                                        const Precondition& precondition, const WriteId& id) {
  const std::string path = KSV_TRY(paths_.path_of(key));
  WriteOptions options{.ttl = ttl_};
  // v2 would have to read it; the next round does that after its pause.
  options.is_quick = client_.api() == Api::kV2;
  std::int64_t base = 0;
  if (std::holds_alternative<Absent>(precondition)) options.condition.exists = false;
  if (const auto* match = std::get_if<Match>(&precondition)) {
    const auto index = find_index(match->version);
    if (!index) return WriteOutcome(Conflict{});
    options.condition.modified = base = *index;
  }
  if (uses_sidecar()) {
    const Bytes mark = sidecar_mark({.id = id.text, .base = base});
    options.companion = Companion{paths_.sidecar_of(path), mark};
  }
  const WriteReply reply = KSV_TRY(client_.put(path, packed(bytes), options));
  note(reply.reply.meta);
  if (!reply.applied) return refused(reply, base, id);
  if (!reply.reply.node) return Error(ErrorCode::kInternal, path + ": a write without a state");
  return WriteOutcome(Written{version_of(*reply.reply.node)});
}

// The companion tells at once where this write was done by a copy of its own request, and where
// the write that came before it replaced the very version that this one was to replace.
Result<WriteOutcome> EtcdBackend::refused(const WriteReply& reply, std::int64_t base,
                                          const WriteId& id) const {
  const std::optional<Node>& present = reply.reply.node;
  Conflict conflict{.winner_known = present.has_value() || reply.error_code == 100};
  if (present && !present->is_directory) conflict.winner = KSV_TRY(unpacked(*present));
  if (reply.companion) {
    const SidecarMark mark = read_sidecar_mark(reply.companion->value);
    if (mark.id == id.text) return WriteOutcome(Written{version_of(*reply.companion)});
    conflict.settled = base > 0 && (mark.base == base || reply.companion->modified <= base);
  }
  return WriteOutcome(std::move(conflict));
}

Result<WriteOutcome> EtcdBackend::write_stream(const std::string& key, const ByteSource& source,
                                               const Precondition& precondition,
                                               const WriteId& id) {
  const Bytes bytes = KSV_TRY(read_source(source, kBytesMax, "etcd"));
  return write(key, bytes, precondition, id);
}

Result<Page> EtcdBackend::list(const std::string& prefix,
                               const std::optional<std::string>& /*after*/) {
  const std::string slash = prefix.starts_with('/') ? "/" : "";
  const std::string start = paths_.root() == "/" ? "" : paths_.root();
  const std::string begin = start + (slash.empty() ? "/" : "") + prefix;
  std::string directory = parent_of(begin);
  if (directory.size() < start.size()) directory = paths_.root();
  const Reply reply = KSV_TRY(client_.get(directory, {.recursive = true, .stale = stale_}));
  note(reply.meta);
  Page page;
  if (!reply.node) return page;
  collect(*reply.node, paths_, slash, &page);
  std::erase_if(page.entries, [&](const Listed& each) { return !each.key.starts_with(prefix); });
  std::sort(page.entries.begin(), page.entries.end(),
            [](const Listed& a, const Listed& b) { return a.key < b.key; });
  return page;
}

}  // namespace ksv::etcd
