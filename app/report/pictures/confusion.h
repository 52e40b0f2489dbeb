// A confusion matrix as a picture.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// The background of a cell. Mistakes are orange, shaded relative to the
/// largest share of them, so that rare ones show; right answers are a paler
/// blue.
Color confusion_color(double share, bool right, double worst_share);

/// The largest share of a class that is taken for one other class, 0..1.
/// counts: int64 [classes, classes].
double largest_confusion(const torch::Tensor& counts);

/// counts: int64 [classes, classes] with a row for each true class and a column
/// for each answer, of at least one class. Cells are coloured by
/// confusion_color(), and show count and fraction where the count is not 0.
Drawing draw_confusion(
    const torch::Tensor& counts, const std::vector<std::string>& class_names
);

}  // namespace digitorch
