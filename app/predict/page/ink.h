// The first half of reading a page: a grey picture of one -> its ink, upright.
#pragma once

#include <opencv2/core.hpp>

#include "app/predict/page/view.h"

namespace digitorch {

struct PageInk {
  cv::Mat ink;        ///< uint8, how dark the ink is beside its paper, 0..255.
  cv::Mat mask;       ///< uint8, 255 where there is strong ink, otherwise 0.
  cv::Mat weak_mask;  ///< The same with fainter ink, and all of `mask`.
  /// From a pixel of `ink` to one of the picture given.
  cv::Matx23d to_picture;
};

/// A page lighter than its ink or darker. Uneven light is evened out.
PageInk find_page_ink(const PageView&);

/// Finds the masks anew, of ink that was changed.
void find_masks(PageInk&);

/// The page turned counter-clockwise, by degrees, on as large a sheet as that
/// takes.
PageInk turned(const PageInk&, double degrees);

}  // namespace digitorch
