// What connected components of ink tell about a page's digits.
#include "app/predict/page/components.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

// A mask with a row of usual digits below what is drawn into it.
cv::Mat page_mask() {
  cv::Mat mask = cv::Mat::zeros(900, 900, CV_8U);
  for (const Component& usual : digits(20, 780, 8)) mask(usual.box) = 255;
  return mask;
}

// Whether the component with this box is found.
bool is_found(const cv::Mat& mask, const cv::Rect& box) {
  return std::ranges::any_of(find_components(mask), [&](const auto& found) {
    return found.box == box;
  });
}

bool finds_block(const cv::Rect& box) {
  cv::Mat mask = page_mask();
  mask(box) = 255;
  return is_found(mask, box);
}

TEST(FindComponents, TellsWhereTheInkIs) {
  cv::Mat mask = page_mask();
  cv::ellipse(mask, {200, 200}, {30, 50}, 0, 0, 360, 255, 8);
  const std::vector<Component> found = find_components(mask);
  ASSERT_EQ(found.size(), 9U);
  cv::Mat drawn = cv::Mat::zeros(mask.size(), CV_8U);
  for (const Component& component : found)
    drawn(component.box) |= component.mask;
  EXPECT_EQ(cv::norm(drawn, mask, cv::NORM_INF), 0);
}

TEST(FindComponents, DropsSpecks) {
  EXPECT_FALSE(finds_block({100, 100, 19, 19}));
  EXPECT_TRUE(finds_block({100, 100, 21, 10}));
  EXPECT_TRUE(finds_block({100, 100, 10, 21}));
}

TEST(FindComponents, DropsDrawings) {
  EXPECT_TRUE(finds_block({100, 100, 60, 395}));
  EXPECT_FALSE(finds_block({100, 100, 60, 405}));
}

TEST(FindComponents, DropsLinesAcrossThePicture) {
  EXPECT_FALSE(finds_block({100, 0, 45, 900}));
  EXPECT_TRUE(finds_block({100, 100, 20, 390}));
  cv::Mat mask = cv::Mat::zeros(100, 300, CV_8U);  // cropped to its ones
  for (int x : {40, 140, 240}) mask(cv::Rect(x, 0, 6, 100)) = 255;
  EXPECT_EQ(find_components(mask).size(), 3U);
  mask(cv::Rect(100, 0, 5, 100)) = 255;
  EXPECT_FALSE(is_found(mask, {100, 0, 5, 100}));
}

TEST(FindComponents, LeavesWhatThePicturesEdgeCutsOffOutOfTheUsualHeight) {
  cv::Mat mask = page_mask();
  const cv::Rect beside_the_sheet(0, 100, 150, 600);
  mask(beside_the_sheet) = 255;
  const std::vector<Component> found = find_components(mask);
  EXPECT_EQ(found.size(), 8U);
  EXPECT_FALSE(is_found(mask, beside_the_sheet));
  // Where all lies at the edge, as in a picture cropped to its ink, it counts.
  const cv::Mat cropped = mask(cv::Rect(20, 780, 500, 100)).clone();
  EXPECT_GE(find_components(cropped).size(), 5U);
}

TEST(FindComponents, DropsPatternsOfManyLines) {
  // A block below slanting lines, whose boxes it is in the middle of.
  const auto finds_block_below = [](int lines) {
    cv::Mat mask = page_mask();
    for (int i = 0; i < lines; ++i)
      cv::line(mask, {100 + 12 * i, 100}, {300 + 12 * i, 300}, 255, 2);
    const cv::Rect block(150, 215, 40, 60);
    mask(block) = 255;
    return is_found(mask, block);
  };
  EXPECT_TRUE(finds_block_below(3));
  EXPECT_FALSE(finds_block_below(4));
}

TEST(FindComponents, DropsHatchings) {
  const auto finds_line_among = [](int lines) {
    cv::Mat mask = cv::Mat::zeros(900, 900, CV_8U);
    for (int i = 0; i < lines; ++i)
      mask(cv::Rect(100 + 60 * i, 100, 5, 100)) = 255;
    return is_found(mask, {100, 100, 5, 100});
  };
  EXPECT_TRUE(finds_line_among(6));
  EXPECT_FALSE(finds_line_among(7));
}

TEST(IsPattern, IsWhatShowsMoreLinesThanARuledPage) {
  const auto shows = [](int lines, int blocks) {
    cv::Mat mask = cv::Mat::zeros(900, 900, CV_8U);
    for (int i = 0; i < lines; ++i) mask.row(8 * i) = 255;
    for (int i = 0; i < blocks; ++i)
      mask(cv::Rect(8 * (i % 100), 820 + 12 * (i / 100), 6, 10)) = 255;
    return is_pattern(mask);
  };
  EXPECT_FALSE(shows(100, 0));
  EXPECT_TRUE(shows(101, 0));
  EXPECT_TRUE(shows(101, 100));
  EXPECT_FALSE(shows(101, 101));
}

TEST(FindComponents, TheEdgesOfASheetDoNotHideItsDigits) {
  cv::Mat mask = page_mask();
  for (const int x : {5, 870}) mask(cv::Rect(x, 10, 25, 750)) = 255;
  EXPECT_TRUE(is_found(mask, digits(20, 780, 8).front().box));
  EXPECT_FALSE(is_found(mask, {5, 10, 25, 750}));
}

TEST(FindComponents, DropsDigitsTooLowToBeRead) {
  const auto count_digits_of = [](int height) {
    cv::Mat mask = cv::Mat::zeros(40, 200, CV_8U);
    for (int x = 10; x < 180; x += 20) mask(cv::Rect(x, 10, 6, height)) = 255;
    return find_components(mask).size();
  };
  EXPECT_EQ(count_digits_of(5), 0U);
  EXPECT_EQ(count_digits_of(6), 9U);
}

TEST(FindComponents, KeepsTheLargestOfTooMany) {
  cv::Mat mask = cv::Mat::zeros(1230, 1230, CV_8U);
  for (int y = 10; y < 1200; y += 12)
    for (int x = 10; x < 1200; x += 12)
      mask(cv::Rect(x, y, 8, y > 1100 ? 9 : 8)) = 255;
  const std::vector<Component> found = find_components(mask);
  EXPECT_EQ(found.size(), 6000U);
  EXPECT_EQ(
      std::ranges::count_if(
          found, [](const auto& one) { return one.box.y > 1100; }
      ),
      9 * 100
  );
}

// Whether a frame of that size and 2 pixels thick around a digit is dropped. In
// the frame hangs a line of that length from its left side.
bool drops_frame(cv::Size size, int line = 0, int digit_width = kBlockWidth) {
  cv::Mat mask = page_mask();
  const cv::Rect frame({50, 50}, size);
  mask(frame) = 255;
  mask(cv::Rect(frame.tl() + cv::Point(2, 2), frame.br() - cv::Point(2, 2))) =
      0;
  const int x = line > 0 ? frame.br().x - digit_width - 10
                         : frame.x + (size.width - digit_width) / 2;
  const int y = frame.y + (size.height - kBlockHeight) / 2;
  mask(cv::Rect(x, y, digit_width, kBlockHeight)) = 255;
  if (line > 0) mask(cv::Rect(frame.x, frame.y + 60, line, 1)) = 255;
  return !is_found(mask, frame);
}

TEST(FindComponents, DropsFramesAroundComponentsMoreThanAThirdAsHigh) {
  EXPECT_TRUE(drops_frame({200, 278}));
  EXPECT_FALSE(drops_frame({200, 295}));
}

TEST(FindComponents, KeepsWhatIsAsLargeAsTheComponentInIt) {
  EXPECT_TRUE(drops_frame({82, 122}));
  EXPECT_FALSE(drops_frame({74, 114}));
}

TEST(FindComponents, KeepsWhatHasInkInItsMiddle) {
  // The middle begins 35 pixels from the left; 3 % of the ink are 40 pixels.
  EXPECT_TRUE(drops_frame({140, 180}, 35 + 33, 30));
  EXPECT_FALSE(drops_frame({140, 180}, 35 + 48, 30));
}

TEST(UsualHeight, IsTheDigitsBesideAThingOfMuchInk) {
  std::vector<Component> components;
  for (int i = 0; i < 12; ++i) {
    components.push_back(block(60 * i, 100, 30, 40));
    components.back().mask(cv::Rect(6, 0, 24, 34)) = 0;  // an L
  }
  components.push_back(block(0, 300, 100, 100));  // twice the ink of them all
  EXPECT_EQ(usual_height(components), 40);
  for (int i = 0; i < 2; ++i) components.push_back(components.back());
  EXPECT_EQ(usual_height(components), 100);
}

TEST(UsualDigitHeight, CountsTheHalvesOfBrokenDigitsAsOne) {
  std::vector<Component> components;
  for (int i = 0; i < 6; ++i) {
    components.push_back(block(60 * i, 100, 30, 19));
    components.push_back(block(60 * i, 121, 30, 19));  // two pixels below
  }
  EXPECT_EQ(usual_height(components), 19);
  EXPECT_EQ(usual_digit_height(components), 40);
}

TEST(UsualDigitHeight, KeepsNeighboursApart) {
  std::vector<Component> components;
  for (int i = 0; i < 6; ++i)  // ever lower, six pixels apart
    components.push_back(block(36 * i, 100 + 8 * i, 30, 40));
  EXPECT_EQ(usual_digit_height(components), 40);
}

TEST(UsualDigitHeight, StrokesAreBrokenOverATenthOfTheHeightOfTheParts) {
  const auto height_with_gap = [](int gap) {
    return usual_digit_height(
        {block(0, 0, 60, 200), block(0, 200 + gap, 60, 200)}
    );
  };
  EXPECT_EQ(height_with_gap(19), 419);
  EXPECT_EQ(height_with_gap(22), 200);
}

TEST(UsualDigitHeight, OfNothingIsNone) {
  EXPECT_EQ(usual_digit_height({}), 0);
}

// A ring and a corner, `width` thick, as high as a digit.
Component ring(int x, int width) {
  Component component{{x, 100, 40, 50}, cv::Mat::zeros(50, 40, CV_8U)};
  cv::ellipse(component.mask, {20, 25}, {16, 21}, 0, 0, 360, 255, width);
  return component;
}

Component corner(int x, int width) {
  Component component{{x, 100, 40, 50}, cv::Mat::zeros(50, 40, CV_8U)};
  component.mask.colRange(0, width) = 255;
  component.mask.rowRange(50 - width, 50) = 255;
  return component;
}

TEST(DropPartsOfRules, DropsThinCornersButNeitherThinCurvesNorThickCorners) {
  std::vector<Component> components;
  for (int i = 0; i < 6; ++i) components.push_back(ring(60 * i, 7));
  const Component curve = ring(400, 2), frame = corner(460, 2),
                  four = corner(520, 7);
  for (const Component& component : {curve, frame, four})
    components.push_back(component);
  drop_parts_of_rules(components);
  ASSERT_EQ(components.size(), 8);
  EXPECT_EQ(components[6].box, curve.box);
  EXPECT_EQ(components[7].box, four.box);
}

// An oval of a pen `thick` pixels wide.
Component oval(int x, cv::Size size, int thick) {
  Component component{cv::Rect({x, 100}, size), cv::Mat::zeros(size, CV_8U)};
  const cv::Point centre(size.width / 2, size.height / 2);
  const cv::Size axes = (size - cv::Size(thick + 2, thick + 2)) / 2;
  cv::ellipse(component.mask, centre, axes, 0, 0, 360, 255, thick);
  return component;
}

// Whether a thin corner is dropped beside three digits of a wide pen and three
// thin ovals of that size.
bool drops_corner_beside(cv::Size thin) {
  std::vector<Component> components;
  for (int i = 0; i < 3; ++i) {
    components.push_back(ring(60 * i, 7));
    components.push_back(oval(300 + 60 * i, thin, 2));
  }
  components.push_back(corner(600, 2));
  drop_parts_of_rules(components);
  return std::ranges::none_of(components, [](const Component& left) {
    return left.box.x == 600;
  });
}

TEST(DropPartsOfRules, ComponentsHalfAsHighAsDigitsTellTheUsualPen) {
  EXPECT_TRUE(drops_corner_beside({30, 23}));
  EXPECT_FALSE(drops_corner_beside({30, 27}));
}

TEST(DropPartsOfRules, ComponentsAThirdAsWideAsDigitsAreHighTellTheUsualPen) {
  EXPECT_TRUE(drops_corner_beside({15, 50}));
  EXPECT_FALSE(drops_corner_beside({19, 50}));
}

TEST(DropPartsOfRules, DropsCornersThinnerThanSixTenthsOfTheUsualPen) {
  const auto drops = [](int thick) {
    std::vector<Component> components;
    for (int i = 0; i < 6; ++i) {
      Component wide = block(200 * i, 0, 60, 100);
      wide.mask(cv::Rect(20, 0, 40, 80)) = 0;  // an L of a pen of 20 pixels
      components.push_back(wide);
    }
    Component thin = block(2000, 0, 60, 100);
    thin.mask(cv::Rect(thick, 0, 60 - thick, 100 - thick)) = 0;
    components.push_back(thin);
    drop_parts_of_rules(components);
    return components.size() == 6;
  };
  EXPECT_TRUE(drops(11));
  EXPECT_FALSE(drops(13));
}

}  // namespace
}  // namespace digitorch::testing
