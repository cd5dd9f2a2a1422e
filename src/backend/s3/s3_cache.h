// Small things known about a bucket, kept from one command to the next under the user's cache
// folder. Nothing here is ever needed: what cannot be read is found out again.
#pragma once

#include <optional>
#include <string>

#include "ksv/env.h"

#include "base/json.h"

namespace ksv::s3 {

// A file "${XDG_CACHE_HOME:-~/.cache}/ksv/<folder>/<hash of identity>.json".
class CacheFile {
 public:
  CacheFile(Env& env, std::string folder, const std::string& identity);

  // The object in the file unless it is older than `age_max_ms`, or of another identity.
  std::optional<Json::Object> read(std::int64_t age_max_ms) const;
  // Replaces the file in one step.
  void write(Json::Object fields) const;
  void forget() const;

 private:
  Env& env_;
  std::string identity_;
  std::string base_;  // the cache folder; empty when there is none
  std::string folder_;
  std::string path_;
};

// The text of a field; empty when it is missing or no text.
std::string cached_text(const Json::Object& fields, std::string_view name);

}  // namespace ksv::s3
