// What happens when a programmer's assumption is wrong.
#include <cstdio>
#include <cstdlib>

#include "ksv/error.h"

namespace ksv {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr,
               "ksv: a defect of ksv itself: %s does not hold at %s:%d. Please report it.\n",
               expression, file, line);
  std::abort();
}

}  // namespace ksv
