// Where the first look at a picture of a digit leaves doubt: what else it may
// show.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "datasets/digit/preprocess.h"

namespace digitorch {

/// image: as for preprocess(). Looks at the picture with paper added all around
/// it, once as light as its dark part and once as its light part. So a digit
/// that is cropped to its ink, or fills the picture, stands on paper, whichever
/// of the two it is. Empty for a picture of one level.
///
/// For doubtful pictures alone: added to a picture that shows paper and a
/// shadow's edge it does harm.
std::vector<Sight> other_looks(const cv::Mat& image);

}  // namespace digitorch
