// A page with what was read on it.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace digitorch {

struct PageMark {
  cv::Rect box;       ///< In the page's pixels.
  std::string label;  ///< Written above the box.
  bool unsure = false;
};

/// The page in faint grey, BGR, its marks in colour; unsure ones in another and
/// with a line below. Pages above 16 million pixels come out smaller.
cv::Mat annotate(const cv::Mat& page, const std::vector<PageMark>&);

}  // namespace digitorch
