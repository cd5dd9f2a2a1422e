// Removing keys, and finding out what became of it: a removal leaves nothing that names it.
#include <algorithm>

#include "backend/dynamodb/dynamo_backend.h"
#include "backend/dynamodb/dynamo_json.h"
#include "base/refused_write.h"
#include "net/backoff.h"

namespace ksv::dynamodb {
namespace {

// Looks that lose to other writers.
constexpr int kLooksMax = 8;
// Sends of a removal whose answers are lost.
constexpr int kSendsMax = 4;
constexpr std::chrono::milliseconds kPauseFirst{50};

Error unknown_removal(const std::string& state, const std::string& why, const std::string& hint) {
  return Error(ErrorCode::kUnavailable,
               "it is unknown whether the removal took effect: " + why + "; " + state,
               Effect::kUnknown)
      .with_hint(hint);
}

Error still_there(const std::string& why) {
  return unknown_removal("a value is there", why,
                         "Look with ksv get --meta: the removal may still arrive, or came before "
                         "this value");
}

Error busy(const std::string& what) {
  return Error(ErrorCode::kContention, what + " was written by others again and again meanwhile");
}

}  // namespace

Status check_count(std::size_t count) {
  if (count <= kTransactionMax) return ok();
  return Error(ErrorCode::kUsage, std::to_string(count) +
                                      " keys; a transaction of DynamoDB takes " +
                                      std::to_string(kTransactionMax))
      .with_hint("Name fewer at a time.");
}

Result<RemoveOutcome> DynamoBackend::remove(const std::string& key,
                                            const Precondition& precondition) {
  KSV_CHECK(check_key(key));
  if (std::holds_alternative<Absent>(precondition)) {
    return Error(ErrorCode::kUsage, "a key that must be absent cannot be removed");
  }
  const Match* match = std::get_if<Match>(&precondition);
  return match == nullptr ? remove_any(key) : remove_version(key, match->version);
}

// Sends one removal of the blob and reads back what is not sure. Nothing: it was refused, or not
// delivered so far, and the same version may be asked for once more.
Result<std::optional<DynamoBackend::Removal>> DynamoBackend::remove_once(const std::string& key,
                                                                         const Blob& blob) {
  const SignalHold hold(wire_.env());
  has_written_ = true;
  const WriteInput input{.table = table_,
                         .key = key_text(key),
                         .condition = kMatchCondition,
                         .placeholders = {kMatchNames, match_values(blob.parts)},
                         .repeat = net::Repeat::kConditional};
  std::string why = "the answer was lost";
  // What one send left in doubt, the next does not clear up by not being done.
  bool doubtful = false;
  for (int send = 1;; ++send) {
    const auto reply = delete_item(wire_, input);
    if (reply && std::holds_alternative<Applied>(*reply)) return std::optional(Removal::kDone);
    doubtful = doubtful || (reply ? std::get_if<ConditionFailed>(&*reply)->doubtful
                                  : reply.error().effect() == Effect::kUnknown);
    if (!reply && !doubtful && !reply.error().is_refused_write()) return reply.error();
    if (!reply) why = reply.error().message();
    const auto present = find(key);
    if (!present) {
      if (!reply && !doubtful && is_same_refusal(reply.error(), present.error())) {
        return reply.error();
      }
      return unknown_removal("the state could not be read back", why, "Look with ksv get --meta");
    }
    if (!*present) return std::optional(Removal::kGone);
    // A refusal with a reason; the item being there, it is true.
    if (!reply && !doubtful) return reply.error();
    if (!doubtful) return std::optional<Removal>();
    const bool is_same = (*present)->stored.version == blob.stored.version;
    if (!is_same || send == kSendsMax) return still_there(why);
  }
}

// Says whether the key was there, and that it is not now. A copy that comes late removes nothing
// that was written after.
Result<RemoveOutcome> DynamoBackend::remove_any(const std::string& key) {
  for (int look = 1; look <= kLooksMax; ++look) {
    if (look > 1) net::wait(wire_.env(), net::jittered_pause(wire_.env(), kPauseFirst, 1));
    const auto blob = KSV_TRY(find(key));
    if (!blob) return RemoveOutcome::kWasAbsent;
    const auto removal = KSV_TRY(remove_once(key, *blob));
    if (removal) return RemoveOutcome::kRemoved;
  }
  return busy(key);
}

// Says whether this removal, and none of others, removed that version.
Result<RemoveOutcome> DynamoBackend::remove_version(const std::string& key,
                                                    const Version& version) {
  const auto blob = KSV_TRY(find(key));
  if (!blob) return RemoveOutcome::kWasAbsent;
  if (!(blob->stored.version == version)) return RemoveOutcome::kConflict;
  const auto removal = KSV_TRY(remove_once(key, *blob));
  if (!removal) return RemoveOutcome::kConflict;
  if (*removal == Removal::kDone) return RemoveOutcome::kRemoved;
  return unknown_removal("the key is gone",
                         "it was there, and the removal was refused or its answer lost",
                         "It is not known whether this command or another one removed it");
}

Result<std::vector<bool>> DynamoBackend::find_which(const std::vector<std::string>& keys) {
  TableKeys asked{.table = table_, .keys = {}, .projection = "#k", .names = R"({"#k":"Key"})"};
  for (const std::string& key : keys) asked.keys.push_back(key_text(key));
  std::vector<bool> found(keys.size(), false);
  std::vector<TableKeys> left{asked};
  for (std::uint32_t round = 1; !left.empty(); ++round) {
    if (round > 1) net::wait(wire_.env(), net::jittered_pause(wire_.env(), kPauseFirst, round - 1));
    if (wire_.call().deadline.passed()) {
      return Error(ErrorCode::kDeadline, "the time allowed ran out");
    }
    BatchGetReply reply = KSV_TRY(batch_get(wire_, left, ""));
    for (const TableItem& item : reply.items) {
      const auto key = key_of_item(item.item);
      for (std::size_t i = 0; key && i < keys.size(); ++i) {
        if (keys[i] == *key) found[i] = true;
      }
    }
    left = std::move(reply.unprocessed);
  }
  return found;
}

// After a removal that was refused or got no answer: good if none of the keys is there any more.
Status DynamoBackend::check_removed(const std::vector<std::string>& keys, const Error& error) {
  const bool is_doubtful = error.effect() == Effect::kUnknown;
  if (!is_doubtful && !error.is_refused_write()) return error;
  const auto left = find_which(keys);
  if (!left.has_value()) {
    if (is_doubtful || is_same_refusal(error, left.error())) return error;
    return unknown_removal("the state could not be read back", error.message(),
                           "Look with ksv multi-get");
  }
  return std::find(left->begin(), left->end(), true) == left->end() ? ok() : Status(error);
}

// Looks which are there, then removes those, all or nothing, if the others are still absent.
Result<std::vector<bool>> DynamoBackend::remove_many(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) KSV_CHECK(check_key(key));
  if (keys.empty()) return std::vector<bool>();
  KSV_CHECK(check_count(keys.size()));
  const SignalHold hold(wire_.env());
  has_written_ = true;
  for (int look = 1; look <= kLooksMax; ++look) {
    std::vector<bool> found = KSV_TRY(find_which(keys));
    TransactInput input;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ObjectText operation;
      operation.text("TableName", table_)
          .json("Key", key_text(keys[i]))
          .text("ConditionExpression",
                found[i] ? "attribute_exists(#k)" : "attribute_not_exists(#k)")
          .json("ExpressionAttributeNames", R"({"#k":"Key"})");
      const std::string kind = found[i] ? "Delete" : "ConditionCheck";
      input.operations.push_back("{\"" + kind + "\":" + operation.take() + "}");
    }
    auto reply = transact_write(wire_, input);
    if (!reply.has_value()) {
      KSV_CHECK(check_removed(keys, reply.error()));
      return found;
    }
    auto* cancelled = std::get_if<Cancelled>(&*reply);
    if (cancelled == nullptr) return found;
    if (cancelled->error.code() != ErrorCode::kContention ||
        cancelled->error.effect() == Effect::kUnknown) {
      return std::move(cancelled->error);
    }
  }
  return busy("one of the keys");
}

}  // namespace ksv::dynamodb
