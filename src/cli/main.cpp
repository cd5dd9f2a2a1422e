// The program's entry: the real world, and a last resort.
#include <cstdio>
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
    return ksv::cli::run_app(arguments, env);
  } catch (const std::exception& defect) {
    // Nothing of ours throws; this is memory that ran out, or a defect.
    std::fprintf(stderr, "ksv: an error in ksv itself: %s. Please report it.\n", defect.what());
    return 70;
  }
}
