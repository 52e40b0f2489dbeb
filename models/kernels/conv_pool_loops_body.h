// The innermost loops of conv_pool. conv_pool_portable.cpp, conv_pool_avx2.cpp
// and conv_pool_avx512.cpp include this, each compiled for a kind of processor.
#pragma once

#include "models/kernels/conv_pool_loops.h"
#include "models/kernels/conv_pool_vectors.h"
#include "models/kernels/conv_pool_winograd.h"

namespace digitorch {
namespace {

// ---- forward ----------------------------------------------------------------

// Computes Windows pooling windows side by side, with Block vectors of channels
// each, whose sums stay in registers.
template <int Block, int Windows>
DIGITORCH_INLINE void forward_windows(
    const ConvPoolShape& shape,
    const float* corner,
    const float* weights,
    const float* bias,
    float* output,
    uint8_t* winners
) {
  Channels<Block> sums[Windows][kPlaces];
  for (int w = 0; w < Windows; ++w)
    for (int p = 0; p < kPlaces; ++p) sums[w][p].load(bias);
  const int64_t row = shape.row();
  const int64_t step = shape.inputs;
  const int64_t segment = shape.segment();
  for (int64_t y = 0; y < shape.kernel; ++y, corner += row) {
    const float* const from[kPlaces] = {
        corner, corner + step, corner + row, corner + row + step};
    for (int64_t i = 0; i < segment; ++i, weights += Block * kLanes) {
      Channels<Block> weight;
      weight.load(weights);
      for (int w = 0; w < Windows; ++w)
        for (int p = 0; p < kPlaces; ++p)
          sums[w][p].add(from[p][i + 2 * w * step], weight);
    }
  }
  for (int w = 0; w < Windows; ++w) {
    const int64_t at = w * shape.outputs;
    finish_windows(sums[w], output + at, winners ? winners + at : nullptr);
  }
}

template <int Block>
void forward_block(
    const ConvPoolShape& shape,
    const float* input,
    const float* weights,
    const float* bias,
    float* output,
    uint8_t* winners
) {
  // With fewer sums, the multipliers would wait for each other.
  constexpr int kWindows = Channels<Block>::kVectors == 1 ? 2 : 1;
  for (int64_t y = 0; y < shape.height(); ++y)
    for (int64_t x = 0; x < shape.width();) {
      const float* corner = input + 2 * (y * shape.row() + x * shape.inputs);
      const int64_t at = (y * shape.width() + x) * shape.outputs;
      uint8_t* codes = winners ? winners + at : nullptr;
      if (x + kWindows <= shape.width()) {
        forward_windows<Block, kWindows>(
            shape, corner, weights, bias, output + at, codes
        );
        x += kWindows;
      } else {
        forward_windows<Block, 1>(
            shape, corner, weights, bias, output + at, codes
        );
        ++x;
      }
    }
}

void forward(
    const ConvPoolShape& shape,
    const float* input,
    const float* weights,
    const float* bias,
    float* output,
    uint8_t* winners,
    float* room
) {
  if (shape.winograd())
    return winograd_forward(shape, input, weights, bias, output, winners, room);
  each_block(shape.outputs, [&](int64_t first, auto vectors) {
    forward_block<vectors.kVectors>(
        shape,
        input,
        weights,
        bias + first,
        output + first,
        winners ? winners + first : nullptr
    );
    weights += shape.kernel * shape.segment() * vectors.kVectors * kLanes;
  });
}

// ---- backward ---------------------------------------------------------------
// Only one place of every pooling window has a gradient, and none where ReLU
// gave zero. So both gradients are sums over the few places that have one, a
// row of the kernel at a time, which is contiguous in the input and in the
// weights.

// The maximum of vectors that stay in registers beside a factor.
constexpr int kMaxVectors = 12;

// to[v] += gradient * from[place + v] over all entries, for Rows rows of
// Vectors each, `row` apart in `from` and side by side in `to`.
template <int Rows, int Vectors>
void gather(
    const ConvPoolEntry* entries,
    int64_t count,
    const float* from,
    int64_t row,
    float* to
) {
  Vector sum[Rows * Vectors];
  for (int i = 0; i < Rows * Vectors; ++i) sum[i] = load(to + i * kLanes);
  for (int64_t i = 0; i < count; ++i) {
    const Vector gradient = all(entries[i].gradient);
    const float* at = from + entries[i].place;
    for (int r = 0; r < Rows; ++r)
      for (int v = 0; v < Vectors; ++v)
        sum[r * Vectors + v] += gradient * load(at + r * row + v * kLanes);
  }
  for (int i = 0; i < Rows * Vectors; ++i) store(to + i * kLanes, sum[i]);
}

// to[place + v] += gradient * from[v] over all entries.
template <int Vectors>
void scatter(
    const ConvPoolEntry* entries, int64_t count, const float* from, float* to
) {
  Vector weight[Vectors];
  for (int v = 0; v < Vectors; ++v) weight[v] = load(from + v * kLanes);
  for (int64_t i = 0; i < count; ++i) {
    const Vector gradient = all(entries[i].gradient);
    float* at = to + entries[i].place;
    for (int v = 0; v < Vectors; ++v)
      store(at + v * kLanes, load(at + v * kLanes) + gradient * weight[v]);
  }
}

// The loops above for each number of vectors, which the compiler must know.
template <int... Vectors>
struct ByVectors {
  static constexpr decltype(&gather<1, 1>) gathers[] = {gather<1, Vectors>...};
  static constexpr decltype(&scatter<1>) scatters[] = {scatter<Vectors>...};
};
using Sized = ByVectors<1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, kMaxVectors>;

// Calls work(offset, vectors) for at most kMaxVectors at a time.
template <class Work>
DIGITORCH_INLINE void in_pieces(int64_t vectors, Work work) {
  for (int64_t v = 0; v < vectors; v += kMaxVectors) {
    const int64_t left = vectors - v;
    work(v * kLanes, left < kMaxVectors ? left : kMaxVectors);
  }
}

void add_filter_gradient(
    const ConvPoolShape& shape,
    const ConvPoolEntry* entries,
    int64_t count,
    const float* input,
    float* filter
) {
  const int64_t row = shape.row();
  const int64_t vectors = shape.segment_vectors();
  // Segments of the first layer are one vector, so all rows fit into registers.
  if (vectors == 1 && shape.kernel == 3)
    return gather<3, 1>(entries, count, input, row, filter);
  if (vectors == 1 && shape.kernel == 5)
    return gather<5, 1>(entries, count, input, row, filter);
  // So do those of pictures in colour.
  if (vectors == 2 && shape.kernel == 3)
    return gather<3, 2>(entries, count, input, row, filter);
  for (int64_t y = 0; y < shape.kernel; ++y)
    in_pieces(vectors, [&](int64_t at, int64_t now) {
      float* to = filter + y * vectors * kLanes + at;
      Sized::gathers[now - 1](entries, count, input + y * row + at, row, to);
    });
}

void add_input_gradient(
    const ConvPoolShape& shape,
    const ConvPoolEntry* entries,
    int64_t count,
    const float* filter,
    float* input_gradient
) {
  const int64_t vectors = shape.segment_vectors();
  for (int64_t y = 0; y < shape.kernel; ++y)
    in_pieces(vectors, [&](int64_t at, int64_t now) {
      const float* from = filter + y * vectors * kLanes + at;
      float* to = input_gradient + y * shape.row() + at;
      Sized::scatters[now - 1](entries, count, from, to);
    });
}

// Fills the entries of one channel, which say where in the input each gradient
// belongs, and returns their number.
int64_t list_channel(
    const ConvPoolShape& shape,
    const float* gradient,
    const uint8_t* winners,
    ConvPoolEntry* entries
) {
  const auto row = static_cast<int32_t>(shape.row());
  const auto step = static_cast<int32_t>(shape.inputs);
  const int64_t outputs = shape.outputs;
  const int64_t width = shape.width();
  const int64_t height = shape.height();
  const int32_t places[] = {0, step, row, row + step, 0};
  int64_t count = 0;
  for (int64_t y = 0; y < height; ++y) {
    auto corner = static_cast<int32_t>(y) * 2 * row;
    for (int64_t x = 0; x < width; ++x) {
      const uint8_t winner = *winners;
      entries[count].place = corner + places[winner];
      entries[count].gradient = *gradient;
      count += winner != kDead;  // a branch would be unpredictable
      gradient += outputs;
      winners += outputs;
      corner += 2 * step;
    }
  }
  return count;
}

void backward(
    const ConvPoolShape& shape,
    const float* input,
    const float* filters,
    const float* gradient,
    const uint8_t* winners,
    ConvPoolEntry* entries,
    float* filter_gradients,
    float* bias_gradient,
    float* input_gradient
) {
  for (int64_t c = 0; c < shape.outputs; ++c) {
    const int64_t count =
        list_channel(shape, gradient + c, winners + c, entries);
    float bias = bias_gradient[c];
    for (int64_t i = 0; i < count; ++i) bias += entries[i].gradient;
    bias_gradient[c] = bias;
    const int64_t place = c * shape.filter_room();
    add_filter_gradient(shape, entries, count, input, filter_gradients + place);
    if (input_gradient)
      add_input_gradient(
          shape, entries, count, filters + place, input_gradient
      );
  }
}

}  // namespace

}  // namespace digitorch
