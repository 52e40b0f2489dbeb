#include "tests/support/cuda_threads.h"

#include <gtest/gtest.h>
#include <ucontext.h>

#include <limits>
#include <memory>
#include <vector>

namespace digitorch::testing {

Dimensions blockDim;
Dimensions blockIdx;
Dimensions threadIdx;

namespace {

constexpr size_t kStackBytes = size_t{64} << 10;
constexpr size_t kGuard = 64;  // numbers behind the shared memory
constexpr float kUntouched = -12345.5F;

struct Thread {
  ucontext_t context;
  std::vector<char> stack = std::vector<char>(kStackBytes);
  bool done = false;
};

/// The block that runs.
struct Block {
  const std::function<void()>* work = nullptr;
  std::vector<std::unique_ptr<Thread>> threads;
  Thread* current = nullptr;
  ucontext_t scheduler;
  float* shared = nullptr;
};
Block running;

void run_thread() {
  (*running.work)();
  running.current->done = true;
}

void begin(Thread& thread) {
  thread.done = false;
  getcontext(&thread.context);
  thread.context.uc_stack.ss_sp = thread.stack.data();
  thread.context.uc_stack.ss_size = thread.stack.size();
  thread.context.uc_link = &running.scheduler;
  makecontext(&thread.context, run_thread, 0);
}

/// Every thread up to its next barrier; whether any is left.
bool run_to_barrier(size_t threads) {
  bool left = false;
  for (size_t i = 0; i < threads; ++i) {
    Thread& thread = *running.threads[i];
    if (thread.done) continue;
    running.current = &thread;
    threadIdx.x = static_cast<unsigned>(i);
    swapcontext(&running.scheduler, &thread.context);
    left = left || !thread.done;
  }
  return left;
}

void run_block(size_t threads, size_t shared_bytes) {
  const size_t size = shared_bytes / sizeof(float);
  std::vector<float> shared(
      size + kGuard, std::numeric_limits<float>::quiet_NaN()
  );
  std::fill(
      shared.begin() + static_cast<std::ptrdiff_t>(size),
      shared.end(),
      kUntouched
  );
  running.shared = shared.data();
  for (size_t i = 0; i < threads; ++i) begin(*running.threads[i]);
  while (run_to_barrier(threads)) {
  }
  for (size_t i = size; i < shared.size(); ++i)
    ASSERT_EQ(shared[i], kUntouched) << "written beyond the shared memory";
}

}  // namespace

void wait_for_block() {
  swapcontext(&running.current->context, &running.scheduler);
}

float* shared_memory() { return running.shared; }

void run_blocks(
    const Dimensions& blocks,
    int threads,
    int shared_bytes,
    const std::function<void()>& thread
) {
  ASSERT_GT(threads, 0);
  ASSERT_LE(threads, 1024);
  ASSERT_EQ(threads % 32, 0);
  ASSERT_LE(shared_bytes, 48 * 1024);
  running.work = &thread;
  while (running.threads.size() < static_cast<size_t>(threads))
    running.threads.push_back(std::make_unique<Thread>());
  blockDim.x = static_cast<unsigned>(threads);
  for (blockIdx.z = 0; blockIdx.z < blocks.z; ++blockIdx.z)
    for (blockIdx.y = 0; blockIdx.y < blocks.y; ++blockIdx.y)
      for (blockIdx.x = 0; blockIdx.x < blocks.x; ++blockIdx.x)
        run_block(
            static_cast<size_t>(threads), static_cast<size_t>(shared_bytes)
        );
}

}  // namespace digitorch::testing
