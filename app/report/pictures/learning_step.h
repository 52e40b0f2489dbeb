// One step of back-propagation, as a picture.
#pragma once

#include "app/evaluation/learning_step.h"
#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Draws the units of a small network with their outputs and errors and a line
/// for each weight, and below it, for each layer, its weights, their gradients
/// by back-propagation and by finite differences side by side: as coloured
/// cells, with numbers where they are few, or as images of a layer that sees
/// 28 x 28 pixels.
Drawing draw_learning_step(const LearningStep&);

}  // namespace digitorch
