// Any picture that is read -> its levels of grey.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// picture: 8 or 16 bits, of one channel, BGR or BGRA. Returns uint8 of one
/// channel; what is transparent shows white paper.
cv::Mat grey_on_white(const cv::Mat& picture);

}  // namespace digitorch
