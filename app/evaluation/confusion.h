// Which classes a network takes for which, and the scores of each class.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "app/evaluation/evaluation.h"

namespace digitorch {

/// int64 [classes, classes]: how many pictures of the class of the row have the
/// class of the column as their most probable one.
torch::Tensor confusion(const Evaluation&);

/// The scores of one class. TP, FP and FN are its true positives, false
/// positives and false negatives.
struct ClassMetrics {
  int64_t samples = 0;   ///< Pictures of this class.
  double precision = 0;  ///< TP / (TP + FP); 0 where both are 0.
  double recall = 0;     ///< TP / (TP + FN); 0 where both are 0.
  double f1 = 0;         ///< Harmonic mean of precision and recall; 0 where
                         ///< both are 0.
};

/// The means of the scores of the classes that have pictures, in which a small
/// class counts as much as a large one.
struct MacroAverages {
  double precision = 0;
  double recall = 0;  ///< Also called balanced accuracy.
  double f1 = 0;
};

MacroAverages macro_averages(const std::vector<ClassMetrics>&);

/// The scores of every class of a confusion().
std::vector<ClassMetrics> per_class(const torch::Tensor& confusion);

}  // namespace digitorch
