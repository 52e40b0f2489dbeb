// Which digits a text line is split into, by the scores of a fake network.
// Distances are per cent of the height of the page's digits.
#include "app/predict/page/split.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

constexpr float kDigit = 0.99F;

using Score = std::function<float(const cv::Rect&)>;

// A page whose network is `score`, and what it was asked about.
struct FakePage {
  // The boxes that the components of the first text line are read as. Far to
  // their right are `usual` digits.
  std::vector<cv::Rect> read(
      const std::vector<Component>& components, int usual = 6
  ) {
    TextLine line = components;
    for (const Component& each : digits(kFar, 0, usual)) line.push_back(each);
    const ComponentReader reader = [&](const std::vector<Component>& asked) {
      std::vector<Reading> readings;
      calls.emplace_back();
      for (const Component& component : asked) {
        const bool counts = component.box.x < kFar;
        readings.push_back({counts ? score(component.box) : usual_score});
        readings.back().is_one = counts && is_one(component.box);
        if (counts) calls.back().push_back(component.box);
      }
      return readings;
    };
    const DigitLine found = split_lines({line}, reader).front();
    std::vector<cv::Rect> boxes;
    for (const ReadComponent& digit : found)
      if (digit.component.box.x < kFar) boxes.push_back(digit.component.box);
    return boxes;
  }

  // Whether the network was asked about parts of the only component.
  bool has_tried_parts() const { return calls.size() > 1 && !calls[1].empty(); }

  static constexpr int kFar = 5000;
  Score score;
  float usual_score = kDigit;
  std::vector<std::vector<cv::Rect>> calls = {};
  std::function<bool(const cv::Rect&)> is_one = [](const cv::Rect&) {
    return false;
  };
};

Score always(float score) {
  return [=](const cv::Rect&) { return score; };
}

// One score for the widest box and one for its parts.
Score whole_and_parts(const Component& whole, float score, float of_parts) {
  return [=, width = whole.box.width](const cv::Rect& box) {
    return box.width == width ? score : of_parts;
  };
}

// How many digits a component is read as that scores `whole` itself, and whose
// parts score `parts`.
size_t count_digits(const Component& component, float whole, float parts) {
  FakePage page{whole_and_parts(component, whole, parts)};
  return page.read({component}).size();
}

// Whether parts of the component are tried if it scores so much.
bool tries_parts(const Component& component, float score) {
  FakePage page{whole_and_parts(component, score, 0.5F)};
  page.read({component});
  return page.has_tried_parts();
}

Component two_touching(int width, int height = 100, int bridge = 4) {
  return touching(0, 2, (width - 1) / 2, height, bridge);
}

TEST(SplitLines, DigitsThatTheNetworkIsSureOfAreTakenAsTheyAre) {
  FakePage page{always(kDigit)};
  EXPECT_EQ(page.read({digit(0, 0), digit(100, 0)}).size(), 2U);
  EXPECT_FALSE(page.has_tried_parts());
}

TEST(SplitLines, FromAScoreOfFourFifthsNothingElseIsTried) {
  EXPECT_FALSE(tries_parts(two_touching(83), 0.81F));
  EXPECT_TRUE(tries_parts(two_touching(83), 0.79F));
}

TEST(SplitLines, VeryWideComponentsAreAlwaysCut) {
  EXPECT_FALSE(tries_parts(two_touching(109), kDigit));
  EXPECT_TRUE(tries_parts(two_touching(113), kDigit));
}

TEST(SplitLines, TheWidthOfHighComponentsIsMeasuredByTheirOwnHeight) {
  EXPECT_FALSE(tries_parts(two_touching(119, 130), kDigit));
  EXPECT_TRUE(tries_parts(two_touching(119, 100), kDigit));
}

TEST(SplitLines, OnlyWideComponentsOfAGroupAreCut) {
  const Component fragment = block(-30, 0, 20, 20);
  const auto narrowest = [&](int width) {
    FakePage page{always(0.5F)};
    page.read({fragment, two_touching(width)});
    std::set<int> widths;
    for (const cv::Rect& box : page.calls.back())
      if (box.x >= 0) widths.insert(box.width);
    return *widths.begin();
  };
  EXPECT_EQ(narrowest(109), 109);
  EXPECT_LT(narrowest(113), 60);
}

// The widest reading that the network is asked about for rectangles in touch.
int widest_asked(int count, int width) {
  FakePage page{always(0.5F)};
  page.read({touching(0, count, width, 100)});
  int widest = 0;
  for (const cv::Rect& box : page.calls.back())
    widest = std::max(widest, box.width);
  return widest;
}

TEST(SplitLines, NoDigitIsWiderThanOneAndAHalfHeights) {
  EXPECT_NEAR(widest_asked(7, 28), 5 * 29, 2);  // 6 would be 174
}

TEST(SplitLines, ADigitHasSevenSegmentsAtMost) {
  // These, and the strokes on both sides that it may share.
  EXPECT_NEAR(widest_asked(11, 16), 7 * 17 + 2 * 15, 2);
}

// Whether a doubtful component is cut, on a page of so many components of which
// some have that score.
bool cuts_beside(int components, int letters, float score) {
  const Component doubtful = two_touching(81);
  FakePage page{
      [&](const cv::Rect& box) {
        return box.x < 2000 ? 0.6F : score;  // not like a letter
      },
      kDigit};
  std::vector<Component> line = {doubtful};
  for (const Component& letter : digits(2000, 0, letters))
    line.push_back(letter);
  page.read(line, components - letters - 1);
  return std::ranges::any_of(page.calls.back(), [&](const cv::Rect& box) {
    return box.width < doubtful.box.width && box.x < 2000;
  });
}

TEST(SplitLines, LettersOfWordsAreNotCut) {
  EXPECT_FALSE(cuts_beside(20, 7, 0.1F));
}

TEST(SplitLines, AThirdOfThePageIsLettersWhereItHasWords) {
  EXPECT_TRUE(cuts_beside(20, 6, 0.1F));
}

TEST(SplitLines, SevenComponentsTellWhetherAPageHasWords) {
  EXPECT_TRUE(cuts_beside(6, 4, 0.1F));
  EXPECT_FALSE(cuts_beside(7, 4, 0.1F));
}

TEST(SplitLines, ALetterScoresBelowOneHalf) {
  EXPECT_FALSE(cuts_beside(20, 12, 0.45F));
  EXPECT_TRUE(cuts_beside(20, 12, 0.55F));
}

// The costs of readings, each found by the score at which two are equal.

TEST(SplitLines, EachDigitHasItsCost) {
  // Wider than usual, but not than high: 0.4 - log(score) for the whole, 0.8 -
  // 2 log(0.9) + 0.12 for two with a cut through 6 pixels.
  EXPECT_EQ(count_digits(two_touching(91), 0.50F, 0.9F), 1U);
  EXPECT_EQ(count_digits(two_touching(91), 0.46F, 0.9F), 2U);
}

TEST(SplitLines, ACutCostsTwiceItsInk) {
  EXPECT_EQ(count_digits(two_touching(91, 100, 40), 0.26F, 0.9F), 1U);
  EXPECT_EQ(count_digits(two_touching(91, 100, 40), 0.21F, 0.9F), 2U);
}

// How wide the left one of two zeros that share a wall is read, if it scores
// `alone` without that wall and 0.99 with it. Without, it is `width` wide.
int width_beside_a_wall(int width, float alone) {
  FakePage page{[=](const cv::Rect& box) {
    if (box.x == width && box.width == 60) return kDigit;
    if (box.x != 0) return 0.01F;
    if (box.width == width - 1) return alone;
    return std::abs(box.width - (width + 10)) <= 1 ? kDigit : 0.01F;
  }};
  return page.read({zeros_that_share_a_wall(width)}).front().width;
}

TEST(SplitLines, DigitsMayShareAStrokeWhichHasItsCost) {
  EXPECT_NEAR(width_beside_a_wall(60, 0.57F), 70, 1);
  EXPECT_EQ(width_beside_a_wall(60, 0.63F), 59);
}

TEST(SplitLines, MostOfADigitIsItsOwnInk) {
  // With a wall of 900 pixels, 1460 and 1300 are its own.
  EXPECT_NEAR(width_beside_a_wall(34, 0.1F), 44, 1);
  EXPECT_EQ(width_beside_a_wall(26, 0.1F), 25);
}

TEST(SplitLines, ToCutOffAOneCostsMore) {
  // 0.4 - log(score) for the whole, 3.8 - 2 log(0.9) + 0.12 for two 1s.
  const Component whole = two_touching(91);
  for (const auto& [score, count] : {std::pair(0.025F, 1U), {0.021F, 2U}}) {
    FakePage page{whole_and_parts(whole, score, 0.9F)};
    page.is_one = [](const cv::Rect&) { return true; };
    EXPECT_EQ(page.read({whole}).size(), count) << score;
  }
}

TEST(SplitLines, AOneThatIsNotCutOffCostsNoMore) {
  const Component whole = two_touching(91);
  for (const auto& [score, count] : {std::pair(0.50F, 1U), {0.46F, 2U}}) {
    FakePage page{whole_and_parts(whole, score, 0.9F)};
    page.is_one = [&](const cv::Rect& box) {
      return box.width == whole.box.width;
    };
    EXPECT_EQ(page.read({whole}).size(), count) << score;
  }
}

TEST(SplitLines, DigitsWiderThanHighCostMore) {
  EXPECT_EQ(count_digits(two_touching(121, 100, 40), 0.60F, 0.9F), 1U);
  EXPECT_EQ(count_digits(two_touching(121, 100, 40), 0.50F, 0.9F), 2U);
}

TEST(SplitLines, AScoreOfZeroCostsWhatOneInTenThousandDoes) {
  EXPECT_EQ(count_digits(two_touching(91), 0, 0.0137F), 2U);
  EXPECT_EQ(count_digits(two_touching(91), 0, 0.0121F), 1U);
}

// The width that a digit of 60 pixels is read with, if a fragment 5 pixels
// beside it scores 0.9 as a digit and both together score `both`.
int width_with_fragment(int width, int height, float both) {
  FakePage page{[=](const cv::Rect& box) {
    return box.width == 60 + 5 + width ? both : 0.9F;
  }};
  return page.read({digit(0, 0), block(65, 0, width, height)})[0].width;
}

TEST(SplitLines, AFragmentIsSeldomADigit) {
  EXPECT_EQ(width_with_fragment(20, 55, 0.14F), 85);
  EXPECT_EQ(width_with_fragment(20, 55, 0.10F), 60);
}

TEST(SplitLines, AVeryLowFragmentIsADigitEvenMoreSeldom) {
  EXPECT_EQ(width_with_fragment(41, 38, 0.05F), 106);
  EXPECT_EQ(width_with_fragment(41, 38, 0.02F), 60);
}

TEST(SplitLines, ToLeaveAFragmentOutHasItsCost) {
  EXPECT_EQ(width_with_fragment(30, 30, 0.23F), 95);
  EXPECT_EQ(width_with_fragment(30, 30, 0.17F), 60);
}

TEST(SplitLines, OnlySpecksAndDashesAreLeftOut) {
  EXPECT_EQ(width_with_fragment(38, 38, 0.1F), 60);  // a speck
  EXPECT_EQ(width_with_fragment(42, 38, 0.1F), 107);
  EXPECT_EQ(width_with_fragment(46, 20, 0.1F), 60);  // a dash
  EXPECT_EQ(width_with_fragment(46, 22, 0.1F), 111);
}

TEST(SplitLines, LowComponentsAreNoDigits) {
  FakePage page{always(kDigit)};
  EXPECT_EQ(page.read({block(0, 0, 60, 40)}).size(), 0U);
  EXPECT_EQ(page.read({block(0, 0, 60, 44)}).size(), 1U);
}

TEST(SplitLines, BrokenDigitsAreJoined) {
  FakePage page{
      [](const cv::Rect& box) { return box.height == 100 ? kDigit : 0.1F; }};
  const auto boxes = page.read({block(0, 0, 60, 48), block(0, 52, 60, 48)});
  EXPECT_EQ(boxes, std::vector<cv::Rect>({{0, 0, 60, 100}}));
}

TEST(SplitLines, DigitsStayOnTheirLinesFromLeftToRight) {
  const ComponentReader reader = [](const std::vector<Component>& asked) {
    std::vector<Reading> readings;
    for (const Component& component : asked)
      readings.push_back({component.box.width <= 61 ? kDigit : 0.1F});
    return readings;
  };
  const auto lines = split_lines(
      {digits(0, 0, 3), {}, {digit(0, 300), touching(100, 2, 60, 100)}}, reader
  );
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].size(), 3U);
  EXPECT_EQ(lines[1].size(), 0U);
  ASSERT_EQ(lines[2].size(), 3U);
  for (size_t i = 1; i < 3; ++i)
    EXPECT_GT(lines[2][i].component.box.x, lines[2][i - 1].component.box.x + 50)
        << i;
}

TEST(SplitLines, EveryDigitIsReadOnceAndKeepsItsReading) {
  // Its prediction tells what the network was asked about.
  std::set<std::tuple<int, int, int>> asked_before;
  const ComponentReader reader = [&](const std::vector<Component>& asked) {
    std::vector<Reading> readings;
    for (const Component& component : asked) {
      const cv::Rect& box = component.box;
      EXPECT_TRUE(asked_before.insert({box.x, box.width, box.height}).second)
          << box;
      const bool one =
          box.height == 100 &&
          (box.width == 60 || box.width == 54 || std::abs(box.width - 28) <= 1);
      Reading reading{one ? kDigit : 0.1F};
      reading.prediction.classes = {{1000 * box.x + box.width, 1.0F}};
      readings.push_back(reading);
    }
    return readings;
  };
  const TextLine line = {
      digit(0, 0),
      touching(100, 3, 28, 100),  // three digits
      block(250, 0, 54, 46),      // one that is broken
      block(250, 50, 54, 50)};
  const DigitLine found = split_lines({line}, reader).front();
  EXPECT_EQ(found.size(), 5U);
  for (const ReadComponent& digit : found) {
    const cv::Rect& box = digit.component.box;
    EXPECT_EQ(digit.reading.prediction.label(), 1000 * box.x + box.width);
  }
}

TEST(SplitLines, ADoubtfulComponentThatStaysWholeKeepsItsFirstReading) {
  FakePage page{always(0.5F)};
  EXPECT_EQ(page.read({digit(0, 0)}).size(), 1U);
  ASSERT_EQ(page.calls.size(), 2U);
  EXPECT_EQ(page.calls[0].size(), 1U);
  EXPECT_EQ(page.calls[1].size(), 0U);
}

}  // namespace
}  // namespace digitorch::testing
