#include "app/training/validation_batches.h"

#include <utility>

namespace digitorch {

ValidationBatches::ValidationBatches(
    Classifier& model,
    const ImageDataset& dataset,
    int64_t full,
    std::unique_ptr<GraphRecorder> recorder
)
    : model_(model),
      dataset_(dataset),
      chosen_(torch::zeros(
          {full}, torch::dtype(torch::kInt64).device(model.device())
      )),
      graph_(std::move(recorder)) {}

torch::Tensor ValidationBatches::forward(const torch::Tensor& chosen) {
  return model_.forward(dataset_.take(chosen).data);
}

torch::Tensor ValidationBatches::logits_of(const torch::Tensor& chosen) {
  if (!graph_.captures() || chosen.numel() != chosen_.numel())
    return forward(chosen);
  chosen_.copy_(chosen);
  graph_.run([this] {
    const torch::Tensor logits = forward(chosen_);
    // The first batches are not captured yet, so memory may be asked for.
    if (!logits_.defined()) logits_ = torch::empty_like(logits);
    logits_.copy_(logits);
  });
  return logits_.clone();  // the next batch overwrites it
}

}  // namespace digitorch
