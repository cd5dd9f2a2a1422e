// The topics of `ksv help TOPIC`: what is not told by any one command.
#include <array>
#include <utility>

#include "cli/backend_option.h"
#include "cli/help_text.h"
#include "cli/prose.h"

#include "expr/builtins.h"

namespace ksv::cli {
namespace {

constexpr std::size_t kColumns = 79;

constexpr std::string_view kStores =
    R"(The store is what `--store` names, or else the variable `KSV_STORE`, or else `default` in the
configuration file. With none of them it is the embedded default: the file store at
`$XDG_DATA_HOME/ksv/default`, which is usually `~/.local/share/ksv/default`.

| Form | Store |
|---|---|
| `/PATH`, `./PATH`, `../PATH` | the file store in that folder |
| `file:PATH` | the same; options may follow: `file:PATH?compressor=lz4&sync=false` |
| `memory:` | a store that lives as long as the command |
| `s3://BUCKET/UUID` | the store of that id in a bucket; options may follow |
| `s3://BUCKET` | a bucket, for list-stores and delete-bucket |
| `etcd://HOST:PORT,.../PREFIX` | the keys of an etcd cluster under a prefix; options may follow |
| `dynamodb://TABLE?layout=konserve` | the konserve store in a table; further options may follow |
| `dynamodb://` | the tables of an account in a region, for list-stores |
| `{:backend :s3 :bucket "..." ...}` | a configuration map of konserve, as it stands in the application |
| `@FILE` | a file that holds one of the other forms |
| `NAME` | a profile of the configuration file, `ksv-config`(5) |

A file store is a folder with one file a key, the same that konserve's file store uses. Any number of
processes may work on it at once, ksv and JVMs alike. A store in S3 is that of konserve-s3: one object a key,
in a bucket that many stores may share. A store in DynamoDB is that of konserve-dynamodb: a table with one
item a key, of at most 400 KB.

In etcd a key is a path, `/cats/mittens` or `'[:cats :mittens]'`, nil is the root of the store, and a value is
a text, taken and printed as it stands; `--edn` reads and prints EDN. A function gets the text; what it
gives is stored as its text. Without a host ETCDCTL_ENDPOINTS names the cluster; ETCDCTL_CACERT, _CERT,
_KEY, _USER and _PASSWORD are heeded.

How values are written can be said by options after `?`, in a configuration map and in a profile:

| Option | Choices |
|---|---|
| `serializer` | `fressian`, `boring` |
| `compressor` | `none`, `lz4`, `zstd` |
| `encryptor` | `none`, `aes`, `aes-gcm`; the key comes from a configuration map or from a profile's `key-file` |
| `conflict-retries` | how many lost races a command takes before it gives up |
| `timeout` | how long a command may take, such as `30s` |

What is not said stays as it was in the blob when an update replaces it; assoc and new keys take
Fressian, neither compressed nor encrypted. Reading needs no option but the key: each blob says how it
was written.
)";

constexpr std::string_view kValues =
    R"(KEY, PATH and VALUE are EDN: `:counter`, `'"a string"'`, `'[:user 42]'`, `'{:a 1}'`. A PATH is a vector
whose first item is the key and whose others lead into its value. Quote them for the shell.

A VALUE may also be `-` for standard input, or `@FILE` for what a file holds; a text that begins with
@ is written with two.

With `--json` values are read and printed as JSON. With `--raw` they are strings, taken and printed byte
for byte. With `--string-keys` KEY is a string as it stands.

Values that EDN has no literal for are printed, and read back without loss, as tagged elements:

| Notation | Value |
|---|---|
| `#ksv/bytes "00ff"` | bytes, as bassoc writes them |
| `#ksv/float "1.5"` | a 32-bit float |
| `#ksv/regex "a+"`, `#ksv/uri "..."` | a regular expression, a URI |
| `#ksv/seq (1 2)` | a plain list of the JVM; equal to the list `(1 2)` |
| `#ksv/longs [1 2]` | an array; also `ints`, `doubles`, `floats`, `booleans`, `objects` |
| `#ksv/record [my.ns.Rec {...}]` | a record |
| `#ksv/tagged ["tag" field ...]` | a structure that ksv has no meaning for |

`ksv-format`(5) tells what each is in the store and in JSON.
)";

constexpr std::string_view kFunctions =
    R"(FN is a function in the data part of Clojure, written as in a Clojure call. It is given the value, and
then each ARG:

    $ ksv update :visits '(fnil inc 0)'
    [nil 1]
    $ ksv update :user assoc :age 41
    [nil {:age 41}]
    $ ksv swap :user '#(update % :age inc)'
    {:age 42}

A function is pure: there is no input, no output, no clock and no randomness in the language, since a
function may be applied again when another writer was first. Its result must be a value: neither a
function nor a sequence without end. When it fails, nothing is written and the exit status is 9.

It is stopped when it takes more than ten million steps, builds more than 512 MiB, or nests calls or
values more than 512 deep; `--max-steps`, `--max-memory` and `--max-depth` set other limits.

What a name does is what it does in Clojure 1.11. Names of Clojure that are not in the language are
refused, with what to use in their place. So is what hangs in Clojure on more than the values: the text
of the rest of a lazy sequence, which of two ##NaN is the same object, the order of more than 31 values by
a comparison like `<=`. Sequences are made whole at once, so an element that would never be looked
at may fail; those without end, `(range)` and `(repeat x)`, must be bounded by `take` and its like.
Doubles are written with the fewest digits that tell them apart, as by Java since version 19.

Keywords, maps, sets and vectors are functions, as in Clojure. Names of clojure.string are written
`str/join`, those of clojure.set `set/union`.
)";

constexpr std::string_view kOptions =
    "Options that every command takes, before or after its name; `--` ends the options.\n";

constexpr std::string_view kConfig =
    R"(Stores that are used often get a name in `$XDG_CONFIG_HOME/ksv/config.toml`, which is usually
`~/.config/ksv/config.toml`:

    default = "app"

    [stores.app]
    store = "/srv/app/data"
    compressor = "lz4"

Then `ksv -s app keys` works on that store, and `ksv keys` does, too. `ksv-config`(5) describes the file,
`ksv help stores` the forms of a store.
)";

std::string screen(std::string_view source) {
  return without_last_newline(render_prose(parse_prose(source), {.width = kColumns}));
}

// The forms, then the options of each kind of store from their table.
std::string stores_source() {
  std::string source(kStores);
  std::string_view backend;
  for (const BackendOption& option : backend_options()) {
    if (option.backend != backend) {
      backend = option.backend;
      source += backend == "s3"         ? "\nOf stores in S3:\n"
                : backend == "etcd"     ? "\nOf stores in etcd:\n"
                : backend == "dynamodb" ? "\nOf stores in DynamoDB:\n"
                                        : "\nOf file stores:\n";
      source += "\n| Option | Meaning |\n|---|---|\n";
    }
    source.append("| `").append(option.name).append("` | ").append(option.help).append(" |\n");
  }
  return source;
}

std::string exit_status_source() {
  std::string source =
      "Each status says whether anything was written. The numbers never change their meaning; new "
      "ones "
      "may be added.\n\n| Status | Name | Written? | Meaning |\n|---|---|---|---|\n";
  for (const ExitStatusSpec& spec : all_exit_statuses()) {
    source += "| " + std::to_string(spec.status) + " | " + std::string(spec.name) + " | " +
              std::string(spec.written.substr(0, spec.written.find(':'))) + " | " +
              std::string(spec.meaning) + " |\n";
  }
  return source +
         "\nWith status 4 the message says how to find out. A signal ends ksv as a signal does: "
         "130 in a "
         "shell for an interrupt.\n";
}

std::string functions_screen() {
  std::string text = render_prose(parse_prose(kFunctions), {.width = kColumns});
  const auto add = [&](std::string_view title, std::vector<std::vector<std::string>> rows) {
    if (!rows.empty()) text += "\n" + std::string(title) + "\n" + render_columns(rows, 2, kColumns);
  };
  std::vector<std::vector<std::string>> forms;
  for (const expr::SpecialFormInfo& form : expr::special_forms()) {
    forms.push_back({std::string(form.name), std::string(form.summary)});
  }
  add("Forms", forms);
  for (const expr::BuiltinFamily& family : expr::builtin_families()) {
    std::vector<std::vector<std::string>> rows;
    for (const expr::BuiltinInfo& function : family.functions) {
      if (function.example.empty()) continue;  // what only expansions use
      rows.push_back({std::string(function.name), std::string(function.summary)});
    }
    add(family.title, rows);
  }
  return without_last_newline(std::move(text));
}

std::string options_screen() {
  std::vector<std::vector<std::string>> rows;
  for (const OptionSpec& option : common_options()) {
    rows.push_back({option_label(option, true), option_help(option)});
  }
  return screen(kOptions) + "\n\n" + without_last_newline(render_columns(rows, 2, kColumns));
}

constexpr std::array kTopics = {
    TopicSpec{"stores", "how a store is named, and how it is written",
              [] { return screen(stores_source()); }},
    TopicSpec{"values", "how keys and values are written", [] { return screen(kValues); }},
    TopicSpec{"functions", "the language of update functions", functions_screen},
    TopicSpec{"options", "the options of every command", options_screen},
    TopicSpec{"exit-status", "what the exit status tells",
              [] { return screen(exit_status_source()); }},
    TopicSpec{"config", "names for stores", [] { return screen(kConfig); }},
};

}  // namespace

std::span<const TopicSpec> all_topics() { return kTopics; }

std::string topic_source(std::string_view name) {
  if (name == "stores") return stores_source();
  if (name == "values") return std::string(kValues);
  if (name == "functions") return std::string(kFunctions);
  if (name == "options") return std::string(kOptions);
  if (name == "exit-status") return exit_status_source();
  if (name == "config") return std::string(kConfig);
  return "";
}

}  // namespace ksv::cli
