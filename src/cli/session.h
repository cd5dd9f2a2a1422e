// What one command works with: its settings, its answers, and the store, opened when first asked
// for.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/store_form.h"

#include "ksv/catalog.h"
#include "ksv/store.h"

#include "core/update.h"

namespace ksv::etcd {
class EtcdPlace;
}

namespace ksv::dynamodb {
class ItemPlace;
}

namespace ksv::cli {

class Session {
 public:
  Session(Env& env, Output& out) : env_(env), out_(out) {}

  // Takes the common options. kUsage.
  Status configure(const Arguments& arguments);

  Env& env() { return env_; }
  Output& out() { return out_; }
  Call& call() { return *call_; }

  // The store's place, whether it exists or not.
  Result<StorePlace*> place();
  // The store, which must exist (kState).
  Result<Store*> store();
  // What etcd alone can do. kUsage for another kind of store.
  Result<etcd::EtcdPlace*> etcd();
  // A table of items. kUsage for another kind of store.
  Result<dynamodb::ItemPlace*> dynamo();
  // The store's name in messages; empty before it is known.
  const std::string& store_text() const { return store_text_; }
  // The store as the user named it, for another ksv; empty: it was not named.
  std::string store_form() const { return store_form_.value_or(""); }
  const StoreSpec* spec() const { return spec_ ? &*spec_ : nullptr; }
  // The specification of the store, without opening it.
  Result<const StoreSpec*> find_spec();
  // Takes an operand in place of --store. kUsage when both are given.
  Status use_store(const std::string& form);
  bool names_store() const { return store_form_.has_value(); }

  // Operands as the options say they are written.
  Result<Value> key(std::string_view operand);
  Result<Value> value(std::string_view operand, std::string_view what);
  // An ARG of a function: EDN also where values are texts.
  Result<Value> argument(std::string_view operand) {
    return read_value(env_, operand, syntax_, "ARG");
  }
  // A key of etcd as a path within the store. kUsage for another kind of store.
  Result<std::string> etcd_path(std::string_view operand);
  ValueSyntax syntax() const { return syntax_; }
  // Items are written and printed as DynamoDB's own JSON: {"n":{"N":"1"}}.
  bool typed_json() const { return typed_json_; }

  // How long a watch may last: as long as --timeout says; zero: without end.
  std::chrono::milliseconds watch_time() const {
    return timeout_.value_or(std::chrono::milliseconds(0));
  }

  UpdateOptions update_options(const Arguments& arguments) const;

  // For --print-version: the version of what was written, on a line.
  void print_version(const Version& version);

  // kState when there is no store.
  Status check_exists(StorePlace& where) const;

  // One line of figures, for --stats. `done`: the command did not fail.
  void print_stats(bool done);

 private:
  Result<Value> item_key(std::string_view operand);

  Env& env_;
  Output& out_;
  std::optional<Call> call_;
  std::chrono::milliseconds started_{0};
  std::optional<std::string> store_form_;
  bool store_named_ = false;  // by --store, not by a variable
  std::string store_text_;
  bool string_keys_ = false;
  bool typed_json_ = false;
  bool is_consistent_ = false;
  bool edn_values_ = false;                           // also where values are texts
  std::map<std::string, std::string> store_options_;  // what options say about the store
  std::map<std::string, std::string> versions_;       // that options name
  bool stats_ = false;
  ValueSyntax syntax_ = ValueSyntax::kEdn;
  std::optional<std::uint32_t> conflict_retries_;
  std::optional<std::chrono::milliseconds> timeout_;
  std::optional<StoreSpec> spec_;
  std::unique_ptr<StorePlace> place_;
  std::unique_ptr<Store> store_;
};

// The precondition that --if-absent or --if-match asks for. kUsage when both are given.
Result<Precondition> precondition_of(const Arguments& arguments);

}  // namespace ksv::cli
