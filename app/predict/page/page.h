// A page of digits -> each digit prepared for a network, in reading order:
// lines of handwriting or print, columns, boxes of a form, a number in a photo.
#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

#include "datasets/digit/preprocess.h"

namespace digitorch {

struct PageDigit {
  cv::Rect box;          ///< Around its ink, in the page's own pixels.
  Preprocessed picture;  ///< Never blank.
  int line = 0;          ///< From 0, in reading order.
  int place = 0;         ///< In its line, from 0, left to right.
  int word = 0;          ///< From 0; less than half a height apart on its line.
  double height = 1;     ///< Of its ink, beside the highest of its word.
};

/// How sure a network is, 0..1, that each picture is one digit and no part of
/// one, no two and nothing else.
using DigitScore =
    std::function<std::vector<float>(const std::vector<Preprocessed>&)>;

/// page: as in preprocess(), upright or turned by up to 15 degrees either way,
/// lit evenly or not. Ruled and squared lines, frames of boxes and specks are
/// left out, broken strokes joined, touching digits split; `score` chooses
/// where more than one reading of the ink is likely, its shape alone where
/// there is none. What is not a digit by its size is left out; a letter is not.
///
/// Where the picture shows a sheet of paper on a table, only that is read,
/// unless much is written beside it.
///
/// Lines go from left to right, one below the other; columns, with a gap of
/// some two heights of digits between them, one after the other.
///
/// Pages above 4 million pixels are shrunk to that, where digits should be at
/// least 12 pixels high still.
std::vector<PageDigit> read_page(
    const cv::Mat& page, const DigitScore& score = nullptr
);

}  // namespace digitorch
