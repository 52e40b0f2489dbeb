// A network asked and drawn: its layers, and what they make of a picture.
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

/// The 40 mistakes, or fewer, with the most probable answers, in an evaluation
/// of these pictures.
Drawing picture_of_mistakes(const Evaluation&, const ImageSet& pictures);

/// image: uint8 [1, 28, 28]. The pixels that decided for the likeliest class.
Drawing picture_of_saliency(
    Classifier&,
    const torch::Tensor& image,
    const std::vector<std::string>& class_names
);

/// The first `most` pictures, as the last hidden layer arranges them.
Drawing picture_of_embedding(Classifier&, const ImageSet&, int64_t max);

}  // namespace digitorch
