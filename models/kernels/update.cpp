#include "models/kernels/update.h"

#ifdef DIGITORCH_HAS_CUDA
#include "models/kernels/cuda_device.h"
#endif

namespace digitorch {

#ifdef DIGITORCH_HAS_CUDA
namespace {

cuda::Update update_kind(const std::string& name) {
  if (name == "sgd") return cuda::Update::sgd;
  if (name == "adam") return cuda::Update::adam;
  if (name == "adamw") return cuda::Update::adamw;
  return cuda::Update::adadelta;
}

float* numbers_of(const std::vector<torch::Tensor>& tensors, size_t i) {
  return tensors.empty() ? nullptr : tensors[i].mutable_data_ptr<float>();
}

void update_at(
    const UpdateRule& rule,
    const UpdateTensors& tensors,
    float lr,
    const float* lr_there
) {
  cuda::UpdateArguments given = {
      .count = static_cast<int>(tensors.parameters.size()),
      .kind = update_kind(rule.kind),
      .lr_there = lr_there,
      .lr = lr,
      .beta1 = rule.beta1,
      .beta2 = rule.beta2,
      .weight_decay = static_cast<float>(rule.weight_decay),
      .epsilon = static_cast<float>(rule.epsilon)};
  for (size_t i = 0; i < tensors.parameters.size(); ++i)
    given.tensors[i] = {
        .parameter = numbers_of(tensors.parameters, i),
        .gradient = tensors.gradients[i].const_data_ptr<float>(),
        .first = numbers_of(tensors.first, i),
        .second = numbers_of(tensors.second, i),
        .step = numbers_of(tensors.steps, i),
        .size = tensors.parameters[i].numel()};
  const OnDevice device(tensors.parameters.front());
  cuda::update(device.stream(), given);
  OnDevice::check();
}

}  // namespace

bool update_serves(
    const std::vector<torch::Tensor>& parameters,
    const std::vector<torch::Tensor>& gradients
) {
  if (parameters.size() > cuda::kMostTensors ||
      parameters.size() != gradients.size())
    return false;
  for (size_t i = 0; i < parameters.size(); ++i)
    if (!gradients[i].defined() || !parameters[i].is_contiguous() ||
        !gradients[i].is_contiguous() ||
        parameters[i].device() != parameters[0].device() ||
        !cuda_serves({parameters[i], gradients[i]}))
      return false;
  return !parameters.empty();
}

void update(const UpdateRule& rule, const UpdateTensors& tensors, double lr) {
  update_at(rule, tensors, static_cast<float>(lr), nullptr);
}

void update(
    const UpdateRule& rule,
    const UpdateTensors& tensors,
    const torch::Tensor& lr
) {
  update_at(rule, tensors, 0, lr.const_data_ptr<float>());
}
#else
bool update_serves(const std::vector<torch::Tensor>&, const std::vector<torch::Tensor>&) {
  return false;
}

void update(const UpdateRule&, const UpdateTensors&, double) {}
void update(const UpdateRule&, const UpdateTensors&, const torch::Tensor&) {}
#endif

}  // namespace digitorch
