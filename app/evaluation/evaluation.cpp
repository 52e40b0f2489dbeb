#include "app/evaluation/evaluation.h"

#include <string>
#include <utility>
#include <vector>

namespace digitorch {
void check_answers(const torch::Tensor& probabilities) {
  const int64_t count = probabilities.size(0);
  const int64_t refused = probabilities.isnan().any(1).sum().item<int64_t>();
  if (refused == 0) return;
  throw AnswersNotFinite(
      "the answers of this network are not finite for " +
      std::to_string(refused) + " of " + std::to_string(count) +
      " pictures; expected numbers. Its training has diverged: train again "
      "with a smaller --lr"
  );
}

Evaluation evaluation_of(
    const torch::Tensor& given,
    const torch::Tensor& given_labels,
    const LossOptions& loss
) {
  const torch::InferenceMode inference;
  const torch::Tensor logits = given.to(torch::kCPU);
  const torch::Tensor labels = given_labels.to(torch::kCPU).contiguous();
  TORCH_CHECK(labels.numel() > 0, "an evaluation without pictures");
  const torch::Tensor probabilities =
      logits.to(torch::kFloat32).log_softmax(1).exp();
  check_answers(probabilities);
  // The loss comes from the logits: the logarithm of a probability may be
  // infinite.
  return {
      .logits = logits,
      .probabilities = probabilities,
      .labels = labels,
      .loss =
          mean_loss(logits.to(torch::kFloat64), labels, loss).item<double>()};
}

std::optional<Evaluation> evaluate_until(
    const StopCheck& stop,
    const LogitsOf& logits_of,
    const ImageDataset& dataset,
    const torch::Tensor& indices,
    int64_t batch_size,
    const LossOptions& loss
) {
  const torch::InferenceMode inference;
  const torch::Tensor all = indices.to(dataset.labels().device());
  // All stays on the device until the end, so that no batch waits for it.
  std::vector<torch::Tensor> logits;
  for (const torch::Tensor& chosen : all.split(batch_size)) {
    logits.push_back(logits_of(chosen));
    if (stop()) return std::nullopt;
  }
  const torch::Tensor labels = dataset.labels().index_select(0, all);
  return evaluation_of(torch::cat(logits), labels, loss);
}

std::optional<Evaluation> evaluate_until(
    const StopCheck& stop,
    Classifier& model,
    const ImageDataset& dataset,
    const torch::Tensor& indices,
    int64_t batch_size,
    const LossOptions& loss
) {
  model.train(false);
  const LogitsOf logits_of = [&](const torch::Tensor& chosen) {
    return model.forward(dataset.take(chosen).data);
  };
  return evaluate_until(stop, logits_of, dataset, indices, batch_size, loss);
}

Evaluation evaluate(
    Classifier& model,
    const ImageDataset& dataset,
    const torch::Tensor& indices,
    int64_t batch_size,
    const LossOptions& loss
) {
  const auto never = [] { return false; };
  return *evaluate_until(never, model, dataset, indices, batch_size, loss);
}

Evaluation evaluate(
    Classifier& model, const ImageSet& digits, int64_t batch_size
) {
  const ImageDataset dataset(digits, model.device());
  return evaluate(model, dataset, torch::arange(digits.size()), batch_size);
}

}  // namespace digitorch
