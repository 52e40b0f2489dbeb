// How a trainer sees its loss without making the device wait for it.
#include <cmath>
#include <limits>

#include "app/system/errors.h"
#include "app/training/trainer.h"

namespace digitorch {
namespace {

/// The largest absolute value of all, NaN where there is one.
torch::Tensor largest(const NamedTensors& tensors) {
  std::vector<torch::Tensor> all;
  for (const auto& [name, tensor] : tensors) all.push_back(tensor);
  return torch::stack(
             at::_foreach_norm(all, std::numeric_limits<double>::infinity())
  )
      .max();
}

}  // namespace

Trainer::Look Trainer::look() const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor values = torch::stack(
      {loss_sum_,
       correct_sum_.to(torch::kFloat64),
       largest(model_.parameters()).to(torch::kFloat64)}
  );
  return {.step = step_, .samples = samples_, .values = Readback(values)};
}

void Trainer::take_looks(bool all) {
  for (; !looks_.empty() && (all || looks_.front().values.ready());
       looks_.pop_front())
    take(looks_.front());
}

void Trainer::take(const Look& look) {
  check_finite(look);
  const auto* values = look.values.get().const_data_ptr<double>();
  const Sums now{
      .samples = look.samples, .loss = values[0], .correct = values[1]};
  const auto samples = static_cast<double>(now.samples - seen_.samples);
  if (samples == 0) return;  // the epoch ends where it was just looked at
  const int64_t global_step = epoch_ * steps_per_epoch_ + look.step;
  steps_.push_back(
      {.step = global_step,
       .epoch = static_cast<double>(global_step) /
                static_cast<double>(steps_per_epoch_),
       .loss = (now.loss - seen_.loss) / samples,
       .accuracy = (now.correct - seen_.correct) / samples}
  );
  seen_ = now;
}

std::optional<double> Trainer::mean_loss_seen() const {
  if (seen_.samples == 0) return std::nullopt;
  return seen_.loss / static_cast<double>(seen_.samples);
}

void Trainer::check_finite(const Look& look) const {
  const auto* values = look.values.get().const_data_ptr<double>();
  if (std::isfinite(values[0]) && std::isfinite(values[2])) return;
  throw DivergedError(
      "training diverged in epoch " + std::to_string(epoch_ + 1) + " by step " +
      std::to_string(look.step) + " at learning rate " +
      nlohmann::json(lr_of(epoch_ * steps_per_epoch_ + look.step)).dump() +
      ": loss or weights are no longer finite; try a smaller --lr"
  );
}

}  // namespace digitorch
