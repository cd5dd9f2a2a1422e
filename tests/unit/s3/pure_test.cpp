// The pure parts of the S3 backend: error table, ETags, names, listings, sizes of parts.
#include <doctest/doctest.h>

#include "backend/s3/s3_errors.h"
#include "backend/s3/s3_listing.h"
#include "backend/s3/s3_multipart.h"
#include "backend/s3/s3_names.h"
#include "backend/s3/s3_objects.h"
#include "support/result_checks.h"

namespace ksv::s3 {
namespace {

HttpAnswer answer_of(int status, std::string_view body) {
  return {status, {{"x-amz-id-2", "HOST-1"}}, copy_of(bytes_of(body))};
}

std::string error_body(std::string_view code) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + std::string(code) +
         "</Code><Message>Not\nso.</Message><RequestId>R1</RequestId></Error>";
}

TEST_CASE("the code decides what a refusal means, not the status") {
  struct Row {
    int status;
    std::string_view code;
    net::Verdict verdict;
    ErrorCode error;
    Meaning meaning;
  };
  using net::Verdict;
  const Row rows[] = {
      {412, "PreconditionFailed", Verdict::kUse, ErrorCode::kContention, Meaning::kConflict},
      {409, "ConditionalRequestConflict", Verdict::kUse, ErrorCode::kContention,
       Meaning::kConflict},
      {409, "OperationAborted", Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther},
      {409, "SomethingNew", Verdict::kUse, ErrorCode::kUnavailable, Meaning::kOther},
      {404, "NoSuchKey", Verdict::kUse, ErrorCode::kState, Meaning::kNoKey},
      {404, "NoSuchBucket", Verdict::kUse, ErrorCode::kState, Meaning::kNoBucket},
      {404, "SomethingNew", Verdict::kUse, ErrorCode::kState, Meaning::kOther},
      {403, "AccessDenied", Verdict::kUse, ErrorCode::kDenied, Meaning::kOther},
      {403, "RequestTimeTooSkewed", Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther},
      {400, "ExpiredToken", Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther},
      {400, "AuthorizationHeaderMalformed", Verdict::kRenew, ErrorCode::kUsage, Meaning::kOther},
      {400, "RequestTimeout", Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther},
      {500, "UnknownError", Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther},
      {500, "SomethingNew", Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther},
      {503, "SlowDown", Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther},
      {501, "NotImplemented", Verdict::kUse, ErrorCode::kUnsupported, Meaning::kNotSupported},
      {200, "InternalError", Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther},
      {200, "PreconditionFailed", Verdict::kUse, ErrorCode::kContention, Meaning::kConflict},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    const HttpAnswer answer = answer_of(row.status, error_body(row.code));
    CHECK(is_refusal(answer, true));
    const ServiceError refusal = read_refusal(answer);
    CHECK(refusal.traits.verdict == row.verdict);
    CHECK(refusal.traits.code == row.error);
    CHECK(refusal.traits.meaning == row.meaning);
  }
}

TEST_CASE("without a body the status decides; a page of something else is no absence") {
  CHECK(read_refusal(answer_of(404, "")).traits.meaning == Meaning::kNoKey);
  CHECK(read_refusal(answer_of(412, "")).traits.meaning == Meaning::kConflict);
  // By the service itself, or by something on the way which may have passed the request on.
  HttpAnswer busy = answer_of(503, "");
  CHECK(read_refusal(busy).traits.verdict == net::Verdict::kTransient);
  busy.headers.push_back({"x-amz-request-id", "r-1"});
  CHECK(read_refusal(busy).traits.verdict == net::Verdict::kThrottled);
  CHECK(read_refusal(answer_of(502, "<html>bad gateway</html>")).traits.verdict ==
        net::Verdict::kTransient);
  CHECK(read_refusal(answer_of(404, "<html>not here</html>")).traits.meaning == Meaning::kOther);
}

TEST_CASE("an error inside a 200 counts where the body decides, also after white space") {
  const HttpAnswer late = answer_of(200, "\n   " + error_body("InternalError"));
  CHECK(is_refusal(late, true));
  CHECK_FALSE(is_refusal(late, false));
  CHECK_FALSE(is_refusal(answer_of(200, "<DeleteResult/>"), true));
}

TEST_CASE("an error is one line with the server's fields as details") {
  const Error error = make_error(read_refusal(answer_of(403, error_body("AccessDenied"))));
  CHECK(error.message() == "HTTP 403 AccessDenied: Not so");
  const std::vector<ErrorDetail> expected = {{"status", "403", 403},
                                             {"errorCode", "AccessDenied"},
                                             {"requestId", "R1"},
                                             {"hostId", "HOST-1"}};
  CHECK(error.details() == expected);
}

TEST_CASE("ETags are compared without the quotes of headers and listings") {
  for (const std::string_view text : {"abc", "\"abc\"", "W/\"abc\"", "&quot;abc&quot;"}) {
    CAPTURE(text);
    CHECK(canonical_etag(text) == "abc");
  }
  CHECK(canonical_etag("").empty());
  CHECK(canonical_etag("\"").size() == 1);
  CHECK(can_be_etag("d41d8cd98f00b204e9800998ecf8427e-3"));
  for (const std::string_view text : {"", "*", "\"a\"", "a b", "a\r\nx: y", "a,b"}) {
    CAPTURE(text);
    CHECK_FALSE(can_be_etag(text));
  }
}

TEST_CASE("conditions go out as the service understands them") {
  CHECK(Condition{}.headers().empty());
  const Condition absent{.kind = Condition::Kind::kAbsent};
  CHECK(*find_header(absent.headers(), "If-None-Match") == "*");
  Condition match{.kind = Condition::Kind::kMatch, .etag = "abc"};
  CHECK(*find_header(match.headers(), "If-Match") == "\"abc\"");
  match.quoted = false;
  CHECK(*find_header(match.headers(), "If-Match") == "abc");
  CHECK(Condition{}.repeat() == net::Repeat::kOnce);
  CHECK(match.repeat() == net::Repeat::kConditional);
}

TEST_CASE("keys, leftovers and foreign names are told apart") {
  for (const std::string_view name : {"a.ksv", "a b.ksv"}) CHECK(is_key(name));
  for (const std::string_view name :
       {"", ".ksv", "a", "a/b.ksv", "a.ksv.new", ".konserve-metadata"}) {
    CAPTURE(name);
    CHECK_FALSE(is_key(name));
  }
  CHECK_FALSE(is_key(std::string(1000, 'a') + ".ksv"));
  for (const std::string_view name :
       {"a.ksv", "a.ksv.new", "a.ksv.backup", "a.ksv.123.new", ".ksv-probe-1"}) {
    CAPTURE(name);
    CHECK(goes_with_store(name));
  }
  for (const std::string_view name : {".konserve-metadata", "notes.txt", "new"}) {
    CAPTURE(name);
    CHECK_FALSE(goes_with_store(name));
  }
}

ListPage page_of(const std::string& inside) {
  auto page = parse_list_page(bytes_of("<ListBucketResult xmlns=\"http://s3.amazonaws.com/x/\">" +
                                       inside + "</ListBucketResult>"));
  REQUIRE_OK(page);
  return *std::move(page);
}

TEST_CASE("names of a listing are decoded where the service says that it encoded them") {
  const std::string entry = "<Contents><Key>a%20b+c%2Bd</Key><Size>7</Size></Contents>";
  CHECK(page_of("<EncodingType>url</EncodingType>" + entry).objects[0].key == "a b c+d");
  CHECK(page_of(entry).objects[0].key == "a%20b+c%2Bd");
  CHECK(page_of(entry).objects[0].size == 7);
}

TEST_CASE("a listing has its dates, its common prefixes and its next page") {
  const ListPage page = page_of(
      "<IsTruncated>true</IsTruncated><NextContinuationToken>a+b%20</NextContinuationToken>"
      "<EncodingType>url</EncodingType>"
      "<Contents><Key>k</Key><LastModified>2026-11-21T10:00:00.500Z</LastModified>"
      "<ETag>\"x\"</ETag><Size>18446744073709551616</Size></Contents>"
      "<CommonPrefixes><Prefix>a_</Prefix><Prefix>b_</Prefix></CommonPrefixes>"
      "<CommonPrefixes><Prefix>c%5F</Prefix></CommonPrefixes>");
  CHECK(page.objects[0].modified_ms == 1795255200500);
  CHECK(page.objects[0].size == 0);
  CHECK(page.prefixes == std::vector<std::string>{"a_", "b_", "c_"});
  CHECK(page.next == "a+b%20");
  CHECK_FALSE(page_of("<IsTruncated>false</IsTruncated>").next.has_value());
}

TEST_CASE("what is no listing is refused") {
  for (const std::string_view text :
       {"", "<html/>", "<ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%zz</Key></Contents>"
        "</ListBucketResult>"}) {
    CAPTURE(text);
    REQUIRE_ERROR(parse_list_page(bytes_of(text)), ErrorCode::kCorrupt);
  }
}

TEST_CASE("ten thousand parts hold five tebibytes, and the first are small") {
  std::uint64_t sum = 0;
  for (std::uint64_t number = 1; number <= kPartsMax; ++number) {
    CHECK(part_size(number) >= std::uint64_t{5} << 20);
    CHECK(part_size(number) <= std::uint64_t{5} << 30);
    sum += part_size(number);
  }
  CHECK(sum >= std::uint64_t{5} << 40);
  CHECK(part_size(1) == std::uint64_t{16} << 20);
}

}  // namespace
}  // namespace ksv::s3
