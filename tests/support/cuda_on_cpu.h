// Runs CUDA kernels on a CPU, for tests: blocks one after the other, the
// threads of a block in turns from barrier to barrier. Include it before a
// kernel's header.
#pragma once

#include <cmath>

#include "tests/support/cuda_threads.h"

#define __global__
#define __device__
#define __host__
#define __syncthreads() ::digitorch::testing::wait_for_block()
#define DIGITORCH_SHARED_MEMORY(name) \
  float* const name = ::digitorch::testing::shared_memory()
#define DIGITORCH_UNROLL

using ::digitorch::testing::blockDim;
using ::digitorch::testing::blockIdx;
using ::digitorch::testing::threadIdx;
