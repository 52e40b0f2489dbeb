// Which components are put into one text line. Distances are per cent of the
// height of the page's digits.
#include "app/predict/page/lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

// The text lines of the components, on a page with a row of usual digits far
// below, which is left out.
std::vector<TextLine> lines_of(std::vector<Component> components) {
  constexpr int kFarBelow = 5000;
  for (const Component& usual : digits(0, kFarBelow, 6))
    components.push_back(usual);
  std::vector<TextLine> lines = find_text_lines(components);
  std::erase_if(lines, [](const TextLine& line) {
    return line.front().box.y >= kFarBelow;
  });
  return lines;
}

std::vector<int> lefts_of(const TextLine& line) {
  std::vector<int> lefts;
  for (const Component& component : line) lefts.push_back(component.box.x);
  return lefts;
}

size_t count_components(const std::vector<TextLine>& lines) {
  size_t count = 0;
  for (const TextLine& line : lines) count += line.size();
  return count;
}

bool are_joined(const Component& a, const Component& b) {
  const std::vector<TextLine> lines = lines_of({a, b});
  return lines.size() == 1 && lines[0].size() == 1 &&
         lines[0][0].box == (a.box | b.box);
}

TEST(TextLines, GoFromLeftToRight) {
  const auto lines = lines_of({digit(200, 5), digit(0, 0), digit(100, 10)});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lefts_of(lines[0]), std::vector<int>({0, 100, 200}));
}

TEST(TextLines, DoNotDependOnTheOrderOfTheComponents) {
  EXPECT_EQ(lines_of({digit(0, 0), digit(500, 0), digit(250, 0)}).size(), 1U);
}

TEST(TextLines, EndAtAGapOfTwoHeights) {
  EXPECT_EQ(lines_of({digit(0, 0), digit(60 + 195, 0)}).size(), 1U);
  EXPECT_EQ(lines_of({digit(0, 0), digit(60 + 205, 0)}).size(), 2U);
}

TEST(TextLines, HoldNeighboursThatShareFourTenthsOfTheirHeight) {
  EXPECT_EQ(lines_of({digit(0, 0), digit(100, 58)}).size(), 1U);
  EXPECT_EQ(lines_of({digit(0, 0), digit(100, 62)}).size(), 2U);
  // Of the lower one's height.
  EXPECT_EQ(lines_of({digit(0, 0), block(100, 71, 60, 70)}).size(), 1U);
  EXPECT_EQ(lines_of({digit(0, 0), block(100, 73, 60, 70)}).size(), 2U);
}

TEST(TextLines, ADigitFollowsTheFirstOfTwoLinesThatItIsNextTo) {
  const auto lines = lines_of({digit(0, 0), digit(10, 62), digit(100, 31)});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lefts_of(lines[0]), std::vector<int>({0, 100}));
  EXPECT_EQ(lefts_of(lines[1]), std::vector<int>({10}));
}

TEST(TextLines, ADigitHasOneNextNeighbour) {
  // Both stand beside the first; the second of them is another line's.
  const auto lines = lines_of({digit(0, 0), digit(100, -31), digit(110, 55)});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lefts_of(lines[0]), std::vector<int>({0, 100}));
}

TEST(TextLines, AFragmentIsLittleHigherThanHalfADigit) {
  EXPECT_TRUE(is_fragment(block(0, 0, 60, 54), kBlockHeight));
  EXPECT_FALSE(is_fragment(block(0, 0, 60, 56), kBlockHeight));
}

TEST(TextLines, LeaveOutLowComponentsFarFromDigits) {
  EXPECT_EQ(lines_of({block(0, 0, 60, 52)}).size(), 0U);
  EXPECT_EQ(lines_of({block(0, 0, 60, 58)}).size(), 1U);
}

TEST(TextLines, HoldFragmentsNearTheirDigits) {
  EXPECT_EQ(
      count_components(lines_of({digit(0, 0), block(83, 0, 20, 20)})), 2U
  );
  EXPECT_EQ(
      count_components(lines_of({digit(0, 0), block(87, 0, 20, 20)})), 1U
  );
  // Measured from corner to corner.
  EXPECT_EQ(
      count_components(lines_of({digit(0, 0), block(77, 117, 20, 20)})), 2U
  );
  EXPECT_EQ(
      count_components(lines_of({digit(0, 0), block(79, 119, 20, 20)})), 1U
  );
}

TEST(TextLines, FragmentsTakeTheirPlaceAmongTheDigits) {
  const auto lines =
      lines_of({digit(100, 0), digit(200, 0), block(70, 0, 20, 20)});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lefts_of(lines[0]), std::vector<int>({70, 100, 200}));
}

TEST(TextLines, LeaveOutCommas) {
  const auto count_with = [](const cv::Rect& box) {
    return count_components(lines_of(
        {digit(0, 0), digit(110, 0), block(box.x, box.y, box.width, box.height)}
    ));
  };
  // As high as half a digit: one begins at 70 and ends at 120.
  EXPECT_EQ(count_with({75, 70, 20, 50}), 2U);
  // These begin too high, end at the feet, are as wide as high, or lie below
  // the digit as a part of it would.
  EXPECT_EQ(count_with({75, 58, 20, 54}), 3U);
  EXPECT_EQ(count_with({75, 65, 20, 40}), 3U);
  EXPECT_EQ(count_with({75, 82, 30, 30}), 3U);
  EXPECT_EQ(count_with({10, 70, 20, 50}), 3U);
}

TEST(TextLines, AFragmentBelongsToTheNearerLine) {
  for (const bool upper : {false, true}) {
    // It is 14 pixels from one line and 27 from the other.
    const int y = upper ? 114 : 127;
    const auto lines =
        lines_of({digit(0, 0), digit(0, 150), block(10, y, 20, 9)});
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].size(), upper ? 2U : 1U);
    EXPECT_EQ(lines[1].size(), upper ? 1U : 2U);
  }
}

TEST(TextLines, JoinTheBodyAndTheBarOfADigit) {
  EXPECT_TRUE(are_joined(block(0, 30, 60, 70), block(5, 0, 50, 20)));
}

TEST(TextLines, JoinThePartsOfADigitThatIsBrokenTwice) {
  // The third part is near the second alone.
  const auto lines =
      lines_of({block(0, 0, 60, 30), block(0, 70, 60, 30), block(0, 35, 60, 30)}
      );
  EXPECT_EQ(count_components(lines), 1U);
}

TEST(TextLines, OnAPageOfBrokenDigitsTheirWholeHeightCounts) {
  std::vector<Component> parts;
  for (int x = 0; x < 500; x += 100) {
    parts.push_back(block(x, 0, 60, 25));
    parts.push_back(block(x, 30, 60, 70));
  }
  EXPECT_EQ(count_components(find_text_lines(parts)), 5U);
}

TEST(TextLines, StackedPartsAreNoHigherThanADigit) {
  EXPECT_TRUE(are_joined(block(0, 0, 60, 50), block(0, 52, 60, 65)));
  EXPECT_FALSE(are_joined(block(0, 0, 60, 50), block(0, 52, 60, 71)));
}

TEST(TextLines, StackedPartsAreHardlyWiderThanADigitIsHigh) {
  EXPECT_TRUE(are_joined(block(0, 0, 70, 45), block(48, 50, 70, 45)));
  EXPECT_FALSE(are_joined(block(0, 0, 70, 45), block(52, 50, 70, 45)));
}

TEST(TextLines, StackedPartsAreNearEachOther) {
  EXPECT_TRUE(are_joined(block(0, 0, 30, 45), block(39, 50, 30, 45)));
  EXPECT_FALSE(are_joined(block(0, 0, 30, 45), block(41, 50, 30, 45)));
  EXPECT_TRUE(are_joined(block(0, 0, 60, 40), block(0, 58, 60, 40)));
  EXPECT_FALSE(are_joined(block(0, 0, 60, 40), block(0, 62, 60, 40)));
}

TEST(TextLines, StackedPartsAreNotBesideEachOther) {
  EXPECT_TRUE(are_joined(block(0, 0, 30, 60), block(35, 40, 30, 60)));
  EXPECT_FALSE(are_joined(block(0, 0, 30, 60), block(35, 38, 30, 60)));
}

TEST(TextLines, StackedPartsTogetherAreAsHighAsADigit) {
  EXPECT_TRUE(are_joined(block(0, 0, 60, 26), block(0, 31, 60, 26)));
  EXPECT_EQ(lines_of({block(0, 0, 60, 24), block(0, 28, 60, 24)}).size(), 0U);
}

TEST(TextLines, LowFragmentsAboveEachOtherStayApart) {
  // Such as the points of a colon, or specks beside a digit.
  const std::vector<Component> components = {
      digit(0, 0), block(80, 0, 30, 20), block(80, 24, 30, 20)};
  EXPECT_EQ(count_components(lines_of(components)), 3U);
}

TEST(TextLines, OfNothingAreNone) { EXPECT_TRUE(find_text_lines({}).empty()); }

}  // namespace
}  // namespace digitorch::testing
