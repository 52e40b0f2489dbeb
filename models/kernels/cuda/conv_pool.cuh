// Convolution, 2x2 max pooling and ReLU in one kernel, and its gradients.
//
// Pictures are [N, C, H, W]. A thread computes a 2x2 window of E channels:
// forward that is what is pooled, or four pixels where P, the side of pooling,
// is 1; on the way back it is four pixels of the
// input's gradient, which is a convolution too, of the output's gradient put
// back where the maxima were. The gradient of the weights adds up one product
// for each window, weight and input channel, at the place of the maximum.
//
// All sums have an order that depends on the shapes alone.
#pragma once

#include "models/kernels/cuda/kernels.h"
#include "models/kernels/cuda/language.h"

namespace digitorch::cuda {

struct CorrelationArguments {
  const float* source;    // forward: [N, R, H, W]; back: [N, R, H', W']
  const uint8_t* chosen;  // back: winners, as source
  const float* weight;    // [O, C, K, K]
  const float* bias;      // forward: [O]
  float* output;          // forward: [N, Q, H', W']; back: [N, Q, H, W]
  uint8_t* winners;       // forward: as output; may be null
  int count;
  int reduced;   // R: channels that are summed over
  int produced;  // Q: channels of the output
  int source_height;
  int source_width;
  int border;  // zeros before the first row and column of the source
  int height;  // of the output, in windows of 2x2
  int width;
  int output_height;  // in pixels; forward: where P is 1
  int output_width;
  // How the work is divided.
  int rows;             // of windows in a slab
  int slabs_a_picture;  // slabs that a picture is cut into
  int slabs;            // of a block
  int channels;         // of the source held at a time
  int groups;           // of E channels, of a block
};

/// Numbers between two weights of one channel: such that four are aligned and
/// weights are written to several banks.
template <int E>
__host__ __device__ constexpr int weight_stride(int groups) {
  return groups * E + (groups * E % 8 == 0 ? 4 : 0);
}

template <int K>
__host__ __device__ constexpr int tile_stride(int width) {
  return 2 * width + K - 1;
}

template <int K>
__host__ __device__ constexpr int tile_size(int rows, int width) {
  return (2 * rows + K - 1) * tile_stride<K>(width);
}

inline constexpr int kBatch = 4;  // loads that a thread has under way

/// What the threads of a block do with the numbers 0..count: load(i) of several
/// first, then store(i, loaded).
template <class Load, class Store>
__device__ inline void in_batches(
    int count, const Load& load, const Store& store
) {
  const int threads = static_cast<int>(blockDim.x);
  for (int begin = static_cast<int>(threadIdx.x); begin < count;
       begin += kBatch * threads) {
    decltype(load(0)) loaded[kBatch];
    DIGITORCH_UNROLL
    for (int j = 0; j < kBatch; ++j)
      if (begin + j * threads < count) loaded[j] = load(begin + j * threads);
    DIGITORCH_UNROLL
    for (int j = 0; j < kBatch; ++j)
      if (begin + j * threads < count) store(begin + j * threads, loaded[j]);
  }
}

/// Forward: the part of the source that a block needs, of `now` channels from
/// `begin`.
template <int K>
__device__ inline void load_source(
    const CorrelationArguments& a, float* tile, int begin, int now
) {
  const int tile_rows = 2 * a.rows + K - 1;
  const int stride = tile_stride<K>(a.width);
  const int first = static_cast<int>(blockIdx.x) * a.slabs;
  const int all = a.count * a.slabs_a_picture;
  const int thread = static_cast<int>(threadIdx.x);
  const int threads = static_cast<int>(blockDim.x);
  if (a.slabs_a_picture == 1 && a.border == 0 &&
      tile_rows == a.source_height && stride == a.source_width) {
    const int plane = tile_rows * stride;
    for (int slab = 0; slab < a.slabs && first + slab < all; ++slab) {
      const float* from =
          a.source +
          (static_cast<int64_t>(first + slab) * a.reduced + begin) * plane;
      float* to = tile + slab * a.channels * plane;
      for (int i = thread; i < now * plane; i += threads) to[i] = from[i];
    }
    return;
  }
  const int lanes = stride <= 16 ? 16 : kWarp;
  const int lines = a.slabs * now * tile_rows;
  for (int line = thread / lanes; line < lines; line += threads / lanes) {
    const int row = line % tile_rows;
    const int channel = line / tile_rows % now;
    const int slab = line / tile_rows / now;
    const int place = first + slab;
    if (place >= all) break;
    const int64_t plane =
        static_cast<int64_t>(place / a.slabs_a_picture) * a.reduced + begin +
        channel;
    const int y = place % a.slabs_a_picture * a.rows * 2 + row - a.border;
    const bool inside = y >= 0 && y < a.source_height;
    const float* from =
        a.source + (plane * a.source_height + y) * a.source_width - a.border;
    float* to =
        tile + ((slab * a.channels + channel) * tile_rows + row) * stride;
    for (int x = thread % lanes; x < stride; x += lanes)
      to[x] = inside && x >= a.border && x - a.border < a.source_width
                  ? from[x]
                  : 0;
  }
}

struct PooledSlope {
  float slope;
  uint8_t code;
};

/// Back: the same, where each pooled gradient is at its winner's place, with
/// zeros at the three others.
template <int K, int P>
__device__ inline void load_slopes(
    const CorrelationArguments& a, float* tile, int begin, int now
) {
  const int tile_rows = 2 * a.rows + K - 1;
  const int stride = tile_stride<K>(a.width);
  const int first = static_cast<int>(blockIdx.x) * a.slabs;
  const int all = a.count * a.slabs_a_picture;
  const int thread = static_cast<int>(threadIdx.x);
  const int threads = static_cast<int>(blockDim.x);
  const int size = a.slabs * a.channels * tile_rows * stride;
  for (int i = 4 * thread; i + 4 <= size; i += 4 * threads)
    store_four(tile + i, Four{});
  if (thread < size % 4) tile[size - 1 - thread] = 0;
  __syncthreads();
  // Rows of pooled gradients that a slab may need, each picture's in a row in
  // memory.
  const int rows = smaller(a.source_height, parts(tile_rows, P) + 1);
  const int of_channel = rows * a.source_width;
  // The slab, the channel in it and the first row of the source of item i.
  const auto slab_of = [&](int i) { return i / of_channel / now; };
  const auto top_of = [&](int slab) {
    return (first + slab) % a.slabs_a_picture * a.rows * 2 - a.border;
  };
  const auto row_of = [&](int top) {
    return smaller(larger(top, 0) / P, a.source_height - rows);
  };
  in_batches(
      a.slabs * now * of_channel,
      [&](int i) {
        const int slab = slab_of(i);
        const int place = first + slab;
        if (place >= all) return PooledSlope{0, kNoWinner};
        const int64_t plane =
            static_cast<int64_t>(place / a.slabs_a_picture) * a.reduced +
            begin + i / of_channel % now;
        const int64_t from =
            (plane * a.source_height + row_of(top_of(slab))) * a.source_width +
            i % of_channel;
        return PooledSlope{a.source[from], a.chosen[from]};
      },
      [&](int i, const PooledSlope& loaded) {
        if (loaded.code == kNoWinner) return;
        const int slab = slab_of(i);
        const int top = top_of(slab);
        const int window = i % of_channel;
        const int y = (row_of(top) + window / a.source_width) * P +
                      loaded.code / P - top;
        const int x =
            window % a.source_width * P + loaded.code % P + a.border;
        if (y < 0 || y >= tile_rows) return;
        const int channel = i / of_channel % now;
        tile[((slab * a.channels + channel) * tile_rows + y) * stride + x] =
            loaded.slope;
      }
  );
}

/// The weights between those channels and the block's, [now * K * K][stride].
template <int K, int E, bool kForward>
__device__ inline void load_weights(
    const CorrelationArguments& a, float* weights, int begin, int now
) {
  constexpr int kArea = K * K;
  const int stride = weight_stride<E>(a.groups);
  const int width = a.groups * E;
  const int first = static_cast<int>(blockIdx.y) * width;
  if constexpr (kForward) {
    const int warps = static_cast<int>(blockDim.x) / kWarp;
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    for (int q = static_cast<int>(threadIdx.x) / kWarp; q < width; q += warps) {
      const bool real = first + q < a.produced;
      const float* from =
          a.weight +
          (static_cast<int64_t>(first + q) * a.reduced + begin) * kArea;
      for (int i = lane; i < now * kArea; i += kWarp)
        weights[i * stride + q] = real ? from[i] : 0;
    }
  } else {
    const int of_channel = width * kArea;
    in_batches(
        now * of_channel,
        [&](int i) {
          const int r = begin + i / of_channel;
          return first + i % of_channel / kArea < a.produced
                     ? a.weight
                           [(static_cast<int64_t>(r) * a.produced + first) *
                                kArea +
                            i % of_channel]
                     : 0;
        },
        [&](int i, float value) {
          const int mirrored = kArea - 1 - i % kArea;
          const int q = i % of_channel / kArea;
          weights[(i / of_channel * kArea + mirrored) * stride + q] = value;
        }
    );
  }
}

template <int P, bool kForward>
__device__ inline void store_window(
    const CorrelationArguments& a,
    int64_t plane,
    int channel,
    int y,
    int x,
    const float* sums
) {
  if constexpr (kForward && P == 1) {
    DIGITORCH_UNROLL
    for (int place = 0; place < 4; ++place) {
      const int row = 2 * y + place / 2;
      const int column = 2 * x + place % 2;
      if (row >= a.output_height || column >= a.output_width) continue;
      const float sum = sums[place] + a.bias[channel];
      const bool off = sum <= 0;
      const int64_t i =
          (plane * a.output_height + row) * a.output_width + column;
      a.output[i] = off ? 0 : sum;
      if (a.winners) a.winners[i] = off ? kNoWinner : 0;
    }
  } else if constexpr (kForward) {
    float best = sums[0];
    int code = 0;
    DIGITORCH_UNROLL
    for (int place = 1; place < 4; ++place)
      if (sums[place] > best || sums[place] != sums[place]) {  // not a number
        best = sums[place];
        code = place;
      }
    best += a.bias[channel];
    const bool off = best <= 0;
    const int64_t i = (plane * a.height + y) * a.width + x;
    a.output[i] = off ? 0 : best;
    if (a.winners)
      a.winners[i] = off ? kNoWinner : static_cast<uint8_t>(code);
  } else {
    DIGITORCH_UNROLL
    for (int place = 0; place < 4; ++place) {
      const int row = 2 * y + place / 2;
      const int column = 2 * x + place % 2;
      if (row < a.output_height && column < a.output_width)
        a.output[(plane * a.output_height + row) * a.output_width + column] =
            sums[place];
    }
  }
}

template <int K, int P, int E, bool kForward>
__global__ void correlate(CorrelationArguments a) {
  DIGITORCH_SHARED_MEMORY(memory);
  constexpr int kArea = K * K;
  const int stride = tile_stride<K>(a.width);
  const int tile_plane = tile_size<K>(a.rows, a.width);
  const int weights_stride = weight_stride<E>(a.groups);
  float* const weights = memory;
  float* const tile = memory + a.channels * kArea * weights_stride;

  const int windows = a.rows * a.width;
  const int in_group = a.slabs * windows;
  const int thread = static_cast<int>(threadIdx.x);
  const int group = thread / in_group;
  const int slab = thread % in_group / windows;
  const int row = thread % windows / a.width;
  const int column = thread % windows % a.width;
  const int place = static_cast<int>(blockIdx.x) * a.slabs + slab;
  const int y = place % a.slabs_a_picture * a.rows + row;
  const bool works = group < a.groups && y < a.height &&
                     place < a.count * a.slabs_a_picture;

  float sums[E][4] = {};
  for (int begin = 0; begin < a.reduced; begin += a.channels) {
    const int now = smaller(a.channels, a.reduced - begin);
    if (begin > 0) __syncthreads();
    load_weights<K, E, kForward>(a, weights, begin, now);
    if constexpr (kForward)
      load_source<K>(a, tile, begin, now);
    else
      load_slopes<K, P>(a, tile, begin, now);
    __syncthreads();
    if (!works) continue;
    const float* from =
        tile + slab * a.channels * tile_plane + 2 * row * stride + 2 * column;
    const float* weight = weights + group * E;
    for (int r = 0; r < now; ++r) {
      float patch[K + 1][K + 1];
DIGITORCH_UNROLL
      for (int i = 0; i <= K; ++i)
DIGITORCH_UNROLL
        for (int j = 0; j <= K; j += 2) {
          const Two two = load_two(from + i * stride + j);
          patch[i][j] = two.value[0];
          patch[i][j + 1] = two.value[1];
        }
DIGITORCH_UNROLL
      for (int k = 0; k < kArea; ++k) {
        DIGITORCH_UNROLL
        for (int first = 0; first < E; first += 4) {
          const Four four = load_four(weight + k * weights_stride + first);
          DIGITORCH_UNROLL
          for (int q = 0; q < 4; ++q)
            DIGITORCH_UNROLL
          for (int p = 0; p < 4; ++p)
            sums[first + q][p] +=
                four.value[q] * patch[k / K + p / 2][k % K + p % 2];
        }
      }
      from += tile_plane;
      weight += kArea * weights_stride;
    }
  }
  if (!works) return;
  const int64_t picture = place / a.slabs_a_picture;
DIGITORCH_UNROLL
  for (int q = 0; q < E; ++q) {
    const int channel =
        (static_cast<int>(blockIdx.y) * a.groups + group) * E + q;
    if (channel < a.produced)
      store_window<P, kForward>(
          a, picture * a.produced + channel, channel, y, column, sums[q]
      );
  }
}

struct FilterArguments {
  const float* input;      // [N, C, H, W]
  const float* gradient;   // [N, O, H', W']
  const uint8_t* winners;  // likewise
  float* partial;          // [blocks_x][O * C * K * K + O]
  ConvPoolSizes sizes;
  // How the work is divided.
  int in_block;   // input channels of a block
  int out_block;  // output channels of a block
  int shares;     // threads that share the windows of two channels
  int pictures;   // of a block
};

__host__ __device__ inline int padded_plane(const ConvPoolSizes& sizes) {
  // An odd size puts the planes of several channels into different banks.
  return ((sizes.height + 2 * sizes.padding) *
          (sizes.width + 2 * sizes.padding)) |
         1;
}

/// Puts a block's channels of one picture into shared memory: pixels with
/// their zeros around them, gradients, and places of the maxima in a plane.
__device__ inline void load_picture(
    const FilterArguments& a,
    int64_t picture,
    float* pixels,
    float* slopes,
    int* places
) {
  const ConvPoolSizes& s = a.sizes;
  const int stride = s.width + 2 * s.padding;
  const int first_in = static_cast<int>(blockIdx.z) * a.in_block;
  const int inputs = smaller(a.in_block, s.inputs - first_in);
  const float* from =
      a.input + (picture * s.inputs + first_in) * s.height * s.width;
  const int area = s.height * s.width;
  in_batches(
      inputs * area,
      [&](int i) { return from[i]; },
      [&](int i, float value) {
        const int channel = i / area;
        const int y = i % area / s.width + s.padding;
        const int x = i % area % s.width + s.padding;
        pixels[channel * padded_plane(s) + y * stride + x] = value;
      }
  );
  const int width = s.pooled_width();
  const int windows = s.pooled_height() * width;
  const int first_out = static_cast<int>(blockIdx.y) * a.out_block;
  const int outputs = smaller(a.out_block, s.outputs - first_out);
  const int64_t begin = (picture * s.outputs + first_out) * windows;
  in_batches(
      outputs * windows,
      [&](int i) {
        return PooledSlope{a.gradient[begin + i], a.winners[begin + i]};
      },
      [&](int i, const PooledSlope& loaded) {
        const int window = i % windows;
        const bool off = loaded.code == kNoWinner;
        const int y =
            window / width * s.pool + (off ? 0 : loaded.code / s.pool);
        const int x =
            window % width * s.pool + (off ? 0 : loaded.code % s.pool);
        slopes[i] = off ? 0 : loaded.slope;
        places[i] = y * stride + x;
      }
  );
}

template <int K>
__global__ void filter_gradient(FilterArguments a) {
  DIGITORCH_SHARED_MEMORY(memory);
  constexpr int kArea = K * K;
  const ConvPoolSizes& s = a.sizes;
  const int thread = static_cast<int>(threadIdx.x);
  const int threads = static_cast<int>(blockDim.x);
  const int stride = s.width + 2 * s.padding;
  const int plane = padded_plane(s);
  const int windows = s.pooled_height() * s.pooled_width();
  float* const pixels = memory;
  float* const slopes = memory + a.in_block * plane;
  int* const places =
      reinterpret_cast<int*>(slopes + a.out_block * windows);

  const int share = thread % a.shares;
  const int pair = thread / a.shares;
  const int in = pair % a.in_block;
  const int out = pair / a.in_block;
  const int first_in = static_cast<int>(blockIdx.z) * a.in_block;
  const int first_out = static_cast<int>(blockIdx.y) * a.out_block;
  const bool works = out < a.out_block && first_in + in < s.inputs &&
                     first_out + out < s.outputs;

  for (int i = thread; i < a.in_block * plane; i += threads) pixels[i] = 0;
  float sums[kArea + 1] = {};  // the last is the bias's
  const int begin = static_cast<int>(blockIdx.x) * a.pictures;
  const int end = smaller(begin + a.pictures, s.count);
  for (int picture = begin; picture < end; ++picture) {
    __syncthreads();
    load_picture(a, picture, pixels, slopes, places);
    __syncthreads();
    if (!works) continue;
    const float* mine = pixels + in * plane;
    for (int w = out * windows + share; w < (out + 1) * windows;
         w += a.shares) {
      const float slope = slopes[w];
      if (slope == 0) continue;
      const float* from = mine + places[w];
DIGITORCH_UNROLL
      for (int k = 0; k < kArea; ++k)
        sums[k] += slope * from[k / K * stride + k % K];
      sums[kArea] += slope;
    }
  }

  const int filter = s.inputs * kArea;
  float* const partial =
      a.partial +
      static_cast<int64_t>(blockIdx.x) * s.outputs * (filter + 1);
  const auto store = [&](int o, int c, int k, float sum) {
    if (first_out + o >= s.outputs || first_in + c >= s.inputs) return;
    if (k < kArea)
      partial[(first_out + o) * filter + (first_in + c) * kArea + k] = sum;
    else if (first_in + c == 0)
      partial[s.outputs * filter + first_out + o] = sum;
  };
  if (a.shares == 1) {
    if (!works) return;
DIGITORCH_UNROLL
    for (int k = 0; k <= kArea; ++k) store(out, in, k, sums[k]);
    return;
  }
  __syncthreads();
  constexpr int kSums = kArea + 1;
  if (works)
DIGITORCH_UNROLL
    for (int k = 0; k <= kArea; ++k) memory[thread * kSums + k] = sums[k];
  __syncthreads();
  const int pairs = a.in_block * a.out_block;
  for (int i = thread; i < pairs * kSums; i += threads) {
    const int o = i / kSums / a.in_block;
    const int c = i / kSums % a.in_block;
    if (first_out + o >= s.outputs || first_in + c >= s.inputs) continue;
    float sum = 0;
    for (int j = 0; j < a.shares; ++j)
      sum += memory[(i / kSums * a.shares + j) * kSums + i % kSums];
    store(o, c, i % kSums, sum);
  }
}

struct SumArguments {
  const float* partial;  // [count][size]
  float* first;          // its first sums
  float* second;         // and the rest
  int count;
  int size;
  int first_size;
};

inline constexpr int kSumRows = 16;

/// Adds up the rows of a matrix.
static __global__ void sum_rows(SumArguments a) {
  DIGITORCH_SHARED_MEMORY(memory);  // [kSumRows][kWarp]
  const int lane = static_cast<int>(threadIdx.x) % kWarp;
  const int row = static_cast<int>(threadIdx.x) / kWarp;
  const int column = static_cast<int>(blockIdx.x) * kWarp + lane;
  float sum = 0;
  if (column < a.size) {
DIGITORCH_UNROLL
    for (int i = row; i < a.count; i += kSumRows)
      sum += a.partial[static_cast<int64_t>(i) * a.size + column];
  }
  memory[row * kWarp + lane] = sum;
  __syncthreads();
  if (row > 0 || column >= a.size) return;
  for (int i = 1; i < kSumRows; ++i) sum += memory[i * kWarp + lane];
  if (column < a.first_size)
    a.first[column] = sum;
  else
    a.second[column - a.first_size] = sum;
}

}  // namespace digitorch::cuda
