// A page with marks around what was read on it.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace digitorch {

struct PageMark {
  cv::Rect box;       ///< In pixels of the page.
  std::string label;  ///< Written above the box.
  bool unsure = false;
};

/// Draws the page in pale grey with coloured marks, as a BGR image. Unsure
/// marks have another colour and a line below. Where labels would leave the
/// page, the image is larger by them. Pages of more than 16 million
/// pixels are reduced.
cv::Mat annotate(const cv::Mat& page, const std::vector<PageMark>&);

}  // namespace digitorch
