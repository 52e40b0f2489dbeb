// What a trainer gives to a checkpoint and takes from it.
#include <stdexcept>
#include <string>

#include "app/training/trainer.h"

namespace digitorch {
namespace {

/// Gives the generator the state that is saved under the name. LibTorch refuses
/// a tensor that is none.
void restore_generator(
    at::Generator generator,
    const std::string& name,
    const NamedTensors& saved,
    const std::string& where
) {
  const torch::Tensor& state = find(saved, name, where);
  try {
    generator.set_state(state);
  } catch (const c10::Error&) {
    throw std::runtime_error(
        where + ": training state '" + name +
        "': found no state of this device's random numbers; expected it"
    );
  }
}

}  // namespace

NamedTensors Trainer::weights() const {
  return ema_ ? ema_->weights() : state_dict(model_);
}

NamedTensors Trainer::best_weights() const {
  return with_temperature(best_weights_, state_.best_temperature);
}

NamedTensors Trainer::live_tensors() const {
  NamedTensors live = probe_.tensors();
  append(live, "optimizer.", optimizer_->state());
  if (ema_) append(live, "model.", state_dict(model_));
  return live;
}

NamedTensors Trainer::training_tensors() const {
  NamedTensors tensors = live_tensors();
  append(tensors, "best.", best_weights_);
  tensors.emplace_back(kStepRecords, to_tensor(steps()));
  tensors.emplace_back(
      "rng.cpu", at::detail::getDefaultCPUGenerator().get_state()
  );
  if (!model_.device().is_cpu())
    tensors.emplace_back("rng.device", generator_.get_state());
  return tensors;
}

nlohmann::json Trainer::training_state() const {
  return to_json(SavedState{state_, probe_.seen()});
}

void Trainer::restore(const Checkpoint& from, const std::string& where) {
  const torch::NoGradGuard no_grad;
  const NamedTensors& saved = from.training_tensors;
  copy_into(live_tensors(), saved, where);
  if (ema_) {
    for (const auto& [name, tensor] : ema_->weights())
      tensor.copy_(find(from.weights, name, where));
  } else {
    load_state_dict(model_, from.weights, where);
  }
  const SavedState state = saved_state(
      {from.training_state, where, "training_state"},
      parts_.training.numel() + parts_.validation.numel()
  );
  if (state.run.best_epoch > 0) {
    best_weights_ = clones(weights());
    copy_into(best_weights_, with_prefix(saved, "best."), where);
  }
  restore_generator(
      at::detail::getDefaultCPUGenerator(), "rng.cpu", saved, where
  );
  if (!model_.device().is_cpu())
    for (const auto& [name, tensor] : saved)
      if (name == "rng.device")
        restore_generator(generator_, name, saved, where);
  state_ = state.run;
  probe_.restore(
      state.seen, step_records(find(saved, kStepRecords, where), where)
  );
}

}  // namespace digitorch
