#include "datasets/prepare.h"

#include <gtest/gtest.h>

#include "datasets/format_wish.h"
#include "tests/support/data_files.h"
#include "tests/support/pictures.h"

namespace digitorch {
namespace {

using testing::draw_digit;
using testing::error_of;

const InputFormat kGrey{"plain", 1, 20, 30};
const InputFormat kColour{"plain", 3, 20, 30};

/// Random pixels of that format.
torch::Tensor noise(const InputFormat& format) {
  torch::manual_seed(1);
  return torch::randint(
      0, 256, {format.channels, format.height, format.width}, torch::kUInt8
  );
}

TEST(PrepareTest, PlainPicturesOfTheFormatComeBackUnchanged) {
  for (const InputFormat& format : {kGrey, kColour}) {
    const torch::Tensor pixels = noise(format);
    const Preprocessed made = prepare(to_picture(pixels), format);
    EXPECT_FALSE(made.blank);
    EXPECT_TRUE(torch::equal(to_tensor(made.pixels), pixels));
  }
}

TEST(PrepareTest, TensorsHaveRedFirst) {
  const cv::Mat red(2, 3, CV_8UC3, cv::Scalar(1, 2, 200));  // BGR
  const torch::Tensor pixels = to_tensor(red);
  EXPECT_EQ(pixels.sizes(), (std::vector<int64_t>{3, 2, 3}));
  EXPECT_EQ(pixels[0].min().item<int>(), 200);
  EXPECT_EQ(pixels[2].max().item<int>(), 1);
  EXPECT_EQ(cv::norm(to_picture(pixels), red, cv::NORM_INF), 0);
}

TEST(PrepareTest, PlainPicturesAreFittedWithTheColourOfTheirBorder) {
  cv::Mat square(40, 40, CV_8UC3, cv::Scalar(10, 120, 240));
  square(cv::Rect(10, 10, 20, 20)) = cv::Scalar(0, 0, 0);
  const cv::Mat pixels = prepare(square, kColour).pixels;
  EXPECT_EQ(pixels.size(), cv::Size(30, 20));
  // The square is 20 pixels wide in the middle, and five are left on each side.
  for (const int x : {0, 4, 25, 29})
    EXPECT_EQ(pixels.at<cv::Vec3b>(10, x), cv::Vec3b(10, 120, 240)) << x;
  EXPECT_EQ(pixels.at<cv::Vec3b>(10, 15), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(pixels.at<cv::Vec3b>(2, 15), cv::Vec3b(10, 120, 240));
}

TEST(PrepareTest, ThinPicturesKeepAPixel) {
  const cv::Mat line(1, 5000, CV_8U, cv::Scalar(7));
  EXPECT_EQ(prepare(line, kGrey).pixels.size(), cv::Size(30, 20));
}

TEST(PrepareTest, WhatIsTransparentIsWhite) {
  cv::Mat icon(20, 30, CV_8UC4, cv::Scalar(0, 0, 255, 0));
  icon(cv::Rect(0, 0, 10, 20)) = cv::Scalar(0, 0, 255, 255);
  const cv::Mat pixels = prepare(icon, kColour).pixels;
  EXPECT_EQ(pixels.at<cv::Vec3b>(3, 3), cv::Vec3b(0, 0, 255));
  EXPECT_EQ(pixels.at<cv::Vec3b>(3, 20), cv::Vec3b(255, 255, 255));
}

TEST(PrepareTest, SixteenBitsAndOtherChannelsAreConverted) {
  const cv::Mat deep(20, 30, CV_16U, cv::Scalar(257 * 99));
  EXPECT_EQ(prepare(deep, kGrey).pixels.at<uint8_t>(5, 5), 99);
  EXPECT_EQ(
      prepare(deep, kColour).pixels.at<cv::Vec3b>(5, 5), cv::Vec3b::all(99)
  );
  const cv::Mat grey = prepare(to_picture(noise(kColour)), kGrey).pixels;
  EXPECT_EQ(grey.type(), CV_8UC1);
  EXPECT_THROW(prepare(cv::Mat(), kGrey), std::invalid_argument);
  EXPECT_THROW(
      prepare(cv::Mat(5, 5, CV_32F, cv::Scalar(0)), kGrey),
      std::invalid_argument
  );
}

TEST(PrepareTest, InkIsPreprocessed) {
  const cv::Mat digit = draw_digit(100);
  EXPECT_EQ(
      cv::norm(
          prepare(digit, InputFormat()).pixels,
          preprocess(digit).pixels,
          cv::NORM_INF
      ),
      0
  );
}

TEST(PrepareTest, SetsOfAnotherFormatArePreparedPictureByPicture) {
  ImageSet set{
      .images = noise({"plain", 3, 40, 60}).unsqueeze(0),
      .labels = torch::zeros({1}, torch::kInt64),
      .class_names = {"a"}};
  const ImageSet made = in_format(set, kGrey);
  EXPECT_EQ(made.format(), kGrey);
  EXPECT_TRUE(torch::equal(
      made.images[0],
      to_tensor(prepare(to_picture(set.images[0]), kGrey).pixels)
  ));
  EXPECT_TRUE(torch::equal(in_format(made, kGrey).images, made.images));
}

TEST(FormatWishTest, DigitsOfInksSizeAreInkAndAllElseIsPlain) {
  const InputFormat ink;
  const std::vector<std::string> digits = {"0", "1", "no-digit"};
  const std::vector<std::string> animals = {"cat", "dog"};
  EXPECT_EQ(resolved({}, ink, digits), ink);
  EXPECT_EQ(resolved({}, ink, animals), InputFormat({"plain", 1, 28, 28}));
  EXPECT_EQ(resolved({}, kColour, digits), kColour);
  EXPECT_EQ(
      resolved({.height = 64, .width = 64}, ink, digits),
      InputFormat({"plain", 1, 64, 64})
  );
  EXPECT_EQ(resolved({.pictures = "ink"}, kColour, animals), ink);
  EXPECT_EQ(
      resolved({.pictures = "plain"}, ink, digits),
      InputFormat({"plain", 1, 28, 28})
  );
  EXPECT_EQ(resolved(exactly(kColour), ink, digits), kColour);
}

TEST(FormatWishTest, RefusesWhatCannotBe) {
  EXPECT_EQ(
      error_of([] { resolved({.pictures = "ink", .channels = 3}, {}, {"cat"}); }
      ),
      "pictures: found ink with 28x28 pixels in colour; expected plain, since "
      "ink is always brought to 28x28 pixels in grey"
  );
  EXPECT_EQ(
      error_of([] {
        resolved({}, {"plain", 1, 300, 10}, {"cat"});
      }),
      "found pictures of 10x300 pixels; expected at most 224 on a side. "
      "--image-size makes them smaller"
  );
}

}  // namespace
}  // namespace digitorch
