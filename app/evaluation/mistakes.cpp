#include "app/evaluation/mistakes.h"

#include <algorithm>

namespace digitorch {

std::vector<Mistake> mistakes(const Evaluation& evaluation) {
  const auto [probabilities, answers] = evaluation.probabilities.max(1);
  const auto* probability = probabilities.const_data_ptr<float>();
  const auto* answer = answers.const_data_ptr<int64_t>();
  const auto* truth = evaluation.labels.const_data_ptr<int64_t>();
  std::vector<Mistake> found;
  for (int64_t i = 0; i < evaluation.samples(); ++i)
    if (answer[i] != truth[i])
      found.push_back(
          {.index = i,
           .truth = truth[i],
           .answer = answer[i],
           .probability = probability[i]}
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

}  // namespace digitorch
