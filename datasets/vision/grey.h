// Any picture that is read -> its levels of grey.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// picture: 8 or 16 bits, of one channel, BGR or BGRA. Returns uint8 of one
/// channel; what is transparent shows white paper.
cv::Mat grey_on_white(const cv::Mat& picture);

/// The same picture in the whole range of its type, where it plainly uses only
/// a part of it: 16 bits that hold numbers of fewer bits, and one channel of 8
/// bits with two levels that are nearly equal, such as a mask of 0 and 1.
/// Others come back as they are.
cv::Mat in_full_range(const cv::Mat& picture);

}  // namespace digitorch
