// Reading XML: what stores answer, and what nobody should.
#include "base/xml.h"

#include <doctest/doctest.h>
#include <string>

#include "support/result_checks.h"

namespace ksv {
namespace {

XmlNode parsed(std::string_view text) {
  auto node = parse_xml(bytes_of(text));
  REQUIRE_OK(node);
  return *std::move(node);
}

TEST_CASE("elements are found by name, without their namespace, in order") {
  const XmlNode root = parsed(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:List xmlns:s=\"http://x/\" a=\"1\">\n"
      "  <Key>a</Key><Other/>\n  <s:Key>b</s:Key><!-- no -->\n</s:List>\n");
  CHECK(root.name() == "List");
  REQUIRE(root.children("Key").size() == 2);
  CHECK(root.children("Key")[0]->text() == "a");
  CHECK(root.children("Key")[1]->text() == "b");
  CHECK(root.child("Other")->text().empty());
  CHECK(root.child("Missing") == nullptr);
  CHECK(root.text_of("Key") == "a");
  CHECK(root.text_of("Missing").empty());
}

TEST_CASE("text is unescaped, CDATA joined, white space kept") {
  CHECK(parsed("<a>&quot;x&quot; &amp;&lt;&gt;&apos; &#233;&#x41;</a>").text() ==
        "\"x\" &<>' \xC3\xA9"
        "A");
  CHECK(parsed("<a>1<![CDATA[<2>]]>3</a>").text() == "1<2>3");
  CHECK(parsed("<a> </a>").text() == " ");
}

TEST_CASE("a deep tree is walked back up to the right parent") {
  const XmlNode root = parsed("<a><b><c>1</c><c>2</c></b><b><c>3</c></b><d>4</d></a>");
  REQUIRE(root.children("b").size() == 2);
  CHECK(root.children("b")[0]->children("c").size() == 2);
  CHECK(root.children("b")[1]->text_of("c") == "3");
  CHECK(root.text_of("d") == "4");
}

TEST_CASE("what is no well-formed XML is refused") {
  for (const std::string_view text :
       {"", " ", "hello", "<a>", "<a></b>", "<a/><b/>", "<a", "{\"a\":1}", "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"}) {
    CAPTURE(text);
    REQUIRE_ERROR(parse_xml(bytes_of(text)), ErrorCode::kCorrupt);
  }
}

TEST_CASE("depth and size are bounded") {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text.append("<a>");
    for (int i = 0; i < depth; ++i) text.append("</a>");
    return text;
  };
  CHECK_OK(parse_xml(bytes_of(nested(64))));
  REQUIRE_ERROR(parse_xml(bytes_of(nested(65))), ErrorCode::kCorrupt);
  REQUIRE_ERROR(parse_xml(bytes_of(nested(100'000))), ErrorCode::kCorrupt);
  const std::string large = "<a>" + std::string(std::size_t{65} << 20, 'x') + "</a>";
  REQUIRE_ERROR(parse_xml(bytes_of(large)), ErrorCode::kCorrupt);
}

TEST_CASE("escaped text reads back") {
  const std::string text = "a<b>&\"c'\n\x01\xC3\xA9";
  CHECK(parsed("<a>" + xml_escape(text) + "</a>").text() == text);
}

}  // namespace
}  // namespace ksv
