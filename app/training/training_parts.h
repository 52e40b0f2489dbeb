// Which pictures of a data set train, and which validate.
#pragma once

#include <torch/types.h>

#include "app/training/options.h"
#include "datasets/image_set.h"

namespace digitorch {

/// The indices of the pictures of both parts, ascending.
struct TrainingParts {
  torch::Tensor training;    ///< int64 [pictures].
  torch::Tensor validation;  ///< int64 [pictures]; none for a fraction of 0.
};

/// The validation part is the set's own where it has one; otherwise the
/// fraction options.validation of every class, drawn by options.seed alone.
/// Throws std::runtime_error where there are too few pictures.
TrainingParts training_parts(const ImageSet&, const TrainOptions&);

}  // namespace digitorch
