// konserve-dynamodb's layout (doc/format.md, "DynamoDB"): one item a key, its blob in three
// attributes.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/backend.h"

namespace ksv::dynamodb {

inline constexpr std::string_view kKeyAttribute = "Key";
// The service's bound on an item: names and values.
inline constexpr std::size_t kItemBytesMax = std::size_t{400} * 1024;

// The three parts of a blob in base64, as they stand in the item.
struct BlobParts {
  std::string header{};
  std::string meta{};
  std::string value{};
};

// A key's blob with its parts. The version is a hash of its bytes.
struct Blob {
  Stored stored;
  BlobParts parts;
};

// The blob whose bytes these are: twenty of header, as many of meta as that says, the rest is the
// value. Other bytes are split somehow, so that they come back the same.
Blob blob_of_bytes(BytesView bytes);
// kCorrupt when an item is none of the layout's.
Result<Blob> blob_of_item(std::string_view item);

// Names of keys: "<name>.ksv". kUsage for others.
Status check_key(std::string_view key);
bool is_key(std::string_view name);
// kUsage when key and bytes do not fit into an item.
Status check_size(std::string_view key, std::size_t bytes);

// {"Key":{"S":"..."}} and back; nothing for a key of another form.
std::string key_text(std::string_view key);
std::optional<std::string> key_of_item(std::string_view item);
std::string item_text(std::string_view key, const BlobParts& parts);

// A condition on all three parts with its placeholders. It takes all of them: a konserve that does
// not mint a :revision for each write tells two writes within a millisecond apart by the value
// alone.
inline constexpr const char* kMatchCondition = "#h = :h AND #m = :m AND #v = :v";
inline constexpr const char* kMatchNames = R"({"#h":"Header","#m":"Meta","#v":"Value"})";
std::string match_values(const BlobParts& parts);

// The parts of blobs that were read or written lately, so that a write which is to replace a
// version need not read it once more. May be used from several threads.
class KnownBlobs {
 public:
  void put(const std::string& key, const Version& version, const BlobParts& parts);
  std::optional<BlobParts> find(const std::string& key, const Version& version) const;

 private:
  struct Known {
    Version version;
    BlobParts parts;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Known> blobs_;
  std::deque<std::string> order_;
};

}  // namespace ksv::dynamodb
