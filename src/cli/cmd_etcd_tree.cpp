// ls, create, delete-all: the directories of an etcd store.
#include <algorithm>

#include "cli/command_list.h"
#include "cli/etcd_node.h"
#include "cli/session.h"

#include "backend/etcd/etcd_place.h"
#include "core/plain_store.h"

namespace ksv::cli {
namespace {

struct Place {
  etcd::EtcdPlace* etcd = nullptr;
  std::string path{};  // on the server
  // The store's own directory, which counts as there before anything is in it.
  bool is_root() const { return path == etcd->root(); }
};

// The place that an operand names; without one the store's own directory.
Result<Place> place_of(Session& session, const Arguments& arguments) {
  const std::string key = arguments.operands.empty() ? "/" : arguments.operands[0];
  const std::string path = KSV_TRY(session.etcd_path(key));
  etcd::EtcdPlace* etcd = KSV_TRY(session.etcd());
  Place place{.etcd = etcd};
  place.path = KSV_TRY(etcd->path_of(path));
  return place;
}

void print_tree(Output& out, const etcd::Node& node, const std::string& indent) {
  for (const etcd::Node& child : node.children) {
    const bool is_last = &child == &node.children.back();
    std::string line = indent + (is_last ? "└── " : "├── ");
    line.append(name_of_path(child.path));
    if (child.is_directory) line += "/";
    out.line(line);
    print_tree(out, child, indent + (is_last ? "    " : "│   "));
  }
}

Answer no_directory(Session& session, const Place& place) {
  if (!place.is_root()) return Answer::kNo;
  session.out().value(Value::map());
  return Answer::kYes;
}

Result<Answer> run_ls(Session& session, const Arguments& arguments) {
  const Place place = KSV_TRY(place_of(session, arguments));
  const bool tree = arguments.has("tree");
  const etcd::Reply reply =
      KSV_TRY(place.etcd->client().get(place.path, {.recursive = tree || arguments.has("recursive"),
                                                    .stale = arguments.has("stale")}));
  if (!reply.node) return no_directory(session, place);
  if (!reply.node->is_directory) {
    return Error(ErrorCode::kUsage, place.path + " is a key, and no directory")
        .with_hint("ksv get shows its value");
  }
  if (tree) {
    print_tree(session.out(), *reply.node, "");
  } else {
    const Value map = value_of_node(*reply.node);
    session.out().value(map.is_nil() ? Value::map() : map);
  }
  return Answer::kYes;
}

Result<Answer> run_create(Session& session, const Arguments& arguments) {
  const Place place = KSV_TRY(place_of(session, arguments));
  const Value value = KSV_TRY(session.value(arguments.operands[1], "VALUE"));
  const etcd::Reply reply = KSV_TRY(
      place.etcd->client().create_in_order(place.path, plain_text_of(value), place.etcd->ttl()));
  if (!reply.node) return Error(ErrorCode::kInternal, "the server named no key");
  session.out().line("/" + place.etcd->key_of(reply.node->path));
  return Answer::kYes;
}

// One child after the other, as the directory was when it was read: what others add meanwhile
// stays.
Result<Answer> run_delete_all(Session& session, const Arguments& arguments) {
  const Place place = KSV_TRY(place_of(session, arguments));
  etcd::Client& client = place.etcd->client();
  const etcd::Reply reply = KSV_TRY(client.get(place.path, {}));
  if (!reply.node) return place.is_root() ? Answer::kYes : Answer::kNo;
  if (!reply.node->is_directory) {
    return Error(ErrorCode::kUsage, place.path + " is a key, and no directory")
        .with_hint("ksv dissoc removes it");
  }
  // Keys go by the transaction, where there are such.
  const bool has_many = place.etcd->backend().capabilities().many_atomic;
  std::vector<std::string> keys;
  for (const etcd::Node& child : reply.node->children) {
    if (child.is_directory || !has_many) {
      KSV_CHECK(client.remove(child.path, {.recursive = child.is_directory}));
    } else {
      keys.push_back("/" + place.etcd->key_of(child.path));
    }
    if (keys.size() < place.etcd->operations_max()) continue;
    KSV_CHECK(place.etcd->backend().remove_many(keys));
    keys.clear();
  }
  if (!keys.empty()) KSV_CHECK(place.etcd->backend().remove_many(keys));
  return Answer::kYes;
}

OperandSpec directory_operand(OperandSpec::Count count) {
  return {.name = "PATH", .help = "the directory; without it the whole store", .count = count};
}

}  // namespace

OptionSpec stale_option() {
  return {.name = "stale", .help = "etcd: by the member alone; faster, but it may be old"};
}
OptionSpec recursive_option() {
  return {.name = "recursive", .letter = 'r', .help = "etcd: with what is in further directories"};
}
OptionSpec ttl_option() {
  return {.name = "ttl",
          .argument = "DURATION",
          .help = "etcd: what is written is removed by the server after so long"};
}
OptionSpec edn_option() {
  return {
      .name = "edn",
      .help = "etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text"};
}

CommandSpec ls_command() {
  return {.name = "ls",
          .group = Group::kEtcd,
          .summary = "show a directory",
          .description =
              "Prints the directory PATH of an etcd store as a map of names and values; further "
              "directories in it are nil, with --recursive maps of their own. With --tree the "
              "names alone, as a tree. Names that begin with _ are hidden, as in etcd.",
          .operands = {directory_operand(OperandSpec::Count::kOptional)},
          .options = {recursive_option(),
                      {.name = "tree", .help = "print a tree of names"},
                      stale_option(),
                      edn_option()},
          .no_when = "nothing is there",
          .examples = {{.text = "$ ksv ls /cats\n"
                                "{\"mittens\" \"black n white\", \"patches\" \"calico\"}\n"
                                "$ ksv ls\n"
                                "{\"cats\" nil}\n"
                                "$ ksv ls --tree\n"
                                "└── cats/\n"
                                "    ├── mittens\n"
                                "    └── patches",
                        .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS/man-ls\n"
                                 "ksv assoc /cats/mittens 'black n white'\n"
                                 "ksv assoc '[:cats :patches]' calico",
                        .server = "etcd"}},
          .run = run_ls};
}

CommandSpec create_command() {
  return {
      .name = "create",
      .group = Group::kEtcd,
      .summary = "write a value under a new key, in order",
      .description =
          "Writes VALUE under a key of its own in the directory DIR and prints that key. Its "
          "name is a number of 20 digits, higher than all before: listed in the order of "
          "their names, the values are a queue.",
      .operands = {{.name = "DIR", .help = "the directory, made where it is missing"},
                   {.name = "VALUE", .help = "the value; - reads standard input, @FILE a file"}},
      .options = {ttl_option(), edn_option()},
      .examples = {{.text = "$ key=$(ksv create /jobs 'the first')\n"
                            "$ ksv get \"$key\"\n"
                            "the first",
                    .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS/man-create\n"
                             "ksv create-store",
                    .server = "etcd"}},
      .run = run_create};
}

CommandSpec delete_all_command() {
  return {.name = "delete-all",
          .group = Group::kEtcd,
          .summary = "remove what is in a directory",
          .description =
              "Removes every key and directory in the directory PATH, though not in one step; the "
              "directory stays. nil or / is the whole store. Hidden names, which begin with _, "
              "stay, too.",
          .operands = {directory_operand(OperandSpec::Count::kOne)},
          .options = {},
          .no_when = "the directory is absent",
          .examples = {{.text = "$ ksv delete-all /cats\n"
                                "$ ksv ls /cats\n"
                                "? 1",
                        .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS/man-delete-all\n"
                                 "ksv assoc /cats/mittens 'black n white'",
                        .server = "etcd"}},
          .run = run_delete_all};
}

}  // namespace ksv::cli
