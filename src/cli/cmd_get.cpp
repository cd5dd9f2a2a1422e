// get, get-in, exists: reading single keys.
#include "cli/command_list.h"
#include "cli/etcd_form.h"
#include "cli/etcd_node.h"
#include "cli/item_command.h"
#include "cli/session.h"

#include "backend/etcd/etcd_place.h"
#include "codec/dynamo_item.h"
#include "data/value_path.h"
#include "expr/function.h"

namespace ksv::cli {
namespace {

const OptionSpec kMetaOption = {.name = "meta",
                                .help = "print a map with :value, :version and :meta"};
const OptionSpec kSelectOption = {.name = "select",
                                  .argument = "FN",
                                  .help = "print FN of the value instead of the value",
                                  .completes = Completes::kFunction};

Value with_meta(Value value, const Entry& entry) {
  return Value::map({{Value::keyword("value"), std::move(value)},
                     {Value::keyword("version"), Value::string(entry.version.token)},
                     {Value::keyword("meta"), entry.meta}});
}

// Prints the value that was found, through --select and --meta; with nothing found, DEFAULT.
Result<Answer> print_found(Session& session, const Arguments& arguments,
                           const std::optional<Entry>& entry, const Value* found) {
  if (entry && found != nullptr) {
    Value value = *found;
    if (const std::string* text = arguments.find("select")) {
      const Function select = KSV_TRY(Function::compile(*text));
      value = KSV_TRY(select.apply({value}));
    }
    session.out().value(arguments.has("meta") ? with_meta(std::move(value), *entry) : value);
    return Answer::kYes;
  }
  if (arguments.operands.size() < 2) return Answer::kNo;
  session.out().value(KSV_TRY(session.value(arguments.operands[1], "DEFAULT")));
  return Answer::kYes;
}

Result<std::int64_t> revision_of(const Arguments& arguments) {
  const std::string* text = arguments.find("revision");
  if (text == nullptr) return std::int64_t{0};
  if (const auto revision = etcd::find_index({*text})) return *revision;
  return Error(ErrorCode::kUsage, "--revision: \"" + *text + "\" is not a whole number from 1");
}

// With `lifetime` also what the answer itself does not tell of the cluster.
Result<etcd::Reply> read_node(etcd::EtcdPlace& place, const std::string& path,
                              const etcd::ReadOptions& options) {
  etcd::Reply reply = KSV_TRY(place.client().get(path, options));
  if (!options.lifetime || place.client().api() == etcd::Api::kV2) return reply;
  const etcd::Meta state = KSV_TRY(place.client().state());
  reply.meta.raft_index = state.raft_index;
  reply.meta.leader = state.leader;
  return reply;
}

// In etcd there may be a directory under the key.
Result<Answer> get_from_etcd(Session& session, const Arguments& arguments) {
  const std::string key = KSV_TRY(session.etcd_path(arguments.operands[0]));
  etcd::EtcdPlace* place = KSV_TRY(session.etcd());
  const std::string path = KSV_TRY(place->path_of(key));
  etcd::ReadOptions options{.recursive = arguments.has("recursive"), .stale = place->is_stale()};
  options.lifetime = arguments.has("meta");
  options.revision = KSV_TRY(revision_of(arguments));
  const etcd::Reply reply = KSV_TRY(read_node(*place, path, options));
  if (!reply.node && path == place->root()) {
    const Entry nothing{.value = {}, .meta = Value::map(), .version = {}};
    return print_found(session, arguments, nothing, &nothing.value);
  }
  if (!reply.node) return print_found(session, arguments, std::nullopt, nullptr);
  const Entry entry{.value = value_of_node(*reply.node),
                    .meta = meta_of_node(*reply.node, reply.meta),
                    .version = {std::to_string(reply.node->modified)}};
  return print_found(session, arguments, entry, &entry.value);
}

// What only etcd knows.
Status check_etcd_options(const StoreAddress& address, const Arguments& arguments) {
  for (const char* option : {"revision", "quorum", "sorted"}) {
    if (!arguments.has(option) || is_plain(address)) continue;
    return Error(ErrorCode::kUsage, "--" + std::string(option) + " is for stores in etcd");
  }
  if (!arguments.has("quorum") || !arguments.has("stale")) return ok();
  return Error(ErrorCode::kUsage, "--quorum and --stale exclude each other");
}

// By a request as the options say it, whose answer has no version.
Result<Answer> get_from_dynamo(Session& session, const Arguments& arguments) {
  if (arguments.has("meta")) {
    return Error(ErrorCode::kUsage,
                 "--meta excludes --projection, --capacity and --typed-json: it is of whole items");
  }
  if (!session.typed_json()) {
    const auto json = KSV_TRY(get_item_by_projection(session, arguments));
    std::optional<Entry> entry;
    if (json) {
      Value item = KSV_TRY(shown_item(*json));
      entry = Entry{.value = std::move(item), .meta = Value::map(), .version = {}};
    }
    return print_found(session, arguments, entry, entry ? &entry->value : nullptr);
  }
  if (arguments.has("select")) {
    return Error(ErrorCode::kUsage, "--select and --typed-json exclude each other");
  }
  auto json = KSV_TRY(get_item_by_projection(session, arguments));
  if (!json && arguments.operands.size() < 2) return Answer::kNo;
  if (!json) {
    const Value otherwise = KSV_TRY(session.value(arguments.operands[1], "DEFAULT"));
    json = KSV_TRY(write_item(otherwise));
  }
  KSV_CHECK(print_item(session, *json));
  return Answer::kYes;
}

Result<Answer> run_get(Session& session, const Arguments& arguments) {
  const StoreSpec* spec = KSV_TRY(session.find_spec());
  KSV_CHECK(check_etcd_options(spec->address, arguments));
  if (is_plain(spec->address)) return get_from_etcd(session, arguments);
  if (arguments.has("projection") || arguments.has("capacity") || session.typed_json()) {
    return get_from_dynamo(session, arguments);
  }
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  Store* store = KSV_TRY(session.store());
  const std::optional<Entry> entry = KSV_TRY(store->get(key));
  return print_found(session, arguments, entry, entry ? &entry->value : nullptr);
}

Result<Answer> run_get_in(Session& session, const Arguments& arguments) {
  const Path path = KSV_TRY(read_path(arguments.operands[0]));
  Store* store = KSV_TRY(session.store());
  const std::optional<Entry> entry = KSV_TRY(store->get(path.key));
  std::optional<Value> found;
  if (entry) found = get_in(entry->value, path.inner);
  return print_found(session, arguments, entry, found ? &*found : nullptr);
}

Result<Answer> run_exists(Session& session, const Arguments& arguments) {
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  Store* store = KSV_TRY(session.store());
  const bool exists = KSV_TRY(store->exists(key));
  session.out().boolean(exists);
  return exists ? Answer::kYes : Answer::kNo;
}

const OperandSpec kDefaultOperand = {.name = "DEFAULT",
                                     .help = "printed when nothing is there",
                                     .count = OperandSpec::Count::kOptional};

}  // namespace

CommandSpec get_command() {
  return {.name = "get",
          .group = Group::kValues,
          .summary = "read a value",
          .description =
              "Prints the value under KEY. With --meta a map of the value, the version that "
              "--if-match and cas --version take, and the metadata that the store keeps.\n\n"
              "A key that was written with bassoc prints as #ksv/bytes; bget streams it.\n\n"
              "In etcd values are texts, and print as they stand. A directory prints as a map of "
              "its names and values, nil for directories in it; with --recursive they are maps, "
              "too. --meta tells all that the server does: indexes or revisions, terms, the time "
              "to live, the lease, the ids of the cluster, the member and the leader. With "
              "--revision the state of then (v3), as long as it was not compacted. Reads are "
              "agreed on by a quorum unless --stale is given, and directories are sorted.",
          .operands = {key_operand(), kDefaultOperand},
          .options = {kMetaOption,
                      kSelectOption,
                      recursive_option(),
                      {.name = "stale",
                       .help = "etcd: by the member alone; DynamoDB: eventually consistent; faster "
                               "or cheaper, but it may be old"},
                      edn_option(),
                      {.name = "revision",
                       .argument = "N",
                       .help = "etcd v3: the state as of this revision"},
                      {.name = "quorum", .help = "etcd: as it is without; not with --stale"},
                      {.name = "sorted", .help = "etcd: as it is without"},
                      item_read_options()[0],
                      item_read_options()[1],
                      item_read_options()[2],
                      item_read_options()[3]},
          .no_when = "the key is absent and no DEFAULT is given",
          .examples = {{.text = "$ ksv get :user\n"
                                "{:name \"Alice\"}\n"
                                "$ ksv get :user --json\n"
                                "{\"name\":\"Alice\"}\n"
                                "$ ksv get :user --select :name\n"
                                "\"Alice\"\n"
                                "$ ksv get :nobody '{}'\n"
                                "{}\n"
                                "$ ksv get :nobody\n"
                                "? 1",
                        .setup = "ksv create-store\nksv assoc :user '{:name \"Alice\"}'"},
                       {.text = "$ ksv get 1 --projection 'name, tags[0]'\n"
                                "{:name \"Ann\", :tags [\"a\"]}\n"
                                "$ ksv get '{:id 1}' --typed-json --projection name\n"
                                "{\"name\":{\"S\":\"Ann\"}}\n"
                                "$ ksv get 1 --projection id --consistent --capacity\n"
                                "{:id 1}\n"
                                "ksv: capacity {:TableName \"man-get\", :CapacityUnits 1.0}",
                        .setup = "export KSV_STORE=dynamodb://man-get\n"
                                 "ksv create-store --hash-key id:n\n"
                                 "ksv assoc 1 '{:name \"Ann\" :tags [\"a\" \"b\"]}'",
                        .server = "dynamodb"}},
          .run = run_get};
}

CommandSpec get_in_command() {
  return {.name = "get-in",
          .group = Group::kValues,
          .summary = "read a part of a value",
          .description =
              "Prints what is found by following PATH into the value: keys of maps, indices of "
              "vectors. PATH is an EDN vector whose first item is the key. An absent key and an "
              "absent part are alike: nothing is there.",
          .operands = {path_operand(), kDefaultOperand},
          .options = {kMetaOption, kSelectOption},
          .no_when = "nothing is there and no DEFAULT is given",
          .examples = {{.text = "$ ksv get-in '[:user :tags 0]'\n"
                                ":admin\n"
                                "$ ksv get-in '[:user :age]' 0\n"
                                "0",
                        .setup = "ksv create-store\nksv assoc :user '{:tags [:admin :dev]}'"}},
          .run = run_get_in};
}

CommandSpec exists_command() {
  return {.name = "exists",
          .group = Group::kValues,
          .summary = "tell whether a key is there",
          .description = "Prints true or false.",
          .operands = {key_operand()},
          .options = {},
          .no_when = "the key is absent",
          .examples = {{.text = "$ ksv exists :user\n"
                                "true\n"
                                "$ ksv exists :nobody\n"
                                "false\n"
                                "? 1",
                        .setup = "ksv create-store\nksv assoc :user 1"}},
          .run = run_exists};
}

}  // namespace ksv::cli
