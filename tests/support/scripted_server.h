// A small HTTP/1.1 server on 127.0.0.1 that does what a test's script says, request by request.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ksv/http.h"

namespace ksv::testing {

// A request as it came.
struct ServedRequest {
  std::string method;
  std::string target;  // path and query as they stood
  std::string path;
  std::string query;    // without "?"
  HttpHeaders headers;  // names in lower case
  std::string body;
  std::size_t connection = 0;  // the first is 1

  // The value of a header; empty where there is none.
  std::string header(std::string_view name) const {
    const std::string* value = find_header(headers, name);
    return value == nullptr ? "" : *value;
  }
};

// What the server does with one request.
struct ServerAction {
  enum class Kind {
    kAnswer,       // the answer below
    kRaw,          // sends `body` as it stands and closes
    kClose,        // reads all of the request, then closes the connection
    kReset,        // reads all of the request, then resets the connection (RST)
    kCloseUnread,  // closes the connection without reading the request, which is not recorded
  };
  Kind kind = Kind::kAnswer;
  int status = 200;
  HttpHeaders headers{};  // Content-Length is added unless it is given, or `chunked`
  std::string body{};
  std::chrono::milliseconds delay{};  // before the answer
  bool before_body = false;           // answers when it has the request's headers, and closes
  bool chunked = false;               // sends the body in chunks of three bytes
  bool close_after = false;           // closes after the answer, without having said so
  // Sends only so many bytes of the answer, headers included, then closes; or with `stall` sends
  // nothing more and keeps the connection open.
  std::size_t cut_at = std::string::npos;
  bool stall = false;
  bool reset_after = false;  // ends the connection after the answer, or what was cut of it, by RST
};

class ScriptedServer {
 public:
  using Handler = std::function<ServerAction(const ServedRequest&)>;

  ScriptedServer();
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  // "http://127.0.0.1:PORT" and `path`.
  std::string url(std::string_view path = "") const;
  std::string authority() const;

  // Adds to the script; each request takes the next of it.
  void reply(int status, HttpHeaders headers = {}, std::string body = {});
  void then(ServerAction action);
  // For the requests after the script's end, one at a time; status 500 without.
  void otherwise(Handler handler);

  // All requests so far, in the order of their arrival.
  std::vector<ServedRequest> requests() const;
  std::size_t request_count() const { return requests().size(); }
  std::size_t connections() const { return connections_; }
  std::size_t connections_closed() const { return closed_; }
  // Whether all of the script was taken.
  bool finished() const;

 private:
  void accept_all();
  void serve(int socket, std::size_t connection);
  bool serve_one(int socket, std::size_t connection, std::string& buffer);
  bool perform(int socket, const ServerAction& action, bool head);
  bool await_input(int socket) const;
  bool stopped_within(std::chrono::milliseconds time) const;
  bool read_more(int socket, std::string& buffer) const;
  bool send_all(int socket, std::string_view bytes) const;
  std::optional<ServerAction> take_action();

  int listener_ = -1;
  int stop_event_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> closed_{0};
  mutable std::mutex mutex_;  // of the members below
  std::deque<ServerAction> script_;
  std::vector<ServedRequest> requests_;
  Handler handler_;
  std::vector<std::thread> servers_;
  std::mutex handler_mutex_;
  std::thread acceptor_;
};

}  // namespace ksv::testing
