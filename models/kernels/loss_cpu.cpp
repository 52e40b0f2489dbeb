#include "models/kernels/loss_cpu.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/kernels/share_work.h"

namespace digitorch {
namespace {

// Logits that are worth a piece of their own.
constexpr int64_t kLogitsOfPiece = 1 << 14;

struct LossOfRows {
  int64_t classes;
  int64_t rows;  // of the whole batch, over which the loss is a mean
  double smoothing;

  /// -sum t log p, where the targets t have 1 - smoothing at the label and the
  /// rest everywhere; and (p - t) / rows, its gradient divided by rows.
  double add_row(const float* z, int64_t label, float* gradient) const {
    const float largest = *std::max_element(z, z + classes);
    double total = 0;
    double sum = 0;
    for (int64_t c = 0; c < classes; ++c) {
      const float shifted = z[c] - largest;
      sum += shifted;
      total += gradient[c] = std::exp(shifted);
    }
    const auto count = static_cast<double>(rows);
    const double low = smoothing / static_cast<double>(classes);
    const auto scale = static_cast<float>(1 / (total * count));
    const auto everywhere = static_cast<float>(low / count);
    for (int64_t c = 0; c < classes; ++c)
      gradient[c] = gradient[c] * scale - everywhere;
    gradient[label] -= static_cast<float>((1 - smoothing) / count);
    const double log_total = std::log(total);
    const double at_label = z[label] - largest - log_total;
    if (smoothing == 0) return -at_label;  // whatever the other classes have
    return -(1 - smoothing) * at_label -
           low * (sum - static_cast<double>(classes) * log_total);
  }
};

}  // namespace

bool loss_serves(const torch::Tensor& logits, const torch::Tensor& labels) {
  return logits.is_cpu() && logits.dim() == 2 && logits.is_contiguous() &&
         logits.numel() > 0 && logits.scalar_type() == torch::kFloat32 &&
         labels.is_cpu() && labels.dim() == 1 && labels.is_contiguous() &&
         labels.size(0) == logits.size(0) &&
         labels.scalar_type() == torch::kInt64;
}

LossGradient cross_entropy_gradient_cpu(
    const torch::Tensor& logits, const torch::Tensor& labels, double smoothing
) {
  const int64_t count = logits.size(0);
  const int64_t classes = logits.size(1);
  const auto* chosen = labels.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < count; ++i)
    TORCH_CHECK_INDEX(
        0 <= chosen[i] && chosen[i] < classes,
        "expected a label below ",
        classes,
        ", found ",
        chosen[i]
    );
  const LossGradient result{
      torch::empty({}, logits.options()), torch::empty_like(logits)};
  const auto* from = logits.const_data_ptr<float>();
  auto* to = result.gradient.mutable_data_ptr<float>();
  const LossOfRows loss{classes, count, smoothing};
  const int64_t rows = rows_of_piece(kLogitsOfPiece, classes);
  std::vector<double> sums(static_cast<size_t>((count + rows - 1) / rows));
  share_rows(count, rows, [&](int64_t first, int64_t last) {
    double& sum = sums[static_cast<size_t>(first / rows)];
    for (int64_t i = first; i < last; ++i)
      sum += loss.add_row(from + i * classes, chosen[i], to + i * classes);
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  *result.loss.mutable_data_ptr<float>() =
      static_cast<float>(total / static_cast<double>(count));
  return result;
}

int64_t count_correct(
    const torch::Tensor& logits, const torch::Tensor& labels
) {
  const int64_t classes = logits.size(1);
  const auto* z = logits.const_data_ptr<float>();
  const auto* chosen = labels.const_data_ptr<int64_t>();
  int64_t correct = 0;
  for (int64_t i = 0; i < logits.size(0); ++i, z += classes) {
    int64_t best = 0;
    for (int64_t c = 1; c < classes && !std::isnan(z[best]); ++c)
      if (z[c] > z[best] || std::isnan(z[c])) best = c;
    correct += best == chosen[i];
  }
  return correct;
}

}  // namespace digitorch
