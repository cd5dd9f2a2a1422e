// A store with conditional writes behind an HTTP server: what the fault table breaks.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>

#include "support/scripted_server.h"

namespace ksv::testing {

// Keeps ETags and honours If-Match and If-None-Match, as S3 does. One request at a time.
class ConditionalStore {
 public:
  ConditionalStore();

  // Carries the request out: for the client under test, whose writes are counted, or for others.
  ServerAction serve(const ServedRequest& request);
  ServerAction serve_rival(const ServedRequest& request);
  // The fault of the case at hand: asked for each request to `faulty_key` with its number, from 1;
  // nothing where the store is to answer by itself.
  using Fault = std::function<std::optional<ServerAction>(const ServedRequest&, int number)>;
  void break_by(const std::string& key, std::string method, Fault fault);
  void mend();
  // Resets each connection after its answer.
  void reset_kept(bool resets) { resets_ = resets; }

  // How many writes of the key took effect, how many removals, and what is there now.
  int writes_of(const std::string& key) const;
  int removals_of(const std::string& key) const;
  const std::string* present(const std::string& key) const;
  // Requests that were broken or might have been.
  int sent() const { return sent_; }
  ScriptedServer& server() { return server_; }

 private:
  struct Object {
    std::string body;
    std::string etag;
    HttpHeaders meta;
  };
  ServerAction answer(const ServedRequest& request);
  ServerAction answer_read(const ServedRequest& request, const Object& object) const;
  bool condition_holds(const ServedRequest& request) const;
  ServerAction write(const ServedRequest& request);

  std::map<std::string, Object> objects_;
  // The paths of all that took effect.
  std::vector<std::string> written_;
  std::vector<std::string> removed_;
  int etags_ = 0;
  std::string faulty_key_;
  std::string faulty_method_;
  Fault fault_;
  int sent_ = 0;
  std::atomic<bool> resets_{false};
  ScriptedServer server_;  // the last: its threads use the others
};

// S3's body of an error.
ServerAction refusal_action(int status, const std::string& code);

}  // namespace ksv::testing
