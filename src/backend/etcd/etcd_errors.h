// What the refusals of etcd mean, on v2 and v3: the one table of their codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/http.h"
#include "ksv/result.h"

#include "backend/etcd/etcd_client.h"
#include "net/request_loop.h"

namespace ksv::etcd {

// How a refusal is to be taken by whoever sent the request.
enum class Meaning {
  kOther,          // see ErrorTraits::code
  kNoKey,          // v2 100
  kCompareFailed,  // v2 101
  kNotFile,        // v2 102: it is a directory
  kNotDirectory,   // v2 104
  kExists,         // v2 105
  kRootReadOnly,   // v2 107
  kNotEmpty,       // v2 108
  kCleared,        // v2 400, 401; v3: the revision was compacted
  kNotFound,       // v3 5: the lease or member is gone
  kPrecondition,   // v3 9: of the service itself, such as "authentication is not enabled"
  kToken,          // v3: the token is not, or no more, valid; a new one may be
  kNoLeader,       // v3: the member knows no leader, and did nothing
  kNoRoute,        // no such path on this server: not etcd's, another version, or v2 switched off
  kMoved,          // to the Location of the answer
};

struct ErrorTraits {
  // What a read is to do; a write is repeated only where `definite`.
  net::Verdict verdict = net::Verdict::kUse;
  ErrorCode code = ErrorCode::kUnavailable;
  Meaning meaning = Meaning::kOther;
  // Nothing was done, and nothing of it will appear later.
  bool definite = true;
};

// A refusal, taken apart.
struct ServiceError {
  int status = 0;                      // of HTTP
  std::optional<std::int64_t> code{};  // v2's errorCode, or gRPC's code
  bool is_v2 = false;                  // whose `code` it is
  std::string message{};
  std::string cause{};                  // v2
  std::optional<std::int64_t> index{};  // v2
  ErrorTraits traits{};
};

// For an answer whose status is not 2xx.
ServiceError read_refusal(const HttpAnswer& answer);
// v3's streams tell errors inside of a 200, by gRPC's code.
ServiceError grpc_refusal(std::int64_t code, std::string message);
// The code of "InvalidArgument" and its like.
std::optional<std::int64_t> find_grpc_code(std::string_view name);

// Its errorCode, of v3's codes the nearest that v2 has; of a refusal that has a code.
std::int64_t v2_code_of(const ServiceError& refusal);

// v2: "Compare failed (errorCode 101): [1 != 2]"; v3: "what the server says (InvalidArgument 3)";
// with the details status, errorCode (of v3 the nearest that v2 has), message, cause, index, and of
// v3 code.
Error make_error(const ServiceError& refusal);

}  // namespace ksv::etcd
