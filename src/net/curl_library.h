// The one place where libcurl is loaded: linked, or found when the network is first used.
#pragma once

#include <curl/curl.h>

#include "ksv/result.h"

namespace ksv::net {

// libcurl's functions. A program linked with the system's libcurl starts 33 shared libraries, which
// takes longer than everything else ksv does for a local store. So the ordinary build takes only
// types from curl.h and loads the library at run time; with KSV_STATIC_CURL defined the functions
// are linked ones.
struct CurlLibrary {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_reset) easy_reset = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
  decltype(&::curl_share_init) share_init = nullptr;
  decltype(&::curl_share_setopt) share_setopt = nullptr;
  decltype(&::curl_share_cleanup) share_cleanup = nullptr;
};

// Loads and initialises libcurl; it stays loaded. kUnavailable, with the package that is missing.
Result<CurlLibrary> load_curl();

}  // namespace ksv::net
