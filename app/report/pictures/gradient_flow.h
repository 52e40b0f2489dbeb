// The gradients of networks of growing depth, as a picture.
#pragma once

#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/training/gradient_flow.h"

namespace digitorch {

/// A row for each activation: on the left the mean gradient norm by layer, a
/// line a depth; on the right that of the deepest network over its training, a
/// line a layer. All norms share one logarithmic axis. Requires at least one.
Drawing draw_gradient_flow(const std::vector<GradientFlow>&);

}  // namespace digitorch
