// A confusion matrix as a picture.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// counts: int64 [classes, classes] with a row for each true class and a column
/// for each answer, of at least one class. Cells are coloured by their fraction
/// of the row, and show count and fraction where the count is not 0.
Drawing draw_confusion(
    const torch::Tensor& counts, const std::vector<std::string>& class_names
);

}  // namespace digitorch
