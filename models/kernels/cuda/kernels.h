// The kernels for GPUs by CUDA, as C++ calls them: on plain memory of the
// device, in float32, in the order of a stream. Nothing waits for the device,
// and every sum has an order that depends on the sizes alone.
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#define DIGITORCH_ANYWHERE __host__ __device__
#else
#define DIGITORCH_ANYWHERE
#endif

namespace digitorch::cuda {

/// A cudaStream_t.
struct Stream {
  void* handle;
};

/// Of a window: which of its places was the largest, or that ReLU made it
/// zero.
inline constexpr uint8_t kNoWinner = 4;

struct ConvPoolSizes {
  int count;
  int inputs;
  int outputs;
  int kernel;  // 3 or 5
  int height;
  int width;
  int padding;
  int pool = 2;  // side of the pooling windows: 1 or 2

  DIGITORCH_ANYWHERE int conv_height() const {
    return height + 2 * padding - kernel + 1;
  }
  DIGITORCH_ANYWHERE int conv_width() const {
    return width + 2 * padding - kernel + 1;
  }
  DIGITORCH_ANYWHERE int pooled_height() const { return conv_height() / pool; }
  DIGITORCH_ANYWHERE int pooled_width() const { return conv_width() / pool; }
  int filter() const { return inputs * kernel * kernel; }
};

/// The largest layers that the kernels' shared memory holds.
inline constexpr int kMostSide = 32;  // of pictures with their padding
inline constexpr int kMostChannels = 512;

/// Whether the kernels compute such a layer.
inline bool conv_pool_fits(const ConvPoolSizes& sizes) {
  return (sizes.kernel == 3 || sizes.kernel == 5) && sizes.padding >= 0 &&
         sizes.padding < sizes.kernel && (sizes.pool == 1 || sizes.pool == 2) &&
         sizes.height + 2 * sizes.padding <= kMostSide &&
         sizes.width + 2 * sizes.padding <= kMostSide &&
         sizes.conv_height() >= 2 && sizes.conv_width() >= 2 &&
         sizes.inputs <= kMostChannels && sizes.outputs <= kMostChannels;
}

/// relu(max_pool2d(conv2d(input, weight, bias, padding), pool)). input:
/// [N, C, H, W]; weight: [O, C, k, k]; bias: [O]; output: [N, O, H', W'];
/// winners: likewise, or null; without pooling each pixel is the winner of its
/// own window of one.
void conv_pool_forward(
    Stream,
    const ConvPoolSizes&,
    const float* input,
    const float* weight,
    const float* bias,
    float* output,
    uint8_t* winners
);

/// Its gradient with respect to the input: output [N, C, H, W].
void conv_pool_input_gradient(
    Stream,
    const ConvPoolSizes&,
    const float* gradient,
    const uint8_t* winners,
    const float* weight,
    float* output
);

/// Its gradients with respect to weight and bias. room: conv_pool_room()
/// numbers.
void conv_pool_filter_gradient(
    Stream,
    const ConvPoolSizes&,
    const float* input,
    const float* gradient,
    const uint8_t* winners,
    float* room,
    float* weight,
    float* bias
);
int64_t conv_pool_room(const ConvPoolSizes&);

struct DenseSizes {
  int count;
  int inputs;
  int outputs;
};

/// output [N, O] = input [N, I] * weight [O, I]^T + bias [O], ReLU'd if asked.
/// room: dense_room() numbers.
void dense_forward(
    Stream,
    const DenseSizes&,
    const float* input,
    const float* weight,
    const float* bias,
    bool relu,
    float* room,
    float* output
);
int64_t dense_room(const DenseSizes&);

/// to [N, I] = gradient [N, O] * weight [O, I]. active: the output, where its
/// ReLU is to be gone back through, or null.
void dense_input_gradient(
    Stream,
    const DenseSizes&,
    const float* gradient,
    const float* active,
    const float* weight,
    float* to
);

/// weight [O, I] = gradient^T * input, bias [O]: the sums of the gradient.
void dense_filter_gradient(
    Stream,
    const DenseSizes&,
    const float* input,
    const float* gradient,
    const float* active,
    float* weight,
    float* bias
);

/// Fetches pictures and their labels.
struct FetchArguments {
  const uint8_t* pictures;  // [M, size]
  const int64_t* labels;    // [M]
  const int64_t* indices;   // [N], each below M
  float* fetched;           // [N, size], in 0..1
  int64_t* fetched_labels;  // [N]
  int size;                 // pixels of a picture, a multiple of 4
};

/// to = (from - mean) / std_dev.
struct NormaliseArguments {
  const float* from;
  float* to;
  int64_t size;
  float mean;
  float std_dev;
};

/// Turns, moves, scales and slants square pictures about their centre, each by
/// its own draws: bilinear interpolation, black beyond the edge.
struct DistortArguments {
  const float* from;   // [N, side, side]
  const float* drawn;  // [5, N] in 0..1: angle, right, down, scale, shear
  float* to;           // as from
  int count;
  int side;
  float radians;  // the largest change of each kind, either way
  float shift;    // part of the side
  float scale;
  float shear;
};

/// Tells what the next step of an epoch is.
struct PlanArguments {
  const int64_t* order;  // [steps, batch]
  const float* rates;    // [steps, 2]
  int64_t* position;     // the step; counted on
  int64_t* indices;      // [batch]
  float* step_rates;     // [2]
  int batch;
};

/// Cross-entropy with smoothed labels. A label that is no class makes the loss
/// not a number.
struct LossArguments {
  const float* logits;    // [N, classes]
  const int64_t* labels;  // [N]
  float* gradient;        // [N, classes]
  float* loss;            // the mean
  int count;
  int classes;
  float smoothing;
};

/// Counts a batch.
struct TallyArguments {
  const float* loss;      // mean of the batch
  const float* logits;    // [N, classes]
  const int64_t* labels;  // [N]
  double* loss_sum;       // loss * N is added to it
  int64_t* correct;       // and to this the number of right answers
  int count;
  int classes;
};

inline constexpr int kMostTensors = 32;

/// Gathers what a run is watched by.
struct ProbeArguments {
  struct Tensor {
    const float* values;
    int64_t size;
  };
  Tensor tensors[kMostTensors];
  int count;
  const double* loss_sum;
  const int64_t* correct;
  double* to;  // [3]: both sums, and the largest absolute value of the tensors,
               // which is not a number where one of theirs is not
};

enum class Update { sgd, adam, adamw, adadelta };

/// A step of an optimiser, as ATen computes it.
struct UpdateArguments {
  struct Tensor {
    float* parameter;
    const float* gradient;
    float* first;   // momentum, or mean of gradients or squared changes
    float* second;  // mean of squared gradients
    float* step;    // of Adam: steps taken; counted on
    int64_t size;
    int first_block;  // of the kernel
  };
  Tensor tensors[kMostTensors];
  int count;
  Update kind;
  const float* lr_there;  // where the rate is on the device, or null
  float lr;
  double beta1;  // or momentum
  double beta2;  // or rho
  float weight_decay;
  float epsilon;
};

void fetch(Stream, int count, const FetchArguments&);
void normalise(Stream, const NormaliseArguments&);
void distort(Stream, const DistortArguments&);
void next_of_plan(Stream, const PlanArguments&);
void cross_entropy(Stream, const LossArguments&);
void tally(Stream, const TallyArguments&);
void probe(Stream, const ProbeArguments&);
void update(Stream, const UpdateArguments&);

}  // namespace digitorch::cuda
