// Loading libcurl.
#include "net/curl_library.h"

#ifndef KSV_STATIC_CURL
#include <dlfcn.h>
#endif

namespace ksv::net {
namespace {

#ifdef KSV_STATIC_CURL

Result<CurlLibrary> find_functions() {
  return CurlLibrary{
      .global_init = &::curl_global_init,
      .easy_init = &::curl_easy_init,
      .easy_cleanup = &::curl_easy_cleanup,
      .easy_reset = &::curl_easy_reset,
      .easy_setopt = &::curl_easy_setopt,
      .easy_perform = &::curl_easy_perform,
      .easy_getinfo = &::curl_easy_getinfo,
      .easy_strerror = &::curl_easy_strerror,
      .slist_append = &::curl_slist_append,
      .slist_free_all = &::curl_slist_free_all,
      .share_init = &::curl_share_init,
      .share_setopt = &::curl_share_setopt,
      .share_cleanup = &::curl_share_cleanup,
  };
}

#else

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

// The linker looks for each symbol in every library of what it opens, one after the other: with
// Debian's libcurl in 33. Those of its libraries that have most of the symbols are opened first, on
// their own, where few are to be searched; it takes a fifth off the linker's work.
void open_largest() {
  for (const char* name : {KSV_CURL_LARGEST static_cast<const char*>(nullptr)}) {
    if (name != nullptr) static_cast<void>(dlopen(name, RTLD_LAZY | RTLD_LOCAL));
  }
}

Result<CurlLibrary> find_functions() {
  open_largest();
  // Its name says the version of the interface, so it is found without the development package.
  void* library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    return Error(ErrorCode::kUnavailable,
                 "libcurl is not installed: the package is called libcurl4 on Debian and Ubuntu, "
                 "libcurl elsewhere");
  }
  CurlLibrary curl;
  const bool complete = find(library, "curl_global_init", curl.global_init) &&
                        find(library, "curl_easy_init", curl.easy_init) &&
                        find(library, "curl_easy_cleanup", curl.easy_cleanup) &&
                        find(library, "curl_easy_reset", curl.easy_reset) &&
                        find(library, "curl_easy_setopt", curl.easy_setopt) &&
                        find(library, "curl_easy_perform", curl.easy_perform) &&
                        find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
                        find(library, "curl_easy_strerror", curl.easy_strerror) &&
                        find(library, "curl_slist_append", curl.slist_append) &&
                        find(library, "curl_slist_free_all", curl.slist_free_all) &&
                        find(library, "curl_share_init", curl.share_init) &&
                        find(library, "curl_share_setopt", curl.share_setopt) &&
                        find(library, "curl_share_cleanup", curl.share_cleanup);
  if (!complete) return Error(ErrorCode::kUnavailable, "libcurl.so.4 lacks functions of libcurl");
  return curl;
}

#endif

}  // namespace

Result<CurlLibrary> load_curl() {
  const CurlLibrary curl = KSV_TRY(find_functions());
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return Error(ErrorCode::kUnavailable, "libcurl does not start");
  }
  return curl;
}

}  // namespace ksv::net
