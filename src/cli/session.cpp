// Settings of one command, and opening its store.
#include "cli/session.h"

#include <unistd.h>
#include <utility>

#include "cli/backend_option.h"
#include "cli/dynamo_form.h"
#include "cli/etcd_form.h"
#include "cli/etcd_key.h"

#include "ksv/limits.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/etcd/etcd_place.h"
#include "codec/dynamo_item.h"
#include "codec/json_view.h"
#include "core/item_store.h"
#include "core/konserve_store.h"
#include "core/plain_store.h"

namespace ksv::cli {
namespace {

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

Result<Format> format_of(const Arguments& arguments) {
  const std::string* name = arguments.find("format");
  const int given = int{name != nullptr} + int{arguments.has("json")} + int{arguments.has("raw")};
  if (given > 1) {
    return Error(ErrorCode::kUsage, "only one of --json, --raw and --format can be given");
  }
  if (arguments.has("json")) return Format::kJson;
  if (arguments.has("raw")) return Format::kRaw;
  if (name == nullptr || *name == "edn") return Format::kEdn;
  if (*name == "json") return Format::kJson;
  if (*name == "raw") return Format::kRaw;
  return Format::kTable;
}

bool wants_color(const Arguments& arguments, Env& env) {
  const std::string* when = arguments.find("color");
  if (when != nullptr && *when != "auto") return *when == "always";
  const auto no_color = env.variable("NO_COLOR");
  const auto terminal = env.variable("TERM");
  return is_terminal(STDOUT_FILENO) && !(no_color && !no_color->empty()) && terminal != "dumb";
}

// etcd counts in whole seconds.
Result<std::string> seconds_of_ttl(const std::string& text) {
  const auto time = read_duration(text);
  const bool is_whole = time.has_value() && time->count() >= 1000 && time->count() % 1000 == 0;
  if (is_whole) return std::to_string(time->count() / 1000);
  return Error(ErrorCode::kUsage, "--ttl: \"" + text + "\" is not a time of whole seconds, from 1")
      .with_hint("Write 10, 10s, 5m or 1h");
}

// One call, since several threads log at once.
void print_log(const std::string& text) {
  constexpr std::string_view kMark = "ksv: ";
  std::string marked(kMark);
  for (const char c : text) {
    marked += c;
    if (c == '\n') marked += kMark;
  }
  marked += '\n';
  static_cast<void>(std::fwrite(marked.data(), 1, marked.size(), stderr));
}

std::string resolved_by_word(ResolvedBy how) {
  switch (how) {
    case ResolvedBy::kAnswer: return "answer";
    case ResolvedBy::kReadBack: return "read-back";
    case ResolvedBy::kLineage: return "lineage";
  }
  return "";
}

// The only kind of store that knows the option; null where another may leave it unheeded.
const char* owner_of_option(std::string_view name) {
  if (name == "ttl") return "etcd";
  if (name == "stale") return "etcd and DynamoDB";
  const bool of_items =
      name == "hash-key" || name == "range-key" || name == "version-attr" || name == "exactly-once";
  return of_items ? "DynamoDB" : nullptr;
}

}  // namespace

Status Session::configure(const Arguments& arguments) {
  OutputOptions options;
  options.format = KSV_TRY(format_of(arguments));
  options.pretty = is_terminal(STDOUT_FILENO) && !arguments.has("null");
  options.color = wants_color(arguments, env_);
  options.null_ends = arguments.has("null");
  options.quiet = arguments.has("quiet");
  out_.configure(options);
  if (options.format == Format::kJson) syntax_ = ValueSyntax::kJson;
  if (options.format == Format::kRaw) syntax_ = ValueSyntax::kRaw;

  string_keys_ = arguments.has("string-keys");
  edn_values_ = arguments.has("edn");
  typed_json_ = arguments.has("typed-json");
  if (arguments.has("no-sync")) store_options_["sync"] = "false";
  if (arguments.has("allow-unsafe")) store_options_["allow-unsafe"] = "true";
  if (arguments.has("x-ray")) store_options_["x-ray"] = "true";
  if (const std::string* time = arguments.find("ttl")) {
    store_options_["ttl"] = KSV_TRY(seconds_of_ttl(*time));
  }
  if (arguments.has("stale") && arguments.has("consistent")) {
    return Error(ErrorCode::kUsage, "--consistent and --stale exclude each other");
  }
  if (arguments.has("stale")) store_options_["stale"] = "true";
  is_consistent_ = arguments.has("consistent");
  for (const char* option : {"connect-timeout", "hash-key", "range-key", "version-attr"}) {
    if (const std::string* text = arguments.find(option)) store_options_[option] = *text;
  }
  if (arguments.has("exactly-once")) store_options_["exactly-once"] = "true";
  for (const char* option : {"if-match", "version"}) {
    if (const std::string* version = arguments.find(option)) versions_[option] = *version;
  }
  stats_ = arguments.has("stats");
  if (const std::string* text = arguments.find("timeout")) {
    timeout_ = KSV_TRY(read_duration(*text));
  }
  if (const std::string* text = arguments.find("conflict-retries")) {
    conflict_retries_ =
        static_cast<std::uint32_t>(KSV_TRY(read_count(*text, "--conflict-retries", 1'000'000'000)));
  }
  if (const std::string* form = arguments.find("store")) {
    store_form_ = *form;
    store_named_ = true;
  } else if (const auto variable = env_.variable("KSV_STORE"); variable && !variable->empty()) {
    store_form_ = *variable;
  }
  started_ = env_.monotonic();
  call_.emplace(Call{.deadline = Deadline(env_, timeout_.value_or(limits::kTimeoutDefault))});
  if (const std::string* times = arguments.find("verbose")) {
    call_->log = print_log;
    call_->log_headers = *times != "1";
  }
  return ok();
}

Status Session::use_store(const std::string& form) {
  if (store_named_) {
    return Error(ErrorCode::kUsage, "the store is named twice, by --store and by " + form);
  }
  store_form_ = form;
  return ok();
}

Result<const StoreSpec*> Session::find_spec() {
  if (spec_) return &*spec_;
  auto spec = store_form_ ? parse_store_form(*store_form_, env_) : default_store(env_);
  if (!spec.has_value()) return std::move(spec).error().with_context("--store");
  spec_ = *std::move(spec);
  store_text_ = spec_->address.text;
  for (const auto& [name, value] : store_options_) {
    if (find_backend_option(spec_->address.backend, name) == nullptr) {
      // Most options for another kind of store say nothing about this one.
      const char* owner = owner_of_option(name);
      if (owner == nullptr) continue;
      return Error(ErrorCode::kUsage, "--" + name + " is for stores in " + owner);
    }
    KSV_CHECK(apply_backend_option(spec_->address, name, value));
  }
  if (is_consistent_ && spec_->address.backend != "dynamodb") {
    return Error(ErrorCode::kUsage, "--consistent is for stores in DynamoDB");
  }
  if (is_consistent_) KSV_CHECK(apply_backend_option(spec_->address, "stale", "false"));
  // Numbers of items have more digits than doubles.
  if (is_items(spec_->address) && syntax_ == ValueSyntax::kJson) syntax_ = ValueSyntax::kExactJson;
  for (const auto& [option, version] : versions_) {
    if (!is_plain(spec_->address) || etcd::find_index({version})) continue;
    // The server of v2 takes 0 for no condition at all.
    return Error(ErrorCode::kUsage, "--" + option + ": \"" + version +
                                        "\" is no version of etcd: a whole number from 1");
  }
  if (!conflict_retries_) conflict_retries_ = spec_->conflict_retries;
  if (!timeout_ && spec_->timeout) call_->deadline = Deadline(env_, *spec_->timeout);
  out_.set_plain_text(is_plain(spec_->address) && !edn_values_);
  for (const std::string& warning : spec_->warnings) out_.note("warning: " + warning);
  return &*spec_;
}

Result<Value> Session::key(std::string_view operand) {
  const StoreSpec* spec = KSV_TRY(find_spec());
  if (is_items(spec->address)) return item_key(operand);
  if (!is_plain(spec->address)) return read_key(operand, string_keys_);
  return Value::string(KSV_TRY(read_etcd_path(operand, string_keys_)));
}

Result<Value> Session::value(std::string_view operand, std::string_view what) {
  const StoreSpec* spec = KSV_TRY(find_spec());
  if (typed_json_) {
    const Value text = KSV_TRY(read_value(env_, operand, ValueSyntax::kRaw, what));
    return read_typed_json(text.as_string());
  }
  const bool is_text = is_plain(spec->address) && syntax_ == ValueSyntax::kEdn && !edn_values_;
  return read_value(env_, operand, is_text ? ValueSyntax::kRaw : syntax_, what);
}

Result<std::string> Session::etcd_path(std::string_view operand) {
  KSV_CHECK(etcd());
  return read_etcd_path(operand, string_keys_);
}

Result<etcd::EtcdPlace*> Session::etcd() {
  const StoreSpec* spec = KSV_TRY(find_spec());
  if (is_plain(spec->address)) return static_cast<etcd::EtcdPlace*>(KSV_TRY(place()));
  return Error(ErrorCode::kUsage, spec->address.text + " is not a store in etcd")
      .with_hint("Name one with -s etcd://HOST:PORT/PREFIX");
}

Result<dynamodb::ItemPlace*> Session::dynamo() {
  const StoreSpec* spec = KSV_TRY(find_spec());
  if (is_items(spec->address)) return static_cast<dynamodb::ItemPlace*>(KSV_TRY(place()));
  return Error(ErrorCode::kUsage, spec->address.text + " is not a table of items in DynamoDB")
      .with_hint("Name one with -s dynamodb://TABLE");
}

// A map of the key attributes. A scalar is the value of the only one, whose name the table tells.
Result<Value> Session::item_key(std::string_view operand) {
  Value given = KSV_TRY(read_value(env_, operand, ValueSyntax::kEdn, "KEY"));
  if (given.is(Kind::kMap)) return given;
  dynamodb::ItemPlace* items = KSV_TRY(dynamo());
  const dynamodb::TableState table = KSV_TRY(items->items().table());
  if (!table.range_key.empty()) {
    return Error(ErrorCode::kUsage, "the table's key has two attributes, " + table.hash_key +
                                        " and " + table.range_key)
        .with_hint("Write it as a map of both");
  }
  Value key = Value::map();
  key.put(Value::keyword(table.hash_key), std::move(given));
  return key;
}

Result<StorePlace*> Session::place() {
  if (!place_) {
    const StoreSpec* spec = KSV_TRY(find_spec());
    place_ = KSV_TRY(open_place(spec->address, env_, *call_));
  }
  return place_.get();
}

Status Session::check_exists(StorePlace& where) const {
  if (KSV_TRY(where.exists())) return ok();
  const std::string option = store_form_ ? " -s " + store_text_ : "";
  return Error(ErrorCode::kState, "no store at " + store_text_)
      .with_hint("Create it with: ksv" + option + " create-store");
}

Result<Store*> Session::store() {
  if (!store_) {
    StorePlace* where = KSV_TRY(place());
    // A store in memory begins with the process: there is nobody to have created it.
    if (spec_->address.backend == "memory") KSV_CHECK(where->create());
    if (!where->backend_checks()) KSV_CHECK(check_exists(*where));
    if (is_items(spec_->address)) {
      store_ = std::make_unique<ItemStore>(where->backend(), env_, &*call_);
    } else if (is_plain(spec_->address)) {
      store_ = std::make_unique<PlainStore>(where->backend(), env_, &*call_);
    } else {
      store_ = std::make_unique<KonserveStore>(where->backend(), env_, spec_->encoding, &*call_);
    }
  }
  return store_.get();
}

// A line without a version would be taken for one.
void Session::print_version(const Version& version) {
  if (!version.token.empty()) return out_.line(version.token);
  out_.note(
      "it was written, but the answer was lost, and others have written since: no version to "
      "print");
}

UpdateOptions Session::update_options(const Arguments& arguments) const {
  return {.conflict_retries = conflict_retries_,
          .skip_equal = arguments.has("skip-equal"),
          .dry_run = arguments.has("dry-run")};
}

void Session::print_stats(bool done) {
  if (!stats_ || !call_) return;
  const Call::Stats& stats = call_->stats;
  const std::int64_t took = (env_.monotonic() - started_).count();
  const std::pair<const char*, std::uint64_t> figures[] = {
      {"requests", stats.requests},           {"retries", stats.retries},
      {"conflicts", stats.conflicts},         {"bytes-read", stats.bytes_read},
      {"bytes-written", stats.bytes_written}, {"ms", static_cast<std::uint64_t>(took)}};
  std::string text;
  Value map = Value::map();
  for (const auto& [name, figure] : figures) {
    map.put(Value::keyword(name), Value::integer(static_cast<std::int64_t>(figure)));
    text += (text.empty() ? "" : ", ") + std::string(name) + " " + std::to_string(figure);
  }
  if (stats.writes > 0) {
    map.put(Value::keyword("attempts"), Value::integer(static_cast<std::int64_t>(stats.writes)));
    text += ", attempts " + std::to_string(stats.writes);
  }
  // Of a command that failed, some writes may have taken effect and others not: its error tells.
  if (done && call_->resolved_by) {
    const std::string word = resolved_by_word(*call_->resolved_by);
    map.put(Value::keyword("outcome"), Value::string("applied"));
    map.put(Value::keyword("resolved-by"), Value::string(word));
    text += ", resolved by " + word;
  }
  const bool json = out_.options().format == Format::kJson;
  static_cast<void>(
      std::fprintf(stderr, "%s%s\n", json ? "" : "ksv: ", (json ? print_json(map) : text).c_str()));
}

Result<Precondition> precondition_of(const Arguments& arguments) {
  const std::string* version = arguments.find("if-match");
  if (arguments.has("if-absent")) {
    if (version != nullptr) {
      return Error(ErrorCode::kUsage, "--if-absent and --if-match exclude each other");
    }
    return Precondition(Absent{});
  }
  if (version != nullptr) return Precondition(Match{Version{*version}});
  return Precondition(Any{});
}

}  // namespace ksv::cli
