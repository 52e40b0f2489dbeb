// A network for tests that knows no digits: it tells by the proportions of a
// prepared picture how likely that shows one digit.
#pragma once

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "app/predict/page/reading.h"

namespace digitorch::testing {

/// Digits are hardly wider than high, and the wider the picture's ink the less
/// likely it is one; narrow ones may be a 1 or a stroke. The only class is 0.
inline std::vector<Prediction> like_digits(
    const std::vector<Preprocessed>& pictures
) {
  std::vector<Prediction> answers;
  for (const Preprocessed& picture : pictures) {
    const cv::Rect ink = cv::boundingRect(picture.pixels);
    const double width =
        static_cast<double>(ink.width) / std::max(1, ink.height);
    double score = width < 0.3 ? 0.63 : 0.9;
    if (width > 0.85) score *= std::exp(-6 * (width - 0.85));
    answers.push_back(
        {.classes = {{0, static_cast<float>(score)}}, .blank = picture.blank}
    );
  }
  return answers;
}

inline PageNetwork shape_network() { return {like_digits}; }

}  // namespace digitorch::testing
