// Name, connection, clock and credentials, each with what to do about it.
#include "backend/s3/s3_connection_checkup.h"

#include <algorithm>
#include <fmt/format.h>

#include "net/aws/time_text.h"

namespace ksv::s3 {
namespace {

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;
constexpr std::chrono::milliseconds kExchangeTime{15'000};
// From here on ksv corrects its signatures (net/aws/clock.h); services refuse at 5 or 15 minutes.
constexpr std::int64_t kSkewMs = 2 * kMinuteMs;
constexpr std::int64_t kCertificateMs = 14 * kDayMs;

// "3 d 4 h", "12 min", "5 s".
std::string duration_text(std::int64_t ms) {
  const std::int64_t minutes = ms / kMinuteMs;
  if (minutes == 0) return fmt::format("{} s", ms / kSecondMs);
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (minutes < 24 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {} h", minutes / (24 * 60), minutes / 60 % 24);
}

// "2027-03-01".
std::string day_text(std::int64_t unix_ms) {
  const std::string date = aws::amz_date(unix_ms);
  return date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 2);
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

void report_failure(const HttpFailure& failure, const std::string& host,
                    const HttpConnection& connection, Examination& examination) {
  using Kind = HttpFailure::Kind;
  if (failure.kind == Kind::kResolve) {
    const Error error(ErrorCode::kUnavailable, failure.text);
    return examination.bad(
        "name", Error(error).with_hint("Check the endpoint, the region and the name server."));
  }
  if (!connection.address.empty()) {
    examination.good("name", host + " -> " + connection.address, connection.resolve_ms);
  }
  Error error(ErrorCode::kUnavailable, failure.text);
  switch (failure.kind) {
    case Kind::kTls:
      error = Error(ErrorCode::kDenied, failure.text)
                  .with_hint(
                      "Check the server's name, the clock and the CA bundle (AWS_CA_BUNDLE, "
                      "SSL_CERT_FILE).");
      break;
    case Kind::kCancelled: error = Error(ErrorCode::kCancelled, failure.text); break;
    case Kind::kProxy:
      error =
          std::move(error).with_hint("Check the proxy that the environment names, or NO_PROXY.");
      break;
    default:
      error = std::move(error).with_hint(
          "Check that the server runs, its address and its port, and firewalls on the way.");
  }
  examination.bad("connection", error);
}

void report_connection(const Target& target, const HttpConnection& connection, Env& env,
                       Examination& examination) {
  const double took = connection.connect_ms + connection.tls_ms;
  if (target.scheme != "https") {
    if (connection.address.empty() || is_loopback(connection.address)) {
      return examination.good("connection", "not encrypted", took);
    }
    return examination.warn("connection", "not encrypted: who listens reads and changes the values",
                            "Use an https endpoint.");
  }
  if (connection.certificate_ends_ms == 0) {
    return examination.good("connection", "TLS, the certificate is valid", took);
  }
  const std::string until =
      "TLS, certificate valid until " + day_text(connection.certificate_ends_ms);
  const std::int64_t left = connection.certificate_ends_ms - env.wall_ms();
  if (left >= kCertificateMs) return examination.good("connection", until, took);
  examination.warn("connection", until + ", in " + duration_text(std::max(left, std::int64_t{0})),
                   "Have the certificate renewed.");
}

void report_clock(const HttpAnswer& answer, Env& env, Examination& examination) {
  const std::string* date = find_header(answer.headers, "date");
  const auto theirs = date == nullptr ? std::nullopt : aws::parse_http_date(*date);
  if (!theirs) return examination.skip("clock", "the server does not tell its time");
  // The header tells whole seconds.
  const std::int64_t ahead = env.wall_ms() - *theirs - kSecondMs / 2;
  const std::int64_t off = ahead < 0 ? -ahead : ahead;
  if (off < 2 * kSecondMs) return examination.good("clock", "as the server's, to the second");
  const std::string text =
      duration_text(off) + (ahead > 0 ? " ahead of the server" : " behind the server");
  if (off < kSkewMs) return examination.good("clock", text);
  examination.warn("clock", text,
                   "ksv allows for it, other programs are refused: set the clock of this machine.");
}

}  // namespace

bool examine_connection(const Access& access, Env& env, Examination& examination) {
  const Target target = access.endpoint.target(access.endpoint.region(), "");
  HttpConnection connection;
  HttpRequest request;
  request.method = "HEAD";
  request.url = target.scheme + "://" + target.authority + target.path;
  request.timeout = std::min(examination.steps().deadline.left(), kExchangeTime);
  request.settings = &access.settings.http;
  request.connection = &connection;
  const HttpOutcome outcome = env.http().exchange(request);
  if (const auto* failure = std::get_if<HttpFailure>(&outcome)) {
    report_failure(*failure, target.authority, connection, examination);
    return false;
  }
  const std::string address = connection.address.empty() ? "" : " -> " + connection.address;
  examination.good("name", target.authority + address, connection.resolve_ms);
  report_connection(target, connection, env, examination);
  // Any answer will do: an unsigned request is refused.
  if (const auto* answer = std::get_if<HttpAnswer>(&outcome))
    report_clock(*answer, env, examination);
  return true;
}

bool examine_credentials(const Access& access, Env& env, Examination& examination) {
  aws::CredentialSource source(access.settings.credentials, env.http(), env, examination.steps());
  const auto credentials = source.get();
  if (!credentials) {
    examination.bad("credentials", credentials.error());
    return false;
  }
  if (credentials->anonymous) {
    examination.warn("credentials", "none: requests go unsigned", "Leave out anonymous=true.");
    return true;
  }
  std::string text = "from " + credentials->source;
  if (credentials->expires_ms != 0) {
    const std::int64_t left = credentials->expires_ms - env.wall_ms();
    text += left > 0 ? ", expire in " + duration_text(left) : ", expired";
  }
  examination.good("credentials", text);
  return true;
}

}  // namespace ksv::s3
