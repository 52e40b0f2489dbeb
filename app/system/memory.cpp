#include "app/system/memory.h"

#include <malloc.h>
#include <omp.h>
#include <torch/types.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <limits>
#include <opencv2/core/utility.hpp>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "app/system/errors.h"

namespace digitorch {
namespace {

/// Starts as many threads as OpenMP will, all at once, and ends them.
void try_to_start(int threads) {
  std::promise<void> all_started;
  const std::shared_future<void> go = all_started.get_future().share();
  std::vector<std::jthread> started;
  try {
    while (static_cast<int>(started.size()) < threads)
      started.emplace_back([go] { go.wait(); });
  } catch (const std::system_error& error) {
    all_started.set_value();
    throw EnvironmentError(
        "--threads: the system lets this process start only " +
        std::to_string(started.size()) + " of " + std::to_string(threads) +
        " threads (" + error.code().message() +
        "); give a smaller --threads, or raise the limits on processes and "
        "memory (ulimit -u, -v)"
    );
  }
  all_started.set_value();
}

}  // namespace

void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

int64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    int64_t kibibytes = 0;
    status >> kibibytes;
    return kibibytes * 1024;
  }
  return 0;
}

void reset_peak_memory() { std::ofstream("/proc/self/clear_refs") << '5'; }

void set_threads(int64_t threads) {
  // The number of threads decides the order of sums, and so the last bits of
  // every result: OpenMP must not choose another one from step to step.
  omp_set_dynamic(0);
  const int limit = omp_get_thread_limit();
  if (threads > limit)
    throw EnvironmentError(
        "--threads " + std::to_string(threads) + ": OMP_THREAD_LIMIT allows " +
        std::to_string(limit) + "; expected no more, or no such variable"
    );
  const int wanted = threads > 0 ? static_cast<int>(threads)
                                 : std::min(at::get_num_threads(), limit);
  // The calling thread is one of the threads. This comes first, since some
  // releases of LibTorch wait for ever for threads that could not start.
  try_to_start(wanted - 1);
  if (wanted != at::get_num_threads()) at::set_num_threads(wanted);
  // More threads than CPUs would make TBB warn on standard error.
  cv::setNumThreads(std::min(wanted, cv::getNumberOfCPUs()));
}

}  // namespace digitorch
