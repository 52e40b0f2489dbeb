#include "models/kernels/conv_pool.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include "models/kernels/conv_pool_cpu.h"
#ifdef DIGITORCH_HAS_CUDA
#include "models/kernels/conv_pool_cuda.h"
#endif

namespace digitorch {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// [N, C, H, W] -> the same values in memory as [N, H, W, C].
torch::Tensor pixels_of(const torch::Tensor& images) {
  return contiguous_pictures(images.permute({0, 2, 3, 1}));
}

class ConvPoolRelu : public torch::autograd::Function<ConvPoolRelu> {
 public:
  static torch::Tensor forward(
      AutogradContext* context,
      const torch::Tensor& input,
      const torch::Tensor& weight,
      const torch::Tensor& bias,
      int64_t padding
  ) {
    const torch::Tensor pixels = pixels_of(input);
    const ConvPoolForward result =
        conv_pool_forward_cpu(pixels, weight, bias, padding, true);
    context->save_for_backward({pixels, weight, result.winners});
    context->saved_data["padding"] = padding;
    return result.output.permute({0, 3, 1, 2});
  }

  static variable_list backward(
      AutogradContext* context, const variable_list& outputs
  ) {
    const variable_list saved = context->get_saved_variables();
    const int64_t padding = context->saved_data["padding"].toInt();
    const ConvPoolGradients result = conv_pool_backward_cpu(
        saved[0],
        saved[1],
        saved[2],
        pixels_of(outputs[0]),
        padding,
        context->needs_input_grad(0)
    );
    return {
        result.pixels.defined() ? result.pixels.permute({0, 3, 1, 2})
                                : torch::Tensor(),
        result.weight,
        result.bias,
        torch::Tensor()};
  }
};

class Flatten : public torch::autograd::Function<Flatten> {
 public:
  static torch::Tensor forward(
      AutogradContext* context, const torch::Tensor& pictures
  ) {
    context->saved_data["sizes"] = pictures.sizes();
    return contiguous_pictures(pictures).flatten(1);
  }

  static variable_list backward(
      AutogradContext* context, const variable_list& outputs
  ) {
    return {outputs[0].reshape(context->saved_data["sizes"].toIntVector())};
  }
};

}  // namespace

torch::Tensor flattened(const torch::Tensor& pictures) {
  if (!pictures.is_cpu() || pictures.is_contiguous() ||
      torch::jit::tracer::isTracing())
    return pictures.flatten(1);
  if (torch::GradMode::is_enabled()) return Flatten::apply(pictures);
  return contiguous_pictures(pictures).flatten(1);
}

bool conv_pool_serves(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    int64_t padding,
    int64_t pool
) {
#ifdef DIGITORCH_HAS_CUDA
  if (input.is_cuda())
    return conv_pool_serves_cuda(input, weight, padding, pool);
#endif
  const bool plain = pool == 2 && input.is_cpu() && weight.is_cpu() &&
                     input.scalar_type() == torch::kFloat32 &&
                     weight.scalar_type() == torch::kFloat32 &&
                     !torch::jit::tracer::isTracing();
  const ConvPoolShape shape = conv_pool_shape(
      input.size(1), input.size(2), input.size(3), weight, padding
  );
  return plain && shape.outputs % kLanes == 0 &&
         weight.size(2) == weight.size(3) && shape.height() >= 1 &&
         shape.width() >= 1;
}

torch::Tensor conv_pool_prepared(const torch::Tensor& weight) {
  const bool serves =
      weight.is_cpu() && weight.scalar_type() == torch::kFloat32 &&
      weight.size(0) % kLanes == 0 && weight.size(2) == weight.size(3);
  return serves ? conv_pool_blocks(weight) : torch::Tensor();
}

torch::Tensor conv_pool_relu(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    int64_t padding,
    int64_t pool,
    const torch::Tensor& prepared
) {
  TORCH_CHECK(
      conv_pool_serves(input, weight, padding, pool),
      "conv_pool_relu: cannot compute this; ask conv_pool_serves first"
  );
#ifdef DIGITORCH_HAS_CUDA
  if (input.is_cuda())
    return conv_pool_relu_cuda(input, weight, bias, padding, pool);
#endif
  const c10::impl::ExcludeDispatchKeyGuard without_autocast(
      c10::DispatchKey::AutocastCPU
  );
  if (torch::GradMode::is_enabled())
    return ConvPoolRelu::apply(input, weight, bias, padding);
  return conv_pool_forward_cpu(
             pixels_of(input), weight, bias, padding, false, prepared
  )
      .output.permute({0, 3, 1, 2});
}

}  // namespace digitorch
