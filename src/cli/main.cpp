// The program's entry: the real world, and a last resort.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "cli/app.h"

#include "base/real_env.h"
#include "net/curl_http.h"

int main(int count, char** words) {
  try {
    ksv::RealEnv env(ksv::net::make_curl_http);
    const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
    const int status = ksv::cli::run_app(arguments, env);
#ifdef NDEBUG
    // Everything is written. What libcurl's libraries take apart at their ending only costs time;
    // a build for debugging waits for it, since sanitizers report then.
    std::_Exit(status);
#else
    return status;
#endif
  } catch (const std::exception& defect) {
    // Nothing of ours throws; this is memory that ran out, or a defect.
    std::fprintf(stderr, "ksv: an error in ksv itself: %s. Please report it.\n", defect.what());
    return 70;
  }
}
