// Pictures of a network: they run it and draw what it gives.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "app/evaluation/evaluation.h"
#include "app/report/drawing/drawing.h"
#include "datasets/image_set.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Draws every weight of a small network, or the layers of a larger one with
/// `kind` and the number of weights as title.
Drawing picture_of_network(
    Classifier&,
    const std::string& kind,
    const std::vector<std::string>& class_names
);

/// Draws the output of each layer. image: uint8 [C, H, W].
Drawing picture_of_activations(
    Classifier&,
    const torch::Tensor& image,
    const std::vector<std::string>& class_names
);

/// Draws the mistakes with the most probable answers, at most 40, of an
/// evaluation of these pictures.
Drawing picture_of_mistakes(const Evaluation&, const ImageSet& pictures);

/// Draws the saliency of the pixels for the most probable class. image: uint8
/// [C, H, W].
Drawing picture_of_saliency(
    Classifier&,
    const torch::Tensor& image,
    const std::vector<std::string>& class_names
);

/// Draws the features that the last hidden layer gives for the first `count`
/// images, or all.
Drawing picture_of_embedding(Classifier&, const ImageSet&, int64_t count);

}  // namespace digitorch
