// Naming stores in etcd.
#include "cli/etcd_form.h"

#include <algorithm>

#include "net/url.h"

namespace ksv::cli {

Result<StoreSpec> etcd_store(std::string_view endpoints_and_prefix) {
  while (endpoints_and_prefix.ends_with('/')) endpoints_and_prefix.remove_suffix(1);
  const auto slash = std::min(endpoints_and_prefix.find('/'), endpoints_and_prefix.size());
  const std::string_view endpoints = endpoints_and_prefix.substr(0, slash);
  if (endpoints.find('@') != std::string_view::npos) {
    return Error(ErrorCode::kUsage, "the user does not stand before the host of an etcd store")
        .with_hint(
            "Set ETCDCTL_USER and ETCDCTL_PASSWORD, or put user and password into a profile");
  }
  const auto prefix = net::percent_decode(endpoints_and_prefix.substr(slash));
  if (!prefix) {
    return Error(ErrorCode::kUsage, "the prefix of an etcd store has a % that begins no escape")
        .with_hint("Write %25 for it");
  }
  StoreSpec spec;
  spec.address = {.backend = "etcd",
                  .location = std::string(endpoints) + *prefix,
                  .text = "etcd://" + std::string(endpoints_and_prefix)};
  return spec;
}

bool is_plain(const StoreAddress& address) {
  if (address.backend != "etcd") return false;
  const auto layout = address.options.find("layout");
  return layout == address.options.end() || layout->second != "konserve";
}

}  // namespace ksv::cli
