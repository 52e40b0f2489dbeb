// A reader of IDX, the file format of MNIST: a big-endian header (two zero
// bytes, element type, number of dimensions, each dimension in 32 bits), then
// the elements. http://yann.lecun.com/exdb/mnist describes it.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>

namespace digitorch {

// Both readers take files that are packed by gzip or not, whatever their names
// (see gzip_file.h). Memory is taken only when the header is plausible,
// never more than it promises, and where the file is far smaller only once its
// bytes are counted. Both throw std::runtime_error naming the path, what was
// found and what was expected for anything but exactly one whole array, and
// std::system_error for what the system refuses.

inline constexpr uint64_t kMaxIdxSide = 1024;

/// How many pictures the file's header promises, which may be a lie. Throws as
/// read_idx_images() does for what the header is no header of.
uint64_t promised_idx_images(const std::filesystem::path&);

/// Pictures: an array of bytes, [N, H, W] or [N, H, W, C] with one or three
/// channels, N >= 1 and H and W up to kMaxIdxSide. Returns uint8 [N, C, H, W].
torch::Tensor read_idx_images(const std::filesystem::path&);

/// Labels: an array of bytes [N] or of 32 bits [N] or [N, columns], whose first
/// column is the label, as in QMNIST; N >= 1. Returns int64 [N], each in
/// 0..255.
torch::Tensor read_idx_labels(const std::filesystem::path&);

}  // namespace digitorch
