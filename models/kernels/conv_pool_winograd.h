// Convolution by 3x3 with Winograd's method F(2x2, 3x3) (Lavin and Gray, "Fast
// Algorithms for Convolutional Neural Networks", 2016). A pooling window of 2x2
// needs 4x4 inputs. Sums and differences turn these into 16 numbers for each
// channel, 16 matrix products follow, and sums and differences of their results
// give the window.
//
// Only conv_pool_loops_body.h includes this; see conv_pool_vectors.h.
#pragma once

#include "models/kernels/conv_pool_vectors.h"

namespace digitorch {

// B' d B of one window's inputs, for one vector of channels. The 16 results go
// to `to`, each `apart` floats after the one before.
DIGITORCH_INLINE void winograd_input(
    const float* corner, int64_t row, int64_t step, float* to, int64_t apart
) {
  Vector half[4][4];
  for (int x = 0; x < 4; ++x) {
    Vector d[4];
    for (int y = 0; y < 4; ++y) d[y] = load(corner + y * row + x * step);
    half[0][x] = d[0] - d[2];
    half[1][x] = d[1] + d[2];
    half[2][x] = d[2] - d[1];
    half[3][x] = d[1] - d[3];
  }
  for (int y = 0; y < 4; ++y, to += 4 * apart) {
    store(to, half[y][0] - half[y][2]);
    store(to + apart, half[y][1] + half[y][2]);
    store(to + 2 * apart, half[y][2] - half[y][1]);
    store(to + 3 * apart, half[y][1] - half[y][3]);
  }
}

// A' m A: the window from its 16 numbers.
DIGITORCH_INLINE void winograd_output(
    const float* from, int64_t apart, Vector bias, Vector (&window)[kPlaces]
) {
  Vector half[2][4];
  for (int x = 0; x < 4; ++x) {
    Vector m[4];
    for (int y = 0; y < 4; ++y) m[y] = load(from + (4 * y + x) * apart);
    half[0][x] = m[0] + m[1] + m[2];
    half[1][x] = m[1] - m[2] - m[3];
  }
  for (int y = 0; y < 2; ++y) {
    window[2 * y] = half[y][0] + half[y][1] + half[y][2] + bias;
    window[2 * y + 1] = half[y][1] - half[y][2] - half[y][3] + bias;
  }
}

// sums [Windows, outputs] = windows [Windows, inputs] x weights [inputs, Block
// vectors].
template <int Block, int Windows>
DIGITORCH_INLINE void winograd_product(
    const float* windows,
    const float* weights,
    int64_t inputs,
    int64_t outputs,
    float* sums
) {
  Channels<Block> sum[Windows];
  for (int64_t i = 0; i < inputs; ++i, weights += Block * kLanes) {
    Channels<Block> weight;
    weight.load(weights);
    for (int w = 0; w < Windows; ++w)
      sum[w].add(windows[w * inputs + i], weight);
  }
  for (int w = 0; w < Windows; ++w) sum[w].store(sums + w * outputs);
}

// Windows whose sums stay in registers beside Block vectors of weights.
template <int Block>
constexpr int most_windows() {
  if (kWideLanes > kLanes) return 9;
  return Channels<Block>::kVectors == 1 ? 8 : 4;
}

// winograd_product() for a number of windows, 1 .. Most, that the compiler does
// not know.
template <int Block, int Most>
DIGITORCH_INLINE void winograd_product_of(
    int64_t count,
    const float* windows,
    const float* weights,
    int64_t inputs,
    int64_t outputs,
    float* sums
) {
  if constexpr (Most > 1)
    if (count < Most)
      return winograd_product_of<Block, Most - 1>(
          count, windows, weights, inputs, outputs, sums
      );
  winograd_product<Block, Most>(windows, weights, inputs, outputs, sums);
}

// The 16 products of `tiles` windows for Block vectors of output channels.
template <int Block>
static void winograd_products(
    const ConvPoolShape& shape,
    const float* windows,
    const float* weights,
    int64_t tiles,
    float* sums
) {
  // Groups of about the same size: in a small one the multipliers would wait
  // for each other.
  constexpr int kMost = most_windows<Block>();
  const int64_t groups = (tiles + kMost - 1) / kMost;
  for (int number = 0; number < 16; ++number) {
    for (int64_t g = 0; g < groups; ++g) {
      const int64_t first = g * tiles / groups;
      winograd_product_of<Block, kMost>(
          (g + 1) * tiles / groups - first,
          windows + first * shape.inputs,
          weights,
          shape.inputs,
          shape.outputs,
          sums + first * shape.outputs
      );
    }
    windows += kWinogradTiles * shape.inputs;
    sums += kWinogradTiles * shape.outputs;
    weights += shape.inputs * Block * kLanes;
  }
}

// windows [16, kWinogradTiles, inputs] -> sums [16, kWinogradTiles, outputs].
static void winograd_all_products(
    const ConvPoolShape& shape,
    const float* windows,
    const float* weights,
    int64_t tiles,
    float* sums
) {
  each_block(shape.outputs, [&](int64_t first, auto vectors) {
    winograd_products<vectors.kVectors>(
        shape, windows, weights, tiles, sums + first
    );
    weights += 16 * shape.inputs * vectors.kVectors * kLanes;
  });
}

// ConvPoolLoops::forward where shape.winograd().
static void winograd_forward(
    const ConvPoolShape& shape,
    const float* input,
    const float* weights,
    const float* bias,
    float* output,
    uint8_t* winners,
    float* room
) {
  const int64_t count = shape.height() * shape.width();
  const int64_t apart_in = kWinogradTiles * shape.inputs;
  const int64_t apart_out = kWinogradTiles * shape.outputs;
  float* const windows = room;
  float* const sums = room + 16 * apart_in;
  for (int64_t first = 0; first < count; first += kWinogradTiles) {
    const int64_t left = count - first;
    const int64_t tiles = left < kWinogradTiles ? left : kWinogradTiles;
    for (int64_t t = 0; t < tiles; ++t) {
      const int64_t y = (first + t) / shape.width();
      const int64_t x = (first + t) % shape.width();
      const float* corner = input + 2 * (y * shape.row() + x * shape.inputs);
      for (int64_t c = 0; c < shape.inputs; c += kLanes)
        winograd_input(
            corner + c,
            shape.row(),
            shape.inputs,
            windows + t * shape.inputs + c,
            apart_in
        );
    }
    winograd_all_products(shape, windows, weights, tiles, sums);
    for (int64_t t = 0; t < tiles; ++t)
      for (int64_t c = 0; c < shape.outputs; c += kLanes) {
        Vector window[kPlaces];
        winograd_output(
            sums + t * shape.outputs + c, apart_out, load(bias + c), window
        );
        const int64_t at = (first + t) * shape.outputs + c;
        finish_window(window, output + at, winners ? winners + at : nullptr);
      }
  }
}

}  // namespace digitorch
