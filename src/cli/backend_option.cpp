// The table of backends' options.
#include "cli/backend_option.h"

#include <algorithm>
#include <array>

#include "cli/input.h"

namespace ksv::cli {
namespace {

using enum BackendOption::Kind;

constexpr std::array kOptions = {
    BackendOption{"file", "sync", kFlag, "false: as --no-sync"},
    BackendOption{"s3", "region", kText,
                  "the region; else AWS_REGION, AWS_DEFAULT_REGION or the AWS profile's"},
    BackendOption{"s3", "endpoint", kText,
                  "the URL of a service other than AWS, with port and path where it has them; else "
                  "AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or the AWS profile's"},
    BackendOption{"s3", "path-style", kFlag,
                  "true: the bucket stands in the path; false: in the host name. AWS takes the "
                  "host name, other services the path where nothing is said"},
    BackendOption{"s3", "profile", kText, "the AWS profile; else AWS_PROFILE"},
    BackendOption{"s3", "access-key", kText, "the access key, in place of AWS's chain"},
    BackendOption{"s3", "secret", kSecret, "its secret"},
    BackendOption{"s3", "session-token", kSecret, "its session token"},
    BackendOption{"s3", "anonymous", kFlag, "true: requests are not signed"},
    BackendOption{"s3", "dualstack", kFlag, "true: AWS's endpoints for IPv6 and IPv4"},
    BackendOption{"s3", "fips", kFlag, "true: AWS's FIPS endpoints"},
    BackendOption{"s3", "request-payer", kFlag, "true: the requester pays"},
    BackendOption{"s3", "expected-bucket-owner", kText,
                  "the account that must own the bucket, else requests are denied"},
    BackendOption{"s3", "create-bucket", kFlag,
                  "false: create-store does not create a missing bucket"},
    BackendOption{"s3", "allow-unsafe", kFlag, "true: as --allow-unsafe"},
    BackendOption{"s3", "x-ray", kFlag, "true: as --x-ray"},
    BackendOption{"s3", "ca-bundle", kText,
                  "a PEM file of authorities; else AWS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE"},
    BackendOption{"s3", "client-certificate", kText,
                  "a PEM file that identifies ksv to the server"},
    BackendOption{"s3", "client-key", kText, "its key"},
    BackendOption{"s3", "connect-timeout", kDuration, "as --connect-timeout"},
    BackendOption{"etcd", "api", kText, "v2 or v3; else v3, unless the server has v2 alone"},
    BackendOption{"etcd", "tls", kFlag, "true: https"},
    BackendOption{"etcd", "ca", kText, "a PEM file of authorities; else ETCDCTL_CACERT"},
    BackendOption{"etcd", "cert", kText,
                  "a PEM file that identifies ksv to the server; else ETCDCTL_CERT"},
    BackendOption{"etcd", "key", kText, "its key; else ETCDCTL_KEY"},
    BackendOption{"etcd", "user", kText, "the user; else ETCDCTL_USER, as NAME or NAME:PASSWORD"},
    BackendOption{"etcd", "password", kSecret, "the password; else ETCDCTL_PASSWORD"},
    BackendOption{"etcd", "layout", kText,
                  "native (the default): texts under paths; konserve: a konserve store"},
    BackendOption{"etcd", "settle", kText,
                  "history (the default), or sidecar: each write also leaves its name beside the "
                  "key, so that its outcome is always known (v3)"},
    BackendOption{"etcd", "stale", kFlag,
                  "true: reads are answered by the member alone, and may be old"},
    BackendOption{"etcd", "ttl", kText, "what is written lives so many seconds; as --ttl"},
    BackendOption{"etcd", "max-request-bytes", kText, "the server's --max-request-bytes"},
    BackendOption{"etcd", "max-txn-ops", kText, "the server's --max-txn-ops"},
    BackendOption{"etcd", "connect-timeout", kDuration, "as --connect-timeout"},
    BackendOption{"dynamodb", "layout", kText,
                  "native (the default): items as maps; konserve: the table is a konserve store"},
    BackendOption{"dynamodb", "hash-key", kText, "of a table that is made: as --hash-key"},
    BackendOption{"dynamodb", "range-key", kText, "of a table that is made: as --range-key"},
    BackendOption{"dynamodb", "version-attr", kText, "as --version-attr"},
    BackendOption{"dynamodb", "exactly-once", kFlag, "true: as --exactly-once"},
    BackendOption{"dynamodb", "region", kText,
                  "the region; else AWS_REGION, AWS_DEFAULT_REGION or the AWS profile's"},
    BackendOption{"dynamodb", "endpoint", kText,
                  "the URL of a service other than AWS; else AWS_ENDPOINT_URL_DYNAMODB, "
                  "AWS_ENDPOINT_URL or the AWS profile's"},
    BackendOption{"dynamodb", "profile", kText, "the AWS profile; else AWS_PROFILE"},
    BackendOption{"dynamodb", "access-key", kText, "the access key, in place of AWS's chain"},
    BackendOption{"dynamodb", "secret", kSecret, "its secret"},
    BackendOption{"dynamodb", "session-token", kSecret, "its session token"},
    BackendOption{"dynamodb", "dualstack", kFlag, "true: AWS's endpoints for IPv6 and IPv4"},
    BackendOption{"dynamodb", "fips", kFlag, "true: AWS's FIPS endpoints"},
    BackendOption{"dynamodb", "stale", kFlag,
                  "true: reads are eventually consistent, at half the price"},
    BackendOption{"dynamodb", "billing", kText,
                  "of a table that is made: provisioned (the default) or pay-per-request"},
    BackendOption{"dynamodb", "read-capacity", kText,
                  "of a table that is made: its units of provisioned reads; else 5"},
    BackendOption{"dynamodb", "write-capacity", kText,
                  "of a table that is made: its units of provisioned writes; else 5"},
    BackendOption{"dynamodb", "x-ray", kFlag, "true: as --x-ray"},
    BackendOption{"dynamodb", "ca-bundle", kText,
                  "a PEM file of authorities; else AWS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE"},
    BackendOption{"dynamodb", "client-certificate", kText,
                  "a PEM file that identifies ksv to the server"},
    BackendOption{"dynamodb", "client-key", kText, "its key"},
    BackendOption{"dynamodb", "connect-timeout", kDuration, "as --connect-timeout"},
};

}  // namespace

std::span<const BackendOption> backend_options() { return kOptions; }

const BackendOption* find_backend_option(std::string_view backend, std::string_view name) {
  const auto found = std::find_if(kOptions.begin(), kOptions.end(), [&](const auto& option) {
    return option.backend == backend && option.name == name;
  });
  return found == kOptions.end() ? nullptr : &*found;
}

Status apply_backend_option(StoreAddress& address, const std::string& name,
                            const std::string& value) {
  const BackendOption* option = find_backend_option(address.backend, name);
  if (option == nullptr) {
    return Error(ErrorCode::kUsage,
                 "a store in " + address.backend + " has no option \"" + name + "\"")
        .with_hint("ksv help stores lists them");
  }
  switch (option->kind) {
    case kFlag:
      if (value == "true" || value == "false") break;
      return Error(ErrorCode::kUsage, name + " must be true or false, not \"" + value + "\"");
    case kDuration: KSV_CHECK(read_duration(value)); break;
    case kText:
    case kSecret:
      if (!value.empty()) break;
      return Error(ErrorCode::kUsage, name + " is empty");
  }
  address.options[name] = value;
  return ok();
}

bool holds_secret(const StoreAddress& address) {
  return std::any_of(address.options.begin(), address.options.end(), [&](const auto& entry) {
    const BackendOption* option = find_backend_option(address.backend, entry.first);
    return option != nullptr && option->kind == kSecret;
  });
}

}  // namespace ksv::cli
