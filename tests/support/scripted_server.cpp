// A scripted HTTP server: sockets, the reading of requests, the sending of answers.
#include "support/scripted_server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ksv/error.h"

namespace ksv::testing {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::size_t body_length(const ServedRequest& request) {
  const std::string text = request.header("content-length");
  std::size_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

// `text` ends before the empty line.
ServedRequest parse_request(std::string_view text) {
  ServedRequest request;
  const auto take_line = [&text] {
    const std::string_view line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(line.size() + 2, text.size()));
    return line;
  };
  const std::string_view first = take_line();
  const auto method_end = first.find(' ');
  const auto target_end = first.rfind(' ');
  KSV_ASSERT(method_end != first.npos && method_end < target_end);
  request.method = first.substr(0, method_end);
  request.target = first.substr(method_end + 1, target_end - method_end - 1);
  const auto question = std::min(request.target.find('?'), request.target.size());
  request.path = request.target.substr(0, question);
  request.query = request.target.substr(std::min(question + 1, request.target.size()));
  while (!text.empty()) {
    const std::string_view line = take_line();
    const auto colon = line.find(':');
    KSV_ASSERT(colon != line.npos);
    const auto value = line.find_first_not_of(' ', colon + 1);
    request.headers.push_back({lower_case(line.substr(0, colon)),
                               std::string(value == line.npos ? "" : line.substr(value))});
  }
  return request;
}

std::string chunks_of(std::string_view body) {
  std::string text;
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, 3);
    text.append(std::to_string(chunk.size())).append("\r\n").append(chunk).append("\r\n");
    body.remove_prefix(chunk.size());
  }
  return text + "0\r\n\r\n";
}

std::string answer_text(const ServerAction& action, bool head) {
  std::string text = "HTTP/1.1 " + std::to_string(action.status) + " Scripted\r\n";
  for (const HttpHeader& header : action.headers) {
    text += header.name + ": " + header.value + "\r\n";
  }
  const bool bodiless = action.status == 204 || action.status == 304 || action.status < 200;
  if (action.chunked) {
    text += "Transfer-Encoding: chunked\r\n";
  } else if (!bodiless && find_header(action.headers, "content-length") == nullptr) {
    text += "Content-Length: " + std::to_string(action.body.size()) + "\r\n";
  }
  text += "\r\n";
  if (head || bodiless) return text;
  return text + (action.chunked ? chunks_of(action.body) : action.body);
}

void reset_at_close(int socket) {
  const linger at_once{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

ScriptedServer::ScriptedServer() {
  stop_event_ = eventfd(0, EFD_CLOEXEC);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  KSV_ASSERT(stop_event_ >= 0 && listener_ >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  KSV_ASSERT(bind(listener_, generic, length) == 0);
  KSV_ASSERT(listen(listener_, 128) == 0);
  KSV_ASSERT(getsockname(listener_, generic, &length) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  const std::uint64_t one = 1;
  KSV_ASSERT(write(stop_event_, &one, sizeof one) == sizeof one);
  acceptor_.join();
  for (std::thread& server : servers_) server.join();
  close(listener_);
  close(stop_event_);
}

std::string ScriptedServer::authority() const { return "127.0.0.1:" + std::to_string(port_); }

std::string ScriptedServer::url(std::string_view path) const {
  return "http://" + authority() + std::string(path);
}

void ScriptedServer::reply(int status, HttpHeaders headers, std::string body) {
  then({.status = status, .headers = std::move(headers), .body = std::move(body)});
}

void ScriptedServer::then(ServerAction action) {
  const std::lock_guard lock(mutex_);
  script_.push_back(std::move(action));
}

void ScriptedServer::otherwise(Handler handler) {
  const std::lock_guard lock(mutex_);
  handler_ = std::move(handler);
}

std::vector<ServedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

bool ScriptedServer::finished() const {
  const std::lock_guard lock(mutex_);
  return script_.empty();
}

std::optional<ServerAction> ScriptedServer::take_action() {
  const std::lock_guard lock(mutex_);
  if (script_.empty()) return std::nullopt;
  ServerAction action = std::move(script_.front());
  script_.pop_front();
  return action;
}

void ScriptedServer::accept_all() {
  while (await_input(listener_)) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::size_t connection = ++connections_;
    servers_.emplace_back([this, socket, connection] { serve(socket, connection); });
  }
}

void ScriptedServer::serve(int socket, std::size_t connection) {
  std::string buffer;
  while (serve_one(socket, connection, buffer)) {
  }
  close(socket);
  ++closed_;
}

// False ends the connection.
bool ScriptedServer::serve_one(int socket, std::size_t connection, std::string& buffer) {
  if (buffer.empty()) {
    char first = 0;
    if (!await_input(socket) || recv(socket, &first, 1, MSG_PEEK) <= 0) return false;
  }
  auto scripted = take_action();
  if (scripted && scripted->kind == ServerAction::Kind::kCloseUnread) return false;
  std::size_t headers_end = 0;
  while ((headers_end = buffer.find("\r\n\r\n")) == buffer.npos) {
    if (!read_more(socket, buffer)) return false;
  }
  ServedRequest request = parse_request(std::string_view(buffer).substr(0, headers_end));
  request.connection = connection;
  buffer.erase(0, headers_end + 4);
  const std::size_t length = body_length(request);
  const bool leave_body = scripted && scripted->before_body;
  while (!leave_body && buffer.size() < length) {
    if (!read_more(socket, buffer)) return false;
  }
  request.body = buffer.substr(0, length);
  buffer.erase(0, length);
  Handler handler;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    handler = handler_;
  }
  if (!scripted && handler) {
    const std::lock_guard lock(handler_mutex_);
    scripted = handler(request);
  }
  const ServerAction none{.status = 500, .body = "the script is at its end"};
  return perform(socket, scripted ? *scripted : none, request.method == "HEAD") && !leave_body;
}

bool ScriptedServer::perform(int socket, const ServerAction& action, bool head) {
  if (action.delay.count() > 0 && stopped_within(action.delay)) return false;
  switch (action.kind) {
    case ServerAction::Kind::kClose:
    case ServerAction::Kind::kCloseUnread: return false;
    case ServerAction::Kind::kReset: reset_at_close(socket); return false;
    case ServerAction::Kind::kRaw: send_all(socket, action.body); return false;
    case ServerAction::Kind::kAnswer: break;
  }
  const std::string text = answer_text(action, head);
  const bool whole = action.cut_at >= text.size();
  const bool sent = send_all(socket, std::string_view(text).substr(0, action.cut_at));
  if (action.stall) stopped_within(std::chrono::hours(1));
  if (action.reset_after) reset_at_close(socket);
  return sent && whole && !action.close_after && !action.stall && !action.reset_after;
}

// False when the server is to stop.
bool ScriptedServer::await_input(int socket) const {
  pollfd waits[2] = {{socket, POLLIN, 0}, {stop_event_, POLLIN, 0}};
  while (poll(waits, 2, -1) < 0) {
    if (errno != EINTR) return false;
  }
  return waits[1].revents == 0;
}

bool ScriptedServer::stopped_within(std::chrono::milliseconds time) const {
  pollfd stop{stop_event_, POLLIN, 0};
  return poll(&stop, 1, static_cast<int>(time.count())) > 0;
}

bool ScriptedServer::read_more(int socket, std::string& buffer) const {
  if (!await_input(socket)) return false;
  char bytes[65536];
  const ssize_t got = recv(socket, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(got));
  return true;
}

bool ScriptedServer::send_all(int socket, std::string_view bytes) const {
  while (!bytes.empty()) {
    pollfd waits[2] = {{socket, POLLOUT, 0}, {stop_event_, POLLIN, 0}};
    if (poll(waits, 2, -1) < 0 || waits[1].revents != 0) return false;
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace ksv::testing
