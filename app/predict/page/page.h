// A picture of a page -> its digits in reading order, each prepared for a
// network and read: lines of handwriting or print, columns, boxes of a form, a
// number in a photo.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "app/predict/page/reading.h"
#include "app/predict/page/view.h"
#include "app/predict/prediction.h"
#include "datasets/digit/preprocess.h"

namespace digitorch {

struct PageDigit {
  cv::Rect box;           ///< Around its ink, in the pixels of the picture.
  Preprocessed picture;   ///< The digit alone; never blank.
  Prediction prediction;  ///< Without classes if no network was asked.
  int line = 0;           ///< From 0, in reading order.
  int place = 0;          ///< On its line, from 0, left to right.
  /// From 0, counted over the whole page. Neighbours on a line that are less
  /// than half a height apart are one word.
  int word = 0;
  double height = 1;  ///< Of its ink, as a part of the highest of its word.
  /// The sign between it and the next digit of its line: '.', ',', '-', or 0.
  char sign = 0;
  int row = -1;     ///< Of its cell in a grid, from 0; -1 beside grids.
  int column = -1;  ///< The same.
};

/// page: 1, 3 or 4 channels of 8 or 16 bits, as in preprocess(), evenly lit or
/// not, turned by up to 15 degrees. Ruled and squared lines, frames of boxes
/// and specks are left out, broken strokes are joined and touching digits are
/// split. Components that are no digit by their size are left out; letters are
/// not, which read_as_digits() does.
///
/// Where the ink can be read in several ways, the probabilities that the
/// network gives choose one. Each digit keeps the prediction that it was chosen
/// by, so nothing is classified twice.
///
/// If the picture shows a sheet of paper on a table, only the sheet is read,
/// unless much is written beside it.
///
/// Text lines are read from left to right, one below the other, and columns,
/// with a gap of about two heights of digits between them, one after the other.
///
/// Pages above 4 million pixels, or 8000 on a side, are shrunk to that; digits
/// should be at least 12 pixels high then.
std::vector<PageDigit> read_page(
    const cv::Mat& page, const PageNetwork& network
);

/// The same for a page that may have to be looked at more than once.
class PageReader {
 public:
  PageReader(const cv::Mat& page, PageNetwork network);

  /// As read_page().
  std::vector<PageDigit> read();

  /// Other readings, for where hardly anything was read or with doubt: one of
  /// each of other_views(). None where read() found a pattern of lines.
  std::vector<std::vector<PageDigit>> read_again() const;

  /// One more, of last_view(), for where these show hardly anything.
  std::vector<PageDigit> read_at_last() const;

 private:
  cv::Rect bounds_;
  PageView whole_;
  PageNetwork network_;
  bool is_pattern_ = false;
};

}  // namespace digitorch
