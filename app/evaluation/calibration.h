// Calibration: whether a network is right as often as its probabilities say.
#pragma once

#include <cstdint>
#include <vector>

#include "app/evaluation/evaluation.h"

namespace digitorch {

/// The pictures whose answer has a probability in (min, max].
struct CalibrationBin {
  double min;
  double max;
  int64_t samples;    ///< How many pictures.
  double confidence;  ///< Mean probability of their answers; 0 without samples.
  double accuracy;    ///< The part that is right, 0..1; 0 without samples.
};

struct Calibration {
  std::vector<CalibrationBin> bins;  ///< Of equal width, from 0 to 1.
  /// The expected calibration error (ECE), 0..1: the absolute difference of a
  /// bin's confidence and accuracy, averaged over all pictures.
  double expected_error;
};

/// Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks",
/// 2017, who take 15 bins. Requires bins >= 1.
Calibration calibration(const Evaluation&, int64_t bins = 15);

}  // namespace digitorch
