// What a camera and a sheet do to a digit, one thing at a time: what comes out
// is the digit as if nothing had been done.
#include "datasets/vision/paper.h"

#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "datasets/digit/preprocess.h"
#include "datasets/digit/stroke.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/paper.h"
#include "datasets/vision/ruled_lines.h"
#include "tests/support/pictures.h"

namespace digitorch {
namespace {

using testing::draw_digit;

constexpr int kSide = 240;

/// 5 in grey ink on grey paper, the other way round where `ink` is lighter.
cv::Mat sheet(int paper = 225, int ink = 60) {
  cv::Mat image;
  draw_digit(kSide).convertTo(image, CV_8U, (paper - ink) / 255.0, ink);
  return image;
}

/// Mean absolute difference of 784 pixels, where `a` may be moved by a pixel.
double unlikeness(const cv::Mat& a, const cv::Mat& b) {
  double least = 255;
  for (int y = -1; y <= 1; ++y)
    for (int x = -1; x <= 1; ++x) {
      cv::Mat moved;
      const cv::Mat by = (cv::Mat_<double>(2, 3) << 1, 0, x, 0, 1, y);
      cv::warpAffine(a, moved, by, a.size(), cv::INTER_NEAREST);
      least = std::min(least, cv::norm(moved, b, cv::NORM_L1) / 784);
    }
  return least;
}

void expect_the_digit(const cv::Mat& image, double tolerance = 4) {
  static const cv::Mat digit = preprocess(sheet()).pixels;
  const Preprocessed result = preprocess(image);
  EXPECT_FALSE(result.blank);
  EXPECT_LE(unlikeness(result.pixels, digit), tolerance);
}

/// The picture under light of `level(x, y)` in 0..1, x and y in -1..1.
template <class Level>
cv::Mat lit(const cv::Mat& image, Level level) {
  cv::Mat result = image.clone();
  for (int y = 0; y < image.rows; ++y)
    for (int x = 0; x < image.cols; ++x)
      result.at<uint8_t>(y, x) = cv::saturate_cast<uint8_t>(
          image.at<uint8_t>(y, x) *
          level(2.0 * x / image.cols - 1, 2.0 * y / image.rows - 1)
      );
  return result;
}

/// Lines `width` pixels wide, as dark as `level`, `apart` pixels from each
/// other, falling by `slope`; upright ones too where it is squared paper.
cv::Mat ruled(
    cv::Mat image, int level, int width, int apart, double slope, bool squared
) {
  cv::Mat lines(image.size(), CV_8U, cv::Scalar(255));
  for (int at = -image.rows; at < 2 * image.rows; at += apart) {
    const int drop = cvRound(slope * image.cols);
    cv::line(
        lines, {0, at}, {image.cols, at + drop}, level, width, cv::LINE_AA
    );
    if (squared)
      cv::line(
          lines, {at, 0}, {at - drop, image.rows}, level, width, cv::LINE_AA
      );
  }
  cv::min(image, lines, image);
  return image;
}

TEST(Ink, IsFoundInSlantedLight) {
  const auto slanted = [](double x, double y) {
    return 0.65 + 0.2 * x - 0.15 * y;
  };
  expect_the_digit(lit(sheet(), slanted));
  expect_the_digit(lit(sheet(40, 200), slanted));
}

TEST(Ink, IsFoundAcrossAShadow) {
  for (const double left : {0.35, 0.5, 0.7})
    for (const double softness : {0.03, 0.15}) {
      SCOPED_TRACE(left);
      const auto shadow = [&](double x, double y) {
        const double edge = (x + 0.4 * y) / softness;
        return left + (1 - left) / (1 + std::exp(-3 * edge));
      };
      expect_the_digit(lit(sheet(), shadow), 6);
      expect_the_digit(lit(sheet(50, 220), shadow), 6);
    }
}

TEST(Ink, IsFoundBesideAShadowedCorner) {
  expect_the_digit(lit(sheet(), [](double x, double y) {
    return x + y > 1.4 ? 0.45 : 1.0;
  }));
}

TEST(Ink, IsFoundOnASheetThatEnds) {
  cv::Mat table(400, 360, CV_8U, cv::Scalar(50));
  sheet().copyTo(table(cv::Rect(0, 0, kSide, kSide)));
  expect_the_digit(table);
}

TEST(Ink, LosesRuledAndSquaredLines) {
  for (const int level : {190, 140, 60})
    for (const double slope : {0.0, 0.05, -0.1})
      for (const bool squared : {false, true}) {
        SCOPED_TRACE(level);
        SCOPED_TRACE(slope);
        // The digit's strokes are 16 pixels wide; along a line as dark as they
        // are (60), three of them are lost or won.
        const double tolerance = level == 60 ? 14 : 9;
        expect_the_digit(
            ruled(sheet(), level, 3, 47, slope, squared), tolerance
        );
      }
}

TEST(Ink, IsNoneOnAnEmptyRuledSheet) {
  for (const double slope : {0.0, 0.05}) {
    const cv::Mat paper(kSide, kSide, CV_8U, cv::Scalar(225));
    const cv::Mat image = ruled(paper.clone(), 120, 3, 47, slope, true);
    EXPECT_TRUE(preprocess(image).blank) << slope;
  }
}

TEST(Ink, CountsTheLinesItTakesOut) {
  cv::Mat ink =
      find_ink(ruled(sheet(), 140, 3, 64, 0, false)  // at 16, 80, 144 and 208
      );
  const RuledLineSearch search{
      .most_degrees = 25, .long_part = 0.5, .to_edges = true};
  EXPECT_EQ(clear_ruled_lines(ink, search), 4);
  ink = find_ink(sheet());
  const cv::Mat before = ink.clone();
  EXPECT_EQ(clear_ruled_lines(ink, search), 0);
  EXPECT_EQ(cv::norm(ink, before), 0);
}

TEST(Ink, OfALoneLineFromEdgeToEdgeIsAOne) {
  cv::Mat image(200, 100, CV_8U, cv::Scalar(230));
  cv::line(image, {50, 0}, {50, 199}, cv::Scalar(50), 3);
  const Preprocessed result = preprocess(image);
  ASSERT_FALSE(result.blank);
  const cv::Rect ink = cv::boundingRect(result.pixels);
  EXPECT_EQ(ink.height, 20);
  EXPECT_LE(ink.width, 4);
}

TEST(Ink, SurvivesBlurNoiseAndCompression) {
  cv::Mat soft, noise(kSide, kSide, CV_16S), noisy;
  cv::GaussianBlur(sheet(), soft, {0, 0}, 4);  // a quarter of the stroke
  expect_the_digit(soft, 12);
  cv::RNG random(1);
  random.fill(noise, cv::RNG::NORMAL, 0, 6);
  cv::add(sheet(), noise, noisy, cv::noArray(), CV_8U);
  expect_the_digit(noisy, 8);
  const std::string file =
      testing::encode(".jpg", sheet(), {cv::IMWRITE_JPEG_QUALITY, 12});
  const std::vector<char> bytes(file.begin(), file.end());
  expect_the_digit(cv::imdecode(bytes, cv::IMREAD_GRAYSCALE), 8);
}

TEST(Ink, MayBeFaint) {
  expect_the_digit(sheet(200, 165), 6);
  expect_the_digit(sheet(60, 95), 6);
}

TEST(Ink, IsTheDigitAndNotTheDirt) {
  cv::Mat image = sheet();
  cv::RNG random(2);
  for (int i = 0; i < 40; ++i) {
    const cv::Point at(random.uniform(0, kSide), random.uniform(0, kSide));
    // Only beside the digit, whose ends they would move otherwise.
    if (cv::Rect(60, 40, 120, 160).contains(at)) continue;
    cv::circle(image, at, random.uniform(1, 4), cv::Scalar(20), -1);
  }
  expect_the_digit(image);
}

TEST(Ink, OfBrokenStrokesStaysTogether) {
  cv::Mat image = sheet();
  cv::line(image, {60, 95}, {180, 75}, cv::Scalar(225), 5);
  expect_the_digit(image, 8);
}

TEST(Ink, OfChalkHasNoGrain) {
  cv::Mat grain(kSide / 3, kSide / 3, CV_8U), image = sheet(45, 200);
  cv::RNG random(3);
  random.fill(grain, cv::RNG::UNIFORM, 0, 256);
  cv::resize(grain, grain, image.size(), 0, 0, cv::INTER_NEAREST);
  image.setTo(45, grain > 180);
  expect_the_digit(image, 16);
}

/// An S of strokes so wide, in a picture 300 pixels high.
cv::Mat drawn_with(int width) {
  cv::Mat image(300, 260, CV_8U, cv::Scalar(230));
  const std::vector<cv::Point> stroke{
      {190, 60},
      {110, 60},
      {80, 110},
      {130, 150},
      {180, 190},
      {150, 240},
      {70, 240}};
  cv::polylines(image, stroke, false, cv::Scalar(40), width, cv::LINE_AA);
  return image;
}

// Of the 20 pixels that a digit is high.
double width_of(const cv::Mat& pixels) {
  cv::Mat fine;
  cv::resize(pixels, fine, {}, 8, 8, cv::INTER_CUBIC);
  return stroke_width(fine) / 8;
}

TEST(Strokes, GetMnistsWidthWhateverThePen) {
  for (const int pen : {3, 6, 12, 24, 36, 44}) {
    const Preprocessed result = preprocess(drawn_with(pen));
    EXPECT_GE(width_of(result.pixels), 1.7) << pen;
    EXPECT_LE(width_of(result.pixels), 3.7) << pen;
    EXPECT_EQ(cv::boundingRect(result.pixels > 64).height, 20) << pen;
  }
}

TEST(Strokes, AreMeasuredAcross) {
  for (const int width : {5, 10, 31}) {
    cv::Mat bar(600, 100, CV_8U, cv::Scalar(0));
    bar(cv::Rect(20, 50, width, 500)) = 255;
    EXPECT_NEAR(stroke_width(bar), width, 0.08 * width + 0.3);
  }
  EXPECT_EQ(stroke_width(cv::Mat::zeros(5, 5, CV_8U)), 0);
}

TEST(Strokes, OfUsualWidthAndBlobsAreLeft) {
  const cv::Mat digit = draw_digit(200);
  const cv::Mat usual = 255 - digit(cv::boundingRect(digit < 128));
  EXPECT_EQ(with_usual_strokes(usual, 20).data, usual.data);
  const cv::Mat blob(40, 60, CV_8U, cv::Scalar(255));
  EXPECT_EQ(with_usual_strokes(blob, 20).data, blob.data);
}

TEST(FitDigit, EndsAsPreprocessDoes) {
  const cv::Mat digit = draw_digit(200);
  const cv::Mat ink = 255 - digit;
  EXPECT_LE(
      unlikeness(preprocess_ink(ink).pixels, preprocess(digit).pixels), 0.5
  );
  EXPECT_TRUE(preprocess_ink(cv::Mat()).blank);
  EXPECT_TRUE(preprocess_ink(cv::Mat::zeros(9, 9, CV_8U)).blank);
}

TEST(LookAt, ShowsTheInkWhereItIs) {
  const cv::Mat image =
      lit(sheet(), [](double x, double) { return x > 0 ? 0.5 : 1; });
  const Sight sight = look_at(image);
  ASSERT_EQ(sight.grey.size(), image.size());
  ASSERT_EQ(sight.ink.size(), image.size());
  const cv::Rect found = cv::boundingRect(sight.ink > 64);
  const cv::Rect drawn = cv::boundingRect(sheet() < 140);
  EXPECT_LE(std::abs(found.x - drawn.x), 2);
  EXPECT_LE(std::abs(found.br().y - drawn.br().y), 2);
  EXPECT_TRUE(look_at(cv::Mat(50, 50, CV_8U, cv::Scalar(9))).ink.empty());
}

}  // namespace
}  // namespace digitorch
