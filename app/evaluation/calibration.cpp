#include "app/evaluation/calibration.h"

#include <algorithm>
#include <cmath>

namespace digitorch {
namespace {

/// A rounded probability may exceed 1 a little.
size_t bin_of(double probability, size_t bins) {
  TORCH_CHECK(probability >= 0, "calibration of a probability ", probability);
  const double upper = std::ceil(probability * static_cast<double>(bins));
  return static_cast<size_t>(std::clamp(upper, 1.0, static_cast<double>(bins))
         ) -
         1;
}

}  // namespace

Calibration calibration(const Evaluation& evaluation, int64_t bins) {
  TORCH_CHECK(bins >= 1, "calibration: ", bins, " bins");
  const auto [probabilities, answers] = evaluation.probabilities.max(1);
  const auto* probability = probabilities.const_data_ptr<float>();
  const auto* answer = answers.const_data_ptr<int64_t>();
  const auto* truth = evaluation.labels.const_data_ptr<int64_t>();
  const auto count = static_cast<size_t>(bins);
  Calibration result{std::vector<CalibrationBin>(count), 0};
  for (int64_t i = 0; i < evaluation.samples(); ++i) {
    CalibrationBin& bin = result.bins[bin_of(probability[i], count)];
    ++bin.samples;
    bin.confidence += probability[i];  // sums, until all pictures are counted
    bin.accuracy += answer[i] == truth[i] ? 1 : 0;
  }
  for (size_t b = 0; b < count; ++b) {
    CalibrationBin& bin = result.bins[b];
    bin.min = static_cast<double>(b) / static_cast<double>(bins);
    bin.max = static_cast<double>(b + 1) / static_cast<double>(bins);
    result.expected_error += std::abs(bin.accuracy - bin.confidence);
    if (bin.samples == 0) continue;
    bin.confidence /= static_cast<double>(bin.samples);
    bin.accuracy /= static_cast<double>(bin.samples);
  }
  result.expected_error /= static_cast<double>(evaluation.samples());
  return result;
}

}  // namespace digitorch
