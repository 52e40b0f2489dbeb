// The ink of a page without what is printed to write on, and with its
// hairlines.
#pragma once

#include "datasets/page_ink.h"

namespace digitorch {

/// Strong ink without rules and frames: uint8, 255 is ink. On a page without
/// rules, faint or not, with the faint strokes that hang on to strong ones: the
/// hairlines of print and of light pens. (Beside rules those are left out: what
/// is faint there is rather a part of one.)
cv::Mat find_strokes(const PageInk&);

}  // namespace digitorch
