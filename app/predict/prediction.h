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
  /// first; equal ones in class order. With no_digit they sum to 1.
  std::vector<std::pair<int64_t, float>> classes;
  /// Probability of the reserved class of datasets/no_digit.h; 0 without one.
  float no_digit = 0;
  bool blank = false;  ///< The picture holds no ink: the answer is a guess.
  /// Blank, likelier no digit than the answer, or the answer's probability is
  /// below the threshold.
  bool unsure = false;

  int64_t label() const { return classes.front().first; }
  float probability() const { return classes.front().second; }
};

/// Gives one prediction for each picture, in order, as Predictor::predict does.
using PictureClassifier =
    std::function<std::vector<Prediction>(const std::vector<Preprocessed>&)>;

}  // namespace digitorch
