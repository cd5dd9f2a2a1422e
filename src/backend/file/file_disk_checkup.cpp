// File systems by their magic number (statfs(2)), and what each means for a store.
#include "backend/file/file_disk_checkup.h"

#include <array>
#include <fmt/format.h>

namespace ksv {
namespace {

constexpr std::uint64_t kBytesMin = std::uint64_t{1} << 20;
constexpr std::uint64_t kBytesLow = std::uint64_t{64} << 20;
constexpr std::uint64_t kFilesLow = 1000;

enum class Nature { kLocal, kMemory, kOverlay, kNetwork, kUser, kSimple };

struct Kind {
  std::uint32_t magic;
  std::string_view name;
  Nature nature;
};
constexpr std::array kKinds = {
    Kind{0xEF53, "ext4", Nature::kLocal},         Kind{0x58465342, "XFS", Nature::kLocal},
    Kind{0x9123683E, "Btrfs", Nature::kLocal},    Kind{0x2FC12FC1, "ZFS", Nature::kLocal},
    Kind{0xF2F52010, "F2FS", Nature::kLocal},     Kind{0xCA451A4E, "bcachefs", Nature::kLocal},
    Kind{0xF15F, "eCryptfs", Nature::kLocal},     Kind{0x01021994, "tmpfs", Nature::kMemory},
    Kind{0x858458F6, "ramfs", Nature::kMemory},   Kind{0x794C7630, "overlay", Nature::kOverlay},
    Kind{0x6969, "NFS", Nature::kNetwork},        Kind{0x517B, "SMB", Nature::kNetwork},
    Kind{0xFF534D42, "CIFS", Nature::kNetwork},   Kind{0xFE534D42, "SMB", Nature::kNetwork},
    Kind{0x00C36400, "CephFS", Nature::kNetwork}, Kind{0x0BD00BD0, "Lustre", Nature::kNetwork},
    Kind{0x01161970, "GFS2", Nature::kNetwork},   Kind{0x7461636F, "OCFS2", Nature::kNetwork},
    Kind{0x5346414F, "AFS", Nature::kNetwork},    Kind{0x01021997, "9p", Nature::kNetwork},
    Kind{0x65735546, "FUSE", Nature::kUser},      Kind{0x4D44, "FAT", Nature::kSimple},
    Kind{0x2011BAB0, "exFAT", Nature::kSimple},
};

void tell_kind(const Kind& kind, Examination& examination) {
  const std::string name(kind.name);
  switch (kind.nature) {
    case Nature::kLocal: return examination.good("file system", name + ", local");
    case Nature::kMemory:
      return examination.warn("file system", name + ": in memory",
                              "What is written is gone after a restart of the machine.");
    case Nature::kOverlay:
      return examination.warn(
          "file system", name + ": the layers of a container",
          "What is written usually goes with the container: put the store on a volume.");
    case Nature::kNetwork:
      return examination.warn(
          "file system", name + ": over a network",
          "Locks between machines hold only if all of them mount it with locking (NFS: version 4, "
          "without nolock or local_lock); this examination sees one machine. A store in S3 needs "
          "no "
          "such trust.");
    case Nature::kUser:
      return examination.warn(
          "file system", name + ": a program answers for it",
          "Whether locks hold between machines and a sync reaches a disk is up to that program; "
          "this examination sees one machine.");
    case Nature::kSimple:
      return examination.warn("file system", name + ": no journal",
                              "A power failure may damage it: put the store on another one.");
  }
}

void examine_kind(const Disk& disk, Examination& examination) {
  for (const Kind& kind : kKinds) {
    if (kind.magic == disk.kind) return tell_kind(kind, examination);
  }
  examination.good("file system", fmt::format("of the kind 0x{:X}", disk.kind));
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1'000'000'000) return fmt::format("{} MB", bytes / 1'000'000);
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

void examine_space(const Disk& disk, Examination& examination) {
  const std::string text = bytes_text(disk.bytes_free) + " free of " + bytes_text(disk.bytes);
  if (disk.bytes_free < kBytesMin) {
    return examination.bad("space",
                           Error(ErrorCode::kUnavailable, "the disk is full (" + text + ")")
                               .with_hint("Free some space"));
  }
  if (disk.bytes_free < kBytesLow) {
    return examination.warn("space", text, "Free some space: writes begin to fail soon.");
  }
  // Some file systems make inodes as they need them, and count none.
  if (disk.files > 0 && disk.files_free < kFilesLow) {
    return examination.warn("space", fmt::format("{} files can still be made", disk.files_free),
                            "Each key is a file: remove some files, or use another file system.");
  }
  examination.good("space", text);
}

}  // namespace

void examine_disk(const Disk& disk, Examination& examination) {
  examine_kind(disk, examination);
  examine_space(disk, examination);
}

}  // namespace ksv
