// UTF-8 and UTF-16.
#include "base/utf8.h"

#include <doctest/doctest.h>
#include <vector>

namespace ksv {
namespace {

std::string encoded(char32_t c) {
  std::string text;
  append_utf8(text, c);
  return text;
}

TEST_CASE("code points at the edges of each length are written and read back") {
  CHECK(encoded(0) == std::string(1, '\0'));
  CHECK(encoded(0x7f) == "\x7f");
  CHECK(encoded(0x80) == "\xc2\x80");
  CHECK(encoded(0x7ff) == "\xdf\xbf");
  CHECK(encoded(0x800) == "\xe0\xa0\x80");
  CHECK(encoded(0xffff) == "\xef\xbf\xbf");
  CHECK(encoded(0x10000) == "\xf0\x90\x80\x80");
  CHECK(encoded(0x10ffff) == "\xf4\x8f\xbf\xbf");
  CHECK(encoded(0x110000) == "\xef\xbf\xbd");
  for (char32_t c = 0; c <= 0x10ffff; c += c < 0x11000 ? 1 : 97) {
    const std::string text = encoded(c);
    std::size_t at = 0;
    REQUIRE(next_code_point(text, at) == c);
    REQUIRE(at == text.size());
  }
}

TEST_CASE("malformed bytes are refused one at a time") {
  const std::vector<std::string> texts{
      "\x80",              // a continuation alone
      "\xbf",              //
      "\xc0\x80",          // longer than needed
      "\xc1\xbf",          //
      "\xe0\x9f\xbf",      //
      "\xf0\x8f\xbf\xbf",  //
      "\xf4\x90\x80\x80",  // beyond U+10FFFF
      "\xf5\x80\x80\x80",  //
      "\xff",              //
      "\xc3",              // cut short
      "\xe2\x82",          //
      "\xf0\x9f\x98",      //
      "\xc3(",             // broken off
      "\xe2\x82(",         //
  };
  for (const std::string& text : texts) {
    CAPTURE(text.size());
    std::size_t at = 0;
    CHECK_FALSE(next_code_point(text, at).has_value());
    CHECK(at == 1);
    CHECK_FALSE(is_utf8(text));
    CHECK_FALSE(is_utf8("valid before " + text));
    CHECK_FALSE(is_utf8(text + "valid after", true));
  }
}

TEST_CASE("surrogates count as UTF-8 only where they are allowed") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("plain"));
  CHECK(is_utf8("\xf0\x9f\x98\x80"));
  CHECK_FALSE(is_utf8("\xed\xa0\xbd"));
  CHECK(is_utf8("\xed\xa0\xbd", true));
  CHECK(is_utf8("\xed\xbf\xbf", true));
}

TEST_CASE("UTF-16 keeps every unit, paired or not") {
  CHECK(to_utf16("a\xc3\xa4\xe2\x82\xac") == u"a\u00e4\u20ac");
  CHECK(to_utf16("\xf0\x9f\x98\x80") == std::u16string{0xd83d, 0xde00});
  CHECK(to_utf16("\xed\xa0\xbd") == std::u16string{0xd83d});
  // A pair written as two three-byte forms is the same pair.
  CHECK(from_utf16(to_utf16("\xed\xa0\xbd\xed\xb8\x80")) == "\xf0\x9f\x98\x80");
  CHECK(to_utf16("a\xff\xfe") == u"a\ufffd\ufffd");
  const std::u16string odd{0xde00, 0xd83d, 0xd83d, 0xde00, 0xd83d};
  CHECK(to_utf16(from_utf16(odd)) == odd);
  CHECK(from_utf16(std::u16string{0xdc00}) == "\xed\xb0\x80");
}

TEST_CASE("the length is that of Java") {
  CHECK(utf16_length("") == 0);
  CHECK(utf16_length("abc") == 3);
  CHECK(utf16_length("\xc3\xa4\xe2\x82\xac") == 2);
  CHECK(utf16_length("\xf0\x9f\x98\x80") == 2);
  CHECK(utf16_length("\xed\xa0\xbd") == 1);
  CHECK(utf16_length("\xff\xff") == 2);
}

}  // namespace
}  // namespace ksv
