// Vectors of floats, and functions that the loops of conv_pool share. Only
// conv_pool_loops_body.h includes this, which is compiled for several kinds of
// processor, so everything is static or inlined.
#pragma once

#ifdef __AVX2__
#include <immintrin.h>
#endif

#include "models/kernels/conv_pool_loops.h"

namespace digitorch {

// GCC's and Clang's vectors compute on any processor, in its widest registers
// where the compiler may use them.
using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));
using Mask = int32_t __attribute__((vector_size(kLanes * sizeof(int32_t))));
using Bytes = uint8_t __attribute__((vector_size(kLanes)));
// The same as wide as a register. Sums are kept in these: structures of wider
// vectors than the processor has would lie in memory.
#if defined(__AVX512F__)
inline constexpr int kWideLanes = 2 * kLanes;
#elif defined(__AVX2__)
inline constexpr int kWideLanes = kLanes;
#else
inline constexpr int kWideLanes = kLanes / 2;
#endif
using Wide = float __attribute__((vector_size(kWideLanes * sizeof(float))));
using WideMask =
    int32_t __attribute__((vector_size(kWideLanes * sizeof(int32_t))));
using WideBytes = uint8_t __attribute__((vector_size(kWideLanes)));
// The same for memory of any alignment.
using LooseVector = float
    __attribute__((vector_size(kLanes * sizeof(float)), aligned(4), may_alias));
using LooseWide = float __attribute__((
    vector_size(kWideLanes * sizeof(float)), aligned(4), may_alias
));
using LooseBytes =
    uint8_t __attribute__((vector_size(kLanes), aligned(1), may_alias));
using LooseWideBytes =
    uint8_t __attribute__((vector_size(kWideLanes), aligned(1), may_alias));

DIGITORCH_INLINE Vector load(const float* from) {
  return *reinterpret_cast<const LooseVector*>(from);
}

DIGITORCH_INLINE Wide load_wide(const float* from) {
  return *reinterpret_cast<const LooseWide*>(from);
}

DIGITORCH_INLINE void store(float* to, Vector value) {
  *reinterpret_cast<LooseVector*>(to) = value;
}

// codes: each 0 .. 255. GCC 12 would convert number by number.
DIGITORCH_INLINE void store(uint8_t* to, Mask codes) {
#ifdef __AVX2__
  const auto all = reinterpret_cast<__m256i>(codes);
  const __m128i words = _mm_packus_epi32(
      _mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1)
  );
  _mm_storel_epi64(
      reinterpret_cast<__m128i*>(to), _mm_packus_epi16(words, words)
  );
#else
  *reinterpret_cast<LooseBytes*>(to) = __builtin_convertvector(codes, Bytes);
#endif
}

#ifndef __AVX2__
DIGITORCH_INLINE void store(uint8_t* to, WideMask codes) {
  *reinterpret_cast<LooseWideBytes*>(to) =
      __builtin_convertvector(codes, WideBytes);
}
#elif defined(__AVX512F__)
DIGITORCH_INLINE void store(uint8_t* to, WideMask codes) {
  _mm512_mask_cvtepi32_storeu_epi8(
      to, 0xFFFF, reinterpret_cast<__m512i>(codes)
  );
}
#endif

#if defined(__AVX512F__) || !defined(__AVX2__)
DIGITORCH_INLINE void store(float* to, Wide value) {
  *reinterpret_cast<LooseWide*>(to) = value;
}
#endif

DIGITORCH_INLINE Vector all(float value) { return value - Vector{}; }

// Block vectors of channels side by side, in registers that are as wide as they
// can be: what is left over is one Vector. Each channel is computed as in any
// other registers, so results are the same bits.
template <int Block>
struct Channels {
  static constexpr int kWides = Block * kLanes / kWideLanes;
  static constexpr int kRests = (Block * kLanes - kWides * kWideLanes) / kLanes;
  static constexpr int kVectors = kWides + kRests;

  DIGITORCH_INLINE void load(const float* from) {
    for (int i = 0; i < kWides; ++i)
      wides[i] = load_wide(from + i * kWideLanes);
    if constexpr (kRests > 0)
      rest = digitorch::load(from + kWides * kWideLanes);
  }

  DIGITORCH_INLINE void store(float* to) const {
    for (int i = 0; i < kWides; ++i)
      digitorch::store(to + i * kWideLanes, wides[i]);
    if constexpr (kRests > 0) digitorch::store(to + kWides * kWideLanes, rest);
  }

  // Adds value * weights.
  DIGITORCH_INLINE void add(float value, const Channels& weights) {
    for (int i = 0; i < kWides; ++i) wides[i] += value * weights.wides[i];
    if constexpr (kRests > 0) rest += value * weights.rest;
  }

  Wide wides[kWides > 0 ? kWides : 1] = {};
  Vector rest = {};
};

// Channels in the largest block whose sums stay in registers.
inline constexpr int64_t kLargestBlock = kWideLanes > kLanes ? 32 : 24;

// A number of vectors that the compiler knows.
template <int Vectors>
struct BlockOf {
  static constexpr int kVectors = Vectors;
};

// Calls work(first, BlockOf<...>) for each block of channels, as
// each_conv_pool_block() divides them.
template <class Work>
DIGITORCH_INLINE void each_block(int64_t outputs, Work work) {
  const auto one_block = [&](int64_t first, int64_t block) {
    switch (block / kLanes) {
      case 1:
        return work(first, BlockOf<1>{});
      case 2:
        return work(first, BlockOf<2>{});
      case 3:
        return work(first, BlockOf<3>{});
      default:
        if constexpr (kLargestBlock == 4 * kLanes)
          return work(first, BlockOf<4>{});
    }
  };
  each_conv_pool_block(outputs, kLargestBlock, one_block);
}

// Places of a pooling window, row by row.
inline constexpr int kPlaces = 4;

// Instead of the place that won a window: ReLU gave zero, so there is no
// gradient.
inline constexpr int kDead = kPlaces;

// The maximum of a window, or NaN where there is one, then ReLU, which keeps
// NaN, as ATen's does. Floats: Vector or Wide.
template <class Floats>
DIGITORCH_INLINE void finish_window(
    const Floats (&values)[kPlaces], float* output, uint8_t* winner
) {
  using Ints = decltype(values[0] > values[0]);
  Floats max = values[0];
  Ints code = {};
  for (int p = 1; p < kPlaces; ++p) {
    const Ints wins = (values[p] > max) | (values[p] != values[p]);
    max = wins ? values[p] : max;
    code = wins ? Ints{} + p : code;
  }
  store(output, max <= 0 ? Floats{} : max);
  if (winner) store(winner, max <= 0 ? Ints{} + kDead : code);
}

// The same for the channels of a block.
template <int Block>
DIGITORCH_INLINE void finish_windows(
    const Channels<Block> (&values)[kPlaces], float* output, uint8_t* winner
) {
  const auto codes = [&](int64_t at) { return winner ? winner + at : nullptr; };
  using Some = Channels<Block>;
  for (int i = 0; i < Some::kWides; ++i) {
    Wide places[kPlaces];
    for (int p = 0; p < kPlaces; ++p) places[p] = values[p].wides[i];
    const int64_t at = i * kWideLanes;
    finish_window(places, output + at, codes(at));
  }
  if constexpr (Some::kRests > 0) {
    Vector places[kPlaces];
    for (int p = 0; p < kPlaces; ++p) places[p] = values[p].rest;
    const int64_t at = Some::kWides * kWideLanes;
    finish_window(places, output + at, codes(at));
  }
}

}  // namespace digitorch
