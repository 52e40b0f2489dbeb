// Text on an image, in DejaVu Sans, which is inside the program: Latin, Greek,
// Cyrillic, Arabic and Hebrew letters and many symbols.
#pragma once

#include <opencv2/core.hpp>
#include <string>

namespace digitorch {

/// The height of a capital letter, as a part of the font's height.
inline constexpr double kCapitalHeight = 0.729;

struct Lettering {
  double size = 12;  ///< The font's height in pixels.
  bool bold = false;
  cv::Scalar color;    ///< BGR.
  double outline = 0;  ///< Pixels that letters grow by on every side.
};

/// Draws one line of UTF-8 text to the right of `origin`, in pixels, which lies
/// on its baseline. image: BGR. A character that the font lacks is a box around
/// its code in hexadecimal digits. Control characters are left out. Letters are
/// set one after the other from left to right, without ligatures.
void draw_letters(
    cv::Mat& image,
    const std::string& text,
    cv::Point2d origin,
    const Lettering& lettering
);

/// The width in pixels of what draw_letters() draws, without outline.
double letters_width(const std::string& text, double size, bool bold = false);

/// How many characters of the text are drawn as a box.
int boxed_letters(const std::string& text);

}  // namespace digitorch
