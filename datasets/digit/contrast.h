// Any grey picture -> how much ink is where: light and shadow evened out, dark
// ink on light and light ink on dark alike, ruled lines taken out.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// Where a soft edge ends, of 255: the level at which MNIST's own digits,
/// enlarged with different filters, come back most alike.
inline constexpr int kInkEdge = 64;

struct InkSearch {
  bool at_edge = false;   ///< Broad parts at the picture's edge are ink too,
                          ///< not shadow or what lies beyond the sheet.
  bool reversed = false;  ///< The ink is on the less likely side of the paper.
};

/// grey: uint8 [H, W]. Returns float [H, W], >= 0: by which part of the paper's
/// level the picture differs from it on the ink's side; 0 where that is no more
/// than noise or the paper's texture. The paper's level is what remains of the
/// picture when all that is narrow beside it, or is surrounded, is filled up.
cv::Mat ink_contrast(const cv::Mat& grey, const InkSearch& look = {});

/// Takes lines out that are thin, straight and run from one edge of the picture
/// to another within 25 degrees of level or upright. Strokes that cross one are
/// kept, closed over it where they are no darker than it. contrast: as
/// ink_contrast gives it. Returns how many lines there were.
int remove_rules(cv::Mat& contrast);

/// Leaves of the ink only what makes the one digit: the most of it, with the
/// parts that lie near; not specks, edges of the sheet, or what is beyond.
/// Returns uint8 [H, W], 255 where the ink is as strong as most of the digit;
/// empty where there is none.
cv::Mat digit_mask(const cv::Mat& contrast);

}  // namespace digitorch
