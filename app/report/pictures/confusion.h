// Which class is taken for which, as a picture.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// counts: int64 [classes, classes], a row each true class, a column each
/// answer, at least one class. Cells are coloured by their share of the row and
/// hold count and share where the count is not 0.
Drawing draw_confusion(
    const torch::Tensor& counts, const std::vector<std::string>& class_names
);

}  // namespace digitorch
