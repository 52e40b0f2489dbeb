// Products of small matrices for fully connected layers, in float32: an output
// tile a block, the sum over k divided among groups of its threads, so that a
// batch of a few hundred keeps the whole GPU busy with one kernel. The order of
// every sum depends on the shapes alone.
#pragma once

#include "models/kernels/cuda/kernels.h"
#include "models/kernels/cuda/language.h"

namespace digitorch::cuda {

/// c = a * b, a: [m, k], b: [k, n], c: [m, n] side by side.
struct DenseArguments {
  const float* a;
  const float* b;
  float* c;
  const float* mask;  // as a; a counts as 0 where it is not > 0; or null
  const float* bias;  // [n], added to each row; or null
  float* row_sums;    // [m]: the sums of a's rows; or null
  int m;
  int n;
  int k;
  int k_part;  // of k that a block adds up, a multiple of kTileK
  bool relu;       // of c
  bool a_aligned;  // four numbers of a (and mask) can be read at once
  bool b_aligned;
};

inline constexpr int kTileK = 64;
inline constexpr int kTileN = 32;
inline constexpr int kSplits = 8;  // groups of threads that share a sum
inline constexpr int kOfGroup = kTileK / kSplits;

template <int M>
__host__ __device__ constexpr int dense_threads() {
  return M / 4 * (kTileN / 4) * kSplits;
}

template <int M>
__host__ __device__ constexpr int dense_shared_bytes() {
  const int tiles = kTileK * (M + kTileN);
  const int sums = kSplits * M * (kTileN + 1);
  return static_cast<int>(sizeof(float)) * (tiles > sums ? tiles : sums);
}

/// Four numbers from `column` of a row on; zero beyond the matrix.
__device__ inline Four read_four(
    const float* from, int row, int column, int rows, int columns, bool aligned
) {
  Four read = {};
  if (row >= rows) return read;
  const float* begin = from + static_cast<int64_t>(row) * columns + column;
  if (aligned && column + 3 < columns) return load_four(begin);
  for (int i = 0; i < 4; ++i)
    if (column + i < columns) read.value[i] = begin[i];
  return read;
}

/// Where column x of row k of a tile [kTileK][Width] is: the fours of a row are
/// shuffled, so that a column's are in several banks.
template <int Width>
__device__ inline int tile_place(int k, int x) {
  return k * Width + ((x / 4) ^ (k / 4 % (Width / 4))) * 4 + x % 4;
}

/// The i'th four of a tile of [rows, k] (Deep: k side by side) or [k, rows].
template <int Width, bool Deep>
__device__ inline Four read_tile(
    const float* from, int i, int first, int begin, int rows, int k, bool aligned
) {
  if constexpr (Deep) {
    constexpr int kFours = kTileK / 4;
    return read_four(
        from, first + i / kFours, begin + i % kFours * 4, rows, k, aligned
    );
  } else {
    constexpr int kFours = Width / 4;
    return read_four(
        from, begin + i / kFours, first + i % kFours * 4, k, rows, aligned
    );
  }
}

template <int Width, bool Deep>
__device__ inline void write_tile(float* tile, int i, const Four& four) {
  if constexpr (Deep) {
    constexpr int kFours = kTileK / 4;
    DIGITORCH_UNROLL
    for (int j = 0; j < 4; ++j)
      tile[tile_place<Width>(i % kFours * 4 + j, i / kFours)] = four.value[j];
  } else {
    constexpr int kFours = Width / 4;
    store_four(tile + tile_place<Width>(i / kFours, i % kFours * 4), four);
  }
}

__device__ inline Four masked(Four four, const Four& mask) {
  DIGITORCH_UNROLL
  for (int i = 0; i < 4; ++i)
    if (mask.value[i] <= 0) four.value[i] = 0;
  return four;
}

/// DeepA: a is [m, k] in memory, otherwise [k, m]. DeepB: b is [n, k],
/// otherwise [k, n].
template <int M, bool DeepA, bool DeepB>
__global__ void multiply(DenseArguments d) {
  DIGITORCH_SHARED_MEMORY(memory);
  constexpr int kThreads = dense_threads<M>();
  constexpr int kFoursA = M * kTileK / 4 / kThreads;
  constexpr int kFoursB = kTileN * kTileK / 4 / kThreads;
  float* const tile_a = memory;
  float* const tile_b = memory + kTileK * M;
  const int thread = static_cast<int>(threadIdx.x);
  const int first_n = static_cast<int>(blockIdx.x) * kTileN;
  const int first_m = static_cast<int>(blockIdx.y) * M;
  const int group = thread / (2 * M);
  const int x = thread % 8 * 4;
  const int y = thread % (2 * M) / 8 * 4;

  Four next_a[kFoursA];
  Four next_b[kFoursB];
  const auto read = [&](int begin) {
    DIGITORCH_UNROLL
    for (int j = 0; j < kFoursA; ++j) {
      const int i = thread + j * kThreads;
      next_a[j] = read_tile<M, DeepA>(
          d.a, i, first_m, begin, d.m, d.k, d.a_aligned
      );
      if (d.mask)
        next_a[j] = masked(
            next_a[j],
            read_tile<M, DeepA>(
                d.mask, i, first_m, begin, d.m, d.k, d.a_aligned
            )
        );
    }
    DIGITORCH_UNROLL
    for (int j = 0; j < kFoursB; ++j)
      next_b[j] = read_tile<kTileN, DeepB>(
          d.b, thread + j * kThreads, first_n, begin, d.n, d.k, d.b_aligned
      );
  };

  float sums[4][4] = {};
  float row_sums[4] = {};
  const int first_k = static_cast<int>(blockIdx.z) * d.k_part;
  const int end = smaller(d.k, first_k + d.k_part);
  read(first_k);
  for (int begin = first_k; begin < end; begin += kTileK) {
    if (begin > first_k) __syncthreads();
    DIGITORCH_UNROLL
    for (int j = 0; j < kFoursA; ++j)
      write_tile<M, DeepA>(tile_a, thread + j * kThreads, next_a[j]);
    DIGITORCH_UNROLL
    for (int j = 0; j < kFoursB; ++j)
      write_tile<kTileN, DeepB>(tile_b, thread + j * kThreads, next_b[j]);
    __syncthreads();
    if (begin + kTileK < end) read(begin + kTileK);
    DIGITORCH_UNROLL
    for (int j = 0; j < kOfGroup; ++j) {
      const int k = group * kOfGroup + j;
      const Four a = load_four(tile_a + tile_place<M>(k, y));
      const Four b = load_four(tile_b + tile_place<kTileN>(k, x));
      DIGITORCH_UNROLL
      for (int i = 0; i < 4; ++i) {
        row_sums[i] += a.value[i];
        DIGITORCH_UNROLL
        for (int n = 0; n < 4; ++n) sums[i][n] += a.value[i] * b.value[n];
      }
    }
  }

  __syncthreads();
  float* const all_rows = memory + kSplits * M * kTileN;
  DIGITORCH_UNROLL
  for (int i = 0; i < 4; ++i) {
    store_four(
        memory + (group * M + y + i) * kTileN + x,
        {{sums[i][0], sums[i][1], sums[i][2], sums[i][3]}}
    );
    if (x == 0) all_rows[group * M + y + i] = row_sums[i];
  }
  __syncthreads();
  for (int i = thread; i < M * kTileN; i += kThreads) {
    const int m = first_m + i / kTileN;
    const int n = first_n + i % kTileN;
    if (m >= d.m || n >= d.n) continue;
    float sum = memory[i];
    for (int j = 1; j < kSplits; ++j) sum += memory[j * M * kTileN + i];
    if (d.bias) sum += d.bias[n];
    if (d.relu && sum <= 0) sum = 0;
    const int64_t row = static_cast<int64_t>(blockIdx.z) * d.m + m;
    d.c[row * d.n + n] = sum;
  }
  if (!d.row_sums || first_n > 0 || thread >= M || first_m + thread >= d.m)
    return;
  float sum = all_rows[thread];
  for (int j = 1; j < kSplits; ++j) sum += all_rows[j * M + thread];
  d.row_sums[first_m + thread] = sum;
}

struct PartsArguments {
  const float* partial;  // [parts][m * n]
  const float* bias;     // [n]
  float* c;              // [m, n]
  int parts;
  int size;  // m * n
  int n;
  bool relu;
};

inline constexpr int kPartsThreads = 128;

/// Adds up the parts of a product.
static __global__ void sum_parts(PartsArguments a) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= a.size) return;
  float sum = 0;
  DIGITORCH_UNROLL
  for (int part = 0; part < a.parts; ++part)
    sum += a.partial[static_cast<int64_t>(part) * a.size + i];
  sum += a.bias[i % a.n];
  a.c[i] = a.relu && sum <= 0 ? 0 : sum;
}

inline constexpr int kBlocksWanted = 132;  // multiprocessors of an H100

/// Parts of k that a layer's output is computed in: several where few outputs
/// have long sums.
inline int dense_parts(const DenseSizes& sizes) {
  constexpr int kManyTiles = 32;
  constexpr int kTilesOfPart = 8;
  const int tiles = parts(sizes.inputs, kTileK);
  const int blocks = parts(sizes.outputs, kTileN) * parts(sizes.count, 16);
  if (tiles < kManyTiles || blocks >= kBlocksWanted) return 1;
  const int most = smaller(tiles / kTilesOfPart, 2 * kBlocksWanted / blocks);
  return parts(tiles, parts(tiles, larger(1, most)));
}

inline int64_t dense_forward_room(const DenseSizes& sizes) {
  const int count = dense_parts(sizes);
  return count == 1 ? 0
                    : static_cast<int64_t>(count) * sizes.count * sizes.outputs;
}

template <bool DeepA, bool DeepB, class Start>
void start_multiply(const Start& start, DenseArguments d, int k_parts = 1) {
  const auto aligned = [](const float* from, int columns) {
    return columns % 4 == 0 && reinterpret_cast<uintptr_t>(from) % 16 == 0;
  };
  const int a_columns = DeepA ? d.k : d.m;
  d.a_aligned = aligned(d.a, a_columns) && aligned(d.mask, a_columns);
  d.b_aligned = aligned(d.b, DeepB ? d.k : d.n);
  d.k_part = parts(parts(d.k, kTileK), k_parts) * kTileK;
  Launch launch;
  launch.blocks_z = k_parts;
  launch.blocks_x = parts(d.n, kTileN);
  launch.blocks_y = parts(d.m, 32);
  if (k_parts == 1 && launch.blocks_x * launch.blocks_y >= kBlocksWanted) {
    launch.threads = dense_threads<32>();
    launch.shared_bytes = dense_shared_bytes<32>();
    start(launch, multiply<32, DeepA, DeepB>, d);
    return;
  }
  launch.blocks_y = parts(d.m, 16);
  launch.threads = dense_threads<16>();
  launch.shared_bytes = dense_shared_bytes<16>();
  start(launch, multiply<16, DeepA, DeepB>, d);
}

/// output [N, O] = input [N, I] * weight [O, I]^T + bias [O], ReLU'd if asked.
/// room: dense_forward_room() numbers.
template <class Start>
void dense_forward(
    const Start& start,
    const DenseSizes& sizes,
    const float* input,
    const float* weight,
    const float* bias,
    bool relu,
    float* room,
    float* output
) {
  const int k_parts = dense_parts(sizes);
  DenseArguments d = {};
  d.a = input;
  d.b = weight;
  d.c = output;
  d.bias = bias;
  d.m = sizes.count;
  d.n = sizes.outputs;
  d.k = sizes.inputs;
  d.relu = relu;
  if (k_parts == 1) {
    start_multiply<true, true>(start, d);
    return;
  }
  d.c = room;
  d.bias = nullptr;
  d.relu = false;
  start_multiply<true, true>(start, d, k_parts);
  PartsArguments sums = {};
  sums.partial = room;
  sums.bias = bias;
  sums.c = output;
  sums.parts = k_parts;
  sums.size = sizes.count * sizes.outputs;
  sums.n = sizes.outputs;
  sums.relu = relu;
  Launch launch;
  launch.threads = kPartsThreads;
  launch.blocks_x = parts(sums.size, kPartsThreads);
  start(launch, sum_parts, sums);
}

/// to [N, I] = gradient [N, O] * weight [O, I]. active: the output, where its
/// ReLU is to be gone back through, or null.
template <class Start>
void dense_input_gradient(
    const Start& start,
    const DenseSizes& sizes,
    const float* gradient,
    const float* active,
    const float* weight,
    float* to
) {
  DenseArguments d = {};
  d.a = gradient;
  d.mask = active;
  d.b = weight;
  d.c = to;
  d.m = sizes.count;
  d.n = sizes.inputs;
  d.k = sizes.outputs;
  start_multiply<true, false>(start, d);
}

/// weight [O, I] = gradient^T * input, bias [O]: the sums of the gradient.
template <class Start>
void dense_filter_gradient(
    const Start& start,
    const DenseSizes& sizes,
    const float* input,
    const float* gradient,
    const float* active,
    float* weight,
    float* bias
) {
  DenseArguments d = {};
  d.a = gradient;
  d.mask = active;
  d.b = input;
  d.c = weight;
  d.row_sums = bias;
  d.m = sizes.outputs;
  d.n = sizes.inputs;
  d.k = sizes.count;
  start_multiply<false, false>(start, d);
}

}  // namespace digitorch::cuda
