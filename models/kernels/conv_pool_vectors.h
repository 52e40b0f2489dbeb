// Vectors of floats, and functions that the loops of conv_pool share. Only
// conv_pool_loops.cpp includes this, which is compiled for several kinds of
// processor, so everything is static or inlined.
#pragma once

#include "models/kernels/conv_pool_loops.h"

namespace digitorch {

// GCC's and Clang's vectors compute on any processor, in its widest registers
// where the compiler may use them.
using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));
using Mask = int32_t __attribute__((vector_size(kLanes * sizeof(int32_t))));
using Bytes = uint8_t __attribute__((vector_size(kLanes)));
// The same for memory of any alignment.
using LooseVector = float
    __attribute__((vector_size(kLanes * sizeof(float)), aligned(4), may_alias));
using LooseBytes =
    uint8_t __attribute__((vector_size(kLanes), aligned(1), may_alias));

DIGITORCH_INLINE Vector load(const float* from) {
  return *reinterpret_cast<const LooseVector*>(from);
}

DIGITORCH_INLINE Mask load(const uint8_t* from) {
  return __builtin_convertvector(
      *reinterpret_cast<const LooseBytes*>(from), Mask
  );
}

DIGITORCH_INLINE void store(float* to, Vector value) {
  *reinterpret_cast<LooseVector*>(to) = value;
}

DIGITORCH_INLINE void store(uint8_t* to, Mask codes) {
  *reinterpret_cast<LooseBytes*>(to) = __builtin_convertvector(codes, Bytes);
}

DIGITORCH_INLINE Vector all(float value) { return value - Vector{}; }

// The function of the three that computes blocks of so many channels: one, two
// or three vectors.
template <class Function>
DIGITORCH_INLINE Function* of_block(
    int64_t block, Function* one, Function* two, Function* three
) {
  if (block == kLanes) return one;
  return block == 2 * kLanes ? two : three;
}

// Places of a pooling window, row by row.
inline constexpr int kPlaces = 4;

// Instead of the place that won a window: ReLU gave zero, so there is no
// gradient.
inline constexpr int kDead = kPlaces;

DIGITORCH_INLINE Vector relu(Vector value) {
  return value <= 0 ? Vector{} : value;  // keeps NaN, as ATen does
}

// The maximum of a window, or NaN where there is one, then ReLU.
DIGITORCH_INLINE void finish_window(
    const Vector (&values)[kPlaces], float* output, uint8_t* winner
) {
  Vector max = values[0];
  Mask code = {};
  for (int p = 1; p < kPlaces; ++p) {
    const Mask wins = (values[p] > max) | (values[p] != values[p]);
    max = wins ? values[p] : max;
    code = wins ? Mask{} + p : code;
  }
  store(output, relu(max));
  if (winner) store(winner, max <= 0 ? Mask{} + kDead : code);
}

}  // namespace digitorch
