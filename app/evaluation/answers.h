// What a network answered to each of many labelled pictures, and what follows
// from that beside its accuracy: its mistakes, and whether it is as right as it
// is sure.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "app/evaluation/evaluation.h"
#include "datasets/image_set.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Of N >= 1 pictures, on the CPU.
struct Answers {
  torch::Tensor probabilities;  ///< float32 [N, classes]: the softmax.
  torch::Tensor losses;         ///< float32 [N]: cross-entropy of each.
  torch::Tensor labels;         ///< int64 [N]: the truth.
};

/// Asks about all pictures, on the model's device; leaves the model in
/// evaluation mode. Requires pictures, and labels among the model's classes.
Answers answer_all(Classifier&, const ImageSet&, int64_t batch_size);

/// What evaluate() gives for the same pictures, without asking again.
Evaluation evaluation_of(const Answers&);

/// A picture that was read as something else.
struct Mistake {
  int64_t index;       ///< Among the pictures asked about.
  int64_t truth;       ///< Its class.
  int64_t answer;      ///< The class that it was read as.
  double probability;  ///< Of that answer, 0..1.
};

/// The surest first, the first picture first where two are equally sure.
std::vector<Mistake> mistakes(const Answers&);

/// The pictures whose answer has a probability in (least, most].
struct CalibrationBin {
  double least;
  double most;
  int64_t samples;
  double confidence;  ///< Their mean probability; 0 where there are none.
  double accuracy;    ///< The part that is right; 0 where there are none.
};

struct Calibration {
  std::vector<CalibrationBin> bins;  ///< Of equal width, from 0 to 1.
  /// Expected calibration error, 0..1: the distance of confidence and accuracy,
  /// averaged over all pictures.
  double expected_error;
};

/// Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks",
/// 2017, whose 15 bins are the usual number. Requires bins >= 1.
Calibration calibration(const Answers&, int64_t bins = 15);

}  // namespace digitorch
