// What a page is read from: a grey picture no larger than it takes, and where
// that lies in the picture given.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace digitorch {

struct PageView {
  cv::Mat grey;            ///< uint8 [H, W].
  cv::Matx23d to_picture;  ///< From a pixel of it to one of the picture given.
};

/// All of a picture, which is as in preprocess(); above 4 million pixels, or
/// 8000 on a side, shrunk to that.
PageView whole_view(const cv::Mat& picture);

/// Only the sheet of paper that the view shows on a table, if it does, with
/// paper all around it. convex: as for find_sheet().
std::optional<PageView> sheet_view(const PageView&, bool convex = false);

/// What else to look at where what was read is doubtful: the view with dark and
/// light exchanged; a sheet in it, or a panel that is darker than what is
/// around it, as those of displays are; the view made smaller, which hides what
/// is finer than its digits; and the view with more paper around it.
std::vector<PageView> other_views(const PageView&);

/// What `first` and then `second` do to a point.
cv::Matx23d in_turn(const cv::Matx23d& first, const cv::Matx23d& second);

}  // namespace digitorch
