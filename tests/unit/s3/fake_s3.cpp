// The fake S3 service.
#include "unit/s3/fake_s3.h"

#include <algorithm>
#include <charconv>

#include "base/crypto.h"
#include "base/hex.h"
#include "base/xml.h"

namespace ksv::testing {

namespace {

HttpAnswer plain(int status, const std::string& body = "", HttpHeaders headers = {}) {
  return {status, std::move(headers), copy_of(bytes_of(body))};
}

std::string unquoted(std::string text) {
  if (text.size() >= 2 && text.front() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

int number_of(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string Seen::parameter(std::string_view name) const {
  for (const auto& [each, value] : query) {
    if (each == name) return value;
  }
  return "";
}

bool Seen::has(std::string_view name) const {
  return std::any_of(query.begin(), query.end(),
                     [&](const auto& pair) { return pair.first == name; });
}

HttpAnswer refusal(int status, const std::string& code, const std::string& more) {
  return plain(status,
               "<Error><Code>" + code + "</Code><Message>told</Message>" + more + "</Error>",
               {{"x-amz-request-id", "REQ-1"}, {"content-type", "application/xml"}});
}

std::size_t FakeS3::count(std::string_view method) const {
  return static_cast<std::size_t>(std::count_if(
      seen.begin(), seen.end(), [&](const Seen& each) { return each.method == method; }));
}

HttpOutcome FakeS3::exchange(const HttpRequest& request) {
  std::unique_lock<std::mutex> lock(mutex_);
  const std::size_t mark = request.url.find('?');
  auto url = net::parse_url(request.url.substr(0, mark));
  REQUIRE_OK(url);
  auto query = net::parse_query(mark == std::string::npos ? "" : request.url.substr(mark + 1));
  REQUIRE_OK(query);
  const Seen one{request.method, *url, *query, request.headers, std::string(text_of(request.body))};
  seen.push_back(one);
  if (script) {
    if (auto scripted = script(one)) return *scripted;
  }
  HttpAnswer answered = answer(one, lock);
  if (one.method == "HEAD") answered.body.clear();
  if (way_back) {
    if (auto lost = way_back(one, answered)) return *lost;
  }
  return answered;
}

HttpAnswer FakeS3::answer(const Seen& request, std::unique_lock<std::mutex>& lock) {
  std::string path = *net::percent_decode(request.url.path);
  if (!path.starts_with("/b")) return refusal(404, "NoSuchBucket");
  path.erase(0, 2);
  if (path.empty() || path == "/") return answer_bucket(request);
  if (!has_bucket) return refusal(404, "NoSuchBucket");
  const std::string name = path.substr(1);
  if (request.has("uploads") || request.has("uploadId")) return answer_upload(request, name, lock);
  if (request.method == "GET" || request.method == "HEAD") return answer_read(request, name);
  if (request.method == "PUT") return answer_put(request, name, lock);
  const std::string match = unquoted(request.header("if-match"));
  const auto found = objects.find(name);
  if (removes && !match.empty() && (found == objects.end() || found->second.etag != match)) {
    return refusal(412, "PreconditionFailed");
  }
  objects.erase(name);
  return plain(204);
}

HttpAnswer FakeS3::answer_bucket(const Seen& request) {
  if (request.method == "PUT") {
    if (has_bucket) return refusal(409, "BucketAlreadyOwnedByYou");
    has_bucket = true;
    return plain(200);
  }
  if (!has_bucket) return refusal(404, "NoSuchBucket");
  if (request.method == "HEAD") return plain(200);
  if (request.method == "GET") return answer_list(request);
  if (request.method == "DELETE") {
    if (!objects.empty()) return refusal(409, "BucketNotEmpty");
    has_bucket = false;
    return plain(204);
  }
  if (!multi_delete) return refusal(501, "NotImplemented");
  if (request.header("content-md5") != to_base64(md5(bytes_of(request.body)))) {
    return refusal(400, "BadDigest");
  }
  const auto root = parse_xml(bytes_of(request.body));
  for (const XmlNode* object : root->children("Object")) {
    objects.erase(std::string(object->text_of("Key")));
  }
  return plain(200, "<DeleteResult></DeleteResult>");
}

// Pages of three names, the last of which is the token of the next.
HttpAnswer FakeS3::answer_list(const Seen& request) {
  const std::string prefix = request.parameter("prefix");
  const std::string delimiter = request.parameter("delimiter");
  std::string body = "<ListBucketResult><EncodingType>url</EncodingType>";
  std::string last;
  std::string common;
  int count = 0;
  for (const auto& [name, object] : objects) {
    if (!name.starts_with(prefix) || name <= request.parameter("continuation-token")) continue;
    if (count == 3) {
      body += "<IsTruncated>true</IsTruncated><NextContinuationToken>" + last +
              "</NextContinuationToken>";
      break;
    }
    last = name;
    ++count;
    const std::size_t cut = delimiter.empty() ? std::string::npos : name.find(delimiter);
    if (cut == std::string::npos) {
      body += "<Contents><Key>" + net::percent_encode(name) + "</Key><Size>" +
              std::to_string(object.body.size()) +
              "</Size><LastModified>2026-11-21T10:00:00.000Z</LastModified></Contents>";
    } else if (name.substr(0, cut + 1) != common) {
      common = name.substr(0, cut + 1);
      body += "<CommonPrefixes><Prefix>" + common + "</Prefix></CommonPrefixes>";
    }
  }
  return plain(200, body + "</ListBucketResult>");
}

HttpAnswer FakeS3::answer_read(const Seen& request, const std::string& name) {
  const auto found = objects.find(name);
  if (found == objects.end()) return refusal(404, "NoSuchKey");
  const Object& object = found->second;
  const std::string match = request.header("if-match");
  if (!match.empty() && unquoted(match) != object.etag) return refusal(412, "PreconditionFailed");
  HttpHeaders headers{{"etag", "\"" + object.etag + "\""}};
  if (!object.write_id.empty()) headers.push_back({"x-amz-meta-ksv-write", object.write_id});
  if (request.method == "HEAD") {
    headers.push_back({"content-length", std::to_string(object.body.size())});
    return plain(200, "", headers);
  }
  const std::string range = request.header("range");
  if (range.empty()) return plain(200, object.body, headers);
  const std::size_t dash = range.find('-');
  const auto from = static_cast<std::size_t>(number_of(range.substr(6, dash - 6)));
  if (from >= object.body.size()) return refusal(416, "InvalidRange");
  const auto last = static_cast<std::size_t>(number_of(range.substr(dash + 1)));
  const std::string part = object.body.substr(from, last - from + 1);
  headers.push_back({"content-range", "bytes " + std::to_string(from) + "-" +
                                          std::to_string(from + part.size() - 1) + "/" +
                                          std::to_string(object.body.size())});
  return plain(206, part, headers);
}

// The refusal that a condition brings.
std::optional<HttpAnswer> FakeS3::judge(const Seen& request, const std::string& name,
                                        Writes how) const {
  const std::string match = request.header("if-match");
  const bool absent = !request.header("if-none-match").empty();
  if (match.empty() && !absent) return std::nullopt;
  if (how == Writes::kRefused) return refusal(501, "NotImplemented");
  if (how == Writes::kIgnored) return std::nullopt;
  const auto found = objects.find(name);
  if (absent) {
    if (found == objects.end()) return std::nullopt;
    return refusal(412, "PreconditionFailed");
  }
  if (found == objects.end()) return refusal(404, "NoSuchKey");
  const std::string named = how == Writes::kBareOnly ? match : unquoted(match);
  if (named == found->second.etag) return std::nullopt;
  return refusal(412, "PreconditionFailed");
}

HttpAnswer FakeS3::answer_put(const Seen& request, const std::string& name,
                              std::unique_lock<std::mutex>& lock) {
  if (auto refused = judge(request, name, writes)) return *refused;
  if (writes == Writes::kRacy) linger(name, lock);
  return store(name, request.body, request.header("x-amz-meta-ksv-write"));
}

// A racy service has looked, and writes a while later: when another has looked, too.
void FakeS3::linger(const std::string& name, std::unique_lock<std::mutex>& lock) {
  if (name.find(".ksv-probe-") == std::string::npos) return;
  ++racing_;
  arrived_.notify_all();
  arrived_.wait_for(lock, std::chrono::milliseconds(20), [&] { return racing_ > 1; });
  --racing_;
}

HttpAnswer FakeS3::store(const std::string& name, const std::string& body,
                         const std::string& write_id) {
  const std::string etag = to_hex(md5(bytes_of(body)));
  objects[name] = {body, etag, write_id};
  return plain(200, "", {{"etag", "\"" + etag + "\""}});
}

HttpAnswer FakeS3::answer_upload(const Seen& request, const std::string& name,
                                 std::unique_lock<std::mutex>& lock) {
  if (request.has("uploads")) {
    const std::string id = "up-" + std::to_string(uploads_begun_++);
    uploads_[id] = {request.header("x-amz-meta-ksv-write"), {}};
    return plain(200, "<InitiateMultipartUploadResult><UploadId>" + id +
                          "</UploadId></InitiateMultipartUploadResult>");
  }
  const auto found = uploads_.find(request.parameter("uploadId"));
  if (found == uploads_.end()) return refusal(404, "NoSuchUpload");
  if (request.method == "PUT") {
    found->second.parts[number_of(request.parameter("partNumber"))] = request.body;
    return plain(200, "", {{"etag", "\"" + to_hex(md5(bytes_of(request.body))) + "\""}});
  }
  if (request.method == "DELETE") {
    uploads_.erase(found);
    return plain(204);
  }
  const Writes how = completions.value_or(writes);
  if (auto refused = judge(request, name, how)) return *refused;
  const Upload upload = std::move(found->second);
  uploads_.erase(found);
  if (how == Writes::kRacy) linger(name, lock);
  std::string body;
  for (const auto& [number, part] : upload.parts) body += part;
  store(name, body, upload.write_id);
  return plain(200, "  \n<CompleteMultipartUploadResult><ETag>&quot;" + objects[name].etag +
                        "&quot;</ETag></CompleteMultipartUploadResult>");
}

S3World::S3World() {
  env.use_http(s3);
  s3.objects[kStoreId + "_.konserve-metadata"] = {"konserve", "m", ""};
}

StoreAddress S3World::address() const {
  StoreAddress at;
  at.backend = "s3";
  at.location = "b";
  at.id = kStoreId;
  at.options = {{"endpoint", "http://s3.test"}, {"access-key", "AK"}, {"secret", "SK"}};
  return at;
}

std::unique_ptr<StorePlace> S3World::place(const StoreAddress& at) {
  auto opened = open_place(at, env, call);
  REQUIRE_OK(opened);
  return *std::move(opened);
}

std::string S3World::key(int n) { return "k" + std::to_string(n) + ".ksv"; }

std::string S3World::object(int n) { return kStoreId + "_" + key(n); }

}  // namespace ksv::testing
