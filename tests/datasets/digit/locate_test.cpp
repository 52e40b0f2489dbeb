// Pictures that hold more than a digit on paper: what comes out is the digit.
#include "datasets/digit/locate.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "datasets/digit/preprocess.h"
#include "tests/support/pictures.h"

namespace digitorch {
namespace {

using testing::draw_digit;

constexpr int kSide = 240;
const cv::Rect kMiddle(80, 80, kSide, kSide);  // of a picture of 400 x 400

/// 5 in dark ink on grey paper.
cv::Mat sheet(int paper = 215, int ink = 60) {
  cv::Mat image;
  draw_digit(kSide).convertTo(image, CV_8U, (paper - ink) / 255.0, ink);
  return image;
}

/// Mean absolute difference of 784 pixels from the digit alone.
double unlikeness(const cv::Mat& image) {
  const cv::Mat digit = preprocess(sheet()).pixels;
  return cv::norm(preprocess(image).pixels, digit, cv::NORM_L1) / 784;
}

/// `sheet` turned by a few degrees on a table around it.
cv::Mat on_table(const cv::Mat& sheet, cv::Mat table) {
  cv::Mat all, there;
  cv::copyMakeBorder(sheet, all, 80, 80, 80, 80, cv::BORDER_CONSTANT, 0);
  cv::Mat place = cv::Mat::zeros(all.size(), CV_8U);
  place(kMiddle) = 255;
  const cv::Mat turn = cv::getRotationMatrix2D({200, 200}, 4, 1);
  cv::warpAffine(all, all, turn, all.size());
  cv::warpAffine(place, there, turn, all.size(), cv::INTER_NEAREST);
  all.copyTo(table, there);
  return table;
}

TEST(FindDigit, LeavesTheTableThatASheetLiesOn) {
  for (const int level : {20, 90, 150, 250}) {
    const cv::Mat table(400, 400, CV_8U, cv::Scalar(level));
    EXPECT_LE(unlikeness(on_table(sheet(), table)), 8) << level;
  }
  const cv::Mat dark(400, 400, CV_8U, cv::Scalar(30));
  EXPECT_LE(unlikeness(on_table(sheet(120, 230), dark)), 8);
}

TEST(FindDigit, LeavesTheGrainOfATable) {
  cv::Mat table(400, 10, CV_8U);
  cv::RNG random(4);
  random.fill(table, cv::RNG::UNIFORM, 60, 130);
  cv::resize(table, table, {400, 400}, 0, 0, cv::INTER_LINEAR);
  EXPECT_LE(unlikeness(on_table(sheet(), table)), 8);
}

TEST(FindDigit, LeavesADrawnBoxAndRing) {
  cv::Mat page(400, 400, CV_8U, cv::Scalar(215));
  sheet().copyTo(page(kMiddle));
  cv::Mat box = page.clone(), ring = page.clone(), both = page.clone();
  cv::rectangle(box, {70, 60}, {330, 345}, cv::Scalar(60), 9);
  cv::circle(ring, {200, 200}, 150, cv::Scalar(60), 9);
  cv::rectangle(both, {20, 15}, {385, 380}, cv::Scalar(60), 9);
  cv::circle(both, {200, 200}, 150, cv::Scalar(60), 9);
  for (const cv::Mat& image : {box, ring, both})
    EXPECT_LE(unlikeness(image), 3);
}

TEST(FindDigit, KeepsWhatStandsInADigit) {
  cv::Mat zero(300, 240, CV_8U, cv::Scalar(215));
  cv::ellipse(zero, {120, 150}, {80, 120}, 0, 0, 360, cv::Scalar(60), 20);
  const cv::Mat plain = digit_ink(zero);
  cv::circle(zero, {120, 150}, 15, cv::Scalar(60), -1);
  const cv::Mat dotted = digit_ink(zero);
  EXPECT_GT(plain.at<uint8_t>(150, 40), 200);
  EXPECT_LT(plain.at<uint8_t>(150, 120), 20);
  EXPECT_GT(dotted.at<uint8_t>(150, 40), 200);
}

TEST(FindDigit, SeesThinFaintStrokesAcrossAShadow) {
  // What is left of a pen two pixels wide in deep shadow: 15 grey levels.
  cv::Mat image(kSide, kSide, CV_8U, cv::Scalar(200));
  cv::ellipse(image, {120, 120}, {50, 75}, 0, 0, 360, cv::Scalar(160), 2);
  cv::GaussianBlur(image, image, {0, 0}, 1);
  cv::Mat dark = image * 0.6;
  const std::vector<cv::Point> shade{{0, 90}, {240, 150}, {240, 240}, {0, 240}};
  cv::Mat shadow = cv::Mat::zeros(image.size(), CV_8U);
  cv::fillConvexPoly(shadow, shade, 255);
  dark.copyTo(image, shadow);
  cv::Mat noise(image.size(), CV_16S);
  cv::RNG(5).fill(noise, cv::RNG::NORMAL, 0, 1.5);
  cv::add(image, noise, image, cv::noArray(), CV_8U);

  const cv::Rect found = cv::boundingRect(digit_ink(image) > 64);
  EXPECT_NEAR(found.x, 69, 4);
  EXPECT_NEAR(found.y, 44, 4);
  EXPECT_NEAR(found.width, 102, 6);
  EXPECT_NEAR(found.height, 152, 6);
}

TEST(FindDigit, LeavesTheSmudgesOfABoard) {
  cv::Mat smudges(20, 20, CV_8U), image = sheet(55, 200);
  cv::RNG(6).fill(smudges, cv::RNG::NORMAL, 12, 6);
  cv::resize(smudges, smudges, image.size(), 0, 0, cv::INTER_CUBIC);
  EXPECT_LE(unlikeness(image + smudges), 8);
}

TEST(FindDigit, MayBeDithered) {
  cv::Mat noise(kSide, kSide, CV_8U), large;
  cv::RNG(7).fill(noise, cv::RNG::UNIFORM, 0, 255);
  EXPECT_LE(unlikeness(sheet() > noise), 16);
}

}  // namespace
}  // namespace digitorch
