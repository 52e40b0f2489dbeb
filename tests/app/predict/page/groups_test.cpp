// Which components may be parts of one digit. Distances are per cent of the
// height of the page's digits.
#include "app/predict/page/groups.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

// Whether two components of a line, with a row of usual digits far to their
// right, are one group.
bool are_grouped(const Component& a, const Component& b) {
  TextLine line = digits(5000, 0, 6);
  line.insert(line.begin(), {a, b});
  const std::vector<ComponentGroup> groups = group_components({line});
  return groups.front().components.size() == 2;
}

TEST(Groups, WholeDigitsStandAlone) {
  const std::vector<ComponentGroup> groups =
      group_components({digits(0, 0, 3), digits(0, 300, 2)});
  ASSERT_EQ(groups.size(), 5U);
  for (size_t i = 0; i < groups.size(); ++i) {
    EXPECT_EQ(groups[i].components.size(), 1U) << i;
    EXPECT_EQ(groups[i].line, i < 3 ? 0U : 1U) << i;
    EXPECT_EQ(groups[i].height, 100) << i;
  }
}

TEST(Groups, FragmentsJoinWhatIsAQuarterOfAHeightAway) {
  const Component fragment = block(0, 0, 50, 40);
  EXPECT_TRUE(are_grouped(fragment, digit(50 + 24, 0)));
  EXPECT_FALSE(are_grouped(fragment, digit(50 + 26, 0)));
  EXPECT_TRUE(are_grouped(digit(0, 0), block(60 + 24, 0, 50, 40)));
}

TEST(Groups, ComponentsAboveEachOtherJoinHoweverWideTheyAre) {
  // They share 28 and 32 columns, about half of the narrower one's.
  EXPECT_FALSE(are_grouped(block(0, 0, 90, 70), block(62, 80, 60, 70)));
  EXPECT_TRUE(are_grouped(block(0, 0, 90, 70), block(58, 80, 60, 70)));
}

TEST(Groups, AGroupEndsWhereTheNextLineBegins) {
  const std::vector<ComponentGroup> groups =
      group_components({{digit(0, 0)}, {block(0, 200, 20, 20), digit(40, 200)}}
      );
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].components.size(), 1U);
}

// The height that a line of two digits counts as, beside ten usual ones.
int height_of_line(int digit_height) {
  const TextLine line = {
      block(0, 0, 30, digit_height), block(100, 0, 30, digit_height)};
  return group_components({digits(0, 500, 10), line}).back().height;
}

TEST(Groups, TheHeightOfThePageCountsAsMuchAsFourDigits) {
  EXPECT_EQ(height_of_line(130), (2 * 130 + 4 * 100) / 6);
  EXPECT_EQ(height_of_line(70), (2 * 70 + 4 * 100) / 6);
}

TEST(Groups, TheHeightOfThePageIsThatOfWholeDigits) {
  TextLine broken;  // ten bars above ten bodies, 5 pixels apart
  for (int x = 0; x < 1000; x += 100) {
    broken.push_back(block(x, 0, 60, 25));
    broken.push_back(block(x, 30, 60, 70));
  }
  EXPECT_EQ(
      group_components({broken}).front().height, (20 * 70 + 4 * 100) / 24
  );
}

TEST(Groups, ALineInAnotherSizeHasItsOwnHeight) {
  EXPECT_EQ(height_of_line(158), (2 * 158 + 4 * 100) / 6);
  EXPECT_EQ(height_of_line(162), 162);
  EXPECT_EQ(height_of_line(64), (2 * 64 + 4 * 100) / 6);
  EXPECT_EQ(height_of_line(61), 61);
}

}  // namespace
}  // namespace digitorch::testing
