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
      ) {
  if (size.mixes) mixed_in_ = torch::zeros({size.steps}, device);
}

void EpochPlan::begin(
    const torch::Tensor& order,
    const std::vector<float>& lr,
    const std::vector<float>& ema_weights,
    int64_t first_step,
    const std::vector<float>& mixed_in
) {
  order_.copy_(order);
  rates_.copy_(torch::stack({torch::tensor(lr), torch::tensor(ema_weights)}, 1)
  );
  if (mixed_in_.defined()) mixed_in_.copy_(torch::tensor(mixed_in));
  position_.fill_(first_step);
}

EpochPlan::Step EpochPlan::next() {
  torch::Tensor mixed_in;  // read before the position moves on
  if (mixed_in_.defined())
    mixed_in = mixed_in_.index_select(0, position_).squeeze(0);
  const StepOfPlan step = next_of_plan(batches_, rates_, position_);
  return step_of(step.indices, step.rates, mixed_in);
}

EpochPlan::Step EpochPlan::rest() const {
  return step_of(
      order_.slice(0, in_full_batches_),
      rates_[-1],
      mixed_in_.defined() ? mixed_in_[-1] : mixed_in_
  );
}

EpochPlan::Step EpochPlan::step_of(
    const torch::Tensor& indices,
    const torch::Tensor& rates,
    const torch::Tensor& mixed_in
) {
  return {
      .indices = indices,
      .lr = rates[0],
      .ema_weight = rates[1],
      .mixed_in = mixed_in};
}

}  // namespace digitorch
