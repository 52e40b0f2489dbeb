// Learning curves.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/training/history.h"

namespace digitorch {

/// Why the training curve may lie below that of validation.
inline constexpr const char* kAboutTrainingCurves =
    "Training loss and accuracy are measured during the epoch, with dropout, "
    "on augmented or mixed pictures, so validation may be better.";

/// Loss and accuracy over the epochs, for training and validation, with a mark
/// at the best epoch, then the accuracy by step and the learning rate, where
/// there are three epochs or more. Shorter runs are drawn over their steps,
/// where `steps` has any.
std::vector<Drawing> curve_panels(
    const std::vector<EpochReport>& history,
    const std::vector<StepRecord>& steps
);

/// The epochs of one of several runs.
struct RunCurves {
  std::string name;
  std::vector<EpochReport> epochs;
};

/// Loss and accuracy of several runs over their epochs, of validation where
/// there was one.
std::vector<Drawing> comparison_panels(const std::vector<RunCurves>&);

/// The panels, two beside each other, above kAboutTrainingCurves.
Drawing draw_curves(
    const std::vector<EpochReport>& history,
    const std::vector<StepRecord>& steps
);

}  // namespace digitorch
