// How the kernels of conv_pool.cuh divide a layer's work among blocks and
// threads. `Start` is called with a Launch, a kernel and its arguments.
#pragma once

#include "models/kernels/cuda/conv_pool.cuh"

namespace digitorch::cuda {

inline constexpr int kThreadsWanted = 256;
inline constexpr int kThreadsAtMost = 512;

/// The division of correlate's work.
struct CorrelationPlan {
  CorrelationArguments arguments;
  Launch launch;
};

template <int K, int E>
CorrelationPlan correlation_plan(CorrelationArguments a) {
  a.groups = smaller(8, parts(a.produced, E));
  const int windows = larger(1, kThreadsWanted / a.groups);
  // Whole rows of windows, in slabs of about equal height.
  const int most_rows = larger(1, windows / a.width);
  a.slabs_a_picture = parts(a.height, most_rows);
  a.rows = parts(a.height, a.slabs_a_picture);
  a.slabs = larger(1, windows / (a.rows * a.width));
  if (a.slabs_a_picture > 1) a.slabs = 1;
  const int tile = tile_size<K>(a.rows, a.width);
  const int weights = K * K * weight_stride<E>(a.groups);
  const auto bytes = [&] {
    return static_cast<int>(sizeof(float)) * a.channels *
           (a.slabs * tile + weights);
  };
  a.channels = a.reduced;
  while (bytes() > kSharedBytes && a.channels > 1) {
    if (a.channels <= 4 && a.slabs > 1) {
      a.slabs = parts(a.slabs, 2);
      a.channels = a.reduced;
    } else {
      a.channels = parts(a.channels, 2);
    }
  }
  Launch launch;
  launch.blocks_x = parts(a.count * a.slabs_a_picture, a.slabs);
  launch.blocks_y = parts(a.produced, a.groups * E);
  launch.threads = parts(a.groups * a.slabs * a.rows * a.width, kWarp) * kWarp;
  launch.shared_bytes = bytes();
  return {a, launch};
}

template <int K, int P, bool kForward, class Start>
void start_correlation(const Start& start, const CorrelationArguments& a) {
  // More channels a thread, which read less for each product, where the sums
  // are long and enough blocks remain.
  constexpr int kLong = 1024;
  constexpr int kEnoughBlocks = 256;
  const CorrelationPlan wide = correlation_plan<K, 8>(a);
  const int blocks = wide.launch.blocks_x * wide.launch.blocks_y;
  if (a.reduced * a.produced >= kLong && a.produced % 8 == 0 &&
      blocks >= kEnoughBlocks) {
    start(wide.launch, correlate<K, P, 8, kForward>, wide.arguments);
    return;
  }
  const CorrelationPlan plan = correlation_plan<K, 4>(a);
  start(plan.launch, correlate<K, P, 4, kForward>, plan.arguments);
}

template <bool kForward, class Start>
void start_correlation(
    const Start& start,
    const ConvPoolSizes& sizes,
    const CorrelationArguments& a
) {
  if (sizes.kernel == 3 && sizes.pool == 1)
    start_correlation<3, 1, kForward>(start, a);
  else if (sizes.kernel == 3)
    start_correlation<3, 2, kForward>(start, a);
  else if (sizes.pool == 1)
    start_correlation<5, 1, kForward>(start, a);
  else
    start_correlation<5, 2, kForward>(start, a);
}

/// output: [N, O, H', W']; winners: likewise, or null.
template <class Start>
void conv_pool_forward(
    const Start& start,
    const ConvPoolSizes& sizes,
    const float* input,
    const float* weight,
    const float* bias,
    float* output,
    uint8_t* winners
) {
  CorrelationArguments a = {};
  a.source = input;
  a.weight = weight;
  a.bias = bias;
  a.output = output;
  a.winners = winners;
  a.count = sizes.count;
  a.reduced = sizes.inputs;
  a.produced = sizes.outputs;
  a.source_height = sizes.height;
  a.source_width = sizes.width;
  a.border = sizes.padding;
  a.output_height = sizes.pooled_height();
  a.output_width = sizes.pooled_width();
  a.height = sizes.pool == 1 ? parts(a.output_height, 2) : a.output_height;
  a.width = sizes.pool == 1 ? parts(a.output_width, 2) : a.output_width;
  start_correlation<true>(start, sizes, a);
}

/// output: [N, C, H, W], the gradient of the input.
template <class Start>
void conv_pool_input_gradient(
    const Start& start,
    const ConvPoolSizes& sizes,
    const float* gradient,
    const uint8_t* winners,
    const float* weight,
    float* output
) {
  CorrelationArguments a = {};
  a.source = gradient;
  a.chosen = winners;
  a.weight = weight;
  a.output = output;
  a.count = sizes.count;
  a.reduced = sizes.outputs;
  a.produced = sizes.inputs;
  a.source_height = sizes.pooled_height();
  a.source_width = sizes.pooled_width();
  a.border = sizes.kernel - 1 - sizes.padding;
  a.height = parts(sizes.height, 2);
  a.width = parts(sizes.width, 2);
  a.output_height = sizes.height;
  a.output_width = sizes.width;
  start_correlation<false>(start, sizes, a);
}

/// The division of filter_gradient's work.
struct FilterPlan {
  FilterArguments arguments;
  Launch launch;
};

inline FilterPlan filter_plan(const ConvPoolSizes& sizes) {
  constexpr int kBlocksWanted = 256;
  constexpr int kMostPictures = 8;
  const int windows = sizes.pooled_height() * sizes.pooled_width();
  const int area = sizes.kernel * sizes.kernel + 1;
  FilterPlan plan = {};
  FilterArguments& a = plan.arguments;
  a.sizes = sizes;
  a.in_block = smaller(sizes.inputs, 32);
  const int most_outputs = larger(1, kThreadsAtMost / a.in_block);
  a.out_block = parts(sizes.outputs, parts(sizes.outputs, most_outputs));
  a.shares = 1;
  const auto bytes = [&] {
    const int lists =
        a.in_block * padded_plane(sizes) + 2 * a.out_block * windows;
    const int sums =
        a.shares > 1 ? a.in_block * a.out_block * a.shares * area : 0;
    return static_cast<int>(sizeof(float)) * larger(lists, sums);
  };
  while (bytes() > kSharedBytes) {
    if (2 * a.out_block * windows > a.in_block * padded_plane(sizes))
      a.out_block = parts(a.out_block, 2);
    else
      a.in_block = parts(a.in_block, 2);
  }
  const int pairs = a.in_block * a.out_block;
  while (2 * a.shares * pairs <= kThreadsAtMost && 2 * a.shares <= windows) {
    a.shares *= 2;
    if (bytes() <= kSharedBytes) continue;
    a.shares /= 2;
    break;
  }
  Launch& launch = plan.launch;
  launch.blocks_y = parts(sizes.outputs, a.out_block);
  launch.blocks_z = parts(sizes.inputs, a.in_block);
  const int others = launch.blocks_y * launch.blocks_z;
  a.pictures =
      larger(1, smaller(kMostPictures, sizes.count * others / kBlocksWanted));
  launch.blocks_x = parts(sizes.count, a.pictures);
  launch.threads = parts(pairs * a.shares, kWarp) * kWarp;
  launch.shared_bytes = bytes();
  return plan;
}

/// Numbers that conv_pool_filter_gradient needs for sums of its parts.
inline int64_t filter_room(const ConvPoolSizes& sizes) {
  return static_cast<int64_t>(filter_plan(sizes).launch.blocks_x) *
         sizes.outputs * (sizes.filter() + 1);
}

template <class Start>
void start_sum_rows(const Start& start, const SumArguments& a) {
  Launch launch;
  launch.blocks_x = parts(a.size, kWarp);
  launch.threads = kSumRows * kWarp;
  launch.shared_bytes = kSumRows * kWarp * static_cast<int>(sizeof(float));
  start(launch, sum_rows, a);
}

/// weight: [O, C, K, K] and bias: [O], the gradients; room: filter_room().
template <class Start>
void conv_pool_filter_gradient(
    const Start& start,
    const ConvPoolSizes& sizes,
    const float* input,
    const float* gradient,
    const uint8_t* winners,
    float* room,
    float* weight,
    float* bias
) {
  FilterPlan plan = filter_plan(sizes);
  plan.arguments.input = input;
  plan.arguments.gradient = gradient;
  plan.arguments.winners = winners;
  plan.arguments.partial = room;
  if (sizes.kernel == 3)
    start(plan.launch, filter_gradient<3>, plan.arguments);
  else
    start(plan.launch, filter_gradient<5>, plan.arguments);
  SumArguments sums = {};
  sums.partial = room;
  sums.first = weight;
  sums.second = bias;
  sums.count = plan.launch.blocks_x;
  sums.size = sizes.outputs * (sizes.filter() + 1);
  sums.first_size = sizes.outputs * sizes.filter();
  start_sum_rows(start, sums);
}

}  // namespace digitorch::cuda
