// The client of v3: how it asks, and the errors that v2 has numbers for.
#include "backend/etcd/etcd_v3_client.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "backend/etcd/etcd_open.h"

namespace ksv::etcd {
namespace {

// Of the answers' JSON; transactions in transactions are not asked for.
constexpr std::uint32_t kAnswerDepthMax = 64;

struct TreeErrorRow {
  std::int64_t code;
  int status;
  std::string_view message;
};
// doc/etcd.md, "Errors"; the words are v2's.
constexpr std::array kTreeErrors = {
    TreeErrorRow{100, 404, "Key not found"},      TreeErrorRow{101, 412, "Compare failed"},
    TreeErrorRow{102, 403, "Not a file"},         TreeErrorRow{104, 400, "Not a directory"},
    TreeErrorRow{105, 412, "Key already exists"}, TreeErrorRow{107, 400, "Root is read only"},
    TreeErrorRow{108, 403, "Directory not empty"}};

}  // namespace

Error tree_error(std::int64_t code, const std::string& path, std::int64_t index) {
  ServiceError refusal{.code = code, .is_v2 = true, .cause = path};
  refusal.traits.code = ErrorCode::kState;
  for (const TreeErrorRow& row : kTreeErrors) {
    if (row.code != code) continue;
    refusal.status = row.status;
    refusal.message = row.message;
  }
  if (index > 0) refusal.index = index;
  return make_error(refusal);
}

Error V3Client::unreadable(const Question& question) {
  const bool is_write = question.repeat != net::Repeat::kRead;
  return Error(ErrorCode::kUnavailable, question.name + ": the answer is not what v3 answers",
               is_write ? Effect::kUnknown : Effect::kNone);
}

bool V3Client::is_forbidden(const Error& error) {
  const ErrorDetail permission_denied{"code", "7", 7};
  const auto& details = error.details();
  return std::find(details.begin(), details.end(), permission_denied) != details.end();
}

Result<V3Client::Response> V3Client::ask_for(const Question& question) {
  const Request request{.name = question.name,
                        .path = question.path,
                        .body = bytes_of(question.body),
                        .repeat = question.repeat,
                        .needs_leader = !question.stale,
                        .answer_bytes_max = question.answer_bytes_max};
  Answer answer = KSV_TRY(wire_.send(request));
  Response response{.status = answer.status};
  if (answer.refusal) {
    response.refusal = wire_.refused(request, answer);
    response.meaning = answer.refusal->traits.meaning;
    return response;
  }
  auto json = parse_json(text_of(answer.body), kAnswerDepthMax);
  if (!json.has_value()) return unreadable(question);
  response.json = *std::move(json);
  return response;
}

Result<V3Client::Response> V3Client::ask(const Question& question) {
  Response response = KSV_TRY(ask_for(question));
  if (response.refusal) return *std::move(response.refusal);
  return response;
}

Result<TxnAnswer> V3Client::run_txn(const std::string& name, const TxnText& txn, net::Repeat repeat,
                                    bool stale, std::size_t answer_bytes_max) {
  const Question question{.name = name,
                          .path = "/kv/txn",
                          .body = txn.take(),
                          .repeat = repeat,
                          .stale = stale,
                          .answer_bytes_max = answer_bytes_max};
  const Response response = KSV_TRY(ask(question));
  FieldReader reader;
  TxnAnswer answer = read_txn(response.json, &reader);
  answer.meta.status = response.status;
  const auto expected = answer.succeeded ? txn.then.size() : txn.otherwise.size();
  if (reader.is_bad() || answer.ops.size() != expected) return unreadable(question);
  return answer;
}

std::unique_ptr<Client> make_v3_client(Wire& wire) { return std::make_unique<V3Client>(wire); }

}  // namespace ksv::etcd
