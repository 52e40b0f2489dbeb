#include "models/kernels/dense.h"

#include <torch/csrc/autograd/custom_function.h>

#include <optional>
#include <utility>

#include "models/kernels/product.h"
#include "models/kernels/share_work.h"
#ifdef DIGITORCH_HAS_CUDA
#include "models/kernels/cuda_device.h"
#endif

namespace digitorch {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Numbers from which a pass over them is worth the other threads.
constexpr int64_t kManyNumbers = 1 << 18;

/// A layer's gradient before its ReLU, whose result is `active`, undefined
/// where it has none; and the sums of its columns.
std::pair<torch::Tensor, torch::Tensor> before_relu(
    const torch::Tensor& after, const torch::Tensor& active
) {
  const OnThisThread threads(after.numel() < kManyNumbers);
  const torch::Tensor gradient =
      active.defined() ? at::threshold_backward(after, active, 0) : after;
  return {gradient, gradient.sum(0)};
}

/// The layer by product(), which knows no autograd.
class ProductDense : public torch::autograd::Function<ProductDense> {
 public:
  static torch::Tensor forward(
      AutogradContext* context,
      const torch::Tensor& x,
      const torch::Tensor& weight,
      const torch::Tensor& bias,
      bool relu
  ) {
    const torch::Tensor output = product(x, weight.t(), bias, relu);
    context->save_for_backward({x, weight, relu ? output : torch::Tensor()});
    return output;
  }

  static variable_list backward(
      AutogradContext* context, const variable_list& outputs
  ) {
    const variable_list saved = context->get_saved_variables();
    const torch::Tensor& x = saved[0];
    const torch::Tensor& weight = saved[1];
    const torch::Tensor& active = saved[2];
    const auto [gradient, of_bias] = before_relu(outputs[0], active);
    const auto where_asked = [&](size_t input, const auto& compute) {
      return context->needs_input_grad(input) ? compute() : torch::Tensor();
    };
    return {
        where_asked(0, [&] { return product(gradient, weight); }),
        where_asked(1, [&] { return product(gradient.t(), x); }),
        of_bias,
        torch::Tensor()};
  }
};

#ifdef DIGITORCH_HAS_CUDA
cuda::DenseSizes dense_sizes(
    const torch::Tensor& x, const torch::Tensor& weight
) {
  return {
      .count = static_cast<int>(x.size(0)),
      .inputs = static_cast<int>(weight.size(1)),
      .outputs = static_cast<int>(weight.size(0))};
}

torch::Tensor computed_dense(
    const torch::Tensor& x,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    bool relu
) {
  const OnDevice device(x);
  const torch::Tensor output =
      torch::empty({x.size(0), weight.size(0)}, x.options());
  const cuda::DenseSizes sizes = dense_sizes(x, weight);
  const int64_t numbers = cuda::dense_room(sizes);
  torch::Tensor room;
  if (numbers > 0) room = torch::empty({numbers}, x.options());
  cuda::dense_forward(
      device.stream(),
      sizes,
      x.const_data_ptr<float>(),
      weight.const_data_ptr<float>(),
      bias.const_data_ptr<float>(),
      relu,
      numbers > 0 ? room.mutable_data_ptr<float>() : nullptr,
      output.mutable_data_ptr<float>()
  );
  OnDevice::check();
  return output;
}

class Dense : public torch::autograd::Function<Dense> {
 public:
  static torch::Tensor forward(
      AutogradContext* context,
      const torch::Tensor& given,
      const torch::Tensor& weight,
      const torch::Tensor& bias,
      bool relu
  ) {
    const torch::Tensor x = given.contiguous();
    const torch::Tensor output = computed_dense(x, weight, bias, relu);
    context->save_for_backward({x, weight, relu ? output : torch::Tensor()});
    return output;
  }

  static variable_list backward(
      AutogradContext* context, const variable_list& outputs
  ) {
    const variable_list saved = context->get_saved_variables();
    const torch::Tensor& x = saved[0];
    const torch::Tensor& weight = saved[1];
    const float* active =
        saved[2].defined() ? saved[2].const_data_ptr<float>() : nullptr;
    const torch::Tensor gradient = outputs[0].contiguous();
    const cuda::DenseSizes sizes = dense_sizes(x, weight);
    const OnDevice device(x);
    const torch::Tensor of_weight = torch::empty_like(weight);
    const torch::Tensor of_bias =
        torch::empty({weight.size(0)}, weight.options());
    std::optional<BesideCurrent> beside;
    if (context->needs_input_grad(0)) beside.emplace();
    cuda::dense_filter_gradient(
        beside ? beside->stream() : device.stream(),
        sizes,
        x.const_data_ptr<float>(),
        gradient.const_data_ptr<float>(),
        active,
        of_weight.mutable_data_ptr<float>(),
        of_bias.mutable_data_ptr<float>()
    );
    torch::Tensor of_x;
    if (context->needs_input_grad(0)) {
      of_x = torch::empty_like(x);
      cuda::dense_input_gradient(
          device.stream(),
          sizes,
          gradient.const_data_ptr<float>(),
          active,
          weight.const_data_ptr<float>(),
          of_x.mutable_data_ptr<float>()
      );
      beside->join();
    }
    OnDevice::check();
    return {of_x, of_weight, of_bias, torch::Tensor()};
  }
};
#endif

}  // namespace

torch::Tensor dense(
    const torch::Tensor& x,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    bool relu
) {
#ifdef DIGITORCH_HAS_CUDA
  if (x.dim() == 2 && weight.is_contiguous() && bias.is_contiguous() &&
      cuda_serves({x, weight, bias})) {
    if (torch::GradMode::is_enabled())
      return Dense::apply(x, weight, bias, relu);
    return computed_dense(x.contiguous(), weight, bias, relu);
  }
#endif
  if (product_serves(x, weight))
    return torch::GradMode::is_enabled()
               ? ProductDense::apply(x, weight, bias, relu)
               : product(x, weight.t(), bias, relu);
  const torch::Tensor y = torch::linear(x, weight, bias);
  return relu ? torch::relu(y) : y;
}

}  // namespace digitorch
