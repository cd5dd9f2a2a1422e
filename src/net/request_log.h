// What -v and -vv show of each attempt of a request.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "ksv/http.h"

namespace ksv::net {

// "GET http://host/path 200 3 ms 120 bytes request-id X", or what went wrong in place of the
// status. `body_bytes` counts what a sink took, too.
std::string attempt_line(const HttpRequest& request, const HttpOutcome& outcome,
                         std::chrono::milliseconds took, std::uint64_t body_bytes);

// A line for each header, "> " before those of the request and "< " before those of the answer,
// each after a newline. What bears a right is left out: values of headers that are known or named
// for it, and other values that repeat one of the request's.
std::string header_lines(const HttpRequest& request, const HttpOutcome& outcome);

// The URL with the values of signatures, credentials and tokens left out.
std::string blanked_url(std::string_view url);

// The service's name for an answer, for its support; empty when there is none.
std::string request_id(const HttpHeaders& headers);

}  // namespace ksv::net
