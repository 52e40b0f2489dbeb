#include "models/text/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace digitorch {
namespace {

using namespace std::string_literals;

TEST(Utf8Test, LengthIsThatOfTheFirstCharacter) {
  EXPECT_EQ(utf8_length("a\xC3"), 1U);
  EXPECT_EQ(utf8_length("\0b"s), 1U);
  EXPECT_EQ(utf8_length("\xC3\xBC"), 2U);
  EXPECT_EQ(utf8_length("\xE2\x82\xAC!"), 3U);
  EXPECT_EQ(utf8_length("\xF4\x8F\xBF\xBF"), 4U);
  EXPECT_EQ(utf8_length(""), 0U);
}

TEST(Utf8Test, TextOfWholeCharactersIsValid) {
  for (const std::string& text :
       {""s,
        "digits"s,
        "\0"s,
        "\x7F"s,
        "\xC2\x80"s,
        "\xDF\xBF"s,
        "\xE0\xA0\x80"s,
        "\xED\x9F\xBF"s,
        "\xEE\x80\x80"s,
        "\xEF\xBF\xBF"s,
        "\xF0\x90\x80\x80"s,
        "\xF4\x8F\xBF\xBF"s,
        "\xC3\xBC \xE2\x82\xAC"s})
    EXPECT_TRUE(is_utf8(text)) << ::testing::PrintToString(text);
}

TEST(Utf8Test, OtherBytesAreNot) {
  for (const std::string& text :
       {"\x80"s,      // a byte that continues nothing
        "\xC0\x80"s,  // overlong forms
        "\xC1\xBF"s,
        "\xE0\x9F\xBF"s,
        "\xF0\x8F\xBF\xBF"s,
        "\xED\xA0\x80"s,      // a surrogate
        "\xF4\x90\x80\x80"s,  // beyond U+10FFFF
        "\xF5\x80\x80\x80"s,
        "\xFF"s,
        "\xC3"s,  // cut
        "\xE2\x82"s,
        "\xF0\x90\x80"s,
        "\xE2\x28\xA1"s,  // not continued
        "\xE2\x82\x28"s,
        "ok \xC3("s})
    EXPECT_FALSE(is_utf8(text)) << ::testing::PrintToString(text);
}

}  // namespace
}  // namespace digitorch
