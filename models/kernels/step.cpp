#include "models/kernels/step.h"

#include <torch/csrc/jit/frontend/tracer.h>

#include <limits>

#include "models/kernels/loss_cpu.h"
#include "models/kernels/pixels_cpu.h"
#ifdef DIGITORCH_HAS_CUDA
#include <algorithm>
#include <numbers>

#include "models/kernels/cuda_device.h"
#endif

namespace digitorch {
#ifdef DIGITORCH_HAS_CUDA
namespace {

bool probe_serves(const std::vector<torch::Tensor>& weights) {
  return !weights.empty() && weights.size() <= cuda::kMostTensors &&
         std::ranges::all_of(weights, [&](const torch::Tensor& each) {
           return each.is_contiguous() && cuda_serves({weights.front(), each});
         });
}

}  // namespace
#endif

torch::Tensor normalised(
    const torch::Tensor& images, double mean, double std_dev
) {
#ifdef DIGITORCH_HAS_CUDA
  if (cuda_serves({images}) && images.is_contiguous() &&
      !(images.requires_grad() && torch::GradMode::is_enabled())) {
    const OnDevice device(images);
    const torch::Tensor result = torch::empty_like(images);
    cuda::normalise(
        device.stream(),
        {.from = images.const_data_ptr<float>(),
         .to = result.mutable_data_ptr<float>(),
         .size = images.numel(),
         .mean = static_cast<float>(mean),
         .std_dev = static_cast<float>(std_dev)}
    );
    OnDevice::check();
    return result;
  }
#endif
  if (images.is_cpu() && images.scalar_type() == torch::kFloat32 &&
      images.dim() == 4 && images.stride(3) == 1 &&
      !torch::jit::tracer::isTracing() &&
      !(images.requires_grad() && torch::GradMode::is_enabled()))
    return normalised_pixels(images, mean, std_dev);
  return (images - mean) / std_dev;
}

std::optional<torch::Tensor> distorted(
    [[maybe_unused]] const torch::Tensor& images,
    [[maybe_unused]] const torch::Tensor& drawn,
    [[maybe_unused]] const AffineRange& range
) {
#ifdef DIGITORCH_HAS_CUDA
  if (images.dim() == 4 && images.size(1) == 1 &&
      images.size(2) == images.size(3) && images.is_contiguous() &&
      drawn.is_contiguous() && cuda_serves({images, drawn}) &&
      !images.requires_grad()) {
    const OnDevice device(images);
    const torch::Tensor result = torch::empty_like(images);
    const auto narrow = [](double value) { return static_cast<float>(value); };
    cuda::distort(
        device.stream(),
        {.from = images.const_data_ptr<float>(),
         .drawn = drawn.const_data_ptr<float>(),
         .to = result.mutable_data_ptr<float>(),
         .count = static_cast<int>(images.size(0)),
         .side = static_cast<int>(images.size(3)),
         .radians = narrow(range.degrees * std::numbers::pi / 180),
         .shift = narrow(range.shift),
         .scale = narrow(range.scale),
         .shear = narrow(range.shear)}
    );
    OnDevice::check();
    return result;
  }
#endif
  return std::nullopt;
}

PictureBatch fetched(
    const torch::Tensor& images,
    const torch::Tensor& labels,
    const torch::Tensor& indices
) {
#ifdef DIGITORCH_HAS_CUDA
  if (images.is_cuda() && images.is_contiguous() && labels.is_contiguous() &&
      indices.is_contiguous() && indices.is_cuda() && indices.numel() > 0 &&
      images[0].numel() % 4 == 0) {
    const OnDevice device(images);
    std::vector<int64_t> sizes = images.sizes().vec();
    sizes[0] = indices.size(0);
    const PictureBatch batch{
        torch::empty(sizes, images.options().dtype(torch::kFloat32)),
        torch::empty({indices.size(0)}, labels.options())};
    cuda::fetch(
        device.stream(),
        static_cast<int>(indices.size(0)),
        {.pictures = images.const_data_ptr<uint8_t>(),
         .labels = labels.const_data_ptr<int64_t>(),
         .indices = indices.const_data_ptr<int64_t>(),
         .fetched = batch.images.mutable_data_ptr<float>(),
         .fetched_labels = batch.labels.mutable_data_ptr<int64_t>(),
         .size = static_cast<int>(images.stride(0))}
    );
    OnDevice::check();
    return batch;
  }
#endif
  if (images.is_cpu() && images.is_contiguous() && indices.is_cpu() &&
      indices.is_contiguous())
    return {fetched_pixels(images, indices), labels.index_select(0, indices)};
  return {
      images.index_select(0, indices).to(torch::kFloat32).div_(255),
      labels.index_select(0, indices)};
}

std::optional<LossGradient> cross_entropy_gradient(
    const torch::Tensor& logits, const torch::Tensor& labels, double smoothing
) {
#ifdef DIGITORCH_HAS_CUDA
  if (cuda_serves({logits}) && logits.dim() == 2 && logits.is_contiguous() &&
      labels.is_contiguous()) {
    const OnDevice device(logits);
    const LossGradient result{
        torch::empty({}, logits.options()), torch::empty_like(logits)};
    cuda::cross_entropy(
        device.stream(),
        {.logits = logits.const_data_ptr<float>(),
         .labels = labels.const_data_ptr<int64_t>(),
         .gradient = result.gradient.mutable_data_ptr<float>(),
         .loss = result.loss.mutable_data_ptr<float>(),
         .count = static_cast<int>(logits.size(0)),
         .classes = static_cast<int>(logits.size(1)),
         .smoothing = static_cast<float>(smoothing)}
    );
    OnDevice::check();
    return result;
  }
#endif
  if (loss_serves(logits, labels))
    return cross_entropy_gradient_cpu(logits, labels, smoothing);
  return std::nullopt;
}

void tally(
    const torch::Tensor& loss,
    const torch::Tensor& logits,
    const torch::Tensor& labels,
    torch::Tensor loss_sum,
    torch::Tensor correct
) {
#ifdef DIGITORCH_HAS_CUDA
  if (cuda_serves({loss, logits}) && logits.is_contiguous() &&
      labels.is_contiguous()) {
    const OnDevice device(logits);
    cuda::tally(
        device.stream(),
        {.loss = loss.const_data_ptr<float>(),
         .logits = logits.const_data_ptr<float>(),
         .labels = labels.const_data_ptr<int64_t>(),
         .loss_sum = loss_sum.mutable_data_ptr<double>(),
         .correct = correct.mutable_data_ptr<int64_t>(),
         .count = static_cast<int>(logits.size(0)),
         .classes = static_cast<int>(logits.size(1))}
    );
    OnDevice::check();
    return;
  }
#endif
  loss_sum += loss.to(torch::kFloat64) * labels.size(0);
  if (loss_serves(logits, labels))
    *correct.mutable_data_ptr<int64_t>() += count_correct(logits, labels);
  else
    correct += logits.argmax(1).eq(labels).sum();
}

torch::Tensor probed(
    const torch::Tensor& loss_sum,
    const torch::Tensor& correct,
    const std::vector<torch::Tensor>& weights
) {
#ifdef DIGITORCH_HAS_CUDA
  if (probe_serves(weights)) {
    const OnDevice device(loss_sum);
    torch::Tensor values = torch::empty({3}, loss_sum.options());
    cuda::ProbeArguments given = {
        .count = static_cast<int>(weights.size()),
        .loss_sum = loss_sum.const_data_ptr<double>(),
        .correct = correct.const_data_ptr<int64_t>(),
        .to = values.mutable_data_ptr<double>()};
    for (size_t i = 0; i < weights.size(); ++i)
      given.tensors[i] = {
          .values = weights[i].const_data_ptr<float>(),
          .size = weights[i].numel()};
    cuda::probe(device.stream(), given);
    OnDevice::check();
    return values;
  }
#endif
  const double infinity = std::numeric_limits<double>::infinity();
  const torch::Tensor largest =
      torch::stack(at::_foreach_norm(weights, infinity)).max();
  return torch::stack(
      {loss_sum, correct.to(torch::kFloat64), largest.to(torch::kFloat64)}
  );
}

StepOfPlan next_of_plan(
    const torch::Tensor& order,
    const torch::Tensor& rates,
    torch::Tensor position
) {
#ifdef DIGITORCH_HAS_CUDA
  if (order.is_cuda() && order.is_contiguous() && rates.is_contiguous()) {
    const OnDevice device(order);
    const StepOfPlan step{
        torch::empty({order.size(1)}, order.options()),
        torch::empty({2}, rates.options())};
    cuda::next_of_plan(
        device.stream(),
        {.order = order.const_data_ptr<int64_t>(),
         .rates = rates.const_data_ptr<float>(),
         .position = position.mutable_data_ptr<int64_t>(),
         .indices = step.indices.mutable_data_ptr<int64_t>(),
         .step_rates = step.rates.mutable_data_ptr<float>(),
         .batch = static_cast<int>(order.size(1))}
    );
    OnDevice::check();
    return step;
  }
#endif
  const StepOfPlan step{
      order.index_select(0, position).squeeze(0),
      rates.index_select(0, position).squeeze(0)};
  position.add_(1);
  return step;
}

}  // namespace digitorch
