// The names in the folder of a file store, and what each kind of them is.
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"

namespace ksv {

enum class NameKind {
  kBlob,      // "<uuid>.ksv"
  kLeftover,  // a staged write, a backup or a fence of a blob: understood, never data
  kNfs,       // ".nfs...": the NFS client keeps an open file that was removed
  kOldBlob,  // a bare uuid, or "B_" and a uuid: konserve before 0.6; empty: its probe of the folder
  kUnknown,
};

NameKind name_kind(std::string_view name);

// A backend key of the file store: the name of a blob.
Status check_blob_name(std::string_view key);

std::string path_in(const std::string& folder, std::string_view name);

}  // namespace ksv
