#include "datasets/digit/preprocess.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "datasets/files/image_file.h"
#include "tests/support/pictures.h"

namespace digitorch {
namespace {

using testing::draw_digit;

// Mean absolute difference over the 784 pixels, of 255.
double difference(const cv::Mat& a, const cv::Mat& b) {
  EXPECT_EQ(a.size(), b.size());
  EXPECT_EQ(a.type(), b.type());
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total());
}

// Of the same ink, however it is encoded: rounding to 8 bits.
constexpr double kSameInk = 0.5;
// Of the same shape, sampled at another size: the ends of the ink fall
// elsewhere between pixels, by up to a quarter of one of the 20. For
// comparison: moving the whole digit costs 15 by a pixel across and 22 by a
// pixel down.
constexpr double kSameShape = 6;

const cv::Mat& reference() {
  static const cv::Mat pixels = preprocess(draw_digit(200)).pixels;
  return pixels;
}

void expect_alike(const cv::Mat& image, double tolerance) {
  const Preprocessed result = preprocess(image);
  EXPECT_FALSE(result.blank);
  EXPECT_LE(difference(result.pixels, reference()), tolerance);
}

// Black ink as a part of full opacity, 0..255, on nothing.
cv::Mat transparent(const cv::Mat& digit, const cv::Scalar& ink) {
  cv::Mat image(digit.size(), CV_8UC4, ink);
  const cv::Mat alpha = 255 - digit;
  cv::insertChannel(alpha, image, 3);
  return image;
}

TEST(Preprocess, FollowsMnist) {
  const cv::Mat& pixels = reference();
  ASSERT_EQ(pixels.type(), CV_8UC1);
  ASSERT_EQ(pixels.size(), cv::Size(28, 28));
  const cv::Rect ink = cv::boundingRect(pixels);
  EXPECT_EQ(ink.height, 20);
  EXPECT_LT(ink.width, 20);
  const cv::Moments moments = cv::moments(pixels);
  EXPECT_NEAR(moments.m10 / moments.m00, 14, 0.5);
  EXPECT_NEAR(moments.m01 / moments.m00, 14, 0.5);
  double strongest = 0;
  cv::minMaxLoc(pixels, nullptr, &strongest);
  EXPECT_EQ(strongest, 255);
}

TEST(Preprocess, KeepsTheAspect) {
  cv::Mat image(300, 300, CV_8U, cv::Scalar(255));
  image(cv::Rect(100, 50, 60, 200)) = 0;
  EXPECT_EQ(cv::boundingRect(preprocess(image).pixels), cv::Rect(11, 4, 6, 20));
}

TEST(Preprocess, GivesTheSameForEveryEncodingOfTheInk) {
  const cv::Mat digit = draw_digit(200);
  expect_alike(255 - digit, kSameInk);

  cv::Mat colour, deep, deep_colour;
  cv::cvtColor(digit, colour, cv::COLOR_GRAY2BGR);
  digit.convertTo(deep, CV_16U, 257);
  colour.convertTo(deep_colour, CV_16U, 257);
  for (const cv::Mat& image : {colour, deep, deep_colour})
    expect_alike(image, kSameInk);

  cv::Mat faint;  // grey ink on grey paper
  digit.convertTo(faint, CV_8U, 0.4, 80);
  expect_alike(faint, 1);  // 102 levels instead of 256
}

TEST(Preprocess, PutsTransparentInkOnPaper) {
  const cv::Mat digit = draw_digit(200);
  cv::Mat deep;
  transparent(digit, {0, 0, 0}).convertTo(deep, CV_16U, 257);
  expect_alike(transparent(digit, {0, 0, 0}), kSameInk);
  expect_alike(deep, kSameInk);
  // White ink is lost on white paper, but not in the transparency.
  expect_alike(transparent(digit, {255, 255, 255}), kSameInk);
  // Grey with alpha, as a file.
  const std::string rows = [&] {
    std::string text;
    for (int y = 0; y < digit.rows; ++y) {
      text += '\0';
      for (int x = 0; x < digit.cols; ++x)
        text += {'\0', static_cast<char>(255 - digit.at<uint8_t>(y, x))};
    }
    return text;
  }();
  expect_alike(
      decode_image(testing::make_png(200, 200, 8, 4, rows), "p").pixels,
      kSameInk
  );
}

// The difference where `a` may be moved by a pixel: MNIST's method centres to
// whole pixels, so a centre of mass halfway between two goes either way.
double difference_moved(const cv::Mat& a, const cv::Mat& b) {
  double least = 255;
  for (int y = -1; y <= 1; ++y)
    for (int x = -1; x <= 1; ++x) {
      cv::Mat moved;
      const cv::Mat by = (cv::Mat_<double>(2, 3) << 1, 0, x, 0, 1, y);
      cv::warpAffine(a, moved, by, a.size(), cv::INTER_NEAREST);
      least = std::min(least, difference(moved, b));
    }
  return least;
}

TEST(Preprocess, GivesNearlyTheSameForEverySize) {
  for (int side : {20, 24, 28, 40, 64, 100, 333, 1000, 2000, 4000}) {
    SCOPED_TRACE(side);
    // The digit is half as high as its picture: of little more than the 20
    // pixels it gets, or fewer, its edges cannot come out as sharp.
    const double tolerance = side < 64 ? 3 * kSameShape : kSameShape;
    const Preprocessed dark = preprocess(draw_digit(side));
    const Preprocessed light = preprocess(255 - draw_digit(side));
    EXPECT_LE(difference_moved(dark.pixels, reference()), tolerance);
    EXPECT_EQ(difference(light.pixels, dark.pixels), 0);
  }
}

TEST(Preprocess, TakesPicturesOfAFewPixels) {
  cv::Mat small;
  cv::resize(draw_digit(160), small, {8, 8}, 0, 0, cv::INTER_AREA);
  const Preprocessed result = preprocess(small);
  ASSERT_FALSE(result.blank);
  cv::Mat large = preprocess(draw_digit(160)).pixels;
  EXPECT_LE(cv::norm(result.pixels, large, cv::NORM_L1) / 784, 30);
}

TEST(Preprocess, SeesColoursThatAreAsBrightAsTheirPaper) {
  // Both are 76 of 255 in grey.
  const cv::Scalar red(0, 0, 254), green(0, 130, 0);
  const cv::Mat digit = draw_digit(160) > 128;
  cv::Mat picture(digit.size(), CV_8UC3, green);
  picture.setTo(red, digit == 0);
  const Preprocessed result = preprocess(picture);
  ASSERT_FALSE(result.blank);
  const cv::Mat plain = preprocess(digit).pixels;
  EXPECT_LE(cv::norm(result.pixels, plain, cv::NORM_L1) / 784, 6);
  picture.setTo(green);
  const Sight empty = look_at(picture);
  EXPECT_TRUE(empty.ink.empty());
  EXPECT_NEAR(empty.grey.at<uint8_t>(0, 0), 76, 1);  // as it was, not its hue
}

TEST(Preprocess, FindsTheDigitWhereverItIs) {
  for (const cv::Point corner : {cv::Point(0, 0), {1200, 20}, {900, 1300}}) {
    cv::Mat page(1500, 1400, CV_8U, cv::Scalar(255));
    draw_digit(200).copyTo(page(cv::Rect(corner, cv::Size(200, 200))));
    expect_alike(page, kSameInk);
    expect_alike(255 - page, kSameInk);
  }
  // Cropped to the ink, so that it touches all four sides.
  const cv::Mat digit = draw_digit(200);
  expect_alike(digit(cv::boundingRect(digit < 128)), kSameShape);
}

TEST(Preprocess, SeesPastNoiseAndDirt) {
  cv::Mat noise(200, 200, CV_16S), image;
  cv::RNG random(1);
  random.fill(noise, cv::RNG::NORMAL, 0, 4);
  draw_digit(200).convertTo(image, CV_16S, 0.7, 30);
  image += noise;
  image.convertTo(image, CV_8U);
  expect_alike(image, kSameShape);

  cv::Mat dirty = draw_digit(200);
  for (const cv::Point speck : {cv::Point(3, 3), {190, 100}, {90, 195}})
    cv::circle(dirty, speck, 2, cv::Scalar(0), -1);
  expect_alike(dirty, kSameInk);
}

TEST(Preprocess, FindsInkThatIsFainterThanItsDirt) {
  cv::Mat image(96, 96, CV_8U, cv::Scalar(255));
  image(cv::Rect(38, 28, 20, 40)) = 235;
  // Black specks, a fifth as much as the ink.
  for (int x = 4; x < 92; x += 4)
    for (int y : {4, 90}) image(cv::Rect(x, y, 2, 2)) = 0;
  const Preprocessed result = preprocess(image);
  EXPECT_EQ(cv::boundingRect(result.pixels), cv::Rect(9, 4, 10, 20));
  EXPECT_EQ(cv::countNonZero(result.pixels == 255), 10 * 20);
}

TEST(Preprocess, LeavesMnistPicturesUnchanged) {
  // The reference is one; so is a picture like Fashion-MNIST's, which fills the
  // frame, and both with the noise that JPEG leaves on black.
  cv::Mat fashion = cv::Mat::zeros(28, 28, CV_8U);
  fashion(cv::Rect(8, 0, 12, 28)) = 200;
  for (const cv::Mat& image : {reference(), fashion}) {
    cv::Mat noisy, three;
    cv::max(image, 3, noisy);
    cv::cvtColor(image, three, cv::COLOR_GRAY2BGR);
    EXPECT_EQ(difference(preprocess(image).pixels, image), 0);
    EXPECT_EQ(difference(preprocess(noisy).pixels, noisy), 0);
    EXPECT_EQ(difference(preprocess(three).pixels, image), 0);
  }
  expect_alike(255 - reference(), 1);
}

TEST(Preprocess, NormalisesOtherPicturesOf28Pixels) {
  // Bright on black, but small and in a corner.
  cv::Mat small = cv::Mat::zeros(28, 28, CV_8U);
  small(cv::Rect(2, 3, 3, 10)) = 255;
  EXPECT_EQ(cv::boundingRect(preprocess(small).pixels), cv::Rect(11, 4, 6, 20));
}

TEST(Preprocess, ResultIsItsOwn) {
  cv::Mat image = reference().clone();
  const cv::Mat pixels = preprocess(image).pixels;
  image.setTo(0);
  EXPECT_EQ(difference(pixels, reference()), 0);
}

TEST(Preprocess, TellsBlankPictures) {
  for (const cv::Size size :
       {cv::Size(1, 1), {10000, 1}, {1, 10000}, {28, 28}, {100, 70}})
    for (int level : {0, 77, 255})
      for (int type : {CV_8UC1, CV_8UC3, CV_8UC4, CV_16UC1, CV_16UC4}) {
        const cv::Mat image(size, type, cv::Scalar::all(level));
        const Preprocessed result = preprocess(image);
        EXPECT_TRUE(result.blank) << size << " " << level << " " << type;
        ASSERT_EQ(result.pixels.size(), cv::Size(28, 28));
        EXPECT_EQ(cv::countNonZero(result.pixels), 0);
      }
  cv::RNG random(1);
  for (int deviation : {1, 3, 8, 20}) {
    cv::Mat noise(300, 300, CV_16S), image;
    random.fill(noise, cv::RNG::NORMAL, 128, deviation);
    noise.convertTo(image, CV_8U);
    EXPECT_TRUE(preprocess(image).blank) << deviation;
  }
  cv::Mat hot(100, 100, CV_8U, cv::Scalar(255));
  hot.at<uint8_t>(50, 50) = 0;
  EXPECT_TRUE(preprocess(hot).blank);
}

TEST(Preprocess, TakesThinPictures) {
  cv::Mat line(10000, 1, CV_8U, cv::Scalar(255));
  line.rowRange(4000, 6000) = 0;
  const Preprocessed result = preprocess(line);
  EXPECT_FALSE(result.blank);
  // A hair in the picture has the width of a stroke here.
  EXPECT_EQ(cv::boundingRect(result.pixels), cv::Rect(13, 4, 2, 20));
}

TEST(Preprocess, RefusesWhatIsNoPicture) {
  EXPECT_THROW(preprocess(cv::Mat()), std::invalid_argument);
  EXPECT_THROW(
      preprocess(cv::Mat(5, 5, CV_32F, cv::Scalar(0))), std::invalid_argument
  );
  EXPECT_THROW(
      preprocess(cv::Mat(5, 5, CV_8UC2, cv::Scalar(0))), std::invalid_argument
  );
}

}  // namespace
}  // namespace digitorch
