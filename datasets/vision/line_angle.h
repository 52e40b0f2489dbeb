// The angle at which ink lies in parallel lines.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

struct LineAngle {
  double degrees = 0;  ///< By which lines fall to the right; 0 without ink.
  bool sharp = false;  ///< Long straight lines show it, not rows of digits.
};

struct AngleSearch {
  double most_degrees = 18;  ///< Either way; pages may be turned by 15.
  /// Only lines across the whole picture count, not those of text.
  bool across = false;
};

/// mask: uint8, 255 is ink. Returns the angle at which the ink falls most
/// unevenly on parallel lines.
LineAngle find_line_angle(const cv::Mat& mask, const AngleSearch& search = {});

}  // namespace digitorch
