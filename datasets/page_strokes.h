// The ink of a page without what is printed to write on, and with its
// hairlines.
#pragma once

#include "datasets/page_ink.h"

namespace digitorch {

struct Strokes {
  cv::Mat mask;  ///< uint8, 255 is ink.
  bool ruled;    ///< Whether the page had rules or frames.
};

/// Strong ink without rules and frames. On a page without them, faint or not,
/// with the faint strokes that hang on to strong ones: the hairlines of print
/// and of light pens. (Beside rules those are left out: what is faint there is
/// rather a part of one.)
Strokes find_strokes(const PageInk&);

}  // namespace digitorch
