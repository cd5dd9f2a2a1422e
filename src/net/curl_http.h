// HTTP over libcurl.
#pragma once

#include <memory>

#include "ksv/env.h"
#include "ksv/http.h"

namespace ksv::net {

// Loads libcurl at the first exchange. `env` outlives the result; its cancelled() ends exchanges.
// HTTP/1.1 over TCP or TLS 1.2 and later; peers are always verified; proxies come from the
// environment.
std::unique_ptr<Http> make_curl_http(Env& env);

}  // namespace ksv::net
