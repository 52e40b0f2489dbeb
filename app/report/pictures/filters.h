// What the weights of a network look like.
#pragma once

#include "app/report/drawing/drawing.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Draws every convolution's weight [outputs, inputs, k, k] as tiles: blue is
/// negative, white 0, orange positive. Weights with several inputs become a
/// table with a row for each output and a column for each input; of large ones
/// only the first rows and columns are drawn. For a network without
/// convolutions the first layer's weight [units, pixels of `input`] is drawn as
/// an image for each unit, the mean of its colours: brightness on orange pixels
/// speaks for the unit, on blue ones against it. Throws c10::Error where
/// `parameters` hold neither.
Drawing draw_filters(
    const NamedTensors& parameters, const InputFormat& input = {}
);

}  // namespace digitorch
