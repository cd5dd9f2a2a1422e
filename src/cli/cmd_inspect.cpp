// inspect, hash: looking at blobs and at the names keys get.
#include "cli/command_list.h"
#include "cli/session.h"
#include "cli/table.h"

#include "ksv/limits.h"

#include "codec/edn.h"

namespace ksv::cli {
namespace {

struct Blob {
  std::string name;
  Bytes bytes;
  BlobHeader header;
  Result<Value> meta = Value();
  Result<Value> value = Value();
};

std::string base_name(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// S3 objects are named STORE-ID_UUID.ksv; the blob's own name is what follows the last underscore.
std::string blob_name(const std::string& path) {
  const std::string name = base_name(path);
  const auto underscore = name.find_last_of('_');
  return underscore == std::string::npos ? name : name.substr(underscore + 1);
}

Result<Value> decoded(const Blob& blob, Section section, const Encoding& encoding) {
  const BytesView stored = KSV_TRY(blob_section(blob.header, section, blob.bytes));
  return decode_section(blob.header, section, stored, encoding, blob.name);
}

bool is_binary(const Result<Value>& meta) {
  if (!meta.has_value()) return false;
  const Value* type = field(*meta, "type");
  return type != nullptr && *type == Value::keyword("binary");
}

std::string one_of(std::initializer_list<std::string_view> names, std::size_t index) {
  return std::string(names.begin()[index]);
}

std::string serializer_name(SerializerId id) {
  return one_of({"string", "Fressian", "clj-cbor", "boring CBOR"}, static_cast<std::size_t>(id));
}
std::string compressor_name(CompressorId id) {
  return one_of({"no compression", "LZ4", "zstd"}, static_cast<std::size_t>(id));
}
std::string encryptor_name(EncryptorId id) {
  return one_of({"no encryption", "AES-CBC", "AES-GCM"}, static_cast<std::size_t>(id));
}

std::string text_of_result(const Result<Value>& value) {
  return value.has_value() ? edn_excerpt(*value) : "cannot be read: " + value.error().message();
}

std::string key_text(const Blob& blob) {
  const Value* key = blob.meta.has_value() ? field(*blob.meta, "key") : nullptr;
  if (key == nullptr) return "unknown";
  const auto name = blob_name_of(*key);
  const bool matches = name.has_value() && *name == blob.name;
  return edn_excerpt(*key) +
         (matches ? "  (the name matches the key)" : "  (the name does not match the key)");
}

void print_lines(Output& out, const Blob& blob) {
  const BlobHeader& header = blob.header;
  const std::uint64_t value_bytes =
      blob.bytes.size() - std::min<std::uint64_t>(blob.bytes.size(), header.value_offset());
  out.line("version 1 · " + serializer_name(header.serializer) + " · " +
           compressor_name(header.compressor) + " · " + encryptor_name(header.encryptor) +
           " · header " + std::to_string(header.size) + " bytes · meta " +
           grouped(header.meta_size) + " bytes · value " + grouped(value_bytes) + " bytes");
  std::vector<std::vector<std::string>> rows = {{"key", key_text(blob)}};
  if (blob.meta.has_value() && blob.meta->is(Kind::kMap)) {
    for (const Table::Entry& entry : blob.meta->table()) {
      if (entry.key == Value::keyword("key")) continue;
      const bool keyword = entry.key.is(Kind::kKeyword);
      rows.push_back(
          {keyword ? entry.key.as_name().text() : print_edn(entry.key), edn_excerpt(entry.value)});
    }
  } else {
    rows.push_back({"meta", text_of_result(blob.meta)});
  }
  rows.push_back({"value", text_of_result(blob.value)});
  print_table(out, rows, {});
}

Value as_map(const Blob& blob) {
  const BlobHeader& header = blob.header;
  const auto number = [](std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); };
  const auto text = [](std::string t) { return Value::string(std::move(t)); };
  Value map = Value::map({{Value::keyword("file"), text(blob.name)},
                          {Value::keyword("serializer"), text(serializer_name(header.serializer))},
                          {Value::keyword("compressor"), text(compressor_name(header.compressor))},
                          {Value::keyword("encryptor"), text(encryptor_name(header.encryptor))},
                          {Value::keyword("header-bytes"), number(header.size)},
                          {Value::keyword("meta-bytes"), number(header.meta_size)},
                          {Value::keyword("bytes"), number(blob.bytes.size())}});
  if (blob.meta.has_value()) map.put(Value::keyword("meta"), *blob.meta);
  if (blob.value.has_value()) map.put(Value::keyword("value"), *blob.value);
  return map;
}

// The encryption key comes from the store that --store names; without one, none is needed.
Result<Encoding> encoding_of(Session& session) {
  Encoding encoding;
  if (session.names_store()) {
    const StoreSpec* spec = KSV_TRY(session.find_spec());
    encoding.key = spec->encoding.key;
  }
  return encoding;
}

Result<Answer> run_inspect(Session& session, const Arguments& arguments) {
  const std::string& path = arguments.operands[0];
  auto bytes = KSV_TRY(read_file(session.env(), path, limits::kValueBytesMax));
  if (!bytes) return Error(ErrorCode::kUsage, path + ": there is no such file");
  const auto header = parse_blob_header(*bytes);
  if (!header.has_value()) return Error(header.error()).with_context(path);
  Blob blob{.name = blob_name(path), .bytes = *std::move(bytes), .header = *header};
  const Encoding encoding = KSV_TRY(encoding_of(session));
  blob.meta = decoded(blob, Section::kMeta, encoding);
  if (is_binary(blob.meta)) {
    const BytesView section = KSV_TRY(blob_section(blob.header, Section::kValue, blob.bytes));
    blob.value = Value::bytes(copy_of(section));
  } else {
    blob.value = decoded(blob, Section::kValue, encoding);
  }
  const bool as_data = arguments.has("json") || arguments.find("format") != nullptr;
  if (as_data && session.out().options().format != Format::kTable) {
    session.out().value(as_map(blob));
  } else {
    print_lines(session.out(), blob);
  }
  for (const Result<Value>* part : {&blob.meta, &blob.value}) {
    if (!part->has_value()) return Error(part->error()).with_context(path);
  }
  return Answer::kYes;
}

Result<Answer> run_hash(Session& session, const Arguments& arguments) {
  const Value key = KSV_TRY(read_key(arguments.operands[0], arguments.has("string-keys")));
  const std::string name = KSV_TRY(blob_name_of(key));
  if (session.out().options().format == Format::kJson) {
    session.out().value(Value::string(name));
  } else {
    session.out().line(name);
  }
  return Answer::kYes;
}

}  // namespace

CommandSpec inspect_command() {
  return {
      .name = "inspect",
      .group = Group::kTools,
      .summary = "look into a .ksv file",
      .description =
          "Prints a blob's header, key, metadata and value. The file may be of a file store or "
          "an object fetched from a bucket. An encrypted blob needs a store that gives the key: "
          "ksv -s PROFILE inspect FILE. With --format edn or --json a map, with the whole "
          "value. What cannot be read is named, and the exit status is 7.",
      .operands = {{.name = "FILE", .help = "a blob", .completes = Completes::kFile}},
      .options = {},
      .examples = {{.text = "$ ksv -s ./inventory inspect ./inventory/$(ksv hash :a) | head -n 2\n"
                            "version 1 · Fressian · no compression · no encryption · header 20 "
                            "bytes · meta 105 bytes · value 1 bytes\n"
                            "key         :a  (the name matches the key)",
                    .setup = "ksv -s ./inventory create-store\nksv -s ./inventory assoc :a 1"}},
      .run = run_inspect};
}

CommandSpec hash_command() {
  return {.name = "hash",
          .group = Group::kTools,
          .summary = "print the file name of a key",
          .description =
              "Prints the name of the blob that holds KEY in every konserve store: the hasch of "
              "the key as a uuid, and .ksv. Reads no store.",
          .operands = {key_operand()},
          .options = {},
          .examples = {{.text = "$ ksv hash :a\n21e84407-47ac-52c2-9567-b6118205c1b7.ksv"}},
          .run = run_hash};
}

}  // namespace ksv::cli
