// What a network answers for the validation part. A GPU answers full batches by
// a captured graph, so that an epoch is done without a kernel asked for alone.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/training/step_graph.h"
#include "datasets/image_dataset.h"
#include "models/networks/classifier.h"

namespace digitorch {

class ValidationBatches {
 public:
  /// full: how many pictures a full batch has. Model and data are on one
  /// device, and outlive this. Without a recorder nothing is captured.
  ValidationBatches(
      Classifier&,
      const ImageDataset&,
      int64_t full,
      std::unique_ptr<GraphRecorder> recorder
  );

  /// The logits, float [B, classes], of the pictures at these indices, int64
  /// [B], on the device. The model is in evaluation mode, and its weights are
  /// where they were in the first call, whatever their values are.
  torch::Tensor logits_of(const torch::Tensor& chosen);

  /// As StepGraph::take_failure().
  std::optional<std::string> take_failure() { return graph_.take_failure(); }

 private:
  torch::Tensor forward(const torch::Tensor& chosen);

  Classifier& model_;
  const ImageDataset& dataset_;
  torch::Tensor chosen_;  // what the captured batch reads, int64 [full]
  torch::Tensor logits_;  // and what it writes
  StepGraph graph_;
};

}  // namespace digitorch
