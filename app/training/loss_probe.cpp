#include "app/training/loss_probe.h"

#include <cmath>
#include <string>
#include <utility>

#include "app/system/errors.h"
#include "models/kernels/step.h"
#include "models/options/fields.h"

namespace digitorch {
namespace {

void throw_unless_finite(const double* values, const ProbePosition& at) {
  if (std::isfinite(values[0]) && std::isfinite(values[2])) return;
  throw DivergedError(
      "training diverged in epoch " + std::to_string(at.epoch + 1) +
      " by step " + std::to_string(at.step) + " at learning rate " +
      to_text(at.lr) +
      ": loss or weights are no longer finite; try a smaller --lr"
  );
}

}  // namespace

LossProbe::LossProbe(const Classifier& model, int64_t steps_per_epoch)
    : model_(model), steps_per_epoch_(steps_per_epoch) {
  const auto device = torch::TensorOptions().device(model.device());
  loss_sum_ = torch::zeros({}, device.dtype(torch::kFloat64));
  correct_sum_ = torch::zeros({}, device.dtype(torch::kInt64));
}

void LossProbe::add(const BatchResult& result, const torch::Tensor& labels) {
  const torch::NoGradGuard no_grad;
  tally(result.loss, result.logits, labels, loss_sum_, correct_sum_);
}

void LossProbe::add(const BatchTotals& totals, int64_t samples) {
  const torch::NoGradGuard no_grad;
  loss_sum_.add_(totals.loss, static_cast<double>(samples));
  correct_sum_.add_(totals.correct.to(torch::kInt64));
}

LossProbe::Copy LossProbe::copy_of_now(const ProbePosition& position) const {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> weights;
  for (const auto& [name, tensor] : model_.parameters())
    weights.push_back(tensor);
  return {position, Readback(probed(loss_sum_, correct_sum_, weights))};
}

void LossProbe::start(const ProbePosition& position) {
  copies_.push_back(copy_of_now(position));
}

void LossProbe::take_arrived() {
  for (; !copies_.empty() && copies_.front().values.ready();
       copies_.pop_front())
    take(copies_.front());
}

void LossProbe::take_all() {
  for (; !copies_.empty(); copies_.pop_front()) take(copies_.front());
}

void LossProbe::take(const Copy& copy) {
  const auto* values = copy.values.get().const_data_ptr<double>();
  const ProbePosition& at = copy.position;
  throw_unless_finite(values, at);
  const LossSums now{
      .samples = at.samples, .loss = values[0], .correct = values[1]};
  const auto samples = static_cast<double>(now.samples - seen_.samples);
  if (samples == 0) return;  // the epoch ends right after another probe
  const int64_t step = at.epoch * steps_per_epoch_ + at.step;
  records_.push_back(
      {.step = step,
       .epoch =
           static_cast<double>(step) / static_cast<double>(steps_per_epoch_),
       .loss = (now.loss - seen_.loss) / samples,
       .accuracy = (now.correct - seen_.correct) / samples}
  );
  seen_ = now;
}

void LossProbe::check_finite(const ProbePosition& position) const {
  const Copy copy = copy_of_now(position);
  throw_unless_finite(copy.values.get().const_data_ptr<double>(), position);
}

std::optional<double> LossProbe::mean_loss_seen() const {
  if (seen_.samples == 0) return std::nullopt;
  return seen_.loss / static_cast<double>(seen_.samples);
}

LossSums LossProbe::total(int64_t samples) const {
  return {
      .samples = samples,
      .loss = loss_sum_.item<double>(),
      .correct = static_cast<double>(correct_sum_.item<int64_t>())};
}

void LossProbe::begin_epoch() {
  seen_ = {};
  loss_sum_.zero_();
  correct_sum_.zero_();
}

NamedTensors LossProbe::tensors() const {
  return {{"loss_sum", loss_sum_}, {"correct_sum", correct_sum_}};
}

void LossProbe::restore(const LossSums& seen, std::vector<StepRecord> records) {
  seen_ = seen;
  records_ = std::move(records);
}

}  // namespace digitorch
