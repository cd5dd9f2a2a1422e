// What a failure of libcurl means: its kind, whether anything was sent, and a line of text.
#include <fmt/format.h>
#include <system_error>

#include "net/curl_exchange.h"

namespace ksv::net {
namespace {

using Kind = HttpFailure::Kind;

// `begun`: the request was handed to a connection. A failure to connect after that is one of
// libcurl's attempt to send it again.
Kind kind_of(CURLcode code, bool begun) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return Kind::kResolve;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return Kind::kProxy;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED: return Kind::kTls;
    // Servers under load break handshakes off: that is no word on certificates.
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_COULDNT_CONNECT: return Kind::kConnect;
    case CURLE_OPERATION_TIMEDOUT: return begun ? Kind::kTimeout : Kind::kConnect;
    case CURLE_UNSUPPORTED_PROTOCOL:  // after sending: an answer that is not HTTP
    case CURLE_FAILED_INIT:
    case CURLE_URL_MALFORMAT:
    case CURLE_OUT_OF_MEMORY:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_NOT_BUILT_IN: return begun ? Kind::kBroken : Kind::kRequest;
    default: return begun ? Kind::kBroken : Kind::kConnect;
  }
}

std::string system_error_text(long number) {
  std::string text = std::generic_category().message(static_cast<int>(number));
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

// libcurl's own words, as one bounded line.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, limits::kExcerptChars));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.pop_back();
  return line;
}

// The peer ended the handshake because of our certificate, or the lack of one. In TLS 1.3 that
// comes after we have sent the request, which the peer has not looked at then.
bool is_certificate_alert(CURLcode code, std::string_view detail) {
  if (code != CURLE_RECV_ERROR && code != CURLE_SEND_ERROR) return false;
  return detail.find("alert bad certificate") != detail.npos ||
         detail.find("alert certificate required") != detail.npos ||
         detail.find("alert unknown ca") != detail.npos;
}

std::string broken_text(CURLcode code, const std::string& host, bool answer_begun) {
  if (code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL) {
    return host + " answered with something that is not HTTP";
  }
  if (answer_begun) return "the answer of " + host + " broke off";
  return "the connection to " + host + " was lost before the answer";
}

}  // namespace

HttpFailure CurlExchange::failure(CURLcode code) {
  HttpFailure failure{kind_of(code, begun_), may_have_left(), {}};
  const std::string host = url_.authority();
  const std::string detail =
      one_line(error_text_[0] != '\0' ? error_text_.data() : curl_.easy_strerror(code));
  if (failure.sent && (failure.kind == Kind::kConnect || failure.kind == Kind::kResolve ||
                       failure.kind == Kind::kProxy || failure.kind == Kind::kTls)) {
    failure.kind = Kind::kBroken;
  }
  if (is_certificate_alert(code, detail) && header_bytes_ == 0) {
    failure.kind = Kind::kTls;
    failure.sent = false;
  }
  const long connect_code = begun_ ? 0 : number_info(CURLINFO_HTTP_CONNECTCODE);
  if (connect_code >= 300) {
    failure.kind = Kind::kProxy;
    failure.text = fmt::format("the proxy refused a connection to {} ({})", host, connect_code);
    return failure;
  }
  curl_off_t total_us = 0;
  curl_.easy_getinfo(handle_, CURLINFO_TOTAL_TIME_T, &total_us);
  const bool out_of_time =
      code == CURLE_OPERATION_TIMEDOUT && total_us >= std::chrono::microseconds(timeout_).count();
  if (out_of_time) failure.kind = Kind::kTimeout;
  switch (failure.kind) {
    case Kind::kResolve: failure.text = "the name " + url_.host + " has no address"; break;
    case Kind::kTimeout:
      failure.text = out_of_time
                         ? fmt::format("no answer from {} within {} ms", host, timeout_.count())
                         : fmt::format("{} fell silent: {}", host, detail);
      break;
    case Kind::kConnect: {
      const long number = number_info(CURLINFO_OS_ERRNO);
      failure.text = fmt::format(
          "cannot connect to {} ({})", host,
          code == CURLE_COULDNT_CONNECT && number != 0 ? system_error_text(number) : detail);
      break;
    }
    case Kind::kTls:
      failure.text = fmt::format("no trusted TLS connection to {} ({})", host, detail);
      break;
    case Kind::kProxy:
      failure.text = fmt::format("no connection through the proxy ({})", detail);
      break;
    case Kind::kBroken: failure.text = broken_text(code, host, header_bytes_ > 0); break;
    default: failure.text = fmt::format("the request to {} cannot be made ({})", host, detail);
  }
  return failure;
}

HttpFailure CurlExchange::stopped() {
  HttpFailure failure{Kind::kBroken, may_have_left(), {}};
  const std::string host = url_.authority();
  switch (stop_) {
    case Stop::kCancelled:
      failure.kind = Kind::kCancelled;
      failure.text = "interrupted by a signal";
      break;
    case Stop::kBodyTooLarge:
      failure.kind = Kind::kTooLarge;
      failure.text =
          fmt::format("the answer of {} is larger than {} bytes", host, request_.answer_bytes_max);
      break;
    case Stop::kHeadersTooLarge:
      failure.kind = Kind::kTooLarge;
      failure.text = fmt::format("the headers of {} have no end", host);
      break;
    case Stop::kSink:
      failure.kind = Kind::kSink;
      failure.text = sink_error_ ? sink_error_->message() : "the sink failed";
      failure.sink = std::move(sink_error_);
      break;
    case Stop::kNoAnswer: failure.text = broken_text(CURLE_PARTIAL_FILE, host, true); break;
    case Stop::kNone:
    case Stop::kResend: failure.text = broken_text(CURLE_GOT_NOTHING, host, false); break;
  }
  return failure;
}

}  // namespace ksv::net
