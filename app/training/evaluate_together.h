// An evaluation that several ranks share.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

#include "app/evaluation/evaluation.h"
#include "app/training/distributed/world.h"
#include "datasets/image_dataset.h"
#include "models/networks/classifier.h"

namespace digitorch {

struct PicturesToEvaluate {
  torch::Tensor indices;  ///< int64 [N].
  int64_t classes;        ///< That the network tells apart.
};

/// As evaluate(), where each rank shows a part of the pictures to its network,
/// which is the same in all of them, and gets the logits of all pictures. The
/// loss is that of rank 0: another kind of processor may round it otherwise,
/// and decisions depend on it. Where `stop` says so in one rank, all give up
/// once they are done with their parts, and return nothing.
std::optional<Evaluation>
evaluate_together(const StopCheck& stop, World&, Classifier&, const ImageDataset&, const PicturesToEvaluate&, const LossOptions&);

}  // namespace digitorch
