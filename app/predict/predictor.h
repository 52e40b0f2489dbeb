// Prepared pictures -> ranked classes with probabilities.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "datasets/preprocess.h"
#include "models/classifier.h"

namespace digitorch {

struct Prediction {
  /// Every class with its probability, the most probable first; equal ones in
  /// class order. The probabilities sum to 1.
  std::vector<std::pair<int64_t, float>> classes;
  bool blank = false;   ///< The picture holds no ink: the answer is a guess.
  bool unsure = false;  ///< Blank, or best probability below the threshold.

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
  /// Puts the model in evaluation mode on the device.
  Predictor(
      std::unique_ptr<Classifier>,
      std::vector<std::string> class_names,
      const PredictorOptions& = {}
  );

  /// One prediction a picture, in order. Throws c10::Error where the model does
  /// not give one logit for each class name.
  std::vector<Prediction> predict(const std::vector<Preprocessed>&);

  const std::vector<std::string>& class_names() const { return class_names_; }

 private:
  std::unique_ptr<Classifier> model_;
  std::vector<std::string> class_names_;
  PredictorOptions options_;
};

}  // namespace digitorch
