// A reliability diagram.
#pragma once

#include <cstdint>
#include <vector>

#include "app/evaluation/calibration.h"
#include "app/report/drawing/drawing.h"

namespace digitorch {

/// A bin of fewer pictures says little about the network, and is drawn grey.
inline constexpr int64_t kFewInABin = 10;

/// The accuracy of each bin over its mean confidence, with the diagonal of
/// perfect calibration, and the number of answers in each bin.
std::vector<Drawing> reliability_panels(const Calibration&);

}  // namespace digitorch
