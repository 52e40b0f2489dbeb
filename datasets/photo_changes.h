// Random changes of photographs, as cameras and hands make them.
#pragma once

#include <torch/types.h>

namespace digitorch {

/// The size of each change. A picture gets an amount that is uniform up to it.
struct PhotoChanges {
  bool flip = true;  ///< Mirrors half of the pictures, left for right.
  double shift =
      0.125;  ///< Translation along each axis, as a part of the side.
  double brightness = 0.2;  ///< Added to or taken from every pixel.
  double contrast = 0.3;    ///< The differences to the mean get 1 +- this.
  double saturation = 0.4;  ///< Likewise the differences to the pixel's grey.
  double erased = 0.25;     ///< Part of the pictures that lose a rectangle.
  double rectangle = 0.4;   ///< Largest side of a rectangle, a part of theirs.
};

/// Changes every picture at random: mirrors and shifts it, where the pixels at
/// its edge are repeated, changes contrast, saturation (of three channels) and
/// brightness, and fills a rectangle with the picture's mean. images: float
/// [N, C, H, W] in 0..1. Returns the same shape and range. Draws rand [10, N]
/// from `generator`, which may be on another device than the pictures.
torch::Tensor change_photos(
    const torch::Tensor& images, const PhotoChanges&, at::Generator generator
);

}  // namespace digitorch
