// Prepared pictures -> ranked classes with probabilities.
#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "datasets/digit/preprocess.h"
#include "models/networks/classifier.h"

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

struct PredictorOptions {
  torch::Device device = torch::kCPU;
  int64_t batch_size = 256;  ///< Pictures computed at once; >= 1.
  /// Below one half, all other classes together are likelier than the answer.
  float sure_from = 0.5F;
};

class Predictor {
 public:
  /// Puts the model in evaluation mode on the device. Requires a class beside
  /// the reserved one.
  Predictor(
      std::unique_ptr<Classifier>,
      std::vector<std::string> class_names,
      const PredictorOptions& = {}
  );

  /// One prediction a picture, in order. Throws c10::Error where the model does
  /// not give one logit for each class name.
  std::vector<Prediction> predict(const std::vector<Preprocessed>&);

  const std::vector<std::string>& class_names() const { return class_names_; }

  /// To look inside; in evaluation mode.
  Classifier& network() { return *model_; }

  /// How many classes a prediction ranks: all but the reserved one.
  int64_t answers() const {
    return std::ssize(class_names_) - (no_digit_ ? 1 : 0);
  }

 private:
  std::unique_ptr<Classifier> model_;
  std::vector<std::string> class_names_;
  std::optional<int64_t> no_digit_;
  PredictorOptions options_;
};

}  // namespace digitorch
