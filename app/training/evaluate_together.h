// An evaluation that several ranks share.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

#include "app/evaluation/evaluation.h"
#include "app/training/distributed/world.h"
#include "datasets/image_dataset.h"

namespace digitorch {

struct PicturesToEvaluate {
  torch::Tensor indices;  ///< int64 [N].
  int64_t classes;        ///< That the network tells apart.
};

/// As evaluate_until(), where each rank asks for the logits of a part of the
/// pictures, of a network that is the same in all of them, and gets all. The
/// loss is that of rank 0: another kind of processor may round it otherwise,
/// and decisions depend on it. Where `stop` says so in one rank, all give up
/// once they are done with their parts, and return nothing.
std::optional<Evaluation>
evaluate_together(const StopCheck& stop, World&, const LogitsOf&, const ImageDataset&, const PicturesToEvaluate&, const LossOptions&);

}  // namespace digitorch
