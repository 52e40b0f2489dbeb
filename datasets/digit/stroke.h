// The width of a digit's strokes: how wide they are, and MNIST's.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// ink: uint8, bright on black. Mean width of the strokes in pixels, where ink
/// of half strength is their edge; 0 without any.
double stroke_width(const cv::Mat& ink);

/// ink: uint8, cropped to the ink, which fills a box of `box` pixels later.
/// Returns the ink, enlarged or shrunk, with strokes as wide as MNIST's:
/// thinner ones are thickened, wider ones thinned, those in between are left,
/// and so are blobs, which are no strokes. The same matrix where nothing had to
/// be done.
cv::Mat with_usual_strokes(const cv::Mat& ink, int box);

}  // namespace digitorch
