// What a stroke has under a line that is drawn over it.
#pragma once

#include <algorithm>
#include <opencv2/core.hpp>

namespace digitorch {

/// The ink that a stroke crossing a line has in column x and row y, judged by
/// the rows `above` and `below` the line in several directions; 0 where one of
/// them is outside. ink: one channel of Level.
template <class Level>
Level crossing(const cv::Mat& ink, int x, int y, int above, int below) {
  if (above < 0 || below >= ink.rows) return 0;
  Level most = 0;
  for (double lean : {0.0, -0.5, 0.5, -1.0, 1.0}) {
    const int up = x + cvRound(lean * (y - above));
    const int down = x - cvRound(lean * (below - y));
    if (std::min(up, down) < 0 || std::max(up, down) >= ink.cols) continue;
    most = std::max(
        most, std::min(ink.at<Level>(above, up), ink.at<Level>(below, down))
    );
  }
  return most;
}

}  // namespace digitorch
