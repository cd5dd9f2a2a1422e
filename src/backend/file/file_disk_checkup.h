// What kind of file system a store is on, and what is left of it.
#pragma once

#include "backend/examination.h"
#include "base/real_disk.h"

namespace ksv {

void examine_disk(const Disk& disk, Examination& examination);

}  // namespace ksv
