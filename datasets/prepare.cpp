#include "datasets/prepare.h"

#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <vector>

#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

// A pixel is in colour where its brightest channel exceeds its darkest by this
// fraction of white; a picture, where this part of its pixels is. A coloured
// pen on white paper has as much, the tint of a lamp is less.
constexpr double kColourFrom = 0.25;
constexpr double kColouredPart = 0.02;
// Larger pictures are shrunk to this side to be looked at for colour.
constexpr int kColourSide = 64;

/// One or three channels of 8 bits, white where the picture is transparent.
cv::Mat opaque_in_8_bits(const cv::Mat& image) {
  const bool known_type =
      (image.depth() == CV_8U || image.depth() == CV_16U) &&
      (image.channels() == 1 || image.channels() == 3 || image.channels() == 4);
  if (image.empty() || !known_type)
    throw std::invalid_argument("prepare: not a picture of 8 or 16 bits");
  cv::Mat result = image;
  if (image.channels() == 4) {
    cv::Mat alpha, colour;
    cv::extractChannel(image, alpha, 3);
    cv::cvtColor(image, colour, cv::COLOR_BGRA2BGR);
    cv::cvtColor(alpha, alpha, cv::COLOR_GRAY2BGR);
    // What is missing to white shows as far as the picture is opaque.
    cv::bitwise_not(colour, colour);
    const double opaque = image.depth() == CV_8U ? 255 : 65535;
    cv::multiply(colour, alpha, colour, 1 / opaque);
    cv::bitwise_not(colour, result);
  }
  if (result.depth() == CV_16U) result.convertTo(result, CV_8U, 1.0 / 257);
  return result;
}

/// The median of each channel along the picture's edge.
cv::Scalar border_colour(const cv::Mat& picture) {
  cv::Scalar colour;
  std::vector<cv::Mat> planes;
  cv::split(picture, planes);
  for (std::size_t c = 0; c < planes.size(); ++c) {
    const cv::Mat& plane = planes[c];
    std::vector<uint8_t> edge;
    for (int x = 0; x < plane.cols; ++x)
      for (const int y : {0, plane.rows - 1})
        edge.push_back(plane.at<uint8_t>(y, x));
    for (int y = 0; y < plane.rows; ++y)
      for (const int x : {0, plane.cols - 1})
        edge.push_back(plane.at<uint8_t>(y, x));
    const auto middle =
        edge.begin() + static_cast<std::ptrdiff_t>(edge.size() / 2);
    std::nth_element(edge.begin(), middle, edge.end());
    colour[static_cast<int>(c)] = *middle;
  }
  return colour;
}

/// The picture as large as fits into the size, in its middle.
cv::Mat fitted_into(const cv::Mat& picture, cv::Size size) {
  if (picture.size() == size) return picture.clone();
  const double factor = std::min(
      static_cast<double>(size.width) / picture.cols,
      static_cast<double>(size.height) / picture.rows
  );
  const cv::Mat small =
      scaled(picture, factor, factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const int left = (size.width - small.cols) / 2;
  const int top = (size.height - small.rows) / 2;
  cv::Mat result;
  cv::copyMakeBorder(
      small,
      result,
      top,
      size.height - small.rows - top,
      left,
      size.width - small.cols - left,
      cv::BORDER_CONSTANT,
      border_colour(small)
  );
  return result;
}

}  // namespace

cv::Mat in_channels(const cv::Mat& pixels, int64_t channels) {
  if (pixels.channels() == channels) return pixels;
  cv::Mat result;
  cv::cvtColor(
      pixels, result, channels == 1 ? cv::COLOR_BGR2GRAY : cv::COLOR_GRAY2BGR
  );
  return result;
}

Preprocessed prepare(const cv::Mat& image, const InputFormat& format) {
  if (format.is_ink()) return preprocess(image);
  const cv::Size size(
      static_cast<int>(format.width), static_cast<int>(format.height)
  );
  return {
      in_channels(fitted_into(opaque_in_8_bits(image), size), format.channels)};
}

torch::Tensor to_tensor(const cv::Mat& pixels) {
  const int channels = pixels.channels();
  torch::Tensor result =
      torch::empty({channels, pixels.rows, pixels.cols}, torch::kUInt8);
  auto* to = result.mutable_data_ptr<uint8_t>();
  std::vector<cv::Mat> planes;
  for (int c = 0; c < channels; ++c)
    planes.emplace_back(
        pixels.rows, pixels.cols, CV_8U, to + c * pixels.total()
    );
  if (channels == 3) std::swap(planes[0], planes[2]);
  cv::split(pixels, planes);
  return result;
}

cv::Mat to_picture(const torch::Tensor& pixels) {
  torch::Tensor plain = pixels.contiguous();
  const auto height = static_cast<int>(pixels.size(1));
  const auto width = static_cast<int>(pixels.size(2));
  std::vector<cv::Mat> planes;
  for (int64_t c = 0; c < pixels.size(0); ++c)
    planes.emplace_back(
        height, width, CV_8U, plain[c].mutable_data_ptr<uint8_t>()
    );
  std::reverse(planes.begin(), planes.end());
  cv::Mat picture;
  cv::merge(planes, picture);
  return picture;
}

bool is_coloured(const cv::Mat& image) {
  if (image.channels() < 3) return false;
  const cv::Mat small = shrunk(image, kColourSide);
  std::vector<cv::Mat> planes;
  cv::split(small, planes);
  cv::Mat most, least;
  cv::max(planes[0], cv::max(planes[1], planes[2]), most);
  cv::min(planes[0], cv::min(planes[1], planes[2]), least);
  const double white = image.depth() == CV_16U ? 65535 : 255;
  const int coloured = cv::countNonZero(most - least > kColourFrom * white);
  return coloured >= kColouredPart * static_cast<double>(small.total());
}

ImageSet in_format(ImageSet set, const InputFormat& format) {
  set.pictures = format.pictures;
  if (set.format() == format) return set;
  torch::Tensor made = torch::empty(format.sizes(set.size()), torch::kUInt8);
  const cv::Range pictures(0, static_cast<int>(set.size()));
  cv::parallel_for_(pictures, [&](const cv::Range& some) {
    for (int64_t i = some.start; i < some.end; ++i)
      made[i].copy_(to_tensor(prepare(to_picture(set.images[i]), format).pixels)
      );
  });
  set.images = made;
  return set;
}

}  // namespace digitorch
