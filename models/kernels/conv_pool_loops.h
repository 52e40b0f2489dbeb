// The innermost loops of conv_pool, over plain memory. They use neither tensors
// nor the standard library, since they are compiled once for each kind of
// processor and the linker must not mix their inline functions.
#pragma once

#include <cstdint>

// Always inlined, so that the linker has no copies to choose from.
#define DIGITORCH_INLINE inline __attribute__((always_inline))

namespace digitorch {

/// Floats in a vector of these loops: a register of AVX2, two of SSE2, half of
/// one of AVX-512.
inline constexpr int64_t kLanes = 8;

/// Pooling windows that Winograd's method computes at once, so that they stay
/// in a core's own cache.
inline constexpr int64_t kWinogradTiles = 28;

/// The sizes of one picture and the layer that it goes through. Memory is in
/// channels-last order, and inputs include their padding.
struct ConvPoolShape {
  int64_t inputs;         ///< Channels in.
  int64_t outputs;        ///< Channels out; a multiple of kLanes.
  int64_t kernel;         ///< Side of the convolution.
  int64_t padded_height;  ///< Of the input with its padding.
  int64_t padded_width;

  DIGITORCH_INLINE int64_t row() const { return padded_width * inputs; }
  DIGITORCH_INLINE int64_t conv_height() const {
    return padded_height - kernel + 1;
  }
  DIGITORCH_INLINE int64_t conv_width() const {
    return padded_width - kernel + 1;
  }
  DIGITORCH_INLINE int64_t height() const {
    return conv_height() / 2;
  }  ///< Of the output.
  DIGITORCH_INLINE int64_t width() const { return conv_width() / 2; }

  /// Floats of a row of the input, contiguous, that a row of the kernel covers.
  DIGITORCH_INLINE int64_t segment() const { return kernel * inputs; }
  DIGITORCH_INLINE int64_t segment_vectors() const {
    return (segment() + kLanes - 1) / kLanes;
  }

  /// Floats of a padded input, and the same with the overhang of the last
  /// vector.
  DIGITORCH_INLINE int64_t input_size() const { return padded_height * row(); }
  DIGITORCH_INLINE int64_t input_room() const { return input_size() + kLanes; }
  DIGITORCH_INLINE int64_t output_size() const {
    return height() * width() * outputs;
  }
  /// Whether `forward` computes by Winograd's method, which takes 16 products
  /// for a window instead of 36. It needs kernels of 3x3 and whole vectors of
  /// input channels.
  DIGITORCH_INLINE bool winograd() const {
    return kernel == 3 && inputs % kLanes == 0;
  }
  /// Floats of working memory that `forward` needs.
  DIGITORCH_INLINE int64_t forward_room() const {
    return winograd() ? 16 * kWinogradTiles * (inputs + outputs) : 0;
  }

  /// Places of a channel that may have a gradient, and overhang of the last
  /// vector.
  DIGITORCH_INLINE int64_t listed_room() const {
    return height() * width() + 2 * kLanes;
  }

  /// Floats of one channel's weights, each segment filled up to whole vectors.
  DIGITORCH_INLINE int64_t filter_room() const {
    return kernel * segment_vectors() * kLanes;
  }
};

/// Channels whose places with a gradient are listed at once.
inline constexpr int64_t kListedChannels = 16;

/// Working memory of `backward`, of kListedChannels * listed_room() each.
struct ConvPoolRoom {
  int32_t* places;
  float* gradients;
};

struct ConvPoolLoops {
  const char* instructions;  ///< "AVX-512", "AVX2" or "portable".
  int64_t largest_block;     ///< See each_conv_pool_block().

  /// input: [padded_height, padded_width, inputs]. weights: for each block of
  /// channels (each_conv_pool_block) [kernel, segment, block], or [16, inputs,
  /// block] of Winograd's. bias: [outputs]. output: [height, width, outputs].
  /// winners: as output, or null; which place of each window won, for
  /// `backward`. room: forward_room().
  void (*forward
  )(const ConvPoolShape&,
    const float* input,
    const float* weights,
    const float* bias,
    float* output,
    uint8_t* winners,
    float* room);

  /// Adds the gradients of one picture, whose input has an overhang, to
  /// filter_gradients [outputs, filter_room], bias_gradient [outputs] and,
  /// unless it is null, input_gradient, of a padded input with its overhang.
  /// filters: the weights, laid out as their gradients, zero where segments are
  /// filled up; unused where input_gradient is null.
  void (*backward
  )(const ConvPoolShape&,
    const float* input,
    const float* filters,
    const float* gradient,
    const uint8_t* winners,
    const ConvPoolRoom& room,
    float* filter_gradients,
    float* bias_gradient,
    float* input_gradient);
};

/// Calls work(first, count) for each group of channels that `forward` computes
/// together, so that their sums stay in registers. largest: 24 or 32 channels.
template <class Work>
DIGITORCH_INLINE void each_conv_pool_block(
    int64_t outputs, int64_t largest, Work work
) {
  for (int64_t first = 0; first < outputs;) {
    const int64_t left = outputs - first;
    int64_t block = left < largest ? left : largest;
    // Rather than a large block and a single vector.
    if (left == largest + kLanes) block = largest - kLanes;
    work(first, block);
    first += block;
  }
}

extern const ConvPoolLoops kConvPoolLoopsPortable;
extern const ConvPoolLoops kConvPoolLoopsAvx2;    ///< On x86-64 only.
extern const ConvPoolLoops kConvPoolLoopsAvx512;  ///< On x86-64 only.

}  // namespace digitorch
