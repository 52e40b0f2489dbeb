// What a CPU does with the pixels of a batch before the first layer, in one
// pass each.
#pragma once

#include <torch/types.h>

namespace digitorch {

/// The pictures of those indices as numbers in 0..1. images: uint8 [M, ...],
/// contiguous; indices: int64 [N], contiguous, each 0 .. M - 1. Returns float32
/// [N, ...]. Throws c10::IndexError for other indices.
torch::Tensor fetched_pixels(
    const torch::Tensor& images, const torch::Tensor& indices
);

/// (pixels - mean) / std_dev, the bits that ATen gives, contiguous. pixels:
/// float32 [N, C, H, W], each row contiguous, as in a part of larger pictures.
torch::Tensor normalised_pixels(
    const torch::Tensor& pixels, double mean, double std_dev
);

}  // namespace digitorch
