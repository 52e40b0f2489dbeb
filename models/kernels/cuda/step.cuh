// What a training step does beside its layers: fetch a batch, normalise it,
// compute the loss and its gradient, count, and move the weights.
#pragma once

#include "models/kernels/cuda/kernels.h"
#include "models/kernels/cuda/language.h"

namespace digitorch::cuda {

inline constexpr int kStepThreads = 256;
inline constexpr int kOfBlock = 4 * kStepThreads;  // numbers of a block

/// A picture a block.
static __global__ void fetch_kernel(FetchArguments a) {
  const int64_t picture = blockIdx.x;
  const int64_t index = a.indices[picture];
  if (threadIdx.x == 0) a.fetched_labels[picture] = a.labels[index];
  const uint8_t* from = a.pictures + index * a.size;
  float* to = a.fetched + picture * a.size;
  for (int i = static_cast<int>(threadIdx.x) * 4; i < a.size;
       i += static_cast<int>(blockDim.x) * 4) {
    const Bytes bytes = load_bytes(from + i);
    Four four = {};
    DIGITORCH_UNROLL
    for (int j = 0; j < 4; ++j)
      four.value[j] = static_cast<float>(bytes.value[j]) / 255.0F;
    store_four(to + i, four);
  }
}

static __global__ void normalise_kernel(NormaliseArguments a) {
  const int64_t i =
      static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < a.size) a.to[i] = (a.from[i] - a.mean) / a.std_dev;
}

__device__ inline float pixel_or_black(
    const float* picture, int side, int y, int x
) {
  return y >= 0 && x >= 0 && y < side && x < side ? picture[y * side + x] : 0;
}

/// A picture a block. With x to the right and y down, both -1..1 over the
/// picture, a point p goes to q = scale R H p + t, where R turns and H slants;
/// each q takes its pixel from p = H^-1 R^-1 (q - t) / scale.
static __global__ void distort_kernel(DistortArguments a) {
  const int n = static_cast<int>(blockIdx.x);
  const auto either_way = [&](int kind) {
    return a.drawn[kind * a.count + n] * 2 - 1;
  };
  const float angle = either_way(0) * a.radians;
  const float right = either_way(1) * a.shift * 2;  // a side is 2 long
  const float down = either_way(2) * a.shift * 2;
  const float scale = either_way(3) * a.scale + 1;
  const float shear = either_way(4) * a.shear;
  const float cosine = cosf(angle) / scale;
  const float sine = sinf(angle) / scale;
  const float across = cosine + shear * sine;
  const float aslant = sine - shear * cosine;
  const int area = a.side * a.side;
  const auto side = static_cast<float>(a.side);
  const float* from = a.from + static_cast<int64_t>(n) * area;
  float* to = a.to + static_cast<int64_t>(n) * area;
  for (int i = static_cast<int>(threadIdx.x); i < area;
       i += static_cast<int>(blockDim.x)) {
    const float qx =
        (2 * static_cast<float>(i % a.side) + 1) / side - 1 - right;
    const float qy = (2 * static_cast<float>(i / a.side) + 1) / side - 1 - down;
    const float x = ((across * qx + aslant * qy + 1) * side - 1) / 2;
    const float y = ((cosine * qy - sine * qx + 1) * side - 1) / 2;
    const float left = floorf(x);
    const float top = floorf(y);
    const float wx = x - left;
    const float wy = y - top;
    const int ix = static_cast<int>(left);
    const int iy = static_cast<int>(top);
    to[i] =
        pixel_or_black(from, a.side, iy, ix) * (1 - wy) * (1 - wx) +
        pixel_or_black(from, a.side, iy, ix + 1) * (1 - wy) * wx +
        pixel_or_black(from, a.side, iy + 1, ix) * wy * (1 - wx) +
        pixel_or_black(from, a.side, iy + 1, ix + 1) * wy * wx;
  }
}

/// One block.
static __global__ void next_of_plan_kernel(PlanArguments a) {
  const int64_t position = *a.position;
  for (int i = static_cast<int>(threadIdx.x); i < a.batch;
       i += static_cast<int>(blockDim.x))
    a.indices[i] = a.order[position * a.batch + i];
  if (threadIdx.x < 2) a.step_rates[threadIdx.x] = a.rates[2 * position + threadIdx.x];
  __syncthreads();  // all have read the position
  if (threadIdx.x == 0) *a.position = position + 1;
}

/// Adds up what the threads of a block have; the sum is thread 0's.
__device__ inline double sum_of_block(double mine, double* room) {
  room[threadIdx.x] = mine;
  for (int half = static_cast<int>(blockDim.x) / 2; half > 0; half /= 2) {
    __syncthreads();
    if (static_cast<int>(threadIdx.x) < half)
      room[threadIdx.x] += room[threadIdx.x + half];
  }
  return room[0];
}

/// Cross-entropy of one row with smoothed labels, and its gradient.
__device__ inline float loss_of_row(const LossArguments& a, int row) {
  const float* z = a.logits + static_cast<int64_t>(row) * a.classes;
  float* to = a.gradient + static_cast<int64_t>(row) * a.classes;
  const auto classes = static_cast<float>(a.classes);
  const int64_t label = a.labels[row];
  float most = z[0];
  float total = 0;
  for (int i = 0; i < a.classes; ++i) {
    if (z[i] > most) most = z[i];
    total += z[i];
  }
  float sum = 0;
  for (int i = 0; i < a.classes; ++i) sum += expf(z[i] - most);
  const float of_each = a.smoothing / classes;
  const float scale = 1.0F / static_cast<float>(a.count);
  for (int i = 0; i < a.classes; ++i) {
    const float target = of_each + (i == label ? 1 - a.smoothing : 0);
    to[i] = (expf(z[i] - most) / sum - target) * scale;
  }
  const float log_sum = logf(sum) + most;
  // A label that is no class makes the loss no number.
  const float right = label >= 0 && label < a.classes ? z[label] : logf(-1.0F);
  return log_sum - (1 - a.smoothing) * right - of_each * total;
}

/// One block of kStepThreads.
static __global__ void cross_entropy_kernel(LossArguments a) {
  DIGITORCH_SHARED_MEMORY(memory);
  double sum = 0;
  for (int row = static_cast<int>(threadIdx.x); row < a.count;
       row += kStepThreads)
    sum += loss_of_row(a, row);
  sum = sum_of_block(sum, reinterpret_cast<double*>(memory));
  if (threadIdx.x == 0) *a.loss = static_cast<float>(sum / a.count);
}

/// One block of kStepThreads.
static __global__ void tally_kernel(TallyArguments a) {
  DIGITORCH_SHARED_MEMORY(memory);
  double right = 0;
  for (int row = static_cast<int>(threadIdx.x); row < a.count;
       row += kStepThreads) {
    const float* z = a.logits + static_cast<int64_t>(row) * a.classes;
    int best = 0;
    for (int i = 1; i < a.classes; ++i)
      if (z[i] > z[best]) best = i;
    right += best == a.labels[row] ? 1 : 0;
  }
  right = sum_of_block(right, reinterpret_cast<double*>(memory));
  if (threadIdx.x > 0) return;
  *a.loss_sum += static_cast<double>(*a.loss) * a.count;
  *a.correct += static_cast<int64_t>(right);
}

inline constexpr int kProbeThreads = 1024;

/// The larger one; not a number where one of them is not.
__device__ inline float larger_or_nan(float a, float b) {
  return b > a || b != b ? b : a;
}

__device__ inline float largest_of_thread(const ProbeArguments& a) {
  constexpr int kLoads = 8;  // under way at a time
  float largest = 0;
  for (int which = 0; which < a.count; ++which) {
    const float* values = a.tensors[which].values;
    const int64_t size = a.tensors[which].size;
    for (int64_t begin = threadIdx.x; begin < size;
         begin += kLoads * kProbeThreads) {
      float loaded[kLoads];
      DIGITORCH_UNROLL
      for (int j = 0; j < kLoads; ++j) {
        const int64_t i = begin + j * kProbeThreads;
        loaded[j] = i < size ? values[i] : 0;
      }
      DIGITORCH_UNROLL
      for (int j = 0; j < kLoads; ++j)
        largest = larger_or_nan(largest, fabsf(loaded[j]));
    }
  }
  return largest;
}

/// One block of kProbeThreads.
static __global__ void probe_kernel(ProbeArguments a) {
  DIGITORCH_SHARED_MEMORY(memory);
  const int thread = static_cast<int>(threadIdx.x);
  memory[thread] = largest_of_thread(a);
  for (int half = kProbeThreads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (thread < half)
      memory[thread] = larger_or_nan(memory[thread], memory[thread + half]);
  }
  if (thread > 0) return;
  a.to[0] = *a.loss_sum;
  a.to[1] = static_cast<double>(*a.correct);
  a.to[2] = memory[0];
}

struct UpdateRates {
  float lr;
  float first_correction;   // of Adam
  float second_correction;  // its square root
};

/// What the update of one number reads.
struct UpdateState {
  float value;
  float slope;
  float first;
  float second;
};

__device__ inline UpdateState state_at(
    const UpdateArguments::Tensor& t, int64_t i
) {
  return {
      t.parameter[i],
      t.gradient[i],
      t.first ? t.first[i] : 0,
      t.second ? t.second[i] : 0};
}

__device__ inline void update_one(
    const UpdateArguments& a,
    const UpdateArguments::Tensor& t,
    const UpdateRates& rates,
    const UpdateState& was,
    int64_t i
) {
  float value = was.value;
  float slope = was.slope;
  const auto beta1 = static_cast<float>(a.beta1);
  const auto beta2 = static_cast<float>(a.beta2);
  if (a.kind == Update::adamw)
    value -= rates.lr * a.weight_decay * value;
  else
    slope += a.weight_decay * value;
  if (a.kind == Update::sgd) {
    if (t.first) {
      slope += beta1 * was.first;
      t.first[i] = slope;
    }
    value -= rates.lr * slope;
  } else if (a.kind == Update::adadelta) {
    const float square =
        beta2 * was.second + static_cast<float>(1 - a.beta2) * slope * slope;
    const float change =
        sqrtf((was.first + a.epsilon) / (square + a.epsilon)) * slope;
    t.second[i] = square;
    t.first[i] = beta2 * was.first +
                 static_cast<float>(1 - a.beta2) * change * change;
    value -= rates.lr * change;
  } else {
    const float mean =
        beta1 * was.first + static_cast<float>(1 - a.beta1) * slope;
    const float square =
        beta2 * was.second + static_cast<float>(1 - a.beta2) * slope * slope;
    t.first[i] = mean;
    t.second[i] = square;
    const float root = sqrtf(square) / rates.second_correction + a.epsilon;
    value -= rates.lr / rates.first_correction * mean / root;
  }
  t.parameter[i] = value;
}

/// Counts a step of each tensor. One block of kMostTensors.
static __global__ void count_step_kernel(UpdateArguments a) {
  const int i = static_cast<int>(threadIdx.x);
  if (i < a.count && a.tensors[i].step) *a.tensors[i].step += 1;
}

/// Moves the weights of all tensors by one step.
static __global__ void update_kernel(UpdateArguments a) {
  DIGITORCH_SHARED_MEMORY(memory);
  int which = 0;
  while (which + 1 < a.count &&
         a.tensors[which + 1].first_block <= static_cast<int>(blockIdx.x))
    ++which;
  const UpdateArguments::Tensor& t = a.tensors[which];
  // The corrections, in double precision, take as long as reading the numbers:
  // two warps compute them meanwhile.
  constexpr int kEach = kOfBlock / kStepThreads;
  const int64_t begin =
      static_cast<int64_t>(static_cast<int>(blockIdx.x) - t.first_block) *
          kOfBlock +
      threadIdx.x;
  UpdateState was[kEach];
  DIGITORCH_UNROLL
  for (int j = 0; j < kEach; ++j)
    if (begin + j * kStepThreads < t.size)
      was[j] = state_at(t, begin + j * kStepThreads);
  if (threadIdx.x == 0) {
    memory[0] = a.lr_there ? *a.lr_there : a.lr;
    if (t.step)
      memory[1] = static_cast<float>(1 - pow(a.beta1, double{*t.step}));
  } else if (threadIdx.x == kWarp && t.step) {
    memory[2] = static_cast<float>(sqrt(1 - pow(a.beta2, double{*t.step})));
  }
  __syncthreads();
  const UpdateRates rates = {memory[0], memory[1], memory[2]};
  DIGITORCH_UNROLL
  for (int j = 0; j < kEach; ++j)
    if (begin + j * kStepThreads < t.size)
      update_one(a, t, rates, was[j], begin + j * kStepThreads);
}

/// Fills in where each tensor's blocks begin.
template <class Start>
void start_update(const Start& start, UpdateArguments a) {
  Launch launch;
  launch.threads = kStepThreads;
  launch.shared_bytes = 4 * static_cast<int>(sizeof(float));
  int blocks = 0;
  for (int i = 0; i < a.count; ++i) {
    a.tensors[i].first_block = blocks;
    blocks += static_cast<int>((a.tensors[i].size + kOfBlock - 1) / kOfBlock);
  }
  launch.blocks_x = blocks;
  if (a.kind == Update::adam || a.kind == Update::adamw) {
    Launch counting;
    counting.threads = kMostTensors;
    start(counting, count_step_kernel, a);
  }
  start(launch, update_kernel, a);
}

template <class Start>
void start_cross_entropy(const Start& start, const LossArguments& a) {
  Launch launch;
  launch.threads = kStepThreads;
  launch.shared_bytes = kStepThreads * static_cast<int>(sizeof(double));
  start(launch, cross_entropy_kernel, a);
}

template <class Start>
void start_tally(const Start& start, const TallyArguments& a) {
  Launch launch;
  launch.threads = kStepThreads;
  launch.shared_bytes = kStepThreads * static_cast<int>(sizeof(double));
  start(launch, tally_kernel, a);
}

template <class Start>
void start_probe(const Start& start, const ProbeArguments& a) {
  Launch launch;
  launch.threads = kProbeThreads;
  launch.shared_bytes = kProbeThreads * static_cast<int>(sizeof(float));
  start(launch, probe_kernel, a);
}

template <class Start>
void start_fetch(const Start& start, int count, const FetchArguments& a) {
  Launch launch;
  launch.blocks_x = count;
  launch.threads = parts(a.size, 4 * kWarp) * kWarp;
  start(launch, fetch_kernel, a);
}

template <class Start>
void start_normalise(const Start& start, const NormaliseArguments& a) {
  Launch launch;
  launch.threads = kStepThreads;
  launch.blocks_x =
      static_cast<int>((a.size + kStepThreads - 1) / kStepThreads);
  start(launch, normalise_kernel, a);
}

template <class Start>
void start_distort(const Start& start, const DistortArguments& a) {
  Launch launch;
  launch.blocks_x = a.count;
  launch.threads = kStepThreads;
  start(launch, distort_kernel, a);
}

template <class Start>
void start_next_of_plan(const Start& start, const PlanArguments& a) {
  Launch launch;
  launch.threads = kStepThreads;
  start(launch, next_of_plan_kernel, a);
}

}  // namespace digitorch::cuda
