// An S3 of one store with any number of keys, which exist in its answers only: for how much memory
// a listing takes.
//
// usage: ksv_list_server KEYS BLOB; KEYS is a multiple of 16, BLOB a file with the blob of each
// key. Prints its port on 127.0.0.1 and serves until its standard input ends.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace {

constexpr std::string_view kPrefix = "550e8400-e29b-41d4-a716-446655440000_";
constexpr std::string_view kMarker = "konserve";
constexpr std::uint64_t kPageKeys = 1000;

struct Store {
  std::uint64_t keys = 0;
  std::string blob;
};

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The value of a parameter of the query or of a header, up to `end`.
std::string_view value_after(std::string_view text, std::string_view name, char end) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + name.size());
  return rest.substr(0, rest.find(end));
}

std::string answer_of(std::string_view status, std::string_view headers, std::string_view body) {
  std::string answer("HTTP/1.1 ");
  answer.append(status).append("\r\nETag: \"0cc175b9c0f1b6a831c399e269772661\"\r\n");
  answer.append(headers).append("Content-Length: ").append(std::to_string(body.size()));
  return answer.append("\r\n\r\n").append(body);
}

// The names are spread evenly: the first eight digits of name `i` are i * 2^32 / KEYS.
void append_name(std::string* page, std::uint64_t i, const Store& store) {
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08llx",
                static_cast<unsigned long long>((i << 32U) / store.keys));
  page->append("<Contents><Key>").append(kPrefix).append(digits);
  page->append(
      "-0000-5000-8000-000000000000.ksv</Key><LastModified>2026-01-01T00:00:00.000Z</"
      "LastModified>");
  page->append("<ETag>&quot;0cc175b9c0f1b6a831c399e269772661&quot;</ETag><Size>");
  page->append(std::to_string(store.blob.size())).append("</Size></Contents>");
}

// A page of the names that begin with what stands in the query; the token is the number of the
// next.
std::string list(std::string_view target, const Store& store) {
  std::string_view digits = value_after(target, "&prefix=", '&');
  digits.remove_prefix(std::min(digits.size(), kPrefix.size()));
  std::uint64_t first = 0;
  std::uint64_t last = store.keys;
  if (!digits.empty()) {
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    const std::uint64_t parts = std::uint64_t{1} << (4 * digits.size());
    first = (number * store.keys + parts - 1) / parts;
    last = ((number + 1) * store.keys + parts - 1) / parts;
  }
  const std::string_view token = value_after(target, "continuation-token=", '&');
  if (!token.empty()) first = number_of(token);
  const std::uint64_t end = std::min(last, first + kPageKeys);
  std::string page("<ListBucketResult><EncodingType>url</EncodingType>");
  for (std::uint64_t i = first; i < end; ++i) append_name(&page, i, store);
  if (end < last) {
    page.append("<IsTruncated>true</IsTruncated><NextContinuationToken>");
    page.append(std::to_string(end)).append("</NextContinuationToken>");
  }
  return answer_of("200 OK", "", page.append("</ListBucketResult>"));
}

// The header fields in lower case, the first line as it stands.
std::string plain_head(std::string_view text) {
  std::string head(text);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto fields = static_cast<std::ptrdiff_t>(std::min(head.find('\r'), head.size()));
  std::transform(head.begin() + fields, head.end(), head.begin() + fields, lower);
  return head;
}

std::string answer_to(std::string_view head, const Store& store) {
  const std::string_view method = head.substr(0, head.find(' '));
  const std::string_view target = value_after(head, " ", ' ');
  if (method == "DELETE") return answer_of("204 No Content", "", "");
  if (method == "POST") return answer_of("200 OK", "", "<DeleteResult></DeleteResult>");
  if (target.find("list-type=2") != std::string_view::npos) return list(target, store);
  if (target.ends_with(".konserve-metadata")) {
    return answer_of("200 OK", "", method == "HEAD" ? "" : kMarker);
  }
  const std::string_view range = value_after(head, "\r\nrange: bytes=", '\r');
  if (range.empty()) return answer_of("200 OK", "", store.blob);
  const std::uint64_t from = number_of(range);
  const std::uint64_t size = store.blob.size();
  const std::string_view last_text = range.substr(std::min(range.find('-'), range.size() - 1) + 1);
  const std::uint64_t last = std::min(size - 1, last_text.empty() ? size : number_of(last_text));
  if (from > last) return answer_of("416 Range Not Satisfiable", "", "");
  std::string headers("Content-Range: bytes ");
  headers.append(std::to_string(from)).append("-").append(std::to_string(last));
  headers.append("/").append(std::to_string(size)).append("\r\n");
  return answer_of("206 Partial Content", headers,
                   std::string_view(store.blob).substr(from, last - from + 1));
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// One connection to its end. Bodies of requests are dropped.
void serve(int socket, const Store& store) {
  std::string input;
  char buffer[65536];
  for (;;) {
    const std::size_t head_end = input.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      const std::string head = plain_head(std::string_view(input).substr(0, head_end + 2));
      const std::size_t whole =
          head_end + 4 + number_of(value_after(head, "content-length: ", '\r'));
      if (input.size() >= whole) {
        input.erase(0, whole);
        if (!send_all(socket, answer_to(head, store))) break;
        continue;
      }
    }
    const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    input.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(socket);
}

int listen_on_loopback() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || ::bind(listener, general, length) != 0 || ::listen(listener, 128) != 0 ||
      ::getsockname(listener, general, &length) != 0) {
    return -1;
  }
  std::printf("%d\n", static_cast<int>(ntohs(address.sin_port)));
  std::fflush(stdout);
  return listener;
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::fputs("usage: ksv_list_server KEYS BLOB\n", stderr);
    return 2;
  }
  Store store;
  store.keys = number_of(words[1]);
  std::ifstream file(words[2], std::ios::binary);
  store.blob.assign(std::istreambuf_iterator<char>(file), {});
  const int listener = listen_on_loopback();
  if (store.keys == 0 || store.blob.empty() || listener < 0) return 1;
  std::thread([] {
    while (std::getchar() != EOF) {
    }
    std::_Exit(0);
  }).detach();
  for (;;) {
    const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::thread(serve, socket, std::cref(store)).detach();
  }
}
