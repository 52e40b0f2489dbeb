// The innermost loops of conv_pool. conv_pool_portable.cpp, conv_pool_avx2.cpp
// and conv_pool_avx512.cpp include this, each compiled for a kind of processor.
#pragma once

#include "models/kernels/conv_pool_loops.h"
#include "models/kernels/conv_pool_vectors.h"
#include "models/kernels/conv_pool_winners.h"
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
  // With fewer sums, the multipliers would wait for each other. AVX-512 has
  // twice as many registers.
  constexpr int kWindows =
      Channels<Block>::kVectors == 1 || kWideLanes > kLanes ? 2 : 1;
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

// to[v] += gradient * from[place + v] over all places, for Rows rows of
// Vectors each, `row` apart in `from` and side by side in `to`.
template <int Rows, int Vectors>
void gather(
    const ListedPlaces& listed, const float* from, int64_t row, float* to
) {
  Channels<Vectors> sum[Rows];
  for (int r = 0; r < Rows; ++r) sum[r].load(to + r * Vectors * kLanes);
  for (int64_t i = 0; i < listed.count; ++i) {
    const float* at = from + listed.places[i];
    for (int r = 0; r < Rows; ++r) {
      Channels<Vectors> there;
      there.load(at + r * row);
      sum[r].add(listed.gradients[i], there);
    }
  }
  for (int r = 0; r < Rows; ++r) sum[r].store(to + r * Vectors * kLanes);
}

// to[place + v] += gradient * from[v] over all places.
template <int Vectors>
void scatter(const ListedPlaces& listed, const float* from, float* to) {
  Channels<Vectors> weights;
  weights.load(from);
  for (int64_t i = 0; i < listed.count; ++i) {
    float* at = to + listed.places[i];
    Channels<Vectors> there;
    there.load(at);
    there.add(listed.gradients[i], weights);
    there.store(at);
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
    const ListedPlaces& listed,
    const float* input,
    float* filter
) {
  const int64_t row = shape.row();
  const int64_t vectors = shape.segment_vectors();
  // Segments of the first layer are one vector, so all rows fit into registers.
  if (vectors == 1 && shape.kernel == 3)
    return gather<3, 1>(listed, input, row, filter);
  if (vectors == 1 && shape.kernel == 5)
    return gather<5, 1>(listed, input, row, filter);
  // So do those of pictures in colour.
  if (vectors == 2 && shape.kernel == 3)
    return gather<3, 2>(listed, input, row, filter);
  for (int64_t y = 0; y < shape.kernel; ++y)
    in_pieces(vectors, [&](int64_t at, int64_t now) {
      float* to = filter + y * vectors * kLanes + at;
      Sized::gathers[now - 1](listed, input + y * row + at, row, to);
    });
}

void add_input_gradient(
    const ConvPoolShape& shape,
    const ListedPlaces& listed,
    const float* filter,
    float* input_gradient
) {
  const int64_t vectors = shape.segment_vectors();
  for (int64_t y = 0; y < shape.kernel; ++y)
    in_pieces(vectors, [&](int64_t at, int64_t now) {
      const float* from = filter + y * vectors * kLanes + at;
      float* to = input_gradient + y * shape.row() + at;
      Sized::scatters[now - 1](listed, from, to);
    });
}

void backward(
    const ConvPoolShape& shape,
    const float* input,
    const float* filters,
    const float* gradient,
    const uint8_t* winners,
    const ConvPoolRoom& room,
    float* filter_gradients,
    float* bias_gradient,
    float* input_gradient
) {
  for (int64_t first = 0; first < shape.outputs; first += kListedChannels) {
    const int64_t left = shape.outputs - first;
    const int64_t now = left < kListedChannels ? left : kListedChannels;
    int64_t counts[kListedChannels];
    list_places(
        shape,
        gradient + first,
        winners + first,
        now,
        room,
        counts,
        bias_gradient + first
    );
    for (int64_t c = 0; c < now; ++c) {
      const int64_t at = c * shape.listed_room();
      const ListedPlaces listed{
          room.places + at, room.gradients + at, counts[c]};
      const int64_t place = (first + c) * shape.filter_room();
      add_filter_gradient(shape, listed, input, filter_gradients + place);
      if (input_gradient)
        add_input_gradient(shape, listed, filters + place, input_gradient);
    }
  }
}

}  // namespace

}  // namespace digitorch
