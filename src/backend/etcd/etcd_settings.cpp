// Reads the address of an etcd store: its location, its options, and etcdctl's variables.
#include "backend/etcd/etcd_settings.h"

#include <algorithm>
#include <charconv>

#include "backend/option_reader.h"
#include "net/url.h"

namespace ksv::etcd {
namespace {

constexpr std::size_t kEndpointsMax = 64;
constexpr std::size_t kRequestBytesDefault = std::size_t{3} << 19;  // 1.5 MiB
constexpr std::size_t kOperationsDefault = 128;
// Far above what any server is set to take, far below what could overflow.
constexpr std::int64_t kBytesOptionMax = std::int64_t{1} << 40;
constexpr std::string_view kDefaultPort = "2379";
constexpr std::string_view kDefaultEndpoint = "127.0.0.1:2379";

Error usage(const std::string& message) { return Error(ErrorCode::kUsage, message); }

// Options, of which some have a variable of etcdctl behind them.
class EtcdOptions : public OptionReader {
 public:
  EtcdOptions(const StoreAddress& address, Env& env) : OptionReader(address.options), env_(env) {}

  std::string text_or_variable(const std::string& name, std::string_view variable) const {
    return has(name) ? text(name) : env_.variable(variable).value_or("");
  }

  Result<std::optional<std::int64_t>> number(const std::string& name) const {
    const std::string value = text(name);
    if (value.empty()) return std::optional<std::int64_t>();
    std::int64_t number = 0;
    const char* const end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, number);
    if (error == std::errc() && rest == end && number > 0 && number <= kBytesOptionMax) {
      return std::optional<std::int64_t>(number);
    }
    return usage("the option " + name + " is a whole number from 1, not " + value);
  }

 private:
  Env& env_;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '/')) text.remove_suffix(1);
  return text;
}

// "host", "host:port", "[::1]:port", each perhaps after a scheme.
Result<std::string> read_endpoint(std::string_view text, std::string_view default_scheme) {
  std::string url(trimmed(text));
  if (url.find("://") == std::string::npos) url = std::string(default_scheme) + "://" + url;
  auto parsed = net::parse_url(url);
  const bool is_endpoint =
      parsed.has_value() && !parsed->host.empty() && parsed->path.empty() && parsed->query.empty();
  if (!is_endpoint) {
    Error error = usage("\"" + std::string(text) + "\" is no endpoint of etcd");
    return std::move(error).with_hint("An endpoint is HOST:PORT, such as 127.0.0.1:2379.");
  }
  // The default port is etcd's, and not that of the scheme.
  std::string origin = parsed->scheme + "://" + parsed->host + ":";
  return origin + (parsed->port ? std::to_string(*parsed->port) : std::string(kDefaultPort));
}

Result<std::vector<std::string>> read_endpoints(std::string_view list, std::string_view scheme) {
  std::vector<std::string> endpoints;
  while (true) {
    const auto comma = list.find(',');
    const std::string endpoint = KSV_TRY(read_endpoint(list.substr(0, comma), scheme));
    if (std::find(endpoints.begin(), endpoints.end(), endpoint) == endpoints.end()) {
      endpoints.push_back(endpoint);
    }
    if (endpoints.size() > kEndpointsMax) return usage("there are too many endpoints");
    if (comma == list.npos) return endpoints;
    list.remove_prefix(comma + 1);
  }
}

// Slashes at the end mean nothing, and neither do doubled ones, of which v2 knows none.
std::string read_prefix(std::string_view text) {
  std::string prefix;
  for (const char c : text) {
    if (c != '/' || prefix.empty() || prefix.back() != '/') prefix.push_back(c);
  }
  if (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
  return prefix;
}

Status read_files(const EtcdOptions& options, Settings* settings) {
  HttpSettings& http = settings->http;
  http.ca_bundle = options.text_or_variable("ca", "ETCDCTL_CACERT");
  http.client_certificate = options.text_or_variable("cert", "ETCDCTL_CERT");
  http.client_key = options.text_or_variable("key", "ETCDCTL_KEY");
  if (http.client_certificate.empty() && !http.client_key.empty()) {
    return usage("the client's key was given without its certificate (the option cert)");
  }
  return ok();
}

// A password may follow the name after a colon, as etcdctl takes it.
void read_user(const EtcdOptions& options, Settings* settings) {
  settings->user = options.text_or_variable("user", "ETCDCTL_USER");
  settings->password = options.text_or_variable("password", "ETCDCTL_PASSWORD");
  const auto colon = settings->user.find(':');
  if (colon == std::string::npos) return;
  if (settings->password.empty()) settings->password = settings->user.substr(colon + 1);
  settings->user.resize(colon);
}

Status read_place(const StoreAddress& address, const EtcdOptions& options, Env& env,
                  Settings* settings) {
  const auto tls = KSV_TRY(options.flag("tls"));
  const HttpSettings& http = settings->http;
  const bool has_files = !http.ca_bundle.empty() || !http.client_certificate.empty();
  const std::string_view scheme = tls.value_or(has_files) ? "https" : "http";
  const std::string_view location = address.location;
  const auto slash = location.find('/');
  std::string list(location.substr(0, slash));
  if (list.empty()) list = env.variable("ETCDCTL_ENDPOINTS").value_or("");
  if (list.empty()) list = kDefaultEndpoint;
  settings->endpoints = KSV_TRY(read_endpoints(list, scheme));
  if (slash != location.npos) settings->prefix = read_prefix(location.substr(slash));
  if (tls == true && settings->endpoints.front().starts_with("http:")) {
    return usage("the option tls is true, but the endpoint " + settings->endpoints.front() +
                 " is not https");
  }
  return ok();
}

Status read_switches(const EtcdOptions& options, Settings* settings) {
  const auto is_v3 = KSV_TRY(options.choice("api", "v3", "v2"));
  if (is_v3) settings->api = *is_v3 ? Api::kV3 : Api::kV2;
  const auto konserve = KSV_TRY(options.choice("layout", "konserve", "native"));
  settings->konserve = konserve.value_or(false);
  const auto sidecar = KSV_TRY(options.choice("settle", "sidecar", "history"));
  settings->sidecar = sidecar.value_or(false);
  const auto stale = KSV_TRY(options.flag("stale"));
  settings->stale = stale.value_or(false);
  if (settings->sidecar && settings->api == Api::kV2) {
    return usage("settle=sidecar needs the transactions of v3, and the option api is v2");
  }
  return ok();
}

}  // namespace

Result<Settings> read_settings(const StoreAddress& address, Env& env) {
  const EtcdOptions options(address, env);
  Settings settings;
  KSV_CHECK(read_files(options, &settings));
  read_user(options, &settings);
  KSV_CHECK(read_place(address, options, env, &settings));
  KSV_CHECK(read_switches(options, &settings));
  settings.ttl = KSV_TRY(options.number("ttl"));
  const auto request_bytes = KSV_TRY(options.number("max-request-bytes"));
  settings.request_bytes_max = static_cast<std::size_t>(
      request_bytes.value_or(static_cast<std::int64_t>(kRequestBytesDefault)));
  const auto operations = KSV_TRY(options.number("max-txn-ops"));
  settings.operations_max =
      static_cast<std::size_t>(operations.value_or(static_cast<std::int64_t>(kOperationsDefault)));
  if (const auto timeout = KSV_TRY(options.time("connect-timeout"))) {
    settings.http.connect_timeout = *timeout;
  }
  return settings;
}

}  // namespace ksv::etcd
