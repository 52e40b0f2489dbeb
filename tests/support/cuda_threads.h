// The threads of a CUDA block on a CPU.
#pragma once

#include <functional>

namespace digitorch::testing {

struct Dimensions {
  unsigned x = 1;
  unsigned y = 1;
  unsigned z = 1;
};

extern Dimensions blockDim;
extern Dimensions blockIdx;
extern Dimensions threadIdx;

/// What __syncthreads() does.
void wait_for_block();

/// Of the block that runs; not a number until a thread writes to it.
float* shared_memory();

/// Calls `thread` as every thread of every block. Fails the test where a
/// thread writes beyond the block's shared memory.
void run_blocks(
    const Dimensions& blocks,
    int threads,
    int shared_bytes,
    const std::function<void()>& thread
);

/// Starts kernels, as the GPU does; a `Start` of models/kernels/cuda.
struct StartOnCpu {
  template <class Launch, class Kernel, class Arguments>
  void operator()(
      const Launch& launch, Kernel* kernel, const Arguments& arguments
  ) const {
    run_blocks(
        {static_cast<unsigned>(launch.blocks_x),
         static_cast<unsigned>(launch.blocks_y),
         static_cast<unsigned>(launch.blocks_z)},
        launch.threads,
        launch.shared_bytes,
        [&] { kernel(arguments); }
    );
  }
};

}  // namespace digitorch::testing
