// One HTTP exchange on a handle of libcurl: at most one sending of the request, a bounded answer.
#pragma once

#include <array>
#include <string>

#include "ksv/env.h"
#include "ksv/http.h"

#include "net/curl_library.h"
#include "net/url.h"

namespace ksv::net {

// libcurl by itself sends a request again when a connection that was kept alive dies before the
// answer, even if the server had read all of it. A conditional write would then be refused because
// of its own success. So the callbacks for a new socket and for the moment before sending
// (CURLOPT_OPENSOCKETFUNCTION, CURLOPT_PREREQFUNCTION) end the exchange when something of the
// request has left already; and a body comes from a read callback that cannot seek, so that it
// could not be read twice. Kept connections can be used all the same, for requests without a body
// too (CURLOPT_FRESH_CONNECT would end that).
//
// What is sent again is a request of which nothing had left, since the connection was found dead
// by the first send.
class CurlExchange {
 public:
  CurlExchange(const CurlLibrary& curl, CURL* handle, const HttpRequest& request, Env& env)
      : curl_(curl), handle_(handle), request_(request), env_(env) {}
  ~CurlExchange();
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  HttpOutcome run();  // once

 private:
  // Why we ended the exchange, or do not take it for one.
  enum class Stop { kNone, kNoAnswer, kCancelled, kResend, kBodyTooLarge, kHeadersTooLarge, kSink };

  static std::size_t on_header(char* text, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  static curl_socket_t on_connect(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_send(void* self, char*, char*, int, int);

  bool take_header(std::string_view line);
  bool take_end_of_headers();
  bool take_body(BytesView bytes);

  const HttpSettings& settings() const;
  Status check_request();
  bool set_options();
  void set_headers();
  void set_method();
  void set_times();
  void set_tls();
  template <typename T>
  void set(CURLoption option, T value);

  long number_info(CURLINFO info) const;
  bool may_have_left() const;
  double milliseconds_info(CURLINFO info) const;
  void tell_connection(HttpConnection* connection) const;
  std::int64_t certificate_end() const;
  HttpFailure failure(CURLcode code);
  HttpFailure stopped();

  const CurlLibrary& curl_;
  CURL* handle_;
  const HttpRequest& request_;
  Env& env_;
  Url url_{};
  curl_slist* header_list_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  CURLcode option_error_ = CURLE_OK;
  std::chrono::milliseconds timeout_{};

  HttpAnswer answer_{};
  std::size_t header_bytes_ = 0;
  bool headers_complete_ = false;
  bool begun_ = false;  // the request was handed to a connection
  Stop stop_ = Stop::kNone;
  std::optional<Error> sink_error_{};
};

}  // namespace ksv::net
