// What a network says of one prepared picture. It holds no tensors, so page
// reading can use it without LibTorch.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "datasets/digit/preprocess.h"

namespace digitorch {

struct Prediction {
  /// Every class but the reserved one with its probability, the most probable
  /// first and equal ones in class order. Together with no_digit they sum to 1.
  std::vector<std::pair<int64_t, float>> classes;
  /// Probability of the reserved class of datasets/no_digit.h; 0 without one.
  float no_digit = 0;
  bool blank =
      false;  ///< Whether the picture holds no ink; then it is a guess.
  /// Whether the picture is blank, is likelier of the reserved class, or has an
  /// answer with a probability below PredictorOptions::sure_from.
  bool unsure = false;

  int64_t label() const { return classes.front().first; }
  float probability() const { return classes.front().second; }
};

/// Gives one prediction for each picture, in order, as Predictor::predict does.
using PictureClassifier =
    std::function<std::vector<Prediction>(const std::vector<Preprocessed>&)>;

}  // namespace digitorch
