// Connected components of a page -> text lines.
#pragma once

#include <vector>

#include "app/predict/page/components.h"

namespace digitorch {

/// Components that follow each other on one text line, left to right by their
/// centres. A wide gap ends a text line, so a row of a table may be several.
using TextLine = std::vector<Component>;

/// Whether the component is too low to be a whole digit where digits are
/// `height` pixels high: a part of one, or a sign.
bool is_fragment(const Component&, int height);

/// Whether what has this box is a comma beside digits from row `top` to row
/// `feet`: higher than wide, it begins at most kMaxFromFeet above their feet
/// and reaches below these.
bool is_comma(const cv::Rect& box, int top, int feet);

/// Lengths of signs, as parts of the height of the digits beside them. Points
/// and commas begin at most this far above the feet of the digits.
inline constexpr double kMaxFromFeet = 0.4;
/// What is smaller both ways is no sign, and a comma reaches at least this far
/// below the feet.
inline constexpr double kMinSign = 0.08;

/// A fragment is no farther than this from what it may be a part of, as a part
/// of the height of digits.
inline constexpr double kMaxFragmentGap = 0.25;

/// Puts the components of an upright page into text lines: those as high as a
/// digit with their neighbours to the left and right, and every fragment with
/// the digit that it is nearest to. A fragment that is near no digit is left
/// out, and so is a comma.
std::vector<TextLine> find_text_lines(const std::vector<Component>&);

}  // namespace digitorch
