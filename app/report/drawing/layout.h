// What the pictures share: sizes of letters, margins, texts made to fit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

inline constexpr double kTitleSize = 15;
inline constexpr double kTextSize = 12;
inline constexpr double kSmallSize = 11;
inline constexpr double kMinTextSize = 8;  // smaller letters are not legible
inline constexpr double kMargin = 12;      // around a picture

/// Pixels of a unit of the PNG's letters for each pixel of the font's height: a
/// capital is 0.68 of the font's height, which makes the letters about as wide
/// as those of the widest sans-serif fonts of browsers.
inline constexpr double kLetterScale = 0.68 / 21;

/// The width that `text` takes at the font height `size`, in the SVG or in the
/// PNG, whichever is wider. Layouts leave this much room.
double text_width(const std::string& text, double size, bool bold = false);

/// Height of a line of text.
inline double line_height(double size) { return 1.3 * size; }

/// The baseline of text whose capitals are centred at the height `middle`.
inline double baseline_at(double middle, double size) {
  return middle + 0.34 * size;
}

double widest(const std::vector<std::string>& texts, double size);

/// The text where it fits into the width; otherwise its beginning and "...".
std::string shortened(
    const std::string& text, double size, double width, bool bold = false
);

/// Each of them shortened().
std::vector<std::string> shortened(
    std::vector<std::string> texts, double size, double width
);

/// Writes the title in the middle above everything, smaller or shortened where
/// the drawing is narrow. Nothing where it is empty.
void add_title(Drawing&, const std::string& title);

/// Height that add_title() needs.
double title_height(const std::string& title);

/// "1,234,567".
std::string grouped(int64_t number);

/// 0.98765 with one decimal: "98.8 %".
std::string percent_text(double share, int decimals);

/// A number in so many digits: 0.06298 in 2 is "0.063". At most 20.
std::string number_text(double value, int digits);

/// In two digits, for the ends of scales.
inline std::string short_text(double value) { return number_text(value, 2); }

/// "16 x 14 x 14".
std::string shape_text(const std::vector<int64_t>& shape);

}  // namespace digitorch
