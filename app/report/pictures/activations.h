// What each layer of a network makes of one image.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/report/drawing/pixels.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Draws the image, the output of each layer and the probability of each class.
/// layers: in order, each [C, H, W] maps or [F] units, as a
/// LayerTap saw them. probabilities: one for each class. Throws c10::Error for
/// layers of another form.
Drawing draw_activations(
    const PixelPicture& image,
    const NamedTensors& layers,
    const std::vector<std::string>& class_names,
    const std::vector<double>& probabilities
);

}  // namespace digitorch
