// Pieces of ink -> runs of neighbours; runs -> lines in reading order.
#pragma once

#include <vector>

#include "app/predict/page/components.h"

namespace digitorch {

/// Neighbours on a line, left to right by their centres.
using Run = std::vector<Piece>;

/// Each piece as high as a digit, with the neighbours to its left and right and
/// with the fragments about it. Fragments by themselves are left out.
std::vector<Run> find_runs(const std::vector<Piece>&);

/// Runs of whole digits -> lines in reading order: columns one after the other,
/// each line of a column from left to right.
std::vector<Run> reading_order(std::vector<Run>);

}  // namespace digitorch
