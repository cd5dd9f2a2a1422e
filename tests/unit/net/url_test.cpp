// URLs: taking apart, putting together, percent-encoding.
#include "net/url.h"

#include <doctest/doctest.h>

#include "support/result_checks.h"

namespace ksv::testing {

using net::parse_url;

TEST_CASE("all but the unreserved characters are encoded, in upper case") {
  CHECK(net::percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(net::percent_encode("a b/c+d*\xC3\xA4") == "a%20b%2Fc%2Bd%2A%C3%A4");
  CHECK(net::percent_encode("a b/c", true) == "a%20b/c");
  CHECK(net::percent_encode(std::string("\0\x7F\xFF", 3)) == "%00%7F%FF");
}

TEST_CASE("encoded text is decoded, a bad encoding is none") {
  CHECK(net::percent_decode("a%20b%2fc%2F+") == "a b/c/+");
  CHECK(net::percent_decode("%00") == std::string("\0", 1));
  CHECK(net::percent_decode("") == "");
  for (const char* text : {"%", "%2", "a%2", "%zz", "%2g", "%%20"}) {
    CHECK_FALSE(net::percent_decode(text).has_value());
  }
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  CHECK(net::percent_decode(net::percent_encode(all)) == all);
}

TEST_CASE("a query becomes text and comes back") {
  const net::Query query = {{"list-type", "2"}, {"prefix", "a/b c"}, {"acl", ""}, {"x", "=&"}};
  const std::string text = net::query_text(query);
  CHECK(text == "list-type=2&prefix=a%2Fb%20c&acl=&x=%3D%26");
  const auto back = net::parse_query(text);
  REQUIRE_OK(back);
  CHECK(*back == query);
  CHECK(net::query_text({}).empty());
}

TEST_CASE("a query may lack values, and have empty pairs") {
  const auto query = net::parse_query("a&&b=&=c&d=1=2");
  REQUIRE_OK(query);
  CHECK(*query == net::Query{{"a", ""}, {"b", ""}, {"", "c"}, {"d", "1=2"}});
  CHECK(net::parse_query("")->empty());
  REQUIRE_ERROR(net::parse_query("a=%4"), ErrorCode::kUsage);
}

TEST_CASE("a URL is taken apart, its path as it stood") {
  const auto url = parse_url("HTTPS://Example.COM:8443/a/../b%2Fc?x=1&y#part");
  REQUIRE_OK(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "example.com");
  CHECK(url->port == 8443);
  CHECK(url->path == "/a/../b%2Fc");
  CHECK(url->query == "x=1&y");
  CHECK(url->origin() == "https://example.com:8443");
}

TEST_CASE("the port of the scheme is left out") {
  CHECK(parse_url("http://h:80/")->authority() == "h");
  CHECK(parse_url("https://h:443")->authority() == "h");
  CHECK(parse_url("https://h:80")->authority() == "h:80");
  CHECK(parse_url("http://h?x")->path.empty());
  CHECK(parse_url("http://h?x")->query == "x");
}

TEST_CASE("an IPv6 host keeps its brackets") {
  const auto url = parse_url("http://[2001:DB8::1]:2379/v3");
  REQUIRE_OK(url);
  CHECK(url->host == "[2001:db8::1]");
  CHECK(url->port == 2379);
  CHECK(parse_url("http://[::1]/")->authority() == "[::1]");
  CHECK(net::is_ip_address("[::1]"));
  CHECK(net::is_ip_address("192.0.2.1"));
  CHECK_FALSE(net::is_ip_address("s3.example.com"));
  CHECK_FALSE(net::is_ip_address(""));
}

TEST_CASE("what is no URL of a server is refused") {
  for (const char* text : {"", "h/p", "ftp://h", "file:///etc", "http://", "http:///p",
                           "http://:80", "http://h:", "http://h:0", "http://h:65536", "http://h:8x",
                           "http://h p", "http://h/\n", "://h"}) {
    CAPTURE(std::string(text));
    REQUIRE_ERROR(parse_url(text), ErrorCode::kUsage);
  }
}

TEST_CASE("a URL with a password is refused, and the password is not shown") {
  const auto url = parse_url("http://user:secret@h/");
  REQUIRE_ERROR(url, ErrorCode::kUsage);
  CHECK(url.error().message().find("secret") == std::string::npos);
}

}  // namespace ksv::testing
