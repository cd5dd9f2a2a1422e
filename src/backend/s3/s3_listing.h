// Listings of a bucket, page by page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ksv/backend.h"

#include "backend/s3/s3_wire.h"

namespace ksv::s3 {

struct ListInput {
  std::string prefix{};
  std::string delimiter{};
  std::optional<std::string> token{};  // that of the page before
};

struct ListPage {
  std::vector<Listed> objects;        // whole names
  std::vector<std::string> prefixes;  // common ones, up to and with the delimiter
  std::optional<std::string> next;
};

// Nothing when the bucket does not exist.
Result<std::optional<ListPage>> list_page(Wire& wire, const ListInput& input);

// The page in the body of an answer. kCorrupt when it is none.
Result<ListPage> parse_list_page(BytesView body);

}  // namespace ksv::s3
