#include "datasets/augment.h"

#include <ATen/native/GridSamplerUtils.h>

#include <numbers>

namespace digitorch {

torch::Tensor augment(
    const torch::Tensor& images,
    const AugmentOptions& options,
    at::Generator generator
) {
  const auto device = torch::TensorOptions().device(generator.device());
  const torch::Tensor drawn =
      torch::rand({5, images.size(0)}, generator, device)
          .to(images.device())
          .mul_(2)
          .sub_(1);  // [5, N] in -1..1
  return distort(
      images,
      {.degrees = drawn[0] * options.degrees,
       .right = drawn[1] * options.shift,
       .down = drawn[2] * options.shift,
       .scale = drawn[3] * options.scale + 1,
       .shear = drawn[4] * options.shear}
  );
}

torch::Tensor distort(const torch::Tensor& images, const Distortion& by) {
  TORCH_CHECK(
      images.dim() == 4 && images.size(2) == images.size(3),
      "expected pictures [N, C, S, S], found ",
      images.sizes()
  );
  // With x to the right and y down, both -1..1 over the picture, a point p goes
  // to q = scale R H p + t, where R = (cos -sin; sin cos) turns clockwise and
  // H = (1 shear; 0 1) slants. grid_sample wants the way back:
  //   p = H^-1 R^-1 (q - t) / scale
  const torch::Tensor angle = by.degrees * (std::numbers::pi / 180);
  const torch::Tensor cos = angle.cos() / by.scale;
  const torch::Tensor sin = angle.sin() / by.scale;
  const torch::Tensor a = cos + by.shear * sin;  // first row of H^-1 R^-1
  const torch::Tensor b = sin - by.shear * cos;
  const torch::Tensor x = by.right * 2;  // a side is 2 long
  const torch::Tensor y = by.down * 2;
  const torch::Tensor back =
      torch::stack({a, b, -(a * x + b * y), -sin, cos, sin * x - cos * y}, 1)
          .view({-1, 2, 3})
          .to(images.dtype());
  const torch::Tensor grid = torch::affine_grid_generator(
      back,
      images.sizes(),
      /*align_corners=*/false
  );
  using Interpolation = at::native::detail::GridSamplerInterpolation;
  using Padding = at::native::detail::GridSamplerPadding;
  return torch::grid_sampler(
      images,
      grid,
      static_cast<int64_t>(Interpolation::Bilinear),
      static_cast<int64_t>(Padding::Zeros),
      /*align_corners=*/false
  );
}

}  // namespace digitorch
