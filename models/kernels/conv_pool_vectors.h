// Vectors of floats, and what the loops of models/conv_pool share. Included by
// conv_pool_loops.cpp alone, which is compiled for several processors: so
// everything is static or inlined.
#pragma once

#include "models/kernels/conv_pool_loops.h"

namespace digitorch {

// GCC's and Clang's vectors compute on any processor, with its widest registers
// where the compiler is allowed to use them.
using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));
using Mask = int32_t __attribute__((vector_size(kLanes * sizeof(int32_t))));
using Bytes = uint8_t __attribute__((vector_size(kLanes)));
// The same, anywhere in memory.
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

// Which of the functions for one, two and three vectors serves a block.
template <class Function>
DIGITORCH_INLINE Function* of_block(
    int64_t block, Function* one, Function* two, Function* three
) {
  if (block == kLanes) return one;
  return block == 2 * kLanes ? two : three;
}

// Places of a pooling window, by rows.
inline constexpr int kPlaces = 4;

// Instead of the place that won a window: ReLU gave zero, so that no gradient
// goes back.
inline constexpr int kDead = kPlaces;

DIGITORCH_INLINE Vector relu(Vector value) {
  return value <= 0 ? Vector{} : value;  // keeps NaN, as ATen does
}

// The largest of a window, NaN before all, then ReLU.
DIGITORCH_INLINE void finish_window(
    const Vector (&values)[kPlaces], float* output, uint8_t* winner
) {
  Vector most = values[0];
  Mask code = {};
  for (int p = 1; p < kPlaces; ++p) {
    const Mask wins = (values[p] > most) | (values[p] != values[p]);
    most = wins ? values[p] : most;
    code = wins ? Mask{} + p : code;
  }
  store(output, relu(most));
  if (winner) store(winner, most <= 0 ? Mask{} + kDead : code);
}

}  // namespace digitorch
