// The changes of a key that the fault and crash tests interrupt at every step.
#pragma once

#include <string>
#include <vector>

#include "backend/file/file_names.h"
#include "backend/file/file_version.h"
#include "support/file_store.h"

namespace ksv::testing {

struct FileOperation {
  enum class Before { kAbsent, kLeftover, kPresent };
  enum class Kind { kWrite, kStream, kRemove };
  std::string name;
  Before before;
  Kind kind;
  Precondition precondition;
  bool fence = false;     // konserve's sidecar is there
  bool no_links = false;  // the file system knows no second names
  bool sync = true;

  std::string old_text() const { return before == Before::kPresent ? "old" : "(absent)"; }
  std::string new_text() const { return kind == Kind::kRemove ? "(absent)" : "the new value"; }

  void prepare(const FileStore& store) const {
    if (before != Before::kAbsent) put_file(store.path(), before == Before::kPresent ? "old" : "");
    if (fence) put_file(store.path() + ".cas", "");
  }

  // True when the change was acknowledged, false when it was refused.
  Result<bool> run(Backend& backend) const {
    if (kind == Kind::kRemove) {
      return KSV_TRY(backend.remove(kBlobName, precondition)) == RemoveOutcome::kRemoved;
    }
    const std::string text = new_text();
    if (kind == Kind::kWrite) {
      const auto outcome = KSV_TRY(backend.write(kBlobName, bytes_of(text), precondition, {}));
      return std::holds_alternative<Written>(outcome);
    }
    std::size_t at = 0;
    const ByteSource source = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
      const std::size_t count = std::min<std::size_t>(4, text.size() - at);
      std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
      at += count;
      return count;
    };
    const auto outcome = KSV_TRY(backend.write_stream(kBlobName, source, precondition, {}));
    return std::holds_alternative<Written>(outcome);
  }
};

inline std::vector<FileOperation> file_operations() {
  using enum FileOperation::Before;
  using enum FileOperation::Kind;
  const Match old_version{blob_version(bytes_of("old"))};
  return {
      {"first write", kAbsent, kWrite, Any{}},
      {"first write under Absent", kAbsent, kWrite, Absent{}},
      {"first write, streamed", kAbsent, kStream, Absent{}},
      {"first write with a fence", kAbsent, kWrite, Absent{}, true},
      {"first write without links", kAbsent, kWrite, Absent{}, false, true},
      {"write over a leftover", kLeftover, kWrite, Absent{}},
      {"replacement", kPresent, kWrite, Any{}},
      {"replacement under Match", kPresent, kWrite, old_version},
      {"replacement, streamed", kPresent, kStream, old_version},
      {"replacement without sync", kPresent, kWrite, Any{}, false, false, false},
      {"replacement under Match without sync", kPresent, kWrite, old_version, false, false, false},
      {"replacement with a fence", kPresent, kWrite, old_version, true},
      {"removal", kPresent, kRemove, Any{}},
      {"removal under Match", kPresent, kRemove, old_version},
      {"removal with a fence", kPresent, kRemove, Any{}, true},
  };
}

// The answer of a file system without second names, for a hook of WatchedFiles.
inline std::optional<Error> refuse_links(const FileCall& call) {
  if (call.name != "link") return std::nullopt;
  return Error(ErrorCode::kUnsupported, "no links here");
}

}  // namespace ksv::testing
