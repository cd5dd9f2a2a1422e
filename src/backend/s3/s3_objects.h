// Requests for single objects of a bucket.
#pragma once

#include <optional>
#include <string>

#include "ksv/backend.h"

#include "backend/s3/s3_wire.h"

namespace ksv::s3 {

// What a write or a removal asks of the object, as it goes out.
struct Condition {
  enum class Kind { kNone, kAbsent, kMatch };
  Kind kind = Kind::kNone;
  std::string etag{};  // canonical
  // Ceph before 19 finds only bare ETags equal, others want the quotes of RFC 9110.
  bool quoted = true;

  HttpHeaders headers() const;
  // A write under a condition succeeds once at most; so it may be repeated.
  net::Repeat repeat() const {
    return kind == Kind::kNone ? net::Repeat::kOnce : net::Repeat::kConditional;
  }
};

struct ObjectInfo {
  Version version;
  std::uint64_t size = 0;
  std::string write_id{};  // the user metadata under kWriteIdHeader
};

struct Part {
  Bytes bytes;
  std::uint64_t size = 0;  // of the whole object
  Version version;
};

// Names the write that made an object, where the object's bytes do not.
inline constexpr std::string_view kWriteIdHeader = "x-amz-meta-ksv-write";

// Absent objects are nothing; a bucket that does not exist is kState. `name` is the whole name.
Result<std::optional<Stored>> get_object(Wire& wire, const std::string& name);
Result<std::optional<ObjectInfo>> head_object(Wire& wire, const std::string& name);
// Bytes from `offset` on; an empty part with the size when the object ends before. With `version`,
// kContention when the object has another one by now.
Result<std::optional<Part>> get_part(Wire& wire, const std::string& name, std::uint64_t offset,
                                     std::uint64_t length, const Version* version = nullptr);

struct PutInput {
  std::string name;
  BytesView body;
  Condition condition{};
  std::string write_id{};  // empty: none in the metadata
};
// kUnsupported when the service refuses the condition as such.
Result<WriteOutcome> put_object(Wire& wire, const PutInput& input);

// What became of a DELETE. S3 does not say whether the object was there.
enum class DeleteAnswer { kGone, kRefused, kWasAbsent };
Result<DeleteAnswer> delete_object(Wire& wire, const std::string& name, const Condition& condition);

}  // namespace ksv::s3
