// Digits in the rows of a grid. Blocks are 60 wide and 100 high.
#include "app/predict/page/grid.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

// Two rows of three cells, 200 on a side, from (100, 100) on.
std::vector<GridCell> grid() {
  std::vector<GridCell> cells;
  for (int row = 0; row < 2; ++row)
    for (int column = 0; column < 3; ++column)
      cells.push_back(
          {{100 + 200 * column, 100 + 200 * row, 200, 200}, row, column}
      );
  return cells;
}

DigitLine line_of(const std::vector<cv::Point>& places) {
  DigitLine line;
  for (const cv::Point& place : places)
    line.push_back({digit(place.x, place.y), {}});
  return line;
}

std::vector<std::vector<cv::Point>> places_of(
    const std::vector<DigitLine>& lines
) {
  std::vector<std::vector<cv::Point>> places;
  for (const DigitLine& line : lines) {
    places.emplace_back();
    for (const ReadComponent& digit : line)
      places.back().push_back(digit.component.box.tl());
  }
  return places;
}

using Places = std::vector<std::vector<cv::Point>>;

TEST(Grid, ADigitLiesInTheCellThatHasItsMiddle) {
  const std::vector<GridCell> cells = grid();
  const GridCell* cell = cell_of(digit(380, 330), cells);
  ASSERT_NE(cell, nullptr);
  EXPECT_EQ(cell->row, 1);
  EXPECT_EQ(cell->column, 1);
  EXPECT_EQ(cell_of(digit(0, 150), cells), nullptr);
}

TEST(Grid, ACellHoldsOneLineOfDigits) {
  // Blocks are 100 high, so the second line begins where the first one ends.
  const DigitLine first = line_of({{110, 110}, {180, 130}});
  EXPECT_TRUE(has_one_line_per_cell({first}, grid()));
  EXPECT_TRUE(has_one_line_per_cell({first, line_of({{110, 209}})}, grid()));
  EXPECT_FALSE(has_one_line_per_cell({first, line_of({{110, 210}})}, grid()));
  EXPECT_TRUE(has_one_line_per_cell({first, line_of({{110, 310}})}, grid()));
}

TEST(Grid, RowsThatRiseAreReadOneAfterTheOther) {
  // What was taken for a line climbs from the second row into the first.
  const std::vector<DigitLine> lines = {
      line_of({{160, 350}, {370, 210}, {560, 130}}), line_of({{570, 320}})};
  EXPECT_EQ(
      places_of(in_rows(lines, grid())),
      Places({{{370, 210}, {560, 130}}, {{160, 350}, {570, 320}}})
  );
}

TEST(Grid, LinesBesideItStayInTheirPlaces) {
  const std::vector<DigitLine> lines = {
      line_of({{100, -200}}), line_of({{160, 150}}), line_of({{100, 800}})};
  EXPECT_EQ(
      places_of(in_rows(lines, grid())),
      Places({{{100, -200}}, {{160, 150}}, {{100, 800}}})
  );
}

TEST(Grid, WithoutOneLinesStayAsTheyAre) {
  const std::vector<DigitLine> lines = {line_of({{160, 350}, {370, 210}})};
  EXPECT_EQ(places_of(in_rows(lines, {})), Places({{{160, 350}, {370, 210}}}));
}

}  // namespace
}  // namespace digitorch::testing
