// The width of a digit's strokes, made that of MNIST's.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// ink: uint8, cropped to the ink, which fills a box of `box` pixels later.
/// Returns the ink, enlarged or shrunk, with strokes as wide as MNIST's:
/// thinner ones are thickened, wider ones thinned, those in between are left,
/// and so are blobs, which are no strokes. The same matrix where nothing had to
/// be done.
cv::Mat with_usual_strokes(const cv::Mat& ink, int box);

}  // namespace digitorch
