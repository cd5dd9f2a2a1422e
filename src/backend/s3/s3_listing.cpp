// ListObjectsV2, and what services make of it.
#include "backend/s3/s3_listing.h"

#include <algorithm>
#include <charconv>

#include "base/xml.h"
#include "net/aws/time_text.h"

namespace ksv::s3 {
namespace {

// With encoding-type=url, AWS writes a space as "+", others as "%20".
Result<std::string> decoded(std::string_view text, bool is_encoded) {
  if (!is_encoded) return std::string(text);
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', ' ');
  auto name = net::percent_decode(plain);
  if (!name) return Error(ErrorCode::kCorrupt, "the listing has a name that is badly encoded");
  return *std::move(name);
}

Result<Listed> read_entry(const XmlNode& node, bool is_encoded) {
  Listed entry;
  entry.key = KSV_TRY(decoded(node.text_of("Key"), is_encoded));
  const std::string_view size = node.text_of("Size");
  std::from_chars(size.data(), size.data() + size.size(), entry.size);
  entry.modified_ms = aws::parse_iso_time(node.text_of("LastModified")).value_or(0);
  return entry;
}

}  // namespace

Result<ListPage> parse_list_page(BytesView body) {
  const XmlNode root = KSV_TRY(parse_xml(body));
  if (root.name() != "ListBucketResult") {
    return Error(ErrorCode::kCorrupt, "the answer is no listing but <" + root.name() + ">");
  }
  // s3rver does not encode although it was asked to, and does not say that it did.
  const bool is_encoded = root.text_of("EncodingType") == "url";
  ListPage page;
  for (const XmlNode& node : root.children()) {
    if (node.name() == "Contents") {
      page.objects.push_back(KSV_TRY(read_entry(node, is_encoded)));
    } else if (node.name() == "CommonPrefixes") {
      for (const XmlNode* prefix : node.children("Prefix")) {
        page.prefixes.push_back(KSV_TRY(decoded(prefix->text(), is_encoded)));
      }
    }
  }
  if (root.text_of("IsTruncated") != "true") return page;
  // The token is opaque and is not encoded by encoding-type.
  const std::string_view token = root.text_of("NextContinuationToken");
  if (token.empty()) return Error(ErrorCode::kCorrupt, "the listing goes on, but says not where");
  page.next = std::string(token);
  return page;
}

Result<std::optional<ListPage>> list_page(Wire& wire, const ListInput& input) {
  Request request{.operation = "ListObjectsV2", .method = "GET"};
  request.query = {{"encoding-type", "url"}, {"list-type", "2"}, {"max-keys", "1000"}};
  if (input.token) request.query.push_back({"continuation-token", *input.token});
  if (!input.delimiter.empty()) request.query.push_back({"delimiter", input.delimiter});
  if (!input.prefix.empty()) request.query.push_back({"prefix", input.prefix});
  std::sort(request.query.begin(), request.query.end());
  const Answer answer = KSV_TRY(wire.send(request));
  if (answer.is(Meaning::kNoBucket)) return std::optional<ListPage>();
  if (answer.refusal) return wire.refused(request, answer);
  auto page = parse_list_page(answer.body);
  if (!page) return std::move(page).error().with_context("ListObjectsV2 " + wire.name_of(""));
  if (page->next == input.token && page->next) {
    return Error(ErrorCode::kUnavailable,
                 "ListObjectsV2 " + wire.name_of("") + ": the listing goes round in circles");
  }
  return std::optional<ListPage>(*std::move(page));
}

}  // namespace ksv::s3
