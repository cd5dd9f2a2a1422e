// Sends requests that were signed beforehand over a number of connections at once and does nothing
// else: how fast a server answers when the client costs nothing.
//
// usage: ksv_bare_http PORT CONNECTIONS FILE...; a file holds one or more requests, each after a
// line with its length. Prints how many answers were no success, and fails if there were any.
#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

// Each request with the line before it, cut from one text.
std::vector<std::string_view> cut_requests(std::string_view text) {
  std::vector<std::string_view> requests;
  while (!text.empty()) {
    const std::size_t line_end = text.find('\n');
    std::size_t length = 0;
    if (line_end == std::string_view::npos) return {};
    std::from_chars(text.data(), text.data() + line_end, length);
    if (length == 0 || text.size() < line_end + 1 + length) return {};
    requests.push_back(text.substr(line_end + 1, length));
    text.remove_prefix(line_end + 1 + length);
  }
  return requests;
}

// How long the answer at the beginning of `text` is: 0 if its end has not come yet.
std::size_t answer_length(std::string_view text, bool is_head) {
  const std::size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return 0;
  std::string head(text.substr(0, head_end + 2));
  std::transform(head.begin(), head.end(), head.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::size_t length = head_end + 4;
  const std::size_t field = head.find("\r\ncontent-length: ");
  if (field != std::string::npos && !is_head) {
    std::size_t body = 0;
    std::from_chars(head.data() + field + 18, head.data() + head.size(), body);
    length += body;
  } else if (head.find("\r\ntransfer-encoding: chunked") != std::string::npos && !is_head) {
    const std::size_t end = text.find("\r\n0\r\n\r\n", head_end);
    if (end == std::string_view::npos) return 0;
    length = end + 7;
  }
  return text.size() < length ? 0 : length;
}

struct Connection {
  int socket = -1;
  bool busy = false;
  bool is_head = false;
  std::string received{};
};

bool connect_to(Connection& connection, std::uint16_t port) {
  connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return ::connect(connection.socket, reinterpret_cast<const sockaddr*>(&address),
                   sizeof address) == 0;
}

bool send_all(Connection& connection, std::string_view request) {
  connection.busy = true;
  connection.is_head = request.substr(0, 5) == "HEAD ";
  while (!request.empty()) {
    const ssize_t sent = ::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

struct Tally {
  std::size_t next = 0;
  std::size_t answered = 0;
  std::size_t refused = 0;
};

// Takes what has come, and sends the next request once the answer is whole.
bool go_on(Connection& connection, const std::vector<std::string_view>& requests, Tally& tally) {
  char buffer[65536];
  const ssize_t got = ::recv(connection.socket, buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  connection.received.append(buffer, static_cast<std::size_t>(got));
  const std::size_t length = answer_length(connection.received, connection.is_head);
  if (length == 0) return true;
  if (connection.received.compare(9, 1, "2") != 0) ++tally.refused;
  connection.received.erase(0, length);
  connection.busy = false;
  ++tally.answered;
  return tally.next == requests.size() || send_all(connection, requests[tally.next++]);
}

bool run(std::vector<Connection>& connections, const std::vector<std::string_view>& requests,
         Tally& tally) {
  for (Connection& connection : connections) {
    if (tally.next == requests.size()) break;
    if (!send_all(connection, requests[tally.next++])) return false;
  }
  std::vector<pollfd> polled(connections.size());
  while (tally.answered < requests.size()) {
    for (std::size_t i = 0; i < connections.size(); ++i) {
      polled[i] = {
          .fd = connections[i].busy ? connections[i].socket : -1, .events = POLLIN, .revents = 0};
    }
    if (::poll(polled.data(), polled.size(), 60'000) <= 0) return false;
    for (std::size_t i = 0; i < connections.size(); ++i) {
      if (polled[i].revents == 0) continue;
      if (!go_on(connections[i], requests, tally)) return false;
    }
  }
  return true;
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::string text;
  for (int i = 3; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  const std::vector<std::string_view> requests = cut_requests(text);
  const int count = number(argv[2]);
  if (requests.empty() || count < 1) return 2;
  std::vector<Connection> connections(std::min(static_cast<std::size_t>(count), requests.size()));
  for (Connection& connection : connections) {
    if (!connect_to(connection, static_cast<std::uint16_t>(number(argv[1])))) return 1;
  }
  Tally tally;
  const bool whole = run(connections, requests, tally);
  std::printf("%zu answers, %zu of them no success\n", tally.answered, tally.refused);
  return whole && tally.refused == 0 ? 0 : 1;
}
