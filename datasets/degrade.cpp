#include "datasets/degrade.h"

#include <numbers>

namespace digitorch {
namespace {

/// An amount in a shape that multiplies pictures.
torch::Tensor per_picture(const torch::Tensor& amount) {
  return amount.view({-1, 1, 1, 1});
}

/// The maximum of each pixel and its two neighbours along a dimension.
torch::Tensor dilated(const torch::Tensor& images, int64_t along) {
  torch::Tensor largest = images.clone();
  const auto take = [&](torch::Tensor to, const torch::Tensor& from) {
    at::maximum_out(to, to, from);
  };
  take(largest.slice(along, 1), images.slice(along, 0, -1));
  take(largest.slice(along, 0, -1), images.slice(along, 1));
  return largest;
}

/// The maximum of every 3x3 neighbourhood, in two passes of whole rows, which
/// take a twentieth of max_pool2d's time.
torch::Tensor dilated(const torch::Tensor& images) {
  return dilated(dilated(images, 2), 3);
}

/// -radius, -radius + 1, ..., radius as float.
torch::Tensor offsets(double radius, const torch::Tensor& like) {
  return torch::arange(-radius, radius + 0.5, 1, like.options());
}

}  // namespace

torch::Tensor change_stroke(
    const torch::Tensor& images, const torch::Tensor& amount
) {
  const torch::Tensor grown = dilated(images) - images;
  const torch::Tensor shrunk = images + dilated(-images);
  const torch::Tensor by = per_picture(amount);
  return images + by.clamp_min(0) * grown + by.clamp_max(0) * shrunk;
}

torch::Tensor blur(const torch::Tensor& images, const torch::Tensor& sigma) {
  constexpr int64_t kRadius = 5;  // 2.5 times the maximum of sigma
  const int64_t count = images.size(0);
  const torch::Tensor at = offsets(kRadius, images);
  // The kernel of the minimum is a single 1 in its middle.
  const torch::Tensor scaled = at / sigma.clamp_min(1e-3).unsqueeze(1);
  const torch::Tensor kernel = (scaled.square() / -2).softmax(1);  // [N, 11]
  // Pictures become channels of a grouped convolution with a kernel for each.
  const torch::Tensor channels = images.transpose(0, 1);  // [1, N, S, S]
  const auto along = [&](const torch::Tensor& x, int64_t down, int64_t right) {
    const int64_t pad_down = down / 2;
    const int64_t pad_right = right / 2;
    return torch::conv2d(
        x,
        kernel.view({count, 1, down, right}),
        /*bias=*/{},
        /*stride=*/{1, 1},
        /*padding=*/{pad_down, pad_right},
        /*dilation=*/{1, 1},
        /*groups=*/count
    );
  };
  constexpr int64_t kLength = 2 * kRadius + 1;
  return along(along(channels, 1, kLength), kLength, 1).transpose(0, 1);
}

torch::Tensor cover(const Strokes& strokes, int64_t side) {
  const auto each = [](const torch::Tensor& value) {
    return value.unsqueeze(-1).unsqueeze(-1);  // [N, K, 1, 1]
  };
  const torch::Tensor at =
      offsets(static_cast<double>(side - 1) / 2, strokes.x);
  const torch::Tensor right = at - each(strokes.x);              // [N, K, 1, S]
  const torch::Tensor down = at.unsqueeze(1) - each(strokes.y);  // [N, K, S, 1]
  const torch::Tensor angle = each(strokes.degrees * (std::numbers::pi / 180));
  const torch::Tensor cos = angle.cos();
  const torch::Tensor sin = angle.sin();
  const torch::Tensor along = right * cos + down * sin;  // [N, K, S, S]
  const torch::Tensor across = down * cos - right * sin;
  const torch::Tensor beyond =
      along.abs_().sub_(each(strokes.length) / 2).clamp_min_(0);
  const torch::Tensor distance = beyond.hypot(across);
  const torch::Tensor covered =
      (each(strokes.width) / 2 + 0.5 - distance).clamp_(0, 1);
  return (covered * each(strokes.strength)).amax(1, /*keepdim=*/true);
}

torch::Tensor smooth_field(const torch::Tensor& knots, int64_t side) {
  const int64_t count = knots.size(3);
  // The part of each pixel that each knot of a row gives. Matrix products with
  // it are several times faster than interpolating every field.
  const torch::Tensor basis =
      torch::upsample_bicubic2d(
          torch::eye(count, knots.options()).view({1, count, 1, count}),
          {1, side},
          /*align_corners=*/true
      )
          .view({count, side});
  return basis.t().matmul(knots).matmul(basis);
}

}  // namespace digitorch
