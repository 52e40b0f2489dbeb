// What page reading works on: connected components of ink, put into lines.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace digitorch {

struct Component {
  cv::Rect box;  ///< On the upright page.
  cv::Mat mask;  ///< uint8 of the box's size, 255 where the component has ink.

  int right() const { return box.x + box.width; }
  int bottom() const { return box.y + box.height; }
};

/// Both as one.
Component joined(const Component&, const Component&);

/// The connected components of a mask that are large enough to be part of a
/// digit, 8000 at most; frames that are left are not among them.
std::vector<Component> find_components(const cv::Mat& mask);

/// Drops level and upright lines, and corners of them, that are too thin for
/// this page's pen. Not for pages without rules, where such a line is a 1.
void drop_parts_of_rules(std::vector<Component>&);

/// The usual height of the components, each counted by its ink; 0 for none.
int usual_height(const std::vector<Component>&);

/// The same where components may be halves of broken digits: those that nearly
/// touch count as one.
int usual_digit_height(const std::vector<Component>&);

}  // namespace digitorch
