// The few words of CUDA C++ that the kernels are written in, so that a compiler
// without CUDA can compile them too: the tests define these words and run every
// thread of every block on a CPU.
#pragma once

#include <cstdint>

#ifdef __CUDACC__

#define DIGITORCH_SHARED_MEMORY(name) \
  extern __shared__ __align__(16) float name[]
#define DIGITORCH_UNROLL _Pragma("unroll")

#elif !defined(DIGITORCH_SHARED_MEMORY)
#error "The words of CUDA are not defined."
#endif

namespace digitorch::cuda {

/// What a block may have without asking the driver for more.
inline constexpr int kSharedBytes = 48 * 1024;
inline constexpr int kWarp = 32;

/// How a kernel is started.
struct Launch {
  int blocks_x = 1;
  int blocks_y = 1;
  int blocks_z = 1;
  int threads = kWarp;
  int shared_bytes = 0;
};

/// Four numbers that are read and written at once.
struct alignas(16) Four {
  float value[4];
};

struct alignas(8) Two {
  float value[2];
};

struct Bytes {
  uint8_t value[4];
};

/// `from` is aligned to 4 bytes.
__device__ inline Bytes load_bytes(const uint8_t* from) {
#ifdef __CUDACC__
  const uchar4 read = *reinterpret_cast<const uchar4*>(from);
  return {{read.x, read.y, read.z, read.w}};
#else
  return {{from[0], from[1], from[2], from[3]}};
#endif
}

/// `from` is aligned to 16 bytes.
__device__ inline Four load_four(const float* from) {
#ifdef __CUDACC__
  const float4 read = *reinterpret_cast<const float4*>(from);
  return {{read.x, read.y, read.z, read.w}};
#else
  return {{from[0], from[1], from[2], from[3]}};
#endif
}

/// `from` is aligned to 8 bytes.
__device__ inline Two load_two(const float* from) {
#ifdef __CUDACC__
  const float2 read = *reinterpret_cast<const float2*>(from);
  return {{read.x, read.y}};
#else
  return {{from[0], from[1]}};
#endif
}

/// `to` is aligned to 16 bytes.
__device__ inline void store_four(float* to, const Four& values) {
#ifdef __CUDACC__
  *reinterpret_cast<float4*>(to) = make_float4(
      values.value[0], values.value[1], values.value[2], values.value[3]
  );
#else
  for (int i = 0; i < 4; ++i) to[i] = values.value[i];
#endif
}

__host__ __device__ constexpr int smaller(int a, int b) {
  return a < b ? a : b;
}
__host__ __device__ constexpr int larger(int a, int b) { return a > b ? a : b; }
__host__ __device__ constexpr int parts(int size, int part) {
  return (size + part - 1) / part;
}

}  // namespace digitorch::cuda
