// The digits that a page says, without the components that are no digits, as
// values, as text and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "app/predict/prediction.h"

namespace digitorch {

struct ReadDigit {
  cv::Rect box;   ///< In the pixels of the picture.
  int line = 0;   ///< From 0, in reading order.
  int place = 0;  ///< On its line; components that are left out count as well.
  int word = 0;   ///< From 0, counted over the whole page.
  std::string label;
  float probability = 0;
  bool unsure = false;
  int row = -1;      ///< Of its cell in a grid, from 0; -1 beside grids.
  int column = -1;   ///< The same.
  std::string sign;  ///< Between it and the next digit: ".", ",", "-" or none.
};

/// The digits of a page in reading order, by read_page() and read_as_digits();
/// where hardly any is sure, of the surest of PageReader's other readings.
std::vector<ReadDigit> read_digits(
    const cv::Mat& page,
    const PictureClassifier&,
    const std::vector<std::string>& class_names
);

/// Boxes in the pixels of a file whose picture was made smaller by the factor.
void enlarge_boxes(std::vector<ReadDigit>&, int factor);

/// A line for each line of the page, without a line feed after the last, the
/// signs between digits, a space between words, and "?" for an unsure digit.
std::string page_text(const std::vector<ReadDigit>&);

/// {"text", "digits": [{"box": [x, y, width, height], "label", "probability",
/// "unsure", "line", "word", "sign"}, ...]}. Digits of one number have the same
/// word, unless a sign parts them. Those in a grid have "row" and "column" too.
nlohmann::json page_json(const std::vector<ReadDigit>&);

}  // namespace digitorch
