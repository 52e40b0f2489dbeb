// The order of lines and columns. Distances are per cent of the height of the
// page's digits.
#include "app/predict/page/reading_order.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

// A text line of digits, 160 wide if there are two.
DigitLine line(int x, int y, int count = 2) {
  DigitLine made;
  for (const Component& component : digits(x, y, count))
    made.push_back({component, {}});
  return made;
}

// Lines with 300 from one to the next.
std::vector<DigitLine> column(int x, int y, int lines, int count = 2) {
  std::vector<DigitLine> made;
  for (int i = 0; i < lines; ++i) made.push_back(line(x, y + 300 * i, count));
  return made;
}

std::vector<DigitLine> operator+(
    std::vector<DigitLine> a, const std::vector<DigitLine>& b
) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Where each line begins.
std::vector<cv::Point> starts_of(const std::vector<DigitLine>& lines) {
  std::vector<cv::Point> starts;
  for (const DigitLine& each : lines)
    starts.push_back(each.front().component.box.tl());
  return starts;
}

// Whether the lines are read in the order in which they are given.
bool are_read_in_turn(const std::vector<DigitLine>& lines) {
  return starts_of(reading_order(lines)) == starts_of(lines);
}

// Two columns of three lines, the right one lower by `lower`.
std::vector<DigitLine> two_columns(int gap, int lower) {
  return column(0, 0, 3) + column(160 + gap, lower, 3);
}

TEST(ReadingOrder, GoesFromTopToBottom) {
  const std::vector<DigitLine> lines = column(0, 0, 4);
  EXPECT_EQ(
      starts_of(reading_order({lines[2], lines[0], lines[3], lines[1]})),
      starts_of(lines)
  );
}

TEST(ReadingOrder, ColumnsAreOneAndAHalfHeightsApart) {
  EXPECT_TRUE(are_read_in_turn(two_columns(155, 100)));
  EXPECT_FALSE(are_read_in_turn(two_columns(145, 100)));
}

TEST(ReadingOrder, ColumnsWithAlignedLinesAreTwoAndAHalfHeightsApart) {
  EXPECT_TRUE(are_read_in_turn(two_columns(255, 0)));
  EXPECT_FALSE(are_read_in_turn(two_columns(245, 0)));
}

TEST(ReadingOrder, LinesHalfAHeightApartLieBesideEachOther) {
  EXPECT_TRUE(are_read_in_turn(two_columns(200, 52)));
  EXPECT_FALSE(are_read_in_turn(two_columns(200, 48)));
}

TEST(ReadingOrder, ColumnsAreATableIfMostLinesAreAligned) {
  const auto columns = [](int misaligned) {
    std::vector<DigitLine> right = column(360, 0, 10);
    for (int i = 0; i < misaligned; ++i)
      right[static_cast<size_t>(i)] = line(360, 300 * i + 60);
    return column(0, 0, 10) + right;
  };
  EXPECT_FALSE(are_read_in_turn(columns(4)));
  EXPECT_TRUE(are_read_in_turn(columns(5)));
}

TEST(ReadingOrder, AlignedLinesAreCountedInTheShorterColumn) {
  EXPECT_FALSE(are_read_in_turn(column(0, 0, 7) + column(360, 0, 3)));
  EXPECT_FALSE(are_read_in_turn(column(0, 0, 3) + column(360, 0, 7)));
}

TEST(ReadingOrder, LinesHalfAHeightApartAreOneLine) {
  EXPECT_EQ(reading_order({line(0, 0), line(300, 48)}).size(), 1U);
  EXPECT_EQ(reading_order({line(0, 0), line(300, 52)}).size(), 2U);
}

TEST(ReadingOrder, ALineMayFallFromPartToPart) {
  EXPECT_EQ(
      reading_order({line(0, 0), line(300, 48, 6), line(1000, 90)}).size(), 1U
  );
}

TEST(ReadingOrder, DigitsOfOneLineGoFromLeftToRight) {
  const auto lines = reading_order({line(300, 0), line(0, 20)});
  ASSERT_EQ(lines.size(), 1U);
  std::vector<int> lefts;
  for (const ReadComponent& digit : lines[0])
    lefts.push_back(digit.component.box.x);
  EXPECT_EQ(lefts, std::vector<int>({0, 100, 300, 400}));
}

TEST(ReadingOrder, OneHighDigitDoesNotMoveItsLine) {
  DigitLine tall = line(300, 0, 3);
  tall[0].component = block(300, -300, 60, 400);
  EXPECT_EQ(reading_order({line(0, 0), tall}).size(), 1U);
}

TEST(ReadingOrder, AColumnHasTwoLines) {
  EXPECT_FALSE(are_read_in_turn(column(0, 900, 1) + column(560, 0, 6)));
  EXPECT_TRUE(are_read_in_turn(column(0, 0, 2) + column(560, 0, 3)));
}

TEST(ReadingOrder, TwoColumnsHaveFiveLines) {
  EXPECT_FALSE(are_read_in_turn(column(0, 0, 2) + column(560, 0, 2)));
  EXPECT_TRUE(are_read_in_turn(column(0, 0, 3) + column(560, 0, 2)));
}

TEST(ReadingOrder, LinesOfSingleDigitsAreNoColumns) {
  std::vector<DigitLine> left = column(0, 0, 3);
  std::vector<DigitLine> right = column(560, 0, 3);
  EXPECT_TRUE(are_read_in_turn(left + right));
  left[1] = line(0, 300, 1);  // 5 digits in 3 lines
  EXPECT_FALSE(are_read_in_turn(left + right));
  left[1] = line(0, 300);
  right[1] = line(560, 300, 1);
  EXPECT_FALSE(are_read_in_turn(left + right));
}

TEST(ReadingOrder, ColumnsMayHaveColumns) {
  EXPECT_TRUE(
      are_read_in_turn(column(0, 0, 3) + column(500, 0, 3) + column(1100, 0, 3))
  );
}

TEST(ReadingOrder, TwoLinesAcrossColumnsAreTheirTitle) {
  const std::vector<DigitLine> columns =
      column(0, 900, 3) + column(560, 900, 3);
  const auto title = [](int lines) { return column(0, 0, lines, 8); };
  EXPECT_TRUE(are_read_in_turn(title(1) + columns));
  EXPECT_TRUE(are_read_in_turn(title(2) + columns));
  EXPECT_FALSE(are_read_in_turn(title(3) + columns));
}

TEST(ReadingOrder, DoesNotDependOnTheOrderOfTheTextLines) {
  for (const int title : {0, 1}) {
    const std::vector<DigitLine> lines =
        column(0, 0, title, 8) + column(0, 900, 3) + column(560, 900, 3);
    const std::vector<DigitLine> reversed(lines.rbegin(), lines.rend());
    EXPECT_EQ(starts_of(reading_order(reversed)), starts_of(lines)) << title;
  }
}

TEST(ReadingOrder, LeavesOutEmptyLines) {
  EXPECT_EQ(reading_order({line(0, 0), {}, line(0, 300)}).size(), 2U);
  EXPECT_TRUE(reading_order({}).empty());
  EXPECT_TRUE(reading_order({{}, {}}).empty());
}

}  // namespace
}  // namespace digitorch::testing
