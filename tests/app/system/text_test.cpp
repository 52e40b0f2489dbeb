// Text from files and names, made safe to print.
#include "app/system/text.h"

#include <gtest/gtest.h>

namespace digitorch {
namespace {

std::optional<char32_t> first_of(std::string_view text) {
  return take_character(text);
}

TEST(TakeCharacterTest, ReadsCharactersOfAnyLength) {
  std::string_view text = "a\xc3\xa9\xe4\xb8\x83\xf0\x9f\x91\x9f";
  for (const char32_t expected : {U'a', U'\u00E9', U'\u4E03', U'\U0001F45F'})
    EXPECT_EQ(take_character(text), expected);
  EXPECT_TRUE(text.empty());
}

TEST(TakeCharacterTest, BytesOfNoCharacterAreTakenOneByOne) {
  std::string_view text =
      "\xe4\xb8"
      "b";  // a character without its end
  EXPECT_EQ(take_character(text), std::nullopt);
  EXPECT_EQ(take_character(text), std::nullopt);
  EXPECT_EQ(take_character(text), U'b');
}

TEST(TakeCharacterTest, RefusesWhatUnicodeForbids) {
  EXPECT_EQ(first_of("\xc0\xaf"), std::nullopt);          // overlong "/"
  EXPECT_EQ(first_of("\xed\xa0\x80"), std::nullopt);      // surrogate U+D800
  EXPECT_EQ(first_of("\xf4\x90\x80\x80"), std::nullopt);  // U+110000
  EXPECT_EQ(first_of("\xff"), std::nullopt);
}

TEST(EscapeControlTest, LeavesPrintableTextAndEscapesTheRest) {
  EXPECT_EQ(
      escape_control("caf\xc3\xa9 \xe4\xb8\x83"), "caf\xc3\xa9 \xe4\xb8\x83"
  );
  EXPECT_EQ(escape_control("a\tb\r\n\x1b\x7f"), "a\\tb\\r\\n\\x1b\\x7f");
  EXPECT_EQ(
      escape_control("\xc2\x9b"
                     "2J"),
      "\\xc2\\x9b2J"
  );  // C1's CSI
  EXPECT_EQ(escape_control("\xff\xe4\xb8"), "\\xff\\xe4\\xb8");
}

TEST(CsvText, IsOneSafeLineAndQuotedWhereItHasTo) {
  EXPECT_EQ(csv_text("plain"), "plain");
  EXPECT_EQ(csv_text("a,b \"c\""), "\"a,b \"\"c\"\"\"");
  EXPECT_EQ(csv_text("\x1b[31m\n\xff"), "\\x1b[31m\\n\\xff");
}

}  // namespace
}  // namespace digitorch
