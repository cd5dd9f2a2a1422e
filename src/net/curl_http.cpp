// The pool of libcurl handles, and what they share.
#include "net/curl_http.h"

#include <array>
#include <mutex>
#include <vector>

#include "net/curl_exchange.h"
#include "net/curl_library.h"

namespace ksv::net {
namespace {

// Handles that stay open while nobody uses them: each may hold a few connections.
constexpr std::size_t kIdleHandlesMax = 64;

// What all handles have in common: addresses of names, and TLS sessions, so that a further
// connection to a known server costs a round trip less. Connections stay with their handle.
class CurlShare {
 public:
  explicit CurlShare(const CurlLibrary& curl) : curl_(curl), share_(curl.share_init()) {
    if (share_ == nullptr) return;
    curl_.share_setopt(share_, CURLSHOPT_LOCKFUNC, &CurlShare::lock);
    curl_.share_setopt(share_, CURLSHOPT_UNLOCKFUNC, &CurlShare::unlock);
    curl_.share_setopt(share_, CURLSHOPT_USERDATA, this);
    curl_.share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_.share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  }
  ~CurlShare() {
    if (share_ != nullptr) curl_.share_cleanup(share_);
  }
  CurlShare(const CurlShare&) = delete;
  CurlShare& operator=(const CurlShare&) = delete;

  CURLSH* handle() { return share_; }

 private:
  static void lock(CURL* /*handle*/, curl_lock_data data, curl_lock_access /*access*/, void* self) {
    static_cast<CurlShare*>(self)->mutex_of(data).lock();
  }
  static void unlock(CURL* /*handle*/, curl_lock_data data, void* self) {
    static_cast<CurlShare*>(self)->mutex_of(data).unlock();
  }
  std::mutex& mutex_of(curl_lock_data data) {
    const auto index = static_cast<std::size_t>(data);
    return mutexes_[index < mutexes_.size() ? index : 0];
  }

  const CurlLibrary& curl_;
  CURLSH* share_;
  std::array<std::mutex, CURL_LOCK_DATA_LAST> mutexes_;
};

class CurlHttp final : public Http {
 public:
  explicit CurlHttp(Env& env) : env_(env) {}
  ~CurlHttp() override {
    for (CURL* handle : idle_) curl_->easy_cleanup(handle);
  }
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  HttpOutcome exchange(const HttpRequest& request) override {
    std::call_once(loaded_, [this] { load(); });
    CURL* handle = curl_.has_value() ? take() : nullptr;
    if (handle == nullptr) {
      return HttpFailure{HttpFailure::Kind::kRequest, false,
                         curl_.has_value() ? "libcurl has no memory" : curl_.error().message()};
    }
    HttpOutcome outcome = CurlExchange(*curl_, handle, request, env_).run();
    give_back(handle);
    return outcome;
  }

 private:
  void load() {
    curl_ = load_curl();
    if (curl_.has_value()) share_ = std::make_unique<CurlShare>(*curl_);
  }

  // The handle that was used last: a caller that sends one request after the other always gets the
  // same one, and with it a warm connection.
  CURL* take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) {
      CURL* handle = curl_->easy_init();
      if (handle != nullptr) curl_->easy_setopt(handle, CURLOPT_SHARE, share_->handle());
      return handle;
    }
    CURL* handle = idle_.back();
    idle_.pop_back();
    return handle;
  }

  void give_back(CURL* handle) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleHandlesMax) {
      idle_.push_back(handle);
    } else {
      curl_->easy_cleanup(handle);
    }
  }

  Env& env_;
  std::once_flag loaded_;
  Result<CurlLibrary> curl_ = Error(ErrorCode::kInternal, "libcurl is not loaded");
  std::unique_ptr<CurlShare> share_;  // outlives the handles
  std::mutex mutex_;
  std::vector<CURL*> idle_;
};

}  // namespace

std::unique_ptr<Http> make_curl_http(Env& env) { return std::make_unique<CurlHttp>(env); }

}  // namespace ksv::net
