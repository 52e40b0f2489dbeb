// The innermost loops of conv_pool. conv_pool_portable.cpp, conv_pool_avx2.cpp
// and conv_pool_avx512.cpp include this, each compiled for a kind of processor.
#pragma once

#include "models/kernels/conv_pool_loops.h"
#include "models/kernels/conv_pool_pairs.h"
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

// The same for all windows of a picture.
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
  for (int64_t y = 0; y < shape.height(); ++y) {
    int64_t x = 0;
    const auto while_there_are = [&](int64_t windows, auto compute) {
      for (; x + windows <= shape.width(); x += windows) {
        const int64_t at = (y * shape.width() + x) * shape.outputs;
        compute(
            shape,
            input + 2 * (y * shape.row() + x * shape.inputs),
            weights,
            bias,
            output + at,
            winners ? winners + at : nullptr
        );
      }
    };
#ifdef __AVX512F__
    if constexpr (Channels<Block>::kRests > 0) {
      constexpr int kPairs = Block == 1 ? 2 : 1;
      if (shape.inputs == 1 && shape.kernel == 5) {
        while_there_are(2 * kPairs, forward_pairs<5, Block, kPairs>);
        while_there_are(2, forward_pairs<5, Block, 1>);
      } else if (shape.inputs == 1 && shape.kernel == 3) {
        while_there_are(2 * kPairs, forward_pairs<3, Block, kPairs>);
        while_there_are(2, forward_pairs<3, Block, 1>);
      }
    }
#endif
    while_there_are(kWindows, forward_windows<Block, kWindows>);
    while_there_are(1, forward_windows<Block, 1>);
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
// Vectors each, `row` apart in `from` and `to_row` apart in `to`.
template <int Rows, int Vectors>
void gather(
    const ListedPlaces& listed,
    const float* from,
    int64_t row,
    float* to,
    int64_t to_row
) {
  Channels<Vectors> sum[Rows];
  for (int r = 0; r < Rows; ++r) sum[r].load(to + r * to_row);
  for (int64_t i = 0; i < listed.count; ++i) {
    const float* at = from + listed.places[i];
    for (int r = 0; r < Rows; ++r) {
      Channels<Vectors> there;
      there.load(at + r * row);
      sum[r].add(listed.gradients[i], there);
    }
  }
  for (int r = 0; r < Rows; ++r) sum[r].store(to + r * to_row);
}

// to[place + v] += gradient * from[v] over all places, for the same rows.
// Neighbours overlap, so that a row of one waits for that of the one before;
// several rows wait at the same time.
template <int Rows, int Vectors>
void scatter(
    const ListedPlaces& listed,
    const float* from,
    int64_t from_row,
    float* to,
    int64_t row
) {
  Channels<Vectors> weights[Rows];
  for (int r = 0; r < Rows; ++r) weights[r].load(from + r * from_row);
  for (int64_t i = 0; i < listed.count; ++i) {
    float* at = to + listed.places[i];
    for (int r = 0; r < Rows; ++r) {
      Channels<Vectors> there;
      there.load(at + r * row);
      there.add(listed.gradients[i], weights[r]);
      there.store(at + r * row);
    }
  }
}

// Rows that gather takes at once: all of the kernel where their sums fit into
// registers.
template <int Kernel, int Vectors>
inline constexpr int kGathered =
    Kernel* Vectors <= (kWideLanes > kLanes ? 27 : kMaxVectors) ? Kernel : 1;

// The same for scatter. The order of its sums depends on this, so it is the
// same for all processors.
template <int Kernel, int Vectors>
inline constexpr int kScattered = Kernel* Vectors <= 27 ? Kernel : 1;

// The loops above for each number of vectors, which the compiler must know.
struct GatherLoop {
  int rows;
  decltype(&gather<1, 1>) run;
};
struct ScatterLoop {
  int rows;
  decltype(&scatter<1, 1>) run;
};
template <int Kernel, int... Vectors>
struct ByVectors {
  static constexpr GatherLoop gathers[] = {
      {kGathered<Kernel, Vectors>,
       gather<kGathered<Kernel, Vectors>, Vectors>}...};
  static constexpr ScatterLoop scatters[] = {
      {kScattered<Kernel, Vectors>,
       scatter<kScattered<Kernel, Vectors>, Vectors>}...};
};
template <int Kernel>
using Sized = ByVectors<Kernel, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, kMaxVectors>;

// Calls work(loop, offset in a row, row) with one of the loops for all of the
// kernel's rows, at most kMaxVectors at a time.
template <class Loop, class Work>
DIGITORCH_INLINE void in_pieces(
    const ConvPoolShape& shape, const Loop (&loops)[kMaxVectors], Work work
) {
  const int64_t vectors = shape.segment_vectors();
  for (int64_t v = 0; v < vectors; v += kMaxVectors) {
    const int64_t left = vectors - v;
    const Loop& loop = loops[(left < kMaxVectors ? left : kMaxVectors) - 1];
    for (int64_t y = 0; y < shape.kernel; y += loop.rows)
      work(loop, v * kLanes, y);
  }
}

// Adds the gradients of one channel: see ConvPoolLoops::backward.
template <class Loops>
void add_gradients(
    const ConvPoolShape& shape,
    const ListedPlaces& listed,
    const float* input,
    float* filter_gradient,
    const float* filter,
    float* input_gradient
) {
  const int64_t row = shape.row();
  const int64_t filter_row = shape.segment_vectors() * kLanes;
  const auto gather_rows = [&](const GatherLoop& loop, int64_t at, int64_t y) {
    float* to = filter_gradient + y * filter_row + at;
    loop.run(listed, input + y * row + at, row, to, filter_row);
  };
  const auto scatter_rows = [&](const ScatterLoop& loop, int64_t at, int64_t y
                            ) {
    float* to = input_gradient + y * row + at;
    loop.run(listed, filter + y * filter_row + at, filter_row, to, row);
  };
  in_pieces(shape, Loops::gathers, gather_rows);
  if (input_gradient) in_pieces(shape, Loops::scatters, scatter_rows);
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
      const auto add = shape.kernel == 3   ? add_gradients<Sized<3>>
                       : shape.kernel == 5 ? add_gradients<Sized<5>>
                                           : add_gradients<Sized<1>>;
      add(shape,
          listed,
          input,
          filter_gradients + place,
          input_gradient ? filters + place : nullptr,
          input_gradient);
    }
  }
}

}  // namespace

}  // namespace digitorch
