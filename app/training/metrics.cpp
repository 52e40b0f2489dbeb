#include "app/training/metrics.h"

#include <algorithm>

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

Evaluation evaluate(
    Classifier& model,
    MnistDataset& dataset,
    const torch::Tensor& indices,
    int64_t batch_size,
    const LossOptions& loss_options
) {
  const torch::InferenceMode inference;
  model.train(false);
  const auto order = indices.to(torch::kCPU, torch::kInt64).contiguous();
  const auto* first =
      reinterpret_cast<const size_t*>(order.const_data_ptr<int64_t>());
  const auto total = static_cast<size_t>(order.numel());
  // Sums stay on the device, so that nothing waits for it before the end.
  torch::Tensor loss;
  torch::Tensor counts;
  int64_t classes = 0;
  for (size_t start = 0; start < total;) {
    const size_t count =
        std::min(static_cast<size_t>(batch_size), total - start);
    const auto batch = dataset.get_batch({first + start, count});
    const auto logits = model.forward(batch.data);  // [count, classes]
    classes = logits.size(1);
    const auto batch_loss = mean_loss(logits, batch.target, loss_options)
                                .to(torch::kFloat64)
                                .mul(static_cast<double>(count));
    const auto cells = batch.target * classes + logits.argmax(1);
    const auto batch_counts = torch::bincount(cells, {}, classes * classes);
    loss = loss.defined() ? loss + batch_loss : batch_loss;
    counts = counts.defined() ? counts + batch_counts : batch_counts;
    start += count;
  }
  return {
      .loss = loss.item<double>() / static_cast<double>(total),
      .confusion = counts.to(torch::kCPU).reshape({classes, classes})};
}

Evaluation evaluate(
    Classifier& model, const Digits& digits, int64_t batch_size
) {
  MnistDataset dataset(digits, model.device());
  return evaluate(model, dataset, torch::arange(digits.size()), batch_size);
}

}  // namespace digitorch
