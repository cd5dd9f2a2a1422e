// Requests to services of the machine itself, which answer at once or are not there: instance
// metadata and container agents. The request loop would wait for them too long.
#pragma once

#include <chrono>
#include <string>

#include "net/aws/provider.h"

namespace ksv::aws {

struct MetadataRequest {
  std::string method;
  std::string url;
  HttpHeaders headers{};
  bool through_proxy = false;           // may it go by the proxy that the environment names?
  std::chrono::milliseconds timeout{};  // of each attempt
  std::uint32_t attempts = 1;           // while there is no answer, or one of 5xx
};

// The last answer; an HttpFailure when there was none. Errors: kDeadline, kCancelled.
Result<HttpOutcome> ask_metadata(const MetadataRequest& request, ProviderContext& context);

}  // namespace ksv::aws
