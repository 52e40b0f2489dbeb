// Pieces of ink -> runs of neighbours; runs -> lines in reading order.
#pragma once

#include <vector>

#include "app/predict/page/components.h"

namespace digitorch {

/// Neighbours on a line, left to right by their centres.
using TextLine = std::vector<Component>;

/// Each component as high as a digit, with the neighbours to its left and right
/// and with the fragments about it. Fragments by themselves are left out.
std::vector<TextLine> find_text_lines(const std::vector<Component>&);

/// Runs of whole digits -> lines in reading order: columns one after the other,
/// each line of a column from left to right.
std::vector<TextLine> reading_order(std::vector<TextLine>);

}  // namespace digitorch
