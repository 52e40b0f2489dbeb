// What a page is read from: a grey picture no larger than it takes, and where
// that lies in the picture given.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

namespace digitorch {

/// picture: as in preprocess(). 8 bits, one channel; what is transparent shows
/// white paper.
cv::Mat page_in_grey(const cv::Mat& picture);

struct PageView {
  cv::Mat grey;            ///< uint8 [H, W].
  cv::Matx23d to_picture;  ///< From a pixel of it to one of the picture given.
};

/// The whole picture; above 4 million pixels shrunk to that.
PageView whole_view(const cv::Mat& picture);

/// Only the sheet of paper that the view shows on a table, if it does, with
/// paper all around it.
std::optional<PageView> sheet_view(const PageView&);

/// What `first` and then `second` do to a point.
cv::Matx23d in_turn(const cv::Matx23d& first, const cv::Matx23d& second);

}  // namespace digitorch
