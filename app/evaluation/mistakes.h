// The pictures that a network classifies wrongly.
#pragma once

#include <cstdint>
#include <vector>

#include "app/evaluation/evaluation.h"

namespace digitorch {

/// A picture whose most probable class is not its true one.
struct Mistake {
  int64_t index;       ///< Of the picture, counted from 0.
  int64_t truth;       ///< Its true class.
  int64_t answer;      ///< Its most probable class.
  double probability;  ///< Of `answer`, 0..1.
};

/// The mistakes with the most probable answer first; of equally probable ones
/// the first picture first.
std::vector<Mistake> mistakes(const Evaluation&);

}  // namespace digitorch
