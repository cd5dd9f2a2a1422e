// UDP without waiting.
#include "net/datagram.h"

#include <memory>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ksv::net {
namespace {

class Socket {
 public:
  explicit Socket(const addrinfo& address)
      : number_(::socket(address.ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    if (number_ >= 0 && ::connect(number_, address.ai_addr, address.ai_addrlen) != 0) close();
  }
  ~Socket() { close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool is_open() const { return number_ >= 0; }
  void send(const std::string& text) const {
    // A refusal of the one before (nobody listens) is told at the next call, which has then not
    // sent anything; whether it did does not matter.
    const ssize_t sent = ::send(number_, text.data(), text.size(), MSG_NOSIGNAL);
    static_cast<void>(sent);
  }

 private:
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int number_;
};

}  // namespace

void send_datagrams(const std::string& host, std::uint16_t port,
                    const std::vector<std::string>& texts) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_DGRAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  const Socket socket(*addresses);
  if (!socket.is_open()) return;
  for (const std::string& text : texts) socket.send(text);
}

}  // namespace ksv::net
