// An S3 service in memory, as an Http: what it makes of conditions can be chosen, and a script can
// answer in its place. May be used from several threads.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ksv/call.h"
#include "ksv/catalog.h"
#include "ksv/http.h"

#include "net/url.h"
#include "support/fake_env.h"
#include "support/result_checks.h"

namespace ksv::testing {

struct Seen {
  std::string method;
  net::Url url;
  net::Query query;
  HttpHeaders headers;
  std::string body;

  std::string header(std::string_view name) const {
    const std::string* value = find_header(headers, name);
    return value == nullptr ? "" : *value;
  }
  std::string parameter(std::string_view name) const;
  bool has(std::string_view name) const;
  std::string line() const { return method + " " + url.origin() + url.path; }
};

// An answer with S3's error body.
HttpAnswer refusal(int status, const std::string& code, const std::string& more = "");

class FakeS3 final : public Http {
 public:
  enum class Writes { kHonoured, kBareOnly, kIgnored, kRefused, kRacy };

  HttpOutcome exchange(const HttpRequest& request) override;

  Writes writes = Writes::kHonoured;
  bool removes = true;  // honours If-Match on DELETE
  // What it makes of conditions when an upload in parts is completed, if something else.
  std::optional<Writes> completions;
  bool multi_delete = true;
  bool has_bucket = true;
  // Asked first; nothing: the service answers itself.
  std::function<std::optional<HttpOutcome>(const Seen&)> script;
  // Told after the service has answered: what gets lost on the way back.
  std::function<std::optional<HttpOutcome>(const Seen&, const HttpAnswer&)> way_back;

  struct Object {
    std::string body;
    std::string etag;
    std::string write_id;
  };
  std::map<std::string, Object> objects;  // of the bucket "b"
  std::vector<Seen> seen;

  std::size_t count(std::string_view method) const;
  std::size_t uploads_open() const { return uploads_.size(); }

 private:
  HttpAnswer answer(const Seen& request, std::unique_lock<std::mutex>& lock);
  HttpAnswer answer_bucket(const Seen& request);
  HttpAnswer answer_list(const Seen& request);
  HttpAnswer answer_read(const Seen& request, const std::string& name);
  HttpAnswer answer_put(const Seen& request, const std::string& name,
                        std::unique_lock<std::mutex>& lock);
  HttpAnswer answer_upload(const Seen& request, const std::string& name,
                           std::unique_lock<std::mutex>& lock);
  HttpAnswer store(const std::string& name, const std::string& body, const std::string& write_id);
  std::optional<HttpAnswer> judge(const Seen& request, const std::string& name, Writes how) const;
  void linger(const std::string& name, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::size_t racing_ = 0;
  struct Upload {
    std::string write_id;
    std::map<int, std::string> parts;
  };
  std::map<std::string, Upload> uploads_;
  std::size_t uploads_begun_ = 0;
};

// A fake service with an environment around it.
struct S3World {
  FakeS3 s3;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};

  S3World();
  // The store with this id in the bucket "b" at http://s3.test, which the service has already.
  StoreAddress address() const;
  std::unique_ptr<StorePlace> place(const StoreAddress& at);
  std::unique_ptr<StorePlace> place() { return place(address()); }
  static std::string key(int n = 0);
  static std::string object(int n = 0);  // that of key(n)
};

inline const std::string kStoreId = "11111111-2222-3333-4444-555555555555";

}  // namespace ksv::testing
