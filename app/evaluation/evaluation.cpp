#include "app/evaluation/evaluation.h"

namespace digitorch {
namespace {

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

int64_t Evaluation::samples() const { return confusion.sum().item<int64_t>(); }

int64_t Evaluation::correct() const {
  return confusion.trace().item<int64_t>();
}

double Evaluation::accuracy() const {
  return ratio(static_cast<double>(correct()), static_cast<double>(samples()));
}

std::vector<ClassMetrics> per_class(const Evaluation& evaluation) {
  const auto counts = evaluation.confusion.to(torch::kFloat64);
  const auto of_class = counts.sum(1);
  const auto called = counts.sum(0);
  std::vector<ClassMetrics> metrics(static_cast<size_t>(counts.size(0)));
  for (int64_t c = 0; c < counts.size(0); ++c) {
    const double right = counts[c][c].item<double>();
    const double truth = of_class[c].item<double>();
    const double answers = called[c].item<double>();
    metrics[static_cast<size_t>(c)] = {
        .samples = static_cast<int64_t>(truth),
        .precision = ratio(right, answers),
        .recall = ratio(right, truth),
        .f1 = ratio(2 * right, truth + answers)};
  }
  return metrics;
}

Outputs outputs_of(
    Classifier& model,
    const ImageDataset& dataset,
    const torch::Tensor& indices,
    int64_t batch_size
) {
  const torch::InferenceMode inference;
  model.train(false);
  // All stays on the device, so that nothing waits for it before the end.
  std::vector<torch::Tensor> logits;
  std::vector<torch::Tensor> labels;
  for (const torch::Tensor& chosen :
       indices.to(model.device()).split(batch_size)) {
    const auto batch = dataset.take(chosen);
    logits.push_back(model.forward(batch.data));
    labels.push_back(batch.target);
  }
  return {torch::cat(logits), torch::cat(labels)};
}

Evaluation evaluation_of(const Outputs& outputs, const LossOptions& options) {
  const torch::InferenceMode inference;
  const int64_t classes = outputs.logits.size(1);
  const auto loss =
      mean_loss(outputs.logits.to(torch::kFloat64), outputs.labels, options);
  const auto cells = outputs.labels * classes + outputs.logits.argmax(1);
  return {
      .loss = loss.item<double>(),
      .confusion = torch::bincount(cells, {}, classes * classes)
                       .to(torch::kCPU)
                       .reshape({classes, classes})};
}

Evaluation evaluate(
    Classifier& model, const ImageSet& digits, int64_t batch_size
) {
  const ImageDataset dataset(digits, model.device());
  return evaluation_of(
      outputs_of(model, dataset, torch::arange(digits.size()), batch_size)
  );
}

}  // namespace digitorch
