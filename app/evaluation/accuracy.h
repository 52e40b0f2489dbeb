// How often a network is right.
#pragma once

#include <cstdint>

#include "app/evaluation/evaluation.h"

namespace digitorch {

/// How many pictures have their true class among the k most probable ones. Of
/// equally probable classes the first is ranked higher. Requires k >= 1.
int64_t correct(const Evaluation&, int64_t k = 1);

/// The part of all pictures that correct() counts, 0..1: top-k accuracy.
double accuracy(const Evaluation&, int64_t k = 1);

}  // namespace digitorch
