// Random affine distortion of a batch, on whatever device the batch is.
#pragma once

#include <torch/torch.h>

namespace digitorch {

/// Largest distortion of each kind; each picture draws its own, uniformly.
struct AugmentOptions {
  double degrees = 12;  ///< Rotation, either way.
  double shift = 0.08;  ///< Translation, as a part of the side, either axis.
  double scale = 0.12;  ///< Size between 1 - scale and 1 + scale.
  double shear = 0.15;  ///< Horizontal slant, tangent of the angle.
};

/// images: float [N, 1, H, W]. Returns as many, distorted about the centre with
/// bilinear interpolation and black beyond the edge. Draws from `generator`.
torch::Tensor augment(
    const torch::Tensor& images,
    const AugmentOptions&,
    at::Generator generator
);

}  // namespace digitorch
