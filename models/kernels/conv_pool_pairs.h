// The forward pass of conv_pool for pictures of one channel, where AVX-512's
// registers hold two Vectors and the channels of the layer leave one Vector
// over: 8 or 24 channels. Two pooling windows side by side share a register for
// it, so that 24 channels take three multiplications for two windows instead of
// four, and 8 channels one instead of two. Each sum is computed as in any other
// register, in the same order, so results are the same bits.
//
// Only conv_pool_loops_body.h includes this; see conv_pool_vectors.h.
#pragma once

#include "models/kernels/conv_pool_vectors.h"

namespace digitorch {

#ifdef __AVX512F__

// The lower half for the left window, the upper half for the right one.
DIGITORCH_INLINE Wide beside(Wide left, Wide right) {
  return __builtin_shufflevector(
      left, right, 0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31
  );
}

// The same vector for both.
DIGITORCH_INLINE Wide for_both(Vector value) {
  return __builtin_shufflevector(
      value, value, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7
  );
}

DIGITORCH_INLINE Wide all_wide(float value) { return value - Wide{}; }

// What two neighbouring windows have for Block vectors of channels: sums of one
// of their places, or the weights that both multiply with.
template <int Block>
struct WindowPair {
  static constexpr int kWides = Block / 2;

  // Of the channels alone, so the same for both windows.
  DIGITORCH_INLINE void load(const float* from) {
    for (int i = 0; i < kWides; ++i)
      left[i] = right[i] = load_wide(from + i * kWideLanes);
    rests = for_both(digitorch::load(from + kWides * kWideLanes));
  }

  Wide left[kWides > 0 ? kWides : 1];
  Wide right[kWides > 0 ? kWides : 1];
  Wide rests;
};

// Pixels of a row of the picture, each in all lanes; and, for pairs of windows,
// each beside the one two places further, where the right window begins.
template <int Count>
struct PixelRow {
  DIGITORCH_INLINE void load(const float* from) {
    for (int x = 0; x < Count; ++x) pixel[x] = all_wide(from[x]);
    for (int x = 0; x + 2 < Count; ++x)
      pair[x] = beside(pixel[x], pixel[x + 2]);
  }

  Wide pixel[Count];
  Wide pair[Count];
};

// Adds the products of a row of pixels with a row of the kernel to the sums of
// the upper (Row 0) or lower places of Pairs pairs of windows.
template <int Kernel, int Block, int Pairs, int Row>
DIGITORCH_INLINE void add_pixel_row(
    const PixelRow<Kernel + 4 * Pairs - 1>& pixels,
    const float* weights,
    WindowPair<Block> (&sums)[Pairs][kPlaces]
) {
  for (int x = 0; x < Kernel; ++x) {
    WindowPair<Block> weight;
    weight.load(weights + x * Block * kLanes);
    for (int p = 0; p < Pairs; ++p)
      for (int column = 0; column < 2; ++column) {
        WindowPair<Block>& sum = sums[p][2 * Row + column];
        const int at = 4 * p + x + column;
        for (int i = 0; i < WindowPair<Block>::kWides; ++i) {
          sum.left[i] += pixels.pixel[at] * weight.left[i];
          sum.right[i] += pixels.pixel[at + 2] * weight.right[i];
        }
        sum.rests += pixels.pair[at] * weight.rests;
      }
  }
}

// Writes what finish_window() gives for the two windows of a pair, whose
// outputs are `apart` channels apart.
template <int Block>
DIGITORCH_INLINE void finish_pair(
    const WindowPair<Block> (&sums)[kPlaces],
    int64_t apart,
    float* output,
    uint8_t* winners
) {
  const auto codes = [&](int64_t at) {
    return winners ? winners + at : nullptr;
  };
  for (int i = 0; i < WindowPair<Block>::kWides; ++i) {
    Wide left[kPlaces];
    Wide right[kPlaces];
    for (int p = 0; p < kPlaces; ++p) {
      left[p] = sums[p].left[i];
      right[p] = sums[p].right[i];
    }
    const int64_t at = i * kWideLanes;
    finish_window(left, output + at, codes(at));
    finish_window(right, output + apart + at, codes(apart + at));
  }
  Wide rests[kPlaces];
  for (int p = 0; p < kPlaces; ++p) rests[p] = sums[p].rests;
  alignas(64) float values[kWideLanes];
  alignas(16) uint8_t places[kWideLanes];
  finish_window(rests, values, winners ? places : nullptr);
  const int64_t at = WindowPair<Block>::kWides * kWideLanes;
  store(output + at, load(values));
  store(output + apart + at, load(values + kLanes));
  if (!winners) return;
  for (int64_t i = 0; i < kLanes; ++i) {
    winners[at + i] = places[i];
    winners[apart + at + i] = places[kLanes + i];
  }
}

// Computes Pairs pairs of windows side by side. The rest as
// forward_windows().
template <int Kernel, int Block, int Pairs>
DIGITORCH_INLINE void forward_pairs(
    const ConvPoolShape& shape,
    const float* corner,
    const float* weights,
    const float* bias,
    float* output,
    uint8_t* winners
) {
  WindowPair<Block> sums[Pairs][kPlaces];
  for (int p = 0; p < Pairs; ++p)
    for (int place = 0; place < kPlaces; ++place) sums[p][place].load(bias);
  constexpr int64_t kWeightRow = Kernel * Block * kLanes;
  PixelRow<Kernel + 4 * Pairs - 1> pixels;
  pixels.load(corner);
  add_pixel_row<Kernel, Block, Pairs, 0>(pixels, weights, sums);
  for (int y = 1; y < Kernel; ++y, weights += kWeightRow) {
    pixels.load(corner + y * shape.row());
    add_pixel_row<Kernel, Block, Pairs, 0>(pixels, weights + kWeightRow, sums);
    add_pixel_row<Kernel, Block, Pairs, 1>(pixels, weights, sums);
  }
  pixels.load(corner + Kernel * shape.row());
  add_pixel_row<Kernel, Block, Pairs, 1>(pixels, weights, sums);
  for (int p = 0; p < Pairs; ++p) {
    const int64_t at = 2 * p * shape.outputs;
    finish_pair(
        sums[p], shape.outputs, output + at, winners ? winners + at : nullptr
    );
  }
}

#endif

}  // namespace digitorch
