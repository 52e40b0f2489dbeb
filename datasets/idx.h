// Strict reader of IDX, the file format of MNIST: a big-endian header (two zero
// bytes, element type, number of dimensions, each dimension as 32 bits), then
// the elements. http://yann.lecun.com/exdb/mnist describes it.
#pragma once

#include <torch/types.h>

#include <filesystem>

namespace digitorch {

// Both readers take a file raw or gzip-compressed, told by its first two bytes
// whatever its name; several gzip members one after another are read as one, as
// gzip itself does. Memory is taken only once the header is plausible, and
// never more than the header promises. Throw std::runtime_error naming the
// path, what was found and what was expected for anything but exactly one whole
// array, and std::system_error for what the system refuses.

/// Bytes in three dimensions [N, 28, 28], N >= 1. Returns uint8 [N, 1, 28, 28].
torch::Tensor read_idx_images(const std::filesystem::path&);

/// Bytes in one dimension [N], N >= 1. Returns int64 [N], each in 0..255.
torch::Tensor read_idx_labels(const std::filesystem::path&);

}  // namespace digitorch
