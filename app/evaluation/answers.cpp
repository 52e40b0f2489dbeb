#include "app/evaluation/answers.h"

#include <algorithm>
#include <cmath>

namespace digitorch {
namespace {

/// The answer to each picture: its class and how probable it is.
struct Best {
  std::vector<int64_t> classes;
  std::vector<double> probabilities;
};

Best best_of(const Answers& answers) {
  const auto [probabilities, classes] = answers.probabilities.max(1);
  const auto* p = probabilities.const_data_ptr<float>();
  const auto* c = classes.const_data_ptr<int64_t>();
  return {{c, c + classes.numel()}, {p, p + probabilities.numel()}};
}

std::vector<int64_t> truths_of(const Answers& answers) {
  const auto labels = answers.labels.contiguous();
  const auto* first = labels.const_data_ptr<int64_t>();
  return {first, first + labels.numel()};
}

size_t bin_of(double probability, size_t bins) {
  const double upper = std::ceil(probability * static_cast<double>(bins));
  return static_cast<size_t>(std::max(upper, 1.0)) - 1;
}

}  // namespace

Answers answer_all(
    Classifier& model, const ImageSet& digits, int64_t batch_size
) {
  TORCH_CHECK(digits.size() > 0, "answer_all: no pictures");
  const ImageDataset dataset(digits, model.device());
  const Outputs outputs =
      outputs_of(model, dataset, torch::arange(digits.size()), batch_size);
  // Losses from the logarithms: a probability may round to zero.
  const torch::InferenceMode inference;
  const auto logarithms = outputs.logits.log_softmax(1).to(torch::kCPU);
  const auto labels = outputs.labels.to(torch::kCPU);
  return {
      .probabilities = logarithms.exp(),
      .losses = -logarithms.gather(1, labels.unsqueeze(1)).squeeze(1),
      .labels = labels};
}

Evaluation evaluation_of(const Answers& answers) {
  const int64_t classes = answers.probabilities.size(1);
  const auto cells = answers.labels * classes + answers.probabilities.argmax(1);
  return {
      .loss = answers.losses.to(torch::kFloat64).mean().item<double>(),
      .confusion = torch::bincount(cells, {}, classes * classes)
                       .reshape({classes, classes})};
}

std::vector<Mistake> mistakes(const Answers& answers) {
  const Best best = best_of(answers);
  const std::vector<int64_t> truths = truths_of(answers);
  std::vector<Mistake> found;
  for (size_t i = 0; i < truths.size(); ++i)
    if (best.classes[i] != truths[i])
      found.push_back(
          {.index = static_cast<int64_t>(i),
           .truth = truths[i],
           .answer = best.classes[i],
           .probability = best.probabilities[i]}
      );
  std::stable_sort(
      found.begin(),
      found.end(),
      [](const Mistake& a, const Mistake& b) {
        return a.probability > b.probability;
      }
  );
  return found;
}

Calibration calibration(const Answers& answers, int64_t bins) {
  TORCH_CHECK(bins >= 1, "calibration: ", bins, " bins");
  const Best best = best_of(answers);
  const std::vector<int64_t> truths = truths_of(answers);
  const auto count = static_cast<size_t>(bins);
  Calibration result{std::vector<CalibrationBin>(count), 0};
  for (size_t i = 0; i < truths.size(); ++i) {
    CalibrationBin& bin = result.bins[bin_of(best.probabilities[i], count)];
    ++bin.samples;
    bin.confidence += best.probabilities[i];  // sums, until the end
    bin.accuracy += best.classes[i] == truths[i] ? 1 : 0;
  }
  for (size_t b = 0; b < count; ++b) {
    CalibrationBin& bin = result.bins[b];
    bin.least = static_cast<double>(b) / static_cast<double>(bins);
    bin.most = static_cast<double>(b + 1) / static_cast<double>(bins);
    result.expected_error += std::abs(bin.accuracy - bin.confidence);
    if (bin.samples == 0) continue;
    bin.confidence /= static_cast<double>(bin.samples);
    bin.accuracy /= static_cast<double>(bin.samples);
  }
  result.expected_error /= static_cast<double>(truths.size());
  return result;
}

}  // namespace digitorch
