// One HTTP exchange on libcurl: options, callbacks, the answer.
#include "net/curl_exchange.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstring>
#include <ctime>
#include <sys/socket.h>

#include "ksv/files.h"

#include "net/aws/time_text.h"

namespace ksv::net {
namespace {

// What a server may say in headers, all in all: S3 allows 8 KiB of metadata, and proxies add some.
constexpr std::size_t kHeaderBytesMax = std::size_t{256} << 10;
// Memory taken at an answer's word, before its bytes are there: as much as the parts of a download
// have, which would grow by doubling, and with room for two of each.
constexpr std::size_t kReserveBytesMax = std::size_t{8} << 20;
constexpr long kReceiveBufferBytes = 100 << 10;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<std::uint64_t> parse_length(const std::string* text) {
  if (text == nullptr) return std::nullopt;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return length;
}

bool is_token(std::string_view text) {
  const auto fits = [](char c) {
    return c > ' ' && c < 127 && std::strchr("()<>@,;:\\\"/[]?={}", c) == nullptr;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool is_header_value(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

// OpenSSL writes to sockets without MSG_NOSIGNAL, so that a lost connection raises SIGPIPE. Blocks
// it in this thread, and takes back the one that was raised meanwhile.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~NoSigpipe() {
    if (!was_pending_) {
      const timespec at_once{};
      sigtimedwait(&sigpipe_, nullptr, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t sigpipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace

CurlExchange::~CurlExchange() {
  curl_.slist_free_all(header_list_);
  // The handle outlives this exchange, and must not call it back.
  curl_.easy_reset(handle_);
}

const HttpSettings& CurlExchange::settings() const {
  static const HttpSettings kDefaults;
  return request_.settings != nullptr ? *request_.settings : kDefaults;
}

HttpOutcome CurlExchange::run() {
  if (Status checked = check_request(); !checked.has_value()) {
    return HttpFailure{HttpFailure::Kind::kRequest, false, checked.error().message()};
  }
  if (!set_options()) {
    return HttpFailure{
        HttpFailure::Kind::kRequest, false,
        option_error_ == CURLE_UNKNOWN_OPTION
            ? "libcurl is too old: 7.80 or newer is needed"
            : std::string("libcurl refuses an option: ") + curl_.easy_strerror(option_error_)};
  }
  if (env_.cancelled()) {
    stop_ = Stop::kCancelled;
    return stopped();
  }
  const NoSigpipe no_sigpipe;
  const CURLcode code = curl_.easy_perform(handle_);
  if (request_.connection != nullptr) tell_connection(request_.connection);
  if (stop_ != Stop::kNone) return stopped();
  if (code != CURLE_OK) return failure(code);
  // libcurl takes the end of the connection for the end of the headers.
  if (!headers_complete_) {
    stop_ = Stop::kNoAnswer;
    return stopped();
  }
  return std::move(answer_);
}

Status CurlExchange::check_request() {
  url_ = KSV_TRY(parse_url(request_.url));
  if (!is_token(request_.method)) return Error(ErrorCode::kUsage, "the method is no word");
  for (const HttpHeader& header : request_.headers) {
    if (!is_token(header.name) || !is_header_value(header.value)) {
      return Error(ErrorCode::kUsage, "the header " + lower_case(header.name) +
                                          " cannot be sent: it holds control characters");
    }
  }
  return ok();
}

template <typename T>
void CurlExchange::set(CURLoption option, T value) {
  static_assert(!std::is_same_v<T, int>, "libcurl takes long");
  const CURLcode code = curl_.easy_setopt(handle_, option, value);
  if (code != CURLE_OK && option_error_ == CURLE_OK) option_error_ = code;
}

bool CurlExchange::set_options() {
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // Newer than what we need, and the URL was checked already.
  curl_.easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
  // Only makes it faster; libcurl 7.88 refuses it on a handle whose last exchange had no
  // connection.
  curl_.easy_setopt(handle_, CURLOPT_BUFFERSIZE, kReceiveBufferBytes);

  set(CURLOPT_HEADERFUNCTION, &CurlExchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &CurlExchange::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &CurlExchange::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &CurlExchange::on_connect);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_PREREQFUNCTION, &CurlExchange::on_send);
  set(CURLOPT_PREREQDATA, this);

  if (request_.direct) set(CURLOPT_PROXY, "");
  if (request_.connection != nullptr) {
    set(CURLOPT_FRESH_CONNECT, 1L);
    // Not known to every TLS library; what it tells is left out then.
    curl_.easy_setopt(handle_, CURLOPT_CERTINFO, 1L);
  }
  set_method();
  set_times();
  set_tls();
  set_headers();
  return option_error_ == CURLE_OK;
}

void CurlExchange::set_method() {
  const std::string& method = request_.method;
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (!request_.body.empty() || method == "PUT" || method == "POST" || method == "PATCH") {
    // A small body leaves with the headers, in one packet, which an upload's does not.
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.empty() ? "" : text_of(request_.body).data());
    set(CURLOPT_CUSTOMREQUEST, method.c_str());
  } else if (method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, method.c_str());
  }
}

void CurlExchange::set_times() {
  timeout_ = request_.timeout.count() > 0 ? request_.timeout : limits::kTimeoutDefault;
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_.count()));
  const auto connect =
      std::clamp(settings().connect_timeout, std::chrono::milliseconds(1), timeout_);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  if (!request_.stall_is_failure) return;
  // Half of the time, so that there is enough left for a second attempt.
  constexpr long kStallSecondsMax = 20;
  const long stall_seconds =
      std::clamp(static_cast<long>(timeout_.count() / 2000), 1L, kStallSecondsMax);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, stall_seconds);
}

void CurlExchange::set_tls() {
  if (url_.scheme != "https") return;
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  const HttpSettings& files = settings();
  if (!files.client_certificate.empty()) {
    set(CURLOPT_SSLCERT, files.client_certificate.c_str());
    if (!files.client_key.empty()) set(CURLOPT_SSLKEY, files.client_key.c_str());
  }
  if (!files.ca_bundle.empty()) {
    set(CURLOPT_CAINFO, files.ca_bundle.c_str());
    return;
  }
  const auto exists = [this](const char* path) {
    const auto info = env_.files().info(path);
    return info.has_value() && info->has_value();
  };
  const char* built_in = nullptr;
  curl_.easy_getinfo(handle_, CURLINFO_CAINFO, &built_in);
  if (built_in != nullptr && exists(built_in)) return;
  // A libcurl that was built elsewhere: the bundles of Debian, Fedora, Alpine and SUSE.
  for (const char* path : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem"}) {
    if (!exists(path)) continue;
    set(CURLOPT_CAINFO, path);
    return;
  }
}

void CurlExchange::set_headers() {
  const auto add = [this](const std::string& line) {
    curl_slist* longer = curl_.slist_append(header_list_, line.c_str());
    if (longer != nullptr) header_list_ = longer;
    return longer != nullptr;
  };
  // A header without a value is spelled with a semicolon; with a colon it is one that libcurl is
  // to leave out.
  bool added = add("Expect:");
  for (const char* own : {"Accept", "Content-Type", "User-Agent"}) {
    if (find_header(request_.headers, own) == nullptr) added = added && add(std::string(own) + ":");
  }
  for (const HttpHeader& header : request_.headers) {
    added =
        added && add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  set(CURLOPT_HTTPHEADER, header_list_);
  if (!added) option_error_ = CURLE_OUT_OF_MEMORY;
}

std::size_t CurlExchange::on_header(char* text, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(text, size * count);
  return static_cast<CurlExchange*>(self)->take_header(line) ? line.size() : 0;
}

std::size_t CurlExchange::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  const std::string_view chunk(bytes, size * count);
  return static_cast<CurlExchange*>(self)->take_body(bytes_of(chunk)) ? chunk.size() : 0;
}

int CurlExchange::on_progress(void* self, curl_off_t /*download_total*/, curl_off_t /*download*/,
                              curl_off_t /*upload_total*/, curl_off_t /*upload*/) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  if (!exchange.env_.cancelled()) return 0;
  exchange.stop_ = Stop::kCancelled;
  return 1;
}

// A further connection is for nothing when the request has left on another one already.
curl_socket_t CurlExchange::on_connect(void* self, curlsocktype /*purpose*/,
                                       curl_sockaddr* address) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  if (exchange.may_have_left()) {
    exchange.stop_ = Stop::kResend;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Called each time that a connection is there and the request is about to be sent on it.
int CurlExchange::on_send(void* self, char* /*address*/, char* /*own_address*/, int /*port*/,
                          int /*own_port*/) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  if (exchange.may_have_left()) {
    exchange.stop_ = Stop::kResend;
    return CURL_PREREQFUNC_ABORT;
  }
  exchange.begun_ = true;
  return CURL_PREREQFUNC_OK;
}

// Whether a byte of the request may have reached a socket. Under TLS a part of a record may be out
// although libcurl has counted nothing.
bool CurlExchange::may_have_left() const {
  return begun_ && (url_.scheme == "https" || number_info(CURLINFO_REQUEST_SIZE) > 0);
}

long CurlExchange::number_info(CURLINFO info) const {
  long number = 0;
  curl_.easy_getinfo(handle_, info, &number);
  return number;
}

double CurlExchange::milliseconds_info(CURLINFO info) const {
  curl_off_t microseconds = 0;
  curl_.easy_getinfo(handle_, info, &microseconds);
  return static_cast<double>(microseconds) / 1000;
}

// libcurl counts each from the beginning of the exchange.
void CurlExchange::tell_connection(HttpConnection* connection) const {
  const char* address = nullptr;
  curl_.easy_getinfo(handle_, CURLINFO_PRIMARY_IP, &address);
  if (address != nullptr) connection->address = address;
  const double resolved = milliseconds_info(CURLINFO_NAMELOOKUP_TIME_T);
  const double connected = milliseconds_info(CURLINFO_CONNECT_TIME_T);
  const double secured = milliseconds_info(CURLINFO_APPCONNECT_TIME_T);
  connection->resolve_ms = resolved;
  connection->connect_ms = std::max(connected - resolved, 0.0);
  connection->tls_ms = std::max(secured - connected, 0.0);
  connection->certificate_ends_ms = certificate_end();
}

// The server's certificate comes first; those that vouch for it follow.
std::int64_t CurlExchange::certificate_end() const {
  curl_certinfo* certificates = nullptr;
  curl_.easy_getinfo(handle_, CURLINFO_CERTINFO, &certificates);
  if (certificates == nullptr || certificates->num_of_certs < 1) return 0;
  constexpr std::string_view kName = "Expire date:";
  for (const curl_slist* line = certificates->certinfo[0]; line != nullptr; line = line->next) {
    const std::string_view text(line->data);
    if (!text.starts_with(kName)) continue;
    return aws::parse_certificate_date(text.substr(kName.size())).value_or(0);
  }
  return 0;
}

bool CurlExchange::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderBytesMax) {
    stop_ = Stop::kHeadersTooLarge;
    return false;
  }
  if (line.starts_with("HTTP/")) {  // also after the headers of an interim answer (100)
    answer_.headers.clear();
    headers_complete_ = false;
    return true;
  }
  if (headers_complete_) return true;  // the trailers of a chunked body
  if (trimmed(line).empty()) return take_end_of_headers();
  const auto colon = line.find(':');
  if (colon == line.npos) return true;
  answer_.headers.push_back(
      {lower_case(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
  return true;
}

bool CurlExchange::take_end_of_headers() {
  answer_.status = static_cast<int>(number_info(CURLINFO_RESPONSE_CODE));
  headers_complete_ = answer_.status >= 200;  // else it is an interim answer
  const bool has_body = request_.method != "HEAD" && headers_complete_ && answer_.status != 204 &&
                        answer_.status != 304;
  const bool for_sink = request_.sink && answer_.status / 100 == 2;
  if (!has_body || for_sink) return true;
  const auto length = parse_length(find_header(answer_.headers, "content-length"));
  if (!length) return true;
  if (*length > request_.answer_bytes_max) {
    stop_ = Stop::kBodyTooLarge;
    return false;
  }
  answer_.body.reserve(std::min<std::size_t>(*length, kReserveBytesMax));
  return true;
}

bool CurlExchange::take_body(BytesView bytes) {
  if (request_.sink && answer_.status / 100 == 2) {
    Status taken = request_.sink(bytes);
    if (taken.has_value()) return true;
    stop_ = Stop::kSink;
    sink_error_ = std::move(taken).error();
    return false;
  }
  if (bytes.size() > request_.answer_bytes_max - answer_.body.size()) {
    stop_ = Stop::kBodyTooLarge;
    return false;
  }
  append(answer_.body, bytes);
  return true;
}

}  // namespace ksv::net
