// An evaluation whose numbers are exact.
#pragma once

#include "app/evaluation/evaluation.h"

namespace digitorch::testing {

/// Four pictures of two classes: right with 0.75, wrong with 0.625, right with
/// 1, wrong with 0.625. All of these are exact as floats.
inline Evaluation four_pictures() {
  const auto probabilities = torch::tensor(
      {{0.75F, 0.25F}, {0.625F, 0.375F}, {0.F, 1.F}, {0.375F, 0.625F}}
  );
  const auto labels = torch::tensor({0, 1, 1, 0}, torch::kInt64);
  Evaluation evaluation = evaluation_of(probabilities.log(), labels);
  evaluation.probabilities = probabilities;  // rounded to the last bit
  return evaluation;
}

}  // namespace digitorch::testing
