// What a page is looked at again as.
#include "app/predict/page/view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

constexpr int kInk = 20;

// The level that the view shows at a place of the picture; -1 outside of it.
int level_at(const PageView& view, const cv::Point2d& place) {
  cv::Matx23d from_picture;
  cv::invertAffineTransform(view.to_picture, from_picture);
  const cv::Vec2d there = from_picture * cv::Vec3d(place.x, place.y, 1);
  const cv::Point pixel(cvRound(there[0]), cvRound(there[1]));
  const bool inside = cv::Rect({}, view.grey.size()).contains(pixel);
  return inside ? view.grey.at<uint8_t>(pixel) : -1;
}

TEST(OtherViews, ShowWhatAShadowCutsOffFromASheet) {
  cv::Mat picture(400, 600, CV_8U, cv::Scalar(60));
  cv::rectangle(picture, {100, 60, 400, 280}, 220, cv::FILLED);
  cv::rectangle(picture, {410, 150, 90, 110}, 60, cv::FILLED);
  cv::line(picture, {450, 180}, {450, 230}, kInk, 7);
  const PageView whole = whole_view(picture);
  const auto sheet = sheet_view(whole);
  ASSERT_TRUE(sheet);
  const cv::Point2d table(30, 30), writing(450, 200);
  EXPECT_EQ(level_at(*sheet, table), -1);
  EXPECT_NE(level_at(*sheet, writing), kInk);
  const auto views = other_views(whole);
  EXPECT_TRUE(std::ranges::any_of(views, [&](const PageView& view) {
    return level_at(view, table) == -1 && level_at(view, writing) == kInk;
  }));
}

TEST(OtherViews, LeaveOutTheShadowThatAFrameThrowsOnAPanel) {
  cv::Mat picture(400, 600, CV_8U, cv::Scalar(60));
  cv::rectangle(picture, {100, 60, 400, 280}, 220, cv::FILLED);
  cv::rectangle(picture, {103, 64, 6, 270}, 130, cv::FILLED);
  cv::line(picture, {300, 180}, {300, 230}, kInk, 7);
  const cv::Point2d table(30, 30), shadow(106, 200), writing(300, 200);
  const PageView whole = whole_view(picture);
  const auto sheet = sheet_view(whole);
  ASSERT_TRUE(sheet);
  EXPECT_EQ(level_at(*sheet, shadow), 130);
  const auto views = other_views(whole);
  EXPECT_TRUE(std::ranges::any_of(views, [&](const PageView& view) {
    return level_at(view, table) == -1 && level_at(view, shadow) != 130 &&
           level_at(view, writing) == kInk;
  }));
}

}  // namespace
}  // namespace digitorch
