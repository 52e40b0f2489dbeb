#include "app/evaluation/accuracy.h"

namespace digitorch {

int64_t correct(const Evaluation& evaluation, int64_t k) {
  TORCH_CHECK(k >= 1, "top-k accuracy with k = ", k);
  const torch::Tensor& all = evaluation.probabilities;
  const torch::Tensor label = evaluation.labels.unsqueeze(1);
  const torch::Tensor own = all.gather(1, label);
  const torch::Tensor earlier = torch::arange(evaluation.classes()).lt(label);
  const torch::Tensor before = all.gt(own).logical_or(all.eq(own) & earlier);
  return before.sum(1).lt(k).sum().item<int64_t>();
}

double accuracy(const Evaluation& evaluation, int64_t k) {
  return static_cast<double>(correct(evaluation, k)) /
         static_cast<double>(evaluation.samples());
}

}  // namespace digitorch
