// One HTTP exchange, as an interface: the real one over libcurl, and fakes that lose answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ksv/limits.h"
#include "ksv/stream.h"

namespace ksv {

struct HttpHeader {
  std::string name;
  std::string value;
};
using HttpHeaders = std::vector<HttpHeader>;

// The value of the first header of that name, compared without case; null when there is none.
const std::string* find_header(const HttpHeaders& headers, std::string_view name);

// How connections are made. One object a store, shared by its requests; it outlives them.
struct HttpSettings {
  std::chrono::milliseconds connect_timeout = limits::kConnectTimeoutDefault;
  // Paths of PEM files, empty for the system's. AWS_CA_BUNDLE, CURL_CA_BUNDLE and SSL_CERT_FILE
  // are the caller's to look up. Proxies come from the environment, as curl(1) reads them.
  std::string ca_bundle{};
  std::string client_certificate{};
  std::string client_key{};
};

// What an exchange tells of its connection. The times are those of each step alone.
struct HttpConnection {
  std::string address{};  // the peer's, or the proxy's
  double resolve_ms = 0;
  double connect_ms = 0;
  double tls_ms = 0;
  std::int64_t certificate_ends_ms = 0;  // Unix time; 0: no TLS, or not known
};

struct HttpRequest {
  std::string method;
  std::string url;  // absolute and percent-encoded; the path goes out as it stands
  // Without Content-Length. A Host header, where one is given, replaces the one of the URL.
  HttpHeaders headers{};
  BytesView body{};  // outlives the exchange
  // Takes the body of a 2xx answer as it comes, in place of HttpAnswer::body. An error of the sink
  // ends the exchange with kSink.
  ByteSink sink{};
  std::size_t answer_bytes_max = limits::kValueBytesMax;  // of HttpAnswer::body
  std::chrono::milliseconds timeout{};                    // for the whole exchange
  // False where an answer may rightly be silent for long (watches); else a transfer that stalls is
  // given up before the timeout.
  bool stall_is_failure = true;
  // Past every proxy that the environment names: for services of the machine itself, which a proxy
  // would not reach, and which give out secrets.
  bool direct = false;
  const HttpSettings* settings = nullptr;  // null: the defaults
  HttpConnection* connection = nullptr;    // where it is wanted, the exchange makes a new one
};

struct HttpAnswer {
  int status = 0;
  HttpHeaders headers{};  // names in lower case
  Bytes body{};
};

// Why there is no usable answer.
struct HttpFailure {
  enum class Kind {
    kResolve,    // the name has no address
    kConnect,    // nobody listens, or the connection took too long
    kTls,        // the peer's certificate, or the handshake
    kProxy,      // the proxy refused
    kTimeout,    // the time for the exchange ran out
    kBroken,     // the connection was lost, or what came is no HTTP, or is shorter than announced
    kTooLarge,   // more than answer_bytes_max
    kSink,       // the sink gave an error
    kCancelled,  // a signal arrived (Env::cancelled)
    kRequest,    // the request cannot be made: a bad URL, libcurl missing
  };
  Kind kind = Kind::kBroken;
  // Whether any byte of the request may have left. False is a promise.
  bool sent = true;
  std::string text;             // one line, without secrets
  std::optional<Error> sink{};  // the sink's error, for kSink
};

using HttpOutcome = std::variant<HttpAnswer, HttpFailure>;

// May be used from many threads at once. Connections are kept alive and shared. An exchange sends
// its request at most once: nothing below this interface repeats a request, follows a redirect or
// changes a body.
class Http {
 public:
  virtual ~Http() = default;
  virtual HttpOutcome exchange(const HttpRequest& request) = 0;
};

}  // namespace ksv
