// Gradient norms in networks of growing depth.
#pragma once

#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/training/gradient_flow.h"

namespace digitorch {

/// Draws a row for each activation: on the left the mean gradient norm of each
/// layer with a line for each depth, on the right the norms in the deepest
/// network during training with a line for each layer. All norms have one
/// logarithmic axis. Requires at least one network.
Drawing draw_gradient_flow(const std::vector<GradientFlow>&);

}  // namespace digitorch
