// Tables on a terminal.
#include "app/cli/table.h"

#include <gtest/gtest.h>

namespace digitorch {
namespace {

const Table kTable{
    {{"class", 8, Column::Side::left},
     {"samples", 7},
     {"note", 0, Column::Side::left}}};

TEST(ScreenWidthTest, CountsCharactersRatherThanBytes) {
  EXPECT_EQ(screen_width(""), 0U);
  EXPECT_EQ(screen_width("boot"), 4U);
  EXPECT_EQ(screen_width("\xc3\xa9t\xc3\xa9"), 3U);  // U+00E9, t, U+00E9
}

TEST(ScreenWidthTest, WideCharactersTakeTwoColumnsAndAccentsNone) {
  EXPECT_EQ(screen_width("\xe4\xb8\x83\xe5\x85\xab"), 4U);  // U+4E03, U+516B
  EXPECT_EQ(screen_width("e\xcc\x81"), 1U);                 // e, U+0301
  EXPECT_EQ(screen_width("\xf0\x9f\x91\x9f"), 2U);          // U+1F45F
}

TEST(TableTest, AlignsTitlesAndCells) {
  EXPECT_EQ(kTable.heading(), "class     samples  note\n");
  EXPECT_EQ(kTable.row({"boot", "12", "a b"}), "boot           12  a b\n");
}

TEST(TableTest, AlignsByWhatIsSeen) {
  EXPECT_EQ(kTable.row({"\xe4\xb8\x83", "1"}), "\xe4\xb8\x83              1\n");
  EXPECT_EQ(kTable.row({"\xc3\xa9", "1"}), "\xc3\xa9               1\n");
}

TEST(TableTest, LongCellsMoveTheRestAndNothingTrails) {
  EXPECT_EQ(kTable.row({"Ankle boots", "7", ""}), "Ankle boots        7\n");
  EXPECT_EQ(kTable.row({"x"}), "x\n");
}

TEST(TableTest, CellsCannotSteerTheTerminal) {
  EXPECT_EQ(kTable.row({"\x1b[2J\n"}), "\\x1b[2J\\n\n");
}

}  // namespace
}  // namespace digitorch
