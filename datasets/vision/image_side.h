// The size of the pictures that networks learn.
#pragma once

namespace digitorch {

/// Side in pixels of MNIST's pictures, the format that all pictures are brought
/// to.
inline constexpr int kImageSide = 28;

}  // namespace digitorch
