#include "app/training/epoch_plan.h"

#include "models/kernels/step.h"

namespace digitorch {

EpochPlan::EpochPlan(const Size& size, torch::Device device)
    : in_full_batches_(size.full_batches * size.batch_size),
      order_(torch::zeros(
          {size.pictures}, torch::dtype(torch::kInt64).device(device)
      )),
      rates_(torch::zeros({size.steps, 2}, device)),
      position_(torch::zeros({1}, order_.options())),
      batches_(order_.narrow(0, 0, in_full_batches_).view({-1, size.batch_size})
      ) {}

void EpochPlan::begin(
    const torch::Tensor& order,
    const std::vector<float>& lr,
    const std::vector<float>& ema_weights,
    int64_t first_step
) {
  order_.copy_(order);
  rates_.copy_(torch::stack({torch::tensor(lr), torch::tensor(ema_weights)}, 1)
  );
  position_.fill_(first_step);
}

EpochPlan::Step EpochPlan::next() {
  const StepOfPlan step = next_of_plan(batches_, rates_, position_);
  return step_of(step.indices, step.rates);
}

EpochPlan::Step EpochPlan::rest() const {
  return step_of(order_.slice(0, in_full_batches_), rates_[-1]);
}

EpochPlan::Step EpochPlan::step_of(
    const torch::Tensor& indices, const torch::Tensor& rates
) {
  return {.indices = indices, .lr = rates[0], .ema_weight = rates[1]};
}

}  // namespace digitorch
