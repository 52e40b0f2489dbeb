// Quantiles and steps of levels, for the files that look for ink.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace digitorch {

/// How many pixels of a uint8 matrix have each of the 256 levels, within
/// mask != 0 (all, where the mask is empty).
std::vector<int64_t> histogram(const cv::Mat& grey, const cv::Mat& mask = {});

/// The level that `part` of the histogram's counts do not exceed; 0 of none.
int quantile(const std::vector<int64_t>& histogram, double part);

/// How much a picture of one channel changes from each pixel to the next ones:
/// float [H, W]. Strokes have sharp edges, whatever is left of shadows has not.
cv::Mat sharpness(const cv::Mat& picture);

}  // namespace digitorch
