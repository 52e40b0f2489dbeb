// Text lines -> groups of components that may be parts of the same digits.
#pragma once

#include <vector>

#include "app/predict/page/lines.h"

namespace digitorch {

/// Components so near each other that some of them may be parts of one digit:
/// fragments with the digits that they are near to, and what lies one above the
/// other.
struct ComponentGroup {
  size_t line = 0;  ///< Index of its text line.
  int height = 0;   ///< Usual height of the digits on that line, in pixels.
  std::vector<Component> components;  ///< One at least.
};

/// The groups of all text lines, line by line and from left to right.
std::vector<ComponentGroup> group_components(const std::vector<TextLine>&);

}  // namespace digitorch
