// list-stores, describe-store: looking at stores from outside.
#include <algorithm>
#include <mutex>

#include "cli/command_list.h"
#include "cli/dynamo_form.h"
#include "cli/etcd_form.h"
#include "cli/session.h"
#include "cli/table.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "base/parallel.h"
#include "codec/edn.h"

namespace ksv::cli {
namespace {

Value entry_value(const StoreEntry& entry) {
  return Value::map(
      {{Value::keyword("store"), Value::string(entry.id)},
       {Value::keyword("keys"), Value::integer(static_cast<std::int64_t>(entry.keys))},
       {Value::keyword("bytes"), Value::integer(static_cast<std::int64_t>(entry.bytes))},
       {Value::keyword("last-write"),
        entry.last_write_ms == 0 ? Value() : Value::inst(entry.last_write_ms)}});
}

void print_long(Session& session, const std::vector<StoreEntry>& stores) {
  Output& out = session.out();
  if (!out.options().pretty && out.options().format != Format::kTable) {
    for (const StoreEntry& entry : stores) out.record(entry_value(entry));
    return;
  }
  std::vector<std::vector<std::string>> rows = {{"STORE", "KEYS", "SIZE", "LAST WRITE"}};
  for (const StoreEntry& entry : stores) {
    rows.push_back({entry.id, grouped(entry.keys), human_bytes(entry.bytes),
                    entry.last_write_ms == 0
                        ? "never"
                        : human_ago(entry.last_write_ms, session.env().wall_ms())});
  }
  print_table(out, rows, {false, true, true, false});
}

// The place to look in: ROOT, else what --store names, else the folder of the default store.
Result<StoreAddress> root_address(Session& session, const Arguments& arguments) {
  if (!arguments.operands.empty()) KSV_CHECK(session.use_store(arguments.operands[0]));
  if (session.names_store()) {
    const StoreSpec* spec = KSV_TRY(session.find_spec());
    return spec->address;
  }
  const std::string root = KSV_TRY(default_root(session.env()));
  return StoreAddress{.backend = "file", .location = root, .text = root};
}

Result<Answer> run_list(Session& session, const Arguments& arguments) {
  const StoreAddress root = KSV_TRY(root_address(session, arguments));
  // Before the first store is created, the folder of the default store is not there either.
  if (arguments.operands.empty() && !session.names_store() &&
      !KSV_TRY(session.env().files().info(root.location))) {
    return Answer::kYes;
  }
  const bool figures = arguments.has("long");
  const std::vector<StoreEntry> stores =
      KSV_TRY(list_stores(root, figures, session.env(), session.call()));
  if (figures) {
    print_long(session, stores);
    return Answer::kYes;
  }
  for (const StoreEntry& entry : stores) {
    if (session.out().options().format == Format::kJson) {
      session.out().record(Value::string(entry.id));
    } else {
      session.out().line(entry.id);
    }
  }
  return Answer::kYes;
}

// How many blobs are written in which way: "Fressian + LZ4" -> 12.
std::string encoding_text(const BlobHeader& header) {
  static constexpr std::string_view kSerializers[] = {"string", "Fressian", "clj-cbor", "boring"};
  static constexpr std::string_view kCompressors[] = {"", " + LZ4", " + zstd"};
  static constexpr std::string_view kEncryptors[] = {"", " + AES-CBC", " + AES-GCM"};
  return std::string(kSerializers[static_cast<std::size_t>(header.serializer)]) +
         std::string(kCompressors[static_cast<std::size_t>(header.compressor)]) +
         std::string(kEncryptors[static_cast<std::size_t>(header.encryptor)]);
}

struct Figures {
  std::uint64_t blobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unreadable = 0;
  std::map<std::string, std::uint64_t> encodings{};
};

void add_head(Figures& figures, const Range& head, bool plain) {
  ++figures.blobs;
  figures.bytes += head.size;
  if (plain) return;
  const auto header = parse_blob_header(head.bytes);
  if (header.has_value()) {
    ++figures.encodings[encoding_text(*header)];
  } else {
    ++figures.unreadable;
  }
}

// Looks at the header of each blob; needs no key. Over a network several at once. Plain texts have
// no header.
Result<Figures> figures_of(Backend& backend, bool plain) {
  const std::size_t threads = backend.capabilities().remote ? 16 : 1;
  Figures figures;
  std::mutex mutex;
  std::optional<std::string> after;
  do {
    const Page page = KSV_TRY(backend.list("", after));
    after = page.next;
    KSV_CHECK(for_each_parallel(page.entries.size(), threads, [&](std::size_t i) -> Status {
      const auto head = KSV_TRY(backend.read_range(page.entries[i].key, 0, 20));
      const std::lock_guard guard(mutex);
      if (head) add_head(figures, *head, plain);
      return ok();
    }));
  } while (after);
  return figures;
}

// The service's own, some hours old: to count would be to read, and pay for, all items.
Result<Figures> figures_of_table(Session& session) {
  dynamodb::ItemPlace* items = KSV_TRY(session.dynamo());
  const dynamodb::TableState table = KSV_TRY(items->items().table());
  const auto figure = [](std::int64_t n) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, n));
  };
  return Figures{.blobs = figure(table.item_count), .bytes = figure(table.size_bytes)};
}

Result<Answer> run_describe(Session& session, const Arguments&) {
  KSV_TRY(session.store());
  StorePlace* place = KSV_TRY(session.place());
  const bool items = is_items(session.spec()->address);
  const bool plain = is_plain(session.spec()->address) || items;
  const Figures figures =
      KSV_TRY(items ? figures_of_table(session) : figures_of(place->backend(), plain));
  const Capabilities& can = place->backend().capabilities();
  Value encodings = Value::map();
  for (const auto& [name, count] : figures.encodings) {
    encodings.put(Value::string(name), Value::integer(static_cast<std::int64_t>(count)));
  }
  const auto number = [](std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); };
  const auto text = [](std::string_view t) { return Value::string(std::string(t)); };
  const std::vector<std::pair<const char*, Value>> rows = {
      {"store", text(session.store_text())},
      {"backend", text(session.spec()->address.backend)},
      {"layout", text(plain ? "native" : "konserve")},
      {"keys", number(figures.blobs)},
      {"bytes", number(figures.bytes)},
      {"unreadable", number(figures.unreadable)},
      {"encodings", encodings},
      {"conditional-writes", Value::boolean(can.conditional_writes)},
      {"conditional-removes", Value::boolean(can.conditional_removes)},
      {"many-keys-atomic", Value::boolean(can.many_atomic)},
      {"durability", text(can.durability)}};
  const OutputOptions& options = session.out().options();
  if (options.format == Format::kTable || (options.pretty && options.format == Format::kEdn)) {
    std::vector<std::vector<std::string>> lines;
    for (const auto& [name, value] : rows) {
      std::string cell = value.is(Kind::kString) ? value.as_string() : print_edn(value);
      if (value.is(Kind::kLong)) cell = grouped(static_cast<std::uint64_t>(value.as_long()));
      lines.push_back({name, std::move(cell)});
    }
    print_table(session.out(), lines, {});
    return Answer::kYes;
  }
  Value map = Value::map();
  for (const auto& [name, value] : rows) map.put(Value::keyword(name), value);
  session.out().value(map);
  return Answer::kYes;
}

}  // namespace

CommandSpec list_stores_command() {
  return {
      .name = "list-stores",
      .group = Group::kStores,
      .summary = "list the stores in a folder or a bucket",
      .description =
          "Prints the id of each store in ROOT, one a line, sorted. Of file stores the id is "
          "the folder's name, of stores in S3 it is a uuid. Without ROOT, the stores beside the "
          "default store. With --long the number of keys, the bytes and the time of the last "
          "write as well, which costs a look at each object.",
      .operands = {{.name = "ROOT",
                    .help = "a folder or a bucket that holds stores, such as s3://BUCKET",
                    .count = OperandSpec::Count::kOptional,
                    .completes = Completes::kFile}},
      .options = {{.name = "long", .help = "add counts, sizes and the last write"}},
      .examples = {{.text = "$ ksv list-stores\n"
                            "default\n"
                            "$ ksv list-stores ./stores\n"
                            "inventory\n"
                            "users",
                    .setup = "ksv create-store\nksv -s ./stores/users create-store\nksv -s "
                             "./stores/inventory create-store"}},
      .run = run_list};
}

CommandSpec describe_store_command() {
  return {.name = "describe-store",
          .group = Group::kStores,
          .summary = "tell what a store is and what it can do",
          .description =
              "Prints backend, layout, number of keys, bytes, how the blobs are encoded, and what "
              "the store guarantees. Looks at the header of every blob; needs no encryption key.",
          .operands = {},
          .options = {},
          .examples = {{.text = "$ ksv describe-store --json | tr ',' '\\n' | grep keys\n"
                                "\"keys\":1\n"
                                "\"many-keys-atomic\":false",
                        .setup = "ksv create-store\nksv assoc :a 1"}},
          .run = run_describe};
}

}  // namespace ksv::cli
