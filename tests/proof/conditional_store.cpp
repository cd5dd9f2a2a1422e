// Reading, writing and removing under conditions, and the place where faults come in.
#include "proof/conditional_store.h"

#include <algorithm>

namespace ksv::testing {
namespace {

std::string unquoted(std::string text) {
  std::erase(text, '"');
  return text;
}

int count_of(const std::vector<std::string>& paths, const std::string& key) {
  return static_cast<int>(std::count_if(
      paths.begin(), paths.end(), [&](const auto& path) { return path.find(key) != path.npos; }));
}

}  // namespace

ServerAction refusal_action(int status, const std::string& code) {
  return {.status = status,
          .headers = {{"x-amz-request-id", "r-1"}, {"content-type", "application/xml"}},
          .body = "<Error><Code>" + code + "</Code><Message>as told</Message></Error>"};
}

ConditionalStore::ConditionalStore() {
  server_.otherwise([this](const ServedRequest& request) { return answer(request); });
}

void ConditionalStore::break_by(const std::string& key, std::string method, Fault fault) {
  faulty_key_ = key;
  faulty_method_ = std::move(method);
  fault_ = std::move(fault);
  sent_ = 0;
}

void ConditionalStore::mend() { fault_ = nullptr; }

int ConditionalStore::writes_of(const std::string& key) const { return count_of(written_, key); }

int ConditionalStore::removals_of(const std::string& key) const { return count_of(removed_, key); }

const std::string* ConditionalStore::present(const std::string& key) const {
  for (const auto& [path, object] : objects_) {
    if (path.find(key) != path.npos) return &object.body;
  }
  return nullptr;
}

ServerAction ConditionalStore::answer(const ServedRequest& request) {
  if (fault_ && request.method == faulty_method_ &&
      request.path.find(faulty_key_) != request.path.npos) {
    ++sent_;
    if (const auto action = fault_(request, sent_)) return *action;
  }
  ServerAction action = serve(request);
  action.reset_after = resets_;
  return action;
}

bool ConditionalStore::condition_holds(const ServedRequest& request) const {
  const auto found = objects_.find(request.path);
  if (!request.header("if-none-match").empty()) return found == objects_.end();
  const std::string match = request.header("if-match");
  return match.empty() || (found != objects_.end() && found->second.etag == unquoted(match));
}

ServerAction ConditionalStore::serve(const ServedRequest& request) {
  const bool was_there = objects_.count(request.path) > 0;
  ServerAction action = serve_rival(request);
  if (request.method == "PUT" && action.status == 200) written_.push_back(request.path);
  if (request.method == "DELETE" && action.status == 204 && was_there) {
    removed_.push_back(request.path);
  }
  return action;
}

ServerAction ConditionalStore::serve_rival(const ServedRequest& request) {
  const auto found = objects_.find(request.path);
  if (request.method == "GET" || request.method == "HEAD") {
    // The bucket itself.
    if (std::count(request.path.begin(), request.path.end(), '/') < 2) return {};
    if (found == objects_.end()) return refusal_action(404, "NoSuchKey");
    return answer_read(request, found->second);
  }
  if (!condition_holds(request)) {
    // S3 says so where nothing is there that could match.
    if (found == objects_.end()) return refusal_action(404, "NoSuchKey");
    return refusal_action(412, "PreconditionFailed");
  }
  if (request.method == "PUT") return write(request);
  if (found != objects_.end()) objects_.erase(found);
  return {.status = 204};
}

ServerAction ConditionalStore::write(const ServedRequest& request) {
  Object object{.body = request.body, .etag = "e" + std::to_string(++etags_), .meta = {}};
  for (const HttpHeader& header : request.headers) {
    if (header.name.starts_with("x-amz-meta-")) object.meta.push_back(header);
  }
  const std::string etag = '"' + object.etag + '"';
  objects_.insert_or_assign(request.path, std::move(object));
  return {.headers = {{"ETag", etag}}};
}

ServerAction ConditionalStore::answer_read(const ServedRequest& request,
                                           const Object& object) const {
  ServerAction action{.headers = object.meta, .body = object.body};
  action.headers.push_back({"ETag", '"' + object.etag + '"'});
  if (request.method == "HEAD") return action;
  if (request.header("range").empty()) return action;
  // The ranges of these tests begin at 0 and end behind the object.
  action.status = 206;
  action.headers.push_back({"Content-Range", "bytes 0-" + std::to_string(object.body.size() - 1) +
                                                 "/" + std::to_string(object.body.size())});
  return action;
}

}  // namespace ksv::testing
