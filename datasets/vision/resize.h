// Pictures made larger and smaller, their aspect kept to a whole pixel.
#pragma once

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace digitorch {

/// `factor` times the size, never below a pixel; pixels are averaged, as fits
/// where factor <= 1, unless another interpolation is given.
cv::Mat scaled(
    const cv::Mat& picture, double factor, int interpolation = cv::INTER_AREA
);

/// Its longer side becomes `side`: averaged where that is smaller, with
/// `enlarging` where it is not.
cv::Mat fitted(const cv::Mat& picture, int side, int enlarging);

/// At most `side` on a side; the same matrix where it is no larger.
cv::Mat shrunk(const cv::Mat& picture, int side);

}  // namespace digitorch
