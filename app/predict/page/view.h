// What a page is read from: a grey picture no larger than it takes, and where
// that lies in the picture given.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "datasets/vision/paper.h"

namespace digitorch {

struct PageView {
  cv::Mat grey;            ///< uint8 [H, W].
  cv::Matx23d to_picture;  ///< From a pixel of it to one of the picture given.
  InkSearch search = {.surrounded = false};  ///< How its ink is found.
  /// Gaps in its ink are closed that are narrower than this part of its shorter
  /// side, as those between the segments of a display.
  double gaps = 0;
  /// Connected ink that is anywhere broader than this part of its shorter side
  /// is left out, as hands, shadows and a notebook's rings are; 0 leaves all.
  double broad = 0;
};

/// All of a picture, which is as in preprocess(); above 4 million pixels, or
/// 8000 on a side, shrunk to that.
PageView whole_view(const cv::Mat& picture);

/// Only the sheet of paper that the view shows on a table, if it does, with
/// paper all around it.
std::optional<PageView> sheet_view(const PageView&);

/// What else to look at, with at most 2 million pixels each, where what was
/// read is doubtful: only the thin strokes in the view, not the shadows and
/// hands, and nothing that is broader than a pen draws; the view, and the sheet
/// in it, with light ink instead of dark or the other way round, and with small
/// gaps in its ink closed; all of the sheet, also where a shadow or a finger
/// makes its edge look bent, and without its rim, on which a frame throws
/// shadows; a panel that is darker than what is around it, as those of displays
/// are; the view made smaller, which hides what is finer than its digits; and
/// the view with more paper around it.
std::vector<PageView> other_views(const PageView&);

/// The view, with at most 2 million pixels, where all of these show hardly a
/// digit: the thin strokes on the less likely side of the paper's level. What
/// lies around a sheet may have outvoted the pencil on it. Around the strokes
/// of light digits it shows rings, so a reading of it is worth less.
PageView last_view(const PageView&);

/// What `first` and then `second` do to a point.
cv::Matx23d in_turn(const cv::Matx23d& first, const cv::Matx23d& second);

}  // namespace digitorch
