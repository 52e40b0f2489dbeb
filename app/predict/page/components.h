// What page reading works on: connected components of ink.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "datasets/vision/morphology.h"

namespace digitorch {

struct Component {
  cv::Rect box;  ///< Around its ink, in pixels of the upright page.
  cv::Mat mask;  ///< uint8 of the box's size, 255 where the component has ink.

  int right() const { return box.x + box.width; }
  double centre_x() const { return box.x + box.width / 2.0; }
  double centre_y() const { return box.y + box.height / 2.0; }
};

/// One component with the ink of both.
Component joined(const Component&, const Component&);

/// Returns the connected components of a mask (uint8, 255 is ink) that are
/// large enough to be part of a digit: at most 6000, the largest ones. Specks,
/// drawings and frames around other components are not among them.
std::vector<Component> find_components(const cv::Mat& mask);
/// The same of a mask that is labelled already, which takes most of the time.
std::vector<Component> find_components(const Labels&);

/// Whether the mask (uint8, 255 is ink) of a whole page shows a pattern of
/// lines, which looks like other ones when it is made smaller: more lines than
/// a ruled page has, and more than half of what is large enough for a digit.
bool is_pattern(const cv::Mat& mask);

/// Drops what is left of ruled lines and frames: horizontal lines, vertical
/// lines and corners that are thinner than the strokes of this page's digits.
/// Only for pages with ruled lines or frames; on others such a line is a 1.
void drop_parts_of_rules(std::vector<Component>&);

/// The median height of the components in pixels, each weighted by its ink, but
/// by no more than strokes of its size have; 0 if there are none.
int usual_height(const std::vector<Component>&);

/// The same for components that may be halves of broken digits: those that
/// nearly touch are measured as one.
int usual_digit_height(const std::vector<Component>&);

}  // namespace digitorch
