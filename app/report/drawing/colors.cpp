#include "app/report/drawing/colors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

// The ends of the diverging scale: a dark blue and a lighter orange.
constexpr Color kNegative{20, 82, 150};
constexpr Color kPositive{224, 120, 22};

constexpr std::array kCategories{
    Color{0, 114, 178},    // blue
    Color{213, 94, 0},     // vermillion
    Color{0, 158, 115},    // bluish green
    Color{204, 121, 167},  // reddish purple
    Color{230, 159, 0},    // orange
    Color{86, 180, 233},   // sky blue
    Color{0, 0, 0},        // black
};

/// The value limited to min..max; NaN becomes `min`.
double clamped(double value, double min, double max) {
  return value >= min ? std::min(value, max) : min;
}

Color mixed(Color from, Color to, double part) {
  const auto mix = [&](uint8_t a, uint8_t b) {
    return uint8_t(std::lround(a + (b - a) * part));
  };
  return {
      mix(from.red, to.red),
      mix(from.green, to.green),
      mix(from.blue, to.blue)};
}

cv::Mat3b cividis() {
  cv::Mat1b values(1, 256);
  for (int i = 0; i < 256; ++i) values(i) = uint8_t(i);
  cv::Mat3b colors;
  cv::applyColorMap(values, colors, cv::COLORMAP_CIVIDIS);
  return colors;
}

/// WCAG 2's relative luminance, 0..1.
double luminance(Color color) {
  const auto linear = [](uint8_t part) {
    const double value = part / 255.0;
    return value <= 0.04045 ? value / 12.92
                            : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) +
         0.0722 * linear(color.blue);
}

}  // namespace

Color sequential_color(double value) {
  static const cv::Mat3b colors = cividis();
  const cv::Vec3b bgr = colors(int(std::lround(clamped(value, 0, 1) * 255)));
  return {bgr[2], bgr[1], bgr[0]};
}

Color diverging_color(double value) {
  const double part = clamped(value, -1, 1);
  return mixed(kPaper, part < 0 ? kNegative : kPositive, std::abs(part));
}

Color grey(double value) {
  const auto part = uint8_t(std::lround(clamped(value, 0, 1) * 255));
  return {part, part, part};
}

Color category_color(std::size_t index) {
  if (index < kCategories.size()) return kCategories[index];
  // Hues a golden section apart never repeat and stay far from one another.
  const std::size_t further = index - kCategories.size();
  const double turns = 0.12 + 0.6180339887 * double(further);
  const double hue =
      (turns - std::floor(turns)) * 180;  // OpenCV's half degrees
  const double value = further % 2 == 0 ? 125 : 190;
  cv::Mat3b color(1, 1, cv::Vec3b(uint8_t(hue), 200, uint8_t(value)));
  cv::cvtColor(color, color, cv::COLOR_HSV2RGB);
  return {color(0)[0], color(0)[1], color(0)[2]};
}

Color text_color_on(Color ground) {
  // Where black and white have the same contrast, by WCAG 2.
  constexpr double kSameContrast = 0.179;
  return luminance(ground) > kSameContrast ? Color{0, 0, 0} : kPaper;
}

}  // namespace digitorch
