// What ink the views of a page show.
#include "app/predict/page/ink.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

constexpr int kPaper = 200;

cv::Mat paper() { return {400, 600, CV_8U, cv::Scalar(kPaper)}; }

int ink_at(const PageInk& page, int x, int y) {
  return page.ink.at<uint8_t>(y, x);
}

PageView view_of(const cv::Mat& grey) { return {grey, {1, 0, 0, 0, 1, 0}}; }

TEST(FindPageInk, OfThinStrokesHasNoShadow) {
  cv::Mat grey = paper();
  cv::rectangle(grey, {300, 0, 50, 400}, 120, cv::FILLED);
  cv::line(grey, {100, 100}, {100, 300}, 60, 6);
  cv::line(grey, {325, 100}, {325, 300}, 30, 6);
  PageView view = view_of(grey);
  EXPECT_GT(ink_at(find_page_ink(view), 340, 200), 0);
  view.search.narrow = 0.03;
  const PageInk thin = find_page_ink(view);
  EXPECT_EQ(ink_at(thin, 340, 200), 0);
  EXPECT_GT(ink_at(thin, 100, 200), 100);
  EXPECT_GT(ink_at(thin, 325, 200), 100);
}

// Beside it, pencil is too faint to count as ink.
TEST(FindPageInk, LeavesOutWhatIsBroaderThanAsked) {
  cv::Mat grey = paper();
  cv::line(grey, {0, 380}, {600, 380}, 20, 12);  // the edge of a table
  cv::circle(grey, {500, 100}, 30, 20, cv::FILLED);
  cv::line(grey, {100, 100}, {100, 300}, 150, 3);
  PageView view = view_of(grey);
  const auto is_in = [](const PageInk& page, int x, int y) {
    return page.mask.at<uint8_t>(y, x) != 0;
  };
  const PageInk all = find_page_ink(view);
  EXPECT_TRUE(is_in(all, 500, 100));
  EXPECT_FALSE(is_in(all, 100, 200));
  view.broad = 0.015;  // 6 pixels
  const PageInk thin = find_page_ink(view);
  EXPECT_FALSE(is_in(thin, 500, 100));
  EXPECT_FALSE(is_in(thin, 300, 380));
  EXPECT_TRUE(is_in(thin, 100, 200));
}

TEST(FindPageInk, ClosesGapsThatAreNarrowerThanAsked) {
  cv::Mat grey = paper();
  for (const int x : {100, 300}) {
    const int gap = x == 100 ? 8 : 40;
    cv::rectangle(grey, {x, 100, 30, 80}, 40, cv::FILLED);
    cv::rectangle(grey, {x, 180 + gap, 30, 80}, 40, cv::FILLED);
  }
  PageView view = view_of(grey);
  EXPECT_EQ(ink_at(find_page_ink(view), 115, 184), 0);
  view.gaps = 0.05;  // 20 pixels
  const PageInk closed = find_page_ink(view);
  EXPECT_GT(ink_at(closed, 115, 184), 100);
  EXPECT_EQ(ink_at(closed, 315, 200), 0);
}

TEST(FindPageInk, MayBeLighterThanWhatIsLikelierItsPaper) {
  // Dark letters around a panel of light ones, larger but fewer.
  cv::Mat grey = paper();
  for (int x = 30; x < 600; x += 30)
    for (const int y : {20, 350})
      cv::rectangle(grey, {x, y, 12, 30}, 30, cv::FILLED);
  cv::rectangle(grey, {280, 150, 20, 100}, 240, cv::FILLED);
  PageView view = view_of(grey);
  const PageInk dark = find_page_ink(view);
  EXPECT_EQ(ink_at(dark, 290, 200), 0);
  EXPECT_GT(ink_at(dark, 36, 35), 100);
  view.search.reversed = true;
  const PageInk light = find_page_ink(view);
  EXPECT_GT(ink_at(light, 290, 200), 0);
  EXPECT_EQ(ink_at(light, 36, 35), 0);
}

}  // namespace
}  // namespace digitorch
