// Text as strokes on an image: OpenCV's Hershey letters, which are ASCII alone,
// and what Latin letters beyond ASCII need besides.
#pragma once

#include <opencv2/core.hpp>
#include <string>

namespace digitorch {

/// Hershey's capitals are this many pixels high at the scale 1.
inline constexpr double kCapitalHeight = 21;

struct Lettering {
  double scale = 1;  ///< Pixels for each unit of Hershey's letters.
  int stem = 1;      ///< Width of a stroke in pixels, >= 1.
  cv::Scalar color;  ///< BGR.
};

/// Draws one line of UTF-8 text to the right of `origin`, which lies on its
/// baseline. Latin letters get their accents; typographic punctuation,
/// ligatures and the like become their ASCII spelling ("ae" for U+00E6); every
/// other character is a box around its code in hexadecimal digits. Control
/// characters are left out.
void draw_letters(
    cv::Mat& image,
    const std::string& text,
    cv::Point origin,
    const Lettering& lettering
);

/// The width in pixels of what draw_letters() draws, for strokes of one pixel.
int letters_width(const std::string& text, double scale);

/// How many characters of the text are drawn as a box.
int boxed_letters(const std::string& text);

}  // namespace digitorch
