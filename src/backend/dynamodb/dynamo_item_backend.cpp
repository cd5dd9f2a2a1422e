// Reading and writing single items.
#include "backend/dynamodb/dynamo_item_backend.h"

#include <utility>

#include "backend/dynamodb/dynamo_json.h"
#include "base/json_slice.h"

namespace ksv::dynamodb {
namespace {

// A round of a write takes some ten milliseconds.
constexpr std::chrono::milliseconds kContentionWait{50};
constexpr std::size_t kKnownMax = 64;
// Losses of a write without a condition, which counts up a version, before it is given up.
constexpr int kOverwritesMax = 100;

Capabilities make_capabilities() {
  Capabilities can;
  // A version is a hash of the item. A version attribute begins anew with an item that was removed.
  can.versions_recur = true;
  can.remote = true;
  can.history = true;
  can.contention_wait = kContentionWait;
  can.refusal_has_winner = true;
  can.durability = "written to disk in at least two of the region's availability zones";
  return can;
}

Error whole_only() {
  return Error(ErrorCode::kUnsupported, "an item is read and written as a whole, as a map")
      .with_hint("Use get and assoc");
}

Stored stored_of(const std::string& canonical) {
  return {copy_of(bytes_of(canonical)), item_version(canonical)};
}

// The name of some key attribute.
Result<std::string> first_name(const std::string& key) {
  const JsonMembers members = KSV_TRY(json_members(key));
  if (members.empty()) return Error(ErrorCode::kUsage, "the key names no attribute");
  return members.front().first;
}

}  // namespace

ItemBackend::ItemBackend(Wire& wire, Options options)
    : wire_(wire),
      options_(std::move(options)),
      table_name_(wire.settings().table),
      capabilities_(make_capabilities()) {}

Result<TableState> ItemBackend::table() {
  const std::lock_guard guard(mutex_);
  if (!table_) {
    const auto description = KSV_TRY(describe_table(wire_, table_name_));
    if (!description) {
      return Error(ErrorCode::kState, "there is no table " + table_name_)
          .with_hint("Create it with create-store --hash-key NAME:TYPE");
    }
    table_ = KSV_TRY(read_table_state(*description));
  }
  return *table_;
}

void ItemBackend::remember(const std::string& key, const std::string& item) {
  const std::lock_guard guard(mutex_);
  if (known_.size() >= kKnownMax && known_.find(key) == known_.end()) known_.clear();
  known_[key] = item;
}

Result<std::optional<Stored>> ItemBackend::read(const std::string& key) {
  const bool stale = wire_.settings().stale && !has_written_;
  const GetReply reply =
      KSV_TRY(get_item(wire_, {.table = table_name_, .key = key, .stale = stale}));
  if (!reply.item) return std::optional<Stored>();
  const std::string item = KSV_TRY(canonical_item(*reply.item));
  remember(key, item);
  return std::optional<Stored>(stored_of(item));
}

Result<std::optional<Range>> ItemBackend::read_range(const std::string& /*key*/,
                                                     std::uint64_t /*offset*/,
                                                     std::uint64_t /*length*/) {
  return whole_only();
}

Result<std::optional<Version>> ItemBackend::read_stream(const std::string& /*key*/,
                                                        std::uint64_t /*offset*/,
                                                        const ByteSink& /*sink*/) {
  return whole_only();
}

Result<WriteOutcome> ItemBackend::write_stream(const std::string& /*key*/,
                                               const ByteSource& /*source*/,
                                               const Precondition& /*precondition*/,
                                               const WriteId& /*id*/) {
  return whole_only();
}

Result<std::optional<std::string>> ItemBackend::base_of(const std::string& key,
                                                        const Version& version) {
  {
    const std::lock_guard guard(mutex_);
    const auto known = known_.find(key);
    if (known != known_.end() && item_version(known->second) == version) {
      return std::optional<std::string>(known->second);
    }
  }
  const auto stored = KSV_TRY(read(key));
  if (!stored || !(stored->version == version)) return std::optional<std::string>();
  return std::optional<std::string>(text_of(stored->bytes));
}

// The item with its version attribute one higher than that of `base`, or 1.
Result<std::string> ItemBackend::with_version(const std::string& item,
                                              const std::string* base) const {
  if (options_.version_attribute.empty()) return item;
  std::int64_t number = 0;
  if (base != nullptr) {
    const JsonMembers members = KSV_TRY(json_members(*base));
    if (const auto attribute = find_member(members, options_.version_attribute)) {
      const JsonMembers typed = KSV_TRY(json_members(*attribute));
      const auto text = find_member(typed, "N");
      const auto read = text ? json_string(*text) : Result<std::string>(std::string());
      const auto parsed = read ? json_integer(*read) : Result<std::int64_t>(read.error());
      if (!text || !parsed) {
        return Error(ErrorCode::kUnsupported, "the attribute " + options_.version_attribute +
                                                  " holds no whole number, so it is no version");
      }
      number = *parsed;
    }
  }
  ObjectText changed;
  const JsonMembers members = KSV_TRY(json_members(item));
  for (const auto& [name, value] : members) {
    if (name != options_.version_attribute) changed.json(name, value);
  }
  changed.json(options_.version_attribute, "{\"N\":\"" + std::to_string(number + 1) + "\"}");
  return canonical_item(changed.take());
}

// Whether the two differ in no more than the version attribute.
Result<bool> ItemBackend::is_same(std::string_view one, std::string_view other) const {
  if (options_.version_attribute.empty()) return one == other;
  JsonMembers ones = KSV_TRY(json_members(one));
  JsonMembers others = KSV_TRY(json_members(other));
  for (JsonMembers* members : {&ones, &others}) {
    std::erase_if(*members, [this](const auto& member) {
      return member.first == options_.version_attribute;
    });
  }
  return ones == others;
}

Result<std::string> ItemBackend::condition_on(const std::string& base,
                                              Expression* expression) const {
  const JsonMembers members = KSV_TRY(json_members(base));
  if (options_.version_attribute.empty()) return equals_item(members, expression);
  const auto version = find_member(members, options_.version_attribute);
  const std::string name = expression->name(options_.version_attribute);
  if (!version) return "attribute_not_exists(" + name + ")";
  return name + " = " + expression->value(*version);
}

// `base`: the item that is to be replaced, where there is to be one.
Result<WriteInput> ItemBackend::input_of(const std::string& key, const std::string& item,
                                         const Precondition& precondition,
                                         const std::string& base) const {
  WriteInput input{.table = table_name_, .old_on_failure = true};
  Expression expression;
  if (std::holds_alternative<Any>(precondition)) {
    input.item = item;
    return input;
  }
  if (std::holds_alternative<Absent>(precondition)) {
    input.item = item;
    const std::string name = KSV_TRY(first_name(key));
    input.condition = "attribute_not_exists(" + expression.name(name) + ")";
    input.repeat = net::Repeat::kConditional;
  } else {
    input.key = key;
    const JsonMembers before = KSV_TRY(json_members(base));
    const JsonMembers after = KSV_TRY(json_members(item));
    input.condition = KSV_TRY(condition_on(base, &expression));
    input.update = KSV_TRY(changes_of(before, after, &expression));
    // Without a change the condition stays true: done twice it does no more.
    input.repeat = net::Repeat::kConditional;
  }
  input.placeholders = expression.placeholders();
  return input;
}

Result<WriteReply> ItemBackend::transact(const WriteInput& input, const WriteId& id) {
  ObjectText body;
  body.text("TableName", input.table)
      .json("Item", input.item)
      .json("Key", input.key)
      .text("UpdateExpression", input.update)
      .text("ConditionExpression", input.condition)
      .json("ExpressionAttributeNames", input.placeholders.names)
      .json("ExpressionAttributeValues", input.placeholders.values)
      .text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  // A transaction takes no update without a change.
  const char* kind = !input.item.empty()    ? "Put"
                     : input.update.empty() ? "ConditionCheck"
                                            : "Update";
  const TransactInput transaction{
      .operations = {std::string("{\"") + kind + "\":" + body.take() + "}"}, .token = id.text};
  TransactReply reply = KSV_TRY(transact_write(wire_, transaction));
  if (auto* cancelled = std::get_if<Cancelled>(&reply)) {
    const bool is_condition = cancelled->reasons.size() == 1 &&
                              cancelled->reasons.front().code == "ConditionalCheckFailed";
    if (!is_condition) return std::move(cancelled->error);
    return WriteReply(ConditionFailed{cancelled->reasons.front().item, false});
  }
  return WriteReply(Applied{});
}

Result<WriteOutcome> ItemBackend::send(const WriteInput& input, const std::string& key,
                                       const std::string& item, const WriteId& id) {
  const SignalHold hold(wire_.env());
  has_written_ = true;
  auto answer = options_.exactly_once ? transact(input, id)
                : input.item.empty()  ? update_item(wire_, input)
                                      : put_item(wire_, input);
  const WriteReply reply = KSV_TRY(std::move(answer));
  if (const auto* failed = std::get_if<ConditionFailed>(&reply)) {
    Conflict conflict{.winner_known = true, .doubtful = failed->doubtful};
    // A token answers for all copies of the request.
    conflict.settled = options_.exactly_once;
    if (failed->item) {
      const std::string winner = KSV_TRY(canonical_item(*failed->item));
      remember(key, winner);
      conflict.winner = stored_of(winner);
    }
    return WriteOutcome(std::move(conflict));
  }
  remember(key, item);
  return WriteOutcome(Written{item_version(item), copy_of(bytes_of(item))});
}

Result<WriteOutcome> ItemBackend::write(const std::string& key, BytesView bytes,
                                        const Precondition& precondition, const WriteId& id) {
  std::string item = KSV_TRY(canonical_item(text_of(bytes)));
  const bool counts = !options_.version_attribute.empty();
  if (const Match* match = std::get_if<Match>(&precondition)) {
    const auto base = KSV_TRY(base_of(key, match->version));
    if (!base) return WriteOutcome(Conflict{});
    item = KSV_TRY(with_version(item, &*base));
    const WriteInput input = KSV_TRY(input_of(key, item, precondition, *base));
    return send(input, key, item, id);
  }
  if (std::holds_alternative<Absent>(precondition) || !counts) {
    if (counts) item = KSV_TRY(with_version(item, nullptr));
    const WriteInput input = KSV_TRY(input_of(key, item, precondition, ""));
    return send(input, key, item, id);
  }
  // Over whatever is there, but with its version counted up: under a condition, until it is met.
  for (int round = 0; round < kOverwritesMax; ++round) {
    const auto present = KSV_TRY(read(key));
    const Precondition exact =
        present ? Precondition(Match{present->version}) : Precondition(Absent{});
    WriteOutcome outcome = KSV_TRY(write(key, bytes, exact, id));
    const Conflict* conflict = std::get_if<Conflict>(&outcome);
    if (conflict == nullptr || conflict->doubtful) return outcome;
  }
  return Error(ErrorCode::kContention, "others kept writing the item");
}

Result<Settled> ItemBackend::settle(const KeyWrite& write, const Precondition& precondition,
                                    const std::string& /*mark*/) {
  Settled settled{.fate = Settled::Fate::kNotYet, .present_known = true};
  settled.present = KSV_TRY(read(write.key));
  // The token keeps the same write from being done twice.
  if (options_.exactly_once) return settled;
  const std::string item = KSV_TRY(canonical_item(text_of(write.bytes)));
  const bool is_equal = settled.present && KSV_TRY(is_same(item, text_of(settled.present->bytes)));
  const Match* match = std::get_if<Match>(&precondition);
  if (match != nullptr && settled.present && settled.present->version == match->version) {
    return settled;
  }
  if (match == nullptr && !settled.present) return settled;
  settled.fate = Settled::Fate::kUnknown;
  settled.version = is_equal ? settled.present->version : item_version(item);
  settled.why = is_equal ? "an equal item is there, which may be another's"
                         : "another state is there, which may have followed it";
  return settled;
}

Result<RemoveOutcome> ItemBackend::remove(const std::string& key,
                                          const Precondition& precondition) {
  if (std::holds_alternative<Absent>(precondition)) {
    return Error(ErrorCode::kUsage, "what is absent cannot be removed");
  }
  WriteInput input{.table = table_name_, .key = key, .returned = "ALL_OLD"};
  if (const Match* match = std::get_if<Match>(&precondition)) {
    const auto base = KSV_TRY(base_of(key, match->version));
    if (!base) {
      const auto present = KSV_TRY(read(key));
      return present ? RemoveOutcome::kConflict : RemoveOutcome::kWasAbsent;
    }
    Expression expression;
    input.condition = KSV_TRY(condition_on(*base, &expression));
    input.placeholders = expression.placeholders();
    input.old_on_failure = true;
    input.repeat = net::Repeat::kConditional;
  }
  const SignalHold hold(wire_.env());
  has_written_ = true;
  auto reply = delete_item(wire_, input);
  if (!reply.has_value()) {
    if (reply.error().effect() != Effect::kUnknown) return std::move(reply).error();
    return std::move(reply).error().with_hint("Look with ksv get whether the item is there");
  }
  if (const auto* failed = std::get_if<ConditionFailed>(&*reply)) {
    // An item that is gone may have been removed by this very request, delivered twice.
    if (!failed->doubtful && failed->item) return RemoveOutcome::kConflict;
    const std::string why =
        failed->doubtful ? "an attempt got no answer" : "it was refused, but the item is gone";
    return Error(ErrorCode::kUnavailable, "it is unknown whether the removal took effect: " + why,
                 Effect::kUnknown)
        .with_hint("Another may have removed or written the item: look with ksv get");
  }
  const bool was_there = std::get_if<Applied>(&*reply)->attributes.has_value();
  return was_there ? RemoveOutcome::kRemoved : RemoveOutcome::kWasAbsent;
}

Result<Page> ItemBackend::list(const std::string& /*prefix*/,
                               const std::optional<std::string>& after) {
  const TableState state = KSV_TRY(table());
  Expression expression;
  std::string projection = expression.name(state.hash_key);
  if (!state.range_key.empty()) projection += ", " + expression.name(state.range_key);
  const ItemPage items = KSV_TRY(read_page(wire_, {.table = table_name_,
                                                   .projection = projection,
                                                   .placeholders = expression.placeholders(),
                                                   .start = after.value_or("")}));
  Page page;
  if (!items.next.empty()) page.next = items.next;
  for (const std::string& item : items.items) {
    std::string key = KSV_TRY(canonical_item(item));
    page.entries.push_back({.key = std::move(key)});
  }
  return page;
}

}  // namespace ksv::dynamodb
