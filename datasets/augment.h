// Random affine distortion of a batch, on whatever device the batch is.
#pragma once

#include <torch/types.h>

namespace digitorch {

/// Largest distortion of each kind; each picture draws its own, uniformly.
struct AugmentOptions {
  double degrees = 12;  ///< Rotation, either way.
  double shift = 0.08;  ///< Translation, as a part of the side, either axis.
  double scale = 0.12;  ///< Size between 1 - scale and 1 + scale.
  double shear = 0.15;  ///< Horizontal slant, tangent of the angle.
};

/// images: float [N, C, S, S]. Returns as many, distorted about the centre with
/// bilinear interpolation and black beyond the edge. Draws 5 N numbers from
/// `generator`, which may be on another device than the images.
torch::Tensor augment(
    const torch::Tensor& images, const AugmentOptions&, at::Generator generator
);

/// A distortion a picture, each float [N] on the pictures' device: slanted
/// first, then scaled, turned, shifted.
struct Distortion {
  torch::Tensor degrees;  ///< > 0 turns clockwise, as one sees it.
  torch::Tensor right;    ///< Part of the side by which all moves right.
  torch::Tensor down;     ///< Part of the side by which all moves down.
  torch::Tensor scale;    ///< > 1 is larger.
  torch::Tensor shear;    ///< > 0 moves the lower half right, the upper left.
};

/// What augment does once it has drawn.
torch::Tensor distort(const torch::Tensor& images, const Distortion&);

}  // namespace digitorch
