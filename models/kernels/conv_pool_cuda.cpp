// Compiled only where LibTorch has CUDA.
#include "models/kernels/conv_pool_cuda.h"

#include <torch/csrc/autograd/custom_function.h>

#include <optional>

#include "models/kernels/cuda_device.h"

namespace digitorch {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

cuda::ConvPoolSizes sizes_of(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    int64_t padding,
    int64_t pool
) {
  const auto narrow = [](int64_t size) { return static_cast<int>(size); };
  return {
      .count = narrow(input.size(0)),
      .inputs = narrow(input.size(1)),
      .outputs = narrow(weight.size(0)),
      .kernel = narrow(weight.size(2)),
      .height = narrow(input.size(2)),
      .width = narrow(input.size(3)),
      .padding = narrow(padding),
      .pool = narrow(pool)};
}

/// winners: undefined where nobody asks for them.
torch::Tensor computed(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    const cuda::ConvPoolSizes& sizes,
    torch::Tensor* winners
) {
  const OnDevice device(input);
  const torch::Tensor output = torch::empty(
      {sizes.count, sizes.outputs, sizes.pooled_height(), sizes.pooled_width()},
      input.options().memory_format(at::MemoryFormat::Contiguous)
  );
  if (winners)
    *winners = torch::empty_like(output, torch::dtype(torch::kUInt8));
  const torch::Tensor weights = weight.contiguous();
  const torch::Tensor biases = bias.contiguous();
  cuda::conv_pool_forward(
      device.stream(),
      sizes,
      input.const_data_ptr<float>(),
      weights.const_data_ptr<float>(),
      biases.const_data_ptr<float>(),
      output.mutable_data_ptr<float>(),
      winners ? winners->mutable_data_ptr<uint8_t>() : nullptr
  );
  OnDevice::check();
  return output;
}

class ConvPoolReluCuda : public torch::autograd::Function<ConvPoolReluCuda> {
 public:
  static torch::Tensor forward(
      AutogradContext* context,
      const torch::Tensor& input,
      const torch::Tensor& weight,
      const torch::Tensor& bias,
      int64_t padding,
      int64_t pool
  ) {
    const torch::Tensor pixels = input.contiguous();
    torch::Tensor winners;
    const torch::Tensor output = computed(
        pixels, weight, bias, sizes_of(pixels, weight, padding, pool), &winners
    );
    context->save_for_backward({pixels, weight, winners});
    context->saved_data["padding"] = padding;
    context->saved_data["pool"] = pool;
    return output;
  }

  static variable_list backward(
      AutogradContext* context, const variable_list& outputs
  ) {
    const variable_list saved = context->get_saved_variables();
    const torch::Tensor& input = saved[0];
    const torch::Tensor weight = saved[1].contiguous();
    const torch::Tensor& winners = saved[2];
    const torch::Tensor gradient = outputs[0].contiguous();
    const cuda::ConvPoolSizes sizes = sizes_of(
        input,
        weight,
        context->saved_data["padding"].toInt(),
        context->saved_data["pool"].toInt()
    );
    const OnDevice device(input);
    const torch::Tensor of_weight = torch::empty_like(weight);
    const torch::Tensor of_bias =
        torch::empty({sizes.outputs}, weight.options());
    const torch::Tensor room =
        torch::empty({cuda::conv_pool_room(sizes)}, weight.options());
    std::optional<BesideCurrent> beside;
    if (context->needs_input_grad(0)) beside.emplace();
    cuda::conv_pool_filter_gradient(
        beside ? beside->stream() : device.stream(),
        sizes,
        input.const_data_ptr<float>(),
        gradient.const_data_ptr<float>(),
        winners.const_data_ptr<uint8_t>(),
        room.mutable_data_ptr<float>(),
        of_weight.mutable_data_ptr<float>(),
        of_bias.mutable_data_ptr<float>()
    );
    torch::Tensor of_input;
    if (context->needs_input_grad(0)) {
      of_input = torch::empty_like(input);
      cuda::conv_pool_input_gradient(
          device.stream(),
          sizes,
          gradient.const_data_ptr<float>(),
          winners.const_data_ptr<uint8_t>(),
          weight.const_data_ptr<float>(),
          of_input.mutable_data_ptr<float>()
      );
      beside->join();
    }
    OnDevice::check();
    return {of_input, of_weight, of_bias, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

bool conv_pool_serves_cuda(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    int64_t padding,
    int64_t pool
) {
  return weight.size(2) == weight.size(3) && cuda_serves({input, weight}) &&
         cuda::conv_pool_fits(sizes_of(input, weight, padding, pool));
}

torch::Tensor conv_pool_relu_cuda(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    int64_t padding,
    int64_t pool
) {
  if (torch::GradMode::is_enabled())
    return ConvPoolReluCuda::apply(input, weight, bias, padding, pool);
  const torch::Tensor pixels = input.contiguous();
  return computed(
      pixels, weight, bias, sizes_of(pixels, weight, padding, pool), nullptr
  );
}

}  // namespace digitorch
