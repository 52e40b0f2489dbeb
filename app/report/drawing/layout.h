// Font sizes, margins and texts that pictures share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

inline constexpr double kTitleSize = 15;
inline constexpr double kTextSize = 12;
inline constexpr double kSmallSize = 11;
inline constexpr double kMinTextSize = 8;  // smaller text is not legible
inline constexpr double kMargin = 12;      // around a picture

/// The width that `text` takes at the font height `size`. Layouts leave this
/// much room. The letters of the PNG, in DejaVu Sans, are as wide as those of
/// the widest sans-serif fonts that browsers take for the SVG.
double text_width(const std::string& text, double size, bool bold = false);

/// The distance from one baseline to the next.
inline double line_height(double size) { return 1.3 * size; }

/// The y of the baseline of text whose capitals are centred at y = `middle`.
inline double baseline_at(double middle, double size) {
  return middle + 0.34 * size;
}

/// The width of the widest text; 0 for none.
double widest(const std::vector<std::string>& texts, double size);

/// The text, or its beginning and "..." where it does not fit into the width.
std::string shortened(
    const std::string& text, double size, double width, bool bold = false
);

/// Applies shortened() to each text.
std::vector<std::string> shortened(
    std::vector<std::string> texts, double size, double width
);

/// The text in lines of at most this width, broken between words; a word that
/// is wider alone is shortened.
std::vector<std::string> wrapped(
    const std::string& text, double size, double width
);

/// Adds a centred title at the top, smaller or shortened where the drawing is
/// narrow. An empty title adds nothing.
void add_title(Drawing&, const std::string& title);

/// Adds text at the lower edge, in as many lines as the width needs, and makes
/// the drawing higher by them. A drawing of less than 260 pixels is made as
/// wide. An empty text adds nothing.
void add_note(Drawing&, const std::string& text);

/// The height that add_title() needs.
double title_height(const std::string& title);

/// A number with separators: "1,234,567".
std::string grouped(int64_t number);

/// A fraction as a percentage: 0.98765 with one decimal is "98.8 %".
std::string percent_text(double fraction, int decimals);

/// A number in at most 20 significant digits: 0.06298 in 2 is "0.063".
std::string number_text(double value, int digits);

/// A number in two significant digits, for the ends of colour scales.
inline std::string short_text(double value) { return number_text(value, 2); }

/// A shape as text: "16 x 14 x 14".
std::string shape_text(const std::vector<int64_t>& shape);

}  // namespace digitorch
