// Writing and removing v2's keys.
//
// Values go in the body as a form, never in the request line, which is limited. The same holds for
// a value that is compared, except for removals, which have no body: there it is read and compared
// here, and its index goes along.
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "backend/etcd/etcd_v2_answer.h"
#include "backend/etcd/etcd_v2_client.h"
#include "base/refused_write.h"
#include "base/utf8.h"
#include "net/url.h"

namespace ksv::etcd {
namespace {

// The server adds it to the present time in nanoseconds, of 64 bits, and takes an overflow for no
// time to live at all.
constexpr std::int64_t kTtlMax = 3'000'000'000;
// Rounds against others that change a key from one empty value to another.
constexpr int kRoundsMax = 16;

Error usage(std::string text) { return Error(ErrorCode::kUsage, std::move(text)); }

Status check_ttl(std::optional<std::int64_t> ttl) {
  if (!ttl || (*ttl >= 1 && *ttl <= kTtlMax)) return ok();
  return usage(fmt::format("a time to live has 1 to {} seconds", kTtlMax));
}

Status check_text(BytesView value) {
  if (is_utf8(text_of(value))) return ok();
  return usage("etcd's v2 holds text alone, and the value is no UTF-8")
      .with_hint("v3 holds bytes of every kind.");
}

Status check_condition(const Condition& condition) {
  if (condition.modified && *condition.modified <= 0) {
    return usage("a version is a number from 1: the server takes 0 for no condition at all");
  }
  if (condition.exists == false && (condition.value || condition.modified)) {
    return usage("a key that must be absent has no value or version to compare");
  }
  if (condition.value) KSV_CHECK(check_text(*condition.value));
  return ok();
}

void add(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form.append(name).append("=").append(net::percent_encode(value));
}

// What the conditions are in the query.
void add_condition(std::string& query, const Condition& condition) {
  if (condition.exists) add(query, "prevExist", *condition.exists ? "true" : "false");
  if (condition.modified) add(query, "prevIndex", std::to_string(*condition.modified));
}

std::string_view action_of_refusal(std::int64_t code) { return code == 105 ? "create" : ""; }

}  // namespace

struct V2Client::Write {
  std::string name;
  std::string path;
  std::string method;
  std::string query{};
  std::string form{};
  Condition condition{};

  Request request(const std::string& key_path) const {
    Request request{.name = name,
                    .resource = Resource::kV2,
                    .method = method,
                    .path = key_path,
                    .repeat = net::Repeat::kOnce};
    if (!query.empty()) request.path += "?" + query;
    if (method != "DELETE") {
      request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
      request.body = bytes_of(form);
    }
    return request;
  }
};

Result<WriteReply> V2Client::send_write(const Write& write, bool is_quick) {
  const std::string key_path = KSV_TRY(v2_key_path(write.path));
  const Request request = write.request(key_path);
  const Answer answer = KSV_TRY(wire_.send(request));
  if (!answer.refusal) {
    auto reply = v2_reply(answer, request.name);
    if (!reply.has_value()) return std::move(reply).error().with_effect(Effect::kUnknown);
    return WriteReply{.applied = true, .reply = *std::move(reply)};
  }
  const bool is_answer = answer.is(Meaning::kNoKey) || answer.is(Meaning::kCompareFailed) ||
                         answer.is(Meaning::kExists);
  if (!is_answer) return wire_.refused(request, answer);
  WriteReply refused;
  refused.error_code = static_cast<std::int32_t>(answer.refusal->code.value_or(0));
  refused.cause = answer.refusal->cause;
  refused.reply = Reply{.meta = v2_meta(answer), .action = {}};
  refused.reply.action = action_of_refusal(refused.error_code);
  if (is_quick || answer.is(Meaning::kNoKey)) return refused;
  Reply present = KSV_TRY(get(write.path, {}));
  refused.reply.node = std::move(present.node);
  return refused;
}

// Compares the value here, and lets the server compare the index that goes with it.
Result<WriteReply> V2Client::write_at_value(Write write, const Bytes& value, bool is_quick) {
  const std::string query = write.query;
  for (int round = 1; round <= kRoundsMax; ++round) {
    Reply present = KSV_TRY(get(write.path, {}));
    const bool is_there = present.node.has_value();
    const std::int64_t modified = is_there ? present.node->modified : 0;
    const bool is_directory = is_there && present.node->is_directory;
    const bool is_wanted = write.condition.modified.value_or(modified) == modified;
    if (!is_there || (!is_directory && (present.node->value != value || !is_wanted))) {
      WriteReply refused{.applied = false, .reply = std::move(present)};
      refused.reply.action.clear();
      refused.error_code = is_there ? 101 : 100;
      const std::string found = is_there ? std::string(text_of(refused.reply.node->value)) : "";
      refused.cause = is_there ? fmt::format("[{} != {}]", text_of(value), found) : write.path;
      return refused;
    }
    write.query = query;
    // The server itself refuses directories.
    if (!write.condition.modified) add(write.query, "prevIndex", std::to_string(modified));
    WriteReply reply = KSV_TRY(send_write(write, is_quick));
    if (reply.applied || write.condition.modified) return reply;
  }
  return Error(ErrorCode::kContention, write.name + ": others kept writing the key")
      .with_hint("Nothing was written.");
}

Result<WriteReply> V2Client::put(const std::string& path, BytesView value,
                                 const WriteOptions& options) {
  const Condition& condition = options.condition;
  KSV_CHECK(check_condition(condition));
  KSV_CHECK(check_ttl(options.ttl));
  KSV_CHECK(check_text(value));
  if (options.companion) return usage("v2 writes one key at a time");
  if (options.refresh && (!options.ttl || condition.exists == false)) {
    return usage("a refresh needs the new time to live, and a key that is there");
  }
  if (options.directory && (condition.value || condition.modified || options.refresh)) {
    return usage("a directory has no value that could be compared or kept");
  }
  Write write{.name = "put " + path, .path = path, .method = "PUT", .condition = condition};
  add_condition(write.query, condition);
  // Without it the server makes the key anew, and its createdIndex with it.
  if (options.refresh && !condition.exists) add(write.query, "prevExist", "true");
  if (options.directory) {
    add(write.query, "dir", "true");
  } else if (options.refresh) {
    add(write.form, "refresh", "true");
  } else {
    add(write.form, "value", text_of(value));
  }
  if (options.ttl) add(write.form, "ttl", std::to_string(*options.ttl));
  if (!condition.value) return send_write(write, options.is_quick);
  if (condition.value->empty()) return write_at_value(write, {}, options.is_quick);
  add(write.form, "prevValue", text_of(*condition.value));
  return send_write(write, options.is_quick);
}

Result<Reply> V2Client::create_in_order(const std::string& directory, BytesView value,
                                        std::optional<std::int64_t> ttl) {
  KSV_CHECK(check_ttl(ttl));
  KSV_CHECK(check_text(value));
  Write write{.name = "create in " + directory, .path = directory, .method = "POST"};
  add(write.form, "value", text_of(value));
  if (ttl) add(write.form, "ttl", std::to_string(*ttl));
  const std::string key_path = KSV_TRY(v2_key_path(directory));
  const Request request = write.request(key_path);
  const Answer answer = KSV_TRY(wire_.send(request));
  if (answer.refusal) return doubted(wire_.refused(request, answer), directory);
  auto reply = v2_reply(answer, request.name);
  if (!reply.has_value()) return std::move(reply).error().with_effect(Effect::kUnknown);
  return reply;
}

// A refusal without a code of etcd's may come from something on the way, after the server did the
// write: it is believed if reading is refused alike.
Error V2Client::doubted(Error refusal, const std::string& path) {
  if (!refusal.is_refused_write()) return refusal;
  const auto read = get(path, {});
  if (!read.has_value() && is_same_refusal(refusal, read.error())) return refusal;
  return std::move(refusal)
      .with_effect(Effect::kUnknown)
      .with_hint("What refused it may not be etcd, and etcd may have done it: look with ksv ls");
}

Result<WriteReply> V2Client::remove(const std::string& path, const RemoveOptions& options) {
  const Condition& condition = options.condition;
  KSV_CHECK(check_condition(condition));
  if (options.companion) return usage("v2 writes one key at a time");
  if (condition.exists == false) return usage("a key that must be absent cannot be removed");
  Write write{.name = "remove " + path, .path = path, .method = "DELETE"};
  write.condition = condition;
  if (condition.modified) add(write.query, "prevIndex", std::to_string(*condition.modified));
  if (options.recursive) add(write.query, "recursive", "true");
  if (options.directory) add(write.query, "dir", "true");
  if (!condition.value) return send_write(write, false);
  return write_at_value(write, *condition.value, false);
}

}  // namespace ksv::etcd
