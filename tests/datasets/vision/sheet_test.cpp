// Sheets of paper that lie on something darker, and what is none.
#include "datasets/vision/sheet.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

constexpr int kWidth = 640, kHeight = 480;

struct Photo {
  cv::Mat grey;
  cv::Mat sheet;  // 255 where it lies
};

cv::Mat even(int level) { return {kHeight, kWidth, CV_8U, cv::Scalar(level)}; }

cv::Mat grain(int level, double deviation) {
  cv::Mat table(kHeight, kWidth, CV_32F), result;
  cv::RNG random(1);
  random.fill(table, cv::RNG::NORMAL, level, deviation);
  cv::GaussianBlur(table, table, {31, 1}, 8, 0.1);
  table.convertTo(result, CV_8U);
  return result;
}

// A sheet with some writing, turned, with a soft shadow at its edge.
Photo on_table(const cv::Mat& table) {
  cv::Mat sheet(kHeight, kWidth, CV_8U, cv::Scalar(0)), shadow;
  cv::Point2f corners[4];
  cv::RotatedRect({330, 230}, {360, 260}, 7).points(corners);
  const std::vector<cv::Point> outline(corners, corners + 4);
  cv::fillConvexPoly(sheet, outline, 255);
  cv::GaussianBlur(sheet, shadow, {0, 0}, 4);
  cv::Mat grey = table - 0.2 * shadow;
  grey.setTo(220, sheet);
  cv::putText(grey, "3906 27", {210, 240}, cv::FONT_HERSHEY_SIMPLEX, 2, 40, 4);
  return {grey, sheet};
}

double shared(const cv::Mat& a, const cv::Mat& b) {
  return static_cast<double>(cv::countNonZero(a & b)) / cv::countNonZero(a | b);
}

TEST(FindSheet, IsTheWholeSheetUpToItsEdge) {
  for (const cv::Mat& table : {even(30), even(150), grain(100, 40)}) {
    const Photo photo = on_table(table);
    const cv::Mat found = find_sheet(photo.grey);
    ASSERT_FALSE(found.empty());
    EXPECT_GT(shared(found, photo.sheet), 0.9);
    EXPECT_EQ(cv::countNonZero(found & ~photo.sheet), 0);
  }
}

TEST(FindSheet, GoesOnToThePicturesEdge) {
  Photo photo = on_table(even(40));
  photo.grey = photo.grey.colRange(0, 420).clone();
  const cv::Mat found = find_sheet(photo.grey);
  ASSERT_FALSE(found.empty());
  EXPECT_GT(shared(found, photo.sheet.colRange(0, 420)), 0.9);
}

TEST(FindSheet, MayLieInAShadowAsDarkAsOtherThings) {
  cv::Mat table = even(60);
  cv::rectangle(table, {0, 100, 250, 110}, 175, cv::FILLED);
  cv::rectangle(table, {0, 250, 250, 200}, 175, cv::FILLED);
  Photo photo = on_table(table);
  cv::Mat light = even(255);
  cv::rectangle(light, {330, 0, 400, 480}, 165, cv::FILLED);
  cv::GaussianBlur(light, light, {0, 0}, 25);
  cv::multiply(photo.grey, light, photo.grey, 1.0 / 255);
  table.copyTo(photo.grey, ~photo.sheet);
  const cv::Mat found = find_sheet(photo.grey);
  ASSERT_FALSE(found.empty());
  EXPECT_GT(shared(found, photo.sheet), 0.9);
}

TEST(FindSheet, IsNoLightOnPaper) {
  cv::Mat light = even(120), soft;
  cv::rectangle(light, {100, -50, 400, 600}, 230, cv::FILLED);
  cv::GaussianBlur(light, soft, {0, 0}, 20);
  EXPECT_TRUE(find_sheet(soft).empty());
}

TEST(FindSheet, IsNotRound) {
  cv::Mat plate = even(40);
  cv::circle(plate, {320, 240}, 180, 220, cv::FILLED);
  EXPECT_TRUE(find_sheet(plate).empty());
}

TEST(FindSheet, IsNotAPageThatFillsThePicture) {
  cv::Mat page = even(230);
  cv::putText(page, "27184", {60, 240}, cv::FONT_HERSHEY_SIMPLEX, 5, 30, 9);
  EXPECT_TRUE(find_sheet(page).empty());
}

TEST(WithoutTable, GoesOnAsTheNearestPaper) {
  // Paper that grows darker to the right, on black.
  cv::Mat grey = even(0), sheet = even(0);
  const cv::Rect where(160, 120, 320, 240);
  sheet(where) = 255;
  for (int x = where.x; x < where.br().x; ++x)
    grey(where).col(x - where.x) = 230 - (x - where.x) / 4;
  const cv::Mat page = without_table(grey, sheet);
  EXPECT_EQ(cv::norm(page(where), grey(where), cv::NORM_INF), 0);
  EXPECT_NEAR(page.at<uint8_t>(240, 5), 230, 4);
  EXPECT_NEAR(page.at<uint8_t>(240, kWidth - 5), 150, 4);
  EXPECT_NEAR(page.at<uint8_t>(5, 320), 190, 4);
}

}  // namespace
}  // namespace digitorch
