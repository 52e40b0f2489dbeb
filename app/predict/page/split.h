// Text lines of components -> text lines of digits: broken digits joined,
// touching ones split.
#pragma once

#include <vector>

#include "app/predict/page/lines.h"
#include "app/predict/page/reading.h"

namespace digitorch {

/// Chooses the likeliest digits of every text line by the scores that `read`
/// gives; a line that has none is empty. No component is read twice, and each
/// digit keeps its reading.
///
/// `read` is called twice: with the components that no other one is near, then
/// with every likely reading of those that did not look like a digit and of all
/// others.
std::vector<DigitLine> split_lines(
    const std::vector<TextLine>&,
    const ComponentReader& read,
    const cv::Mat& ink = {}
);

}  // namespace digitorch
