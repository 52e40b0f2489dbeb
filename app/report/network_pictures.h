// A network asked and drawn: its layers, and what they make of a picture.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "app/report/drawing.h"
#include "models/classifier.h"

namespace digitorch {

/// Every weight of a small network; of others the layers, under `kind` and the
/// number of weights.
Drawing picture_of_network(
    Classifier&,
    const std::string& kind,
    const std::vector<std::string>& class_names
);

/// image: uint8 [1, 28, 28].
Drawing picture_of_activations(
    Classifier&,
    const torch::Tensor& image,
    const std::vector<std::string>& class_names
);

}  // namespace digitorch
