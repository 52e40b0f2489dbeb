// Prepared pictures -> ranked classes with probabilities.
#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/predict/prediction.h"
#include "datasets/digit/preprocess.h"
#include "models/networks/classifier.h"

namespace digitorch {

struct PredictorOptions {
  torch::Device device = torch::kCPU;
  int64_t batch_size = 256;  ///< Pictures computed at once; >= 1.
  /// Answers with a lower probability are unsure. Below one half all other
  /// classes together are likelier than the answer.
  float sure_from = 0.5F;
};

/// Which of a network's answers are unsure.
struct RankOptions {
  std::optional<int64_t> no_digit;  ///< The reserved class, where there is one.
  float sure_from = 0.5F;           ///< As PredictorOptions::sure_from.
};

/// The pictures as a network takes them: float [N, C, H, W] in 0..1, on the
/// CPU. Throws c10::Error for a picture that is not of the format.
torch::Tensor to_images(std::span<const Preprocessed>, const InputFormat&);

/// One prediction for each row of `logits`, [N, classes], from the N pictures
/// that they belong to. Throws as check_answers() does.
std::vector<Prediction>
rank(const torch::Tensor& logits, std::span<const Preprocessed> pictures, const RankOptions&);

class Predictor {
 public:
  /// Moves the model to the device and puts it in evaluation mode. Throws
  /// c10::Error if there is no class beside the reserved one.
  Predictor(
      std::unique_ptr<Classifier>,
      std::vector<std::string> class_names,
      const PredictorOptions& = {}
  );

  /// Returns one prediction for each picture, in order. Throws c10::Error if
  /// the model does not give one logit for each class name, and as
  /// check_answers() does.
  std::vector<Prediction> predict(const std::vector<Preprocessed>&);

  const std::vector<std::string>& class_names() const { return class_names_; }

  /// The pictures that predict() takes, as prepare() makes them.
  const InputFormat& input() const { return model_->input(); }

  /// The network, in evaluation mode, for those that look inside it.
  Classifier& network() { return *model_; }

  /// The number of classes that a prediction ranks: all but the reserved one.
  int64_t answers() const {
    return std::ssize(class_names_) - (rank_.no_digit ? 1 : 0);
  }

 private:
  std::unique_ptr<Classifier> model_;
  std::vector<std::string> class_names_;
  RankOptions rank_;
  PredictorOptions options_;
};

}  // namespace digitorch
