// Segment documents and how they reach the daemon.
//
// A document goes into one datagram, and may have 64 kB at most. A segment with more requests than
// that takes as many subsegments as fit; the others follow as documents of their own, which name
// the segment as their parent.
#include "net/aws/xray.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "base/hex.h"
#include "base/json.h"
#include "net/datagram.h"
#include "net/request_log.h"

namespace ksv::aws {
namespace {

constexpr std::string_view kPreamble = "{\"format\": \"json\", \"version\": 1}\n";
// Below the 64 kB of a document and the 65,507 bytes of a datagram.
constexpr std::size_t kDocumentBytesMax = 60'000;
// More requests of one command are counted, no longer described.
constexpr std::size_t kSubsegmentsMax = 1000;
// Strings of a segment document have 250 characters; S3 keys up to 1024 bytes.
constexpr std::size_t kTextBytesMax = 1024;
constexpr std::size_t kNameBytesMax = 200;

bool is_hex(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// 1-<8 digits>-<24 digits>.
bool is_root(std::string_view text) {
  return text.size() == 35 && text.starts_with("1-") && text[10] == '-' &&
         is_hex(text.substr(2, 8), 8) && is_hex(text.substr(11), 24);
}

// Letters, digits, blanks and the signs that X-Ray allows in names.
std::string valid_name(std::string_view name) {
  std::string valid;
  for (const char c : name.substr(0, kNameBytesMax)) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') ||
                         std::string_view(" _.:/%&#=+\\-@").find(c) != std::string_view::npos;
    if (allowed) valid += c;
  }
  return valid.empty() ? "ksv" : valid;
}

// Members of a JSON object, with the commas between them.
class Members {
 public:
  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    begin(name);
    append_json_string(text_, value.substr(0, kTextBytesMax));
  }
  void raw(std::string_view name, std::string_view json) {
    begin(name);
    text_ += json;
  }
  void number(std::string_view name, std::uint64_t value) { raw(name, std::to_string(value)); }
  void time(std::string_view name, std::int64_t ms) {
    raw(name, fmt::format("{}.{:03}", ms / 1000, ms % 1000));
  }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  void begin(std::string_view name) {
    if (!text_.empty()) text_ += ",";
    append_json_string(text_, name);
    text_ += ":";
  }
  std::string text_;
};

std::string aws_object(const XRaySubsegment& part) {
  Members aws;
  aws.text("operation", part.operation);
  aws.text("region", part.region);
  aws.text("request_id", part.request_id);
  aws.text("id_2", part.id_2);
  aws.text("bucket_name", part.bucket_name);
  aws.text("key", part.key);
  aws.text("table_name", part.table_name);
  aws.number("retries", part.retries);
  return aws.object();
}

std::string http_object(const XRaySubsegment& part) {
  Members request;
  request.text("method", part.method);
  request.text("url", net::blanked_url(part.url));
  Members http;
  http.raw("request", request.object());
  if (part.status != 0) {
    Members response;
    response.number("status", static_cast<std::uint64_t>(part.status));
    if (part.content_length) response.number("content_length", *part.content_length);
    http.raw("response", response.object());
  }
  return http.object();
}

// `trace` and `parent` are given where the subsegment goes as a document of its own.
std::string subsegment_object(const XRaySubsegment& part, std::string_view trace,
                              std::string_view parent) {
  Members members;
  members.text("name", valid_name(part.service));
  members.text("id", part.id);
  if (!trace.empty()) {
    members.text("type", "subsegment");
    members.text("trace_id", trace);
    members.text("parent_id", parent);
  }
  members.time("start_time", part.start_ms);
  members.time("end_time", std::max(part.start_ms, part.end_ms));
  members.text("namespace", "aws");
  members.raw("aws", aws_object(part));
  members.raw("http", http_object(part));
  if (part.status >= 400 && part.status < 500) members.raw("error", "true");
  if (part.status == 429) members.raw("throttle", "true");
  if (part.status == 0 || part.status >= 500) members.raw("fault", "true");
  return members.object();
}

}  // namespace

std::optional<XRayHeader> parse_xray_header(std::string_view text) {
  XRayHeader header;
  while (!text.empty()) {
    std::string_view field = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(field.size() + 1, text.size()));
    while (field.starts_with(' ')) field.remove_prefix(1);
    while (field.ends_with(' ')) field.remove_suffix(1);
    const auto equals = std::min(field.find('='), field.size());
    const std::string_view name = field.substr(0, equals);
    const std::string_view value = field.substr(std::min(equals + 1, field.size()));
    if (name == "Root" && is_root(value)) header.root = value;
    if (name == "Parent" && is_hex(value, 16)) header.parent = value;
    if (name == "Sampled" && value == "1") header.sampled = true;
    if (name == "Sampled" && value == "0") header.sampled = false;
  }
  if (header.root.empty()) return std::nullopt;
  return header;
}

std::optional<XRayAddress> parse_xray_address(std::string_view text) {
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (word.empty() || word.starts_with("tcp:")) continue;
    if (word.starts_with("udp:")) word.remove_prefix(4);
    const auto colon = word.rfind(':');
    if (colon == word.npos) return std::nullopt;
    const std::string_view digits = word.substr(colon + 1);
    XRayAddress address;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    std::string_view host = word.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty() || address.port == 0) return std::nullopt;
    address.host = host;
    return address;
  }
  return std::nullopt;
}

XRayTrace::XRayTrace(Env& env, const std::string& name) : env_(env), start_ms_(env.wall_ms()) {
  name_ = valid_name(env.variable("AWS_XRAY_TRACING_NAME").value_or(name));
  id_ = fresh_hex(8);
  const auto incoming = parse_xray_header(env.variable("_X_AMZN_TRACE_ID").value_or(""));
  if (incoming) {
    trace_ = *incoming;
  } else {
    const auto seconds = static_cast<std::uint32_t>(start_ms_ / 1000);
    trace_.root = fmt::format("1-{:08x}-{}", seconds, fresh_hex(12));
  }
}

std::string XRayTrace::fresh_hex(std::size_t bytes) {
  Bytes random(bytes);
  env_.random(random);
  return to_hex(random);
}

std::string XRayTrace::new_id() {
  const std::lock_guard lock(mutex_);
  return fresh_hex(8);
}

std::string XRayTrace::header(const std::string& subsegment_id) const {
  return "Root=" + trace_.root + ";Parent=" + subsegment_id +
         (trace_.sampled.value_or(true) ? ";Sampled=1" : ";Sampled=0");
}

void XRayTrace::record(XRaySubsegment subsegment) {
  const std::lock_guard lock(mutex_);
  if (!trace_.sampled.value_or(true)) return;
  if (subsegments_.size() < kSubsegmentsMax) {
    subsegments_.push_back(std::move(subsegment));
  } else {
    ++left_out_;
  }
}

std::string XRayTrace::segment(std::int64_t end_ms, const std::string& subsegments) const {
  Members members;
  members.text("name", name_);
  members.text("id", id_);
  members.text("trace_id", trace_.root);
  members.text("parent_id", trace_.parent);
  members.time("start_time", start_ms_);
  members.time("end_time", std::max(start_ms_, end_ms));
  if (left_out_ > 0) {
    members.raw("metadata", fmt::format("{{\"ksv\":{{\"requests_left_out\":{}}}}}", left_out_));
  }
  if (!subsegments.empty()) members.raw("subsegments", "[" + subsegments + "]");
  return std::string(kPreamble) + members.object();
}

std::vector<std::string> XRayTrace::documents(std::int64_t end_ms) const {
  const std::size_t room = kDocumentBytesMax - segment(end_ms, {}).size() - 20;
  std::vector<std::string> documents(1);
  std::string inside;
  for (const XRaySubsegment& part : subsegments_) {
    const std::string object = subsegment_object(part, {}, {});
    if (inside.size() + object.size() < room) {
      if (!inside.empty()) inside += ",";
      inside += object;
    } else {
      documents.push_back(std::string(kPreamble) + subsegment_object(part, trace_.root, id_));
    }
  }
  documents.front() = segment(end_ms, inside);
  return documents;
}

void XRayTrace::finish() {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  if (!trace_.sampled.value_or(true)) return;
  const auto address =
      parse_xray_address(env_.variable("AWS_XRAY_DAEMON_ADDRESS").value_or("127.0.0.1:2000"));
  if (address) net::send_datagrams(address->host, address->port, documents(env_.wall_ms()));
}

}  // namespace ksv::aws
