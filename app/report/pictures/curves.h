// The course of a training, as a picture.
#pragma once

#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/training/history.h"

namespace digitorch {

/// Loss and accuracy side by side over the epochs, for training and validation
/// pictures, with the best epoch marked. Runs of fewer than three epochs are
/// shown by their steps where there are records of those.
Drawing draw_curves(
    const std::vector<EpochReport>& history,
    const std::vector<StepRecord>& steps
);

}  // namespace digitorch
