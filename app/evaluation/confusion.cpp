#include "app/evaluation/confusion.h"

namespace digitorch {
namespace {

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

torch::Tensor confusion(const Evaluation& evaluation) {
  const int64_t classes = evaluation.classes();
  const torch::Tensor cells =
      evaluation.labels * classes + evaluation.probabilities.argmax(1);
  return torch::bincount(cells, {}, classes * classes)
      .reshape({classes, classes});
}

MacroAverages macro_averages(const std::vector<ClassMetrics>& classes) {
  MacroAverages mean;
  double count = 0;
  for (const ClassMetrics& each : classes) {
    if (each.samples == 0) continue;
    mean.precision += each.precision;
    mean.recall += each.recall;
    mean.f1 += each.f1;
    ++count;
  }
  if (count == 0) return mean;
  return {mean.precision / count, mean.recall / count, mean.f1 / count};
}

std::vector<ClassMetrics> per_class(const torch::Tensor& confusion) {
  const auto counts = confusion.to(torch::kFloat64);
  const auto truths = counts.sum(1);
  const auto answers = counts.sum(0);
  std::vector<ClassMetrics> metrics(static_cast<size_t>(counts.size(0)));
  for (int64_t c = 0; c < counts.size(0); ++c) {
    const double true_positives = counts[c][c].item<double>();
    const double truth = truths[c].item<double>();
    const double answered = answers[c].item<double>();
    metrics[static_cast<size_t>(c)] = {
        .samples = static_cast<int64_t>(truth),
        .precision = ratio(true_positives, answered),
        .recall = ratio(true_positives, truth),
        .f1 = ratio(2 * true_positives, truth + answered)};
  }
  return metrics;
}

}  // namespace digitorch
