// How much a component looks like a digit by its size alone.
#pragma once

#include "app/predict/page/components.h"

namespace digitorch {

/// Returns 0 to 0.9: 0.9 for the usual size of a digit, less for components
/// that are wide, low or narrow. height: usual height of the page's digits, in
/// pixels; > 0.
float score_shape(const Component&, int height);

}  // namespace digitorch
