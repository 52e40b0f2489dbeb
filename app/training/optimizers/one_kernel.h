// A whole step of an optimiser as one kernel on a GPU.
#pragma once

#include "app/training/optimizers/step_number.h"
#include "models/kernels/update.h"

namespace digitorch {

/// Takes the step, and counts it in `tensors.steps`, where update_serves() the
/// tensors. Returns false, and changes nothing, elsewhere, as on every CPU.
bool step_in_one_kernel(
    const UpdateRule& rule, const UpdateTensors& tensors, const StepNumber& lr
);

}  // namespace digitorch
