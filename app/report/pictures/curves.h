// Learning curves.
#pragma once

#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/training/history.h"

namespace digitorch {

/// Draws loss and accuracy over the epochs, side by side, for training and
/// validation, with a mark at the best epoch. Runs of fewer than three epochs
/// are drawn over their steps, where `steps` has any.
Drawing draw_curves(
    const std::vector<EpochReport>& history,
    const std::vector<StepRecord>& steps
);

}  // namespace digitorch
