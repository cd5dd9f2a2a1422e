// A store with conditional writes behind an HTTP server: what the fault table breaks.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "support/scripted_server.h"

namespace ksv::testing {

// Keeps ETags and honours If-Match and If-None-Match, as S3 does. One request at a time.
class ConditionalStore {
 public:
  ConditionalStore();

  // Carries the request out.
  ServerAction serve(const ServedRequest& request);
  // The fault of the case at hand: asked for each request to `faulty_key` with its number, from 1;
  // nothing where the store is to answer by itself.
  using Fault = std::function<std::optional<ServerAction>(const ServedRequest&, int number)>;
  void break_by(const std::string& key, std::string method, Fault fault);
  void mend();

  // How often a value that holds `text` was written under the key, and what is there now.
  int writes_of(std::string_view text) const;
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

  std::map<std::string, Object> objects_;
  std::vector<std::string> history_;  // the bodies of all writes that took effect
  int etags_ = 0;
  std::string faulty_key_;
  std::string faulty_method_;
  Fault fault_;
  int sent_ = 0;
  ScriptedServer server_;  // the last: its threads use the others
};

// S3's body of an error.
ServerAction refusal_action(int status, const std::string& code);

}  // namespace ksv::testing
