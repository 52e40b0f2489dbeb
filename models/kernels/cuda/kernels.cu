#include "models/kernels/cuda/kernels.h"

#include "models/kernels/cuda/conv_pool_plan.h"
#include "models/kernels/cuda/dense.cuh"
#include "models/kernels/cuda/step.cuh"

namespace digitorch::cuda {
namespace {

/// Starts kernels in a stream. Callers look at the last error of CUDA.
struct StartOnGpu {
  explicit StartOnGpu(Stream to)
      : stream(static_cast<cudaStream_t>(to.handle)) {}

  template <class Arguments>
  void operator()(
      const Launch& launch, void (*kernel)(Arguments), const Arguments& given
  ) const {
    const dim3 blocks(launch.blocks_x, launch.blocks_y, launch.blocks_z);
    kernel<<<blocks, launch.threads, launch.shared_bytes, stream>>>(given);
  }

  cudaStream_t stream;
};

}  // namespace

void conv_pool_forward(
    Stream stream,
    const ConvPoolSizes& sizes,
    const float* input,
    const float* weight,
    const float* bias,
    float* output,
    uint8_t* winners
) {
  const StartOnGpu start(stream);
  conv_pool_forward(start, sizes, input, weight, bias, output, winners);
}

void conv_pool_input_gradient(
    Stream stream,
    const ConvPoolSizes& sizes,
    const float* gradient,
    const uint8_t* winners,
    const float* weight,
    float* output
) {
  const StartOnGpu start(stream);
  conv_pool_input_gradient(start, sizes, gradient, winners, weight, output);
}

void conv_pool_filter_gradient(
    Stream stream,
    const ConvPoolSizes& sizes,
    const float* input,
    const float* gradient,
    const uint8_t* winners,
    float* room,
    float* weight,
    float* bias
) {
  const StartOnGpu start(stream);
  conv_pool_filter_gradient(
      start, sizes, input, gradient, winners, room, weight, bias
  );
}

int64_t conv_pool_room(const ConvPoolSizes& sizes) {
  return filter_room(sizes);
}

void dense_forward(
    Stream stream,
    const DenseSizes& sizes,
    const float* input,
    const float* weight,
    const float* bias,
    bool relu,
    float* room,
    float* output
) {
  const StartOnGpu start(stream);
  dense_forward(start, sizes, input, weight, bias, relu, room, output);
}

int64_t dense_room(const DenseSizes& sizes) {
  return dense_forward_room(sizes);
}

void dense_input_gradient(
    Stream stream,
    const DenseSizes& sizes,
    const float* gradient,
    const float* active,
    const float* weight,
    float* to
) {
  dense_input_gradient(StartOnGpu(stream), sizes, gradient, active, weight, to);
}

void dense_filter_gradient(
    Stream stream,
    const DenseSizes& sizes,
    const float* input,
    const float* gradient,
    const float* active,
    float* weight,
    float* bias
) {
  dense_filter_gradient(
      StartOnGpu(stream), sizes, input, gradient, active, weight, bias
  );
}

void fetch(Stream stream, int count, const FetchArguments& given) {
  start_fetch(StartOnGpu(stream), count, given);
}

void normalise(Stream stream, const NormaliseArguments& given) {
  start_normalise(StartOnGpu(stream), given);
}

void distort(Stream stream, const DistortArguments& given) {
  start_distort(StartOnGpu(stream), given);
}

void next_of_plan(Stream stream, const PlanArguments& given) {
  start_next_of_plan(StartOnGpu(stream), given);
}

void cross_entropy(Stream stream, const LossArguments& given) {
  start_cross_entropy(StartOnGpu(stream), given);
}

void tally(Stream stream, const TallyArguments& given) {
  start_tally(StartOnGpu(stream), given);
}

void probe(Stream stream, const ProbeArguments& given) {
  start_probe(StartOnGpu(stream), given);
}

void update(Stream stream, const UpdateArguments& given) {
  start_update(StartOnGpu(stream), given);
}

}  // namespace digitorch::cuda
