#include "app/training/optimizers/one_kernel.h"

namespace digitorch {

bool step_in_one_kernel(
    const UpdateRule& rule, const UpdateTensors& tensors, const StepNumber& lr
) {
  if (!update_serves(tensors.parameters, tensors.gradients)) return false;
  std::visit([&](const auto& rate) { update(rule, tensors, rate); }, lr);
  return true;
}

}  // namespace digitorch
