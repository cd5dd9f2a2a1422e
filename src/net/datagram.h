// Datagrams that nobody waits for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ksv::net {

// Sends each text as one UDP datagram to host and port. Does not wait and does not fail: a
// datagram may be lost anyway. `host` is a name or an address, an IPv6 one without brackets.
void send_datagrams(const std::string& host, std::uint16_t port,
                    const std::vector<std::string>& texts);

}  // namespace ksv::net
