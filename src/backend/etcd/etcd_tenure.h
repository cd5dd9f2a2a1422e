// A key that is ours for as long as we keep it alive: under a lease (v3), or with a time to live
// that is refreshed (v2).
#pragma once

#include <string>

#include "backend/etcd/etcd_client.h"

namespace ksv::etcd {

class Tenure {
 public:
  // Of the key that we have just written to live so many seconds, which made this version of it.
  // kState when it is no more that.
  static Result<Tenure> begin(Client& client, const std::string& path, std::int64_t version,
                              std::int64_t ttl);

  // Gives the key its whole time again. False: it is not ours any more, because it expired, or
  // others removed or wrote it. An error leaves that open.
  Result<bool> renew();
  // Removes the key, where it is still ours.
  Status end();

  // What is left of its time after a renewal.
  std::chrono::seconds lifetime() const { return std::chrono::seconds(ttl_); }

 private:
  Tenure(Client& client, Node node, std::int64_t ttl)
      : client_(&client), node_(std::move(node)), ttl_(ttl) {}
  Result<bool> is_ours();
  Result<bool> renew_lease();
  Result<bool> refresh();

  Client* client_;
  Node node_;
  std::int64_t ttl_;
};

// Gives a key its time to live again and leaves its value: without an event on v2, and on v3 where
// the time is that of the key's lease, or none is given. The version that the key has then;
// nothing: it is absent. kUsage: v2 was given no time; kState: v3 was given none, and the key has
// no lease.
Result<std::optional<std::int64_t>> refresh(Client& client, const std::string& path,
                                            std::optional<std::int64_t> ttl);

}  // namespace ksv::etcd
