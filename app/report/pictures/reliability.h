// A reliability diagram.
#pragma once

#include "app/evaluation/calibration.h"
#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Draws the accuracy of each bin over its mean confidence, with the diagonal
/// of perfect calibration, and beside it the fraction of the answers in each
/// bin.
Drawing draw_reliability(const Calibration&);

}  // namespace digitorch
