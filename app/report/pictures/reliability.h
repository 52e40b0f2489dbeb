// Whether a network is as right as it is sure, as a picture.
#pragma once

#include "app/evaluation/calibration.h"
#include "app/report/drawing/drawing.h"

namespace digitorch {

/// The accuracy of each bin over its confidence, with the diagonal on which
/// both are equal; beside it how many of the answers lie in each bin.
Drawing draw_reliability(const Calibration&);

}  // namespace digitorch
