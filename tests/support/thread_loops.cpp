// OpenCV's parallel loops on threads that the thread sanitizer sees, in test
// programs built with it. Debian's OpenCV runs them on TBB, which is not: how
// TBB hands work over is hidden from the sanitizer, and all that the body of a
// loop reads looks like a race with the thread that began the loop.
#include <algorithm>
#include <atomic>
#include <memory>
#include <opencv2/core/parallel/parallel_backend.hpp>
#include <thread>
#include <vector>

namespace digitorch::testing {
namespace {

// Its threads take the tasks of a loop one by one, and end with the loop.
class ThreadLoops : public cv::parallel::ParallelForAPI {
 public:
  void parallel_for(int tasks, FN_parallel_for_body_cb_t body, void* data)
      override {
    std::atomic<int> next = 0;
    const auto work = [&](int thread) {
      thread_ = thread;
      for (int task = next++; task < tasks; task = next++)
        body(task, task + 1, data);
      thread_ = 0;
    };
    std::vector<std::thread> others;
    for (int thread = 1; thread < std::min(threads_.load(), tasks); ++thread)
      others.emplace_back(work, thread);
    work(0);
    for (std::thread& other : others) other.join();
  }

  int getThreadNum() const override { return thread_; }
  int getNumThreads() const override { return threads_; }

  int setNumThreads(int threads) override {
    return threads_.exchange(threads > 0 ? threads : kThreads);
  }

  const char* getName() const override { return "threads"; }

 private:
  static constexpr int kThreads = 4;
  static thread_local int thread_;
  std::atomic<int> threads_ = kThreads;
};

thread_local int ThreadLoops::thread_ = 0;

const bool kInstalled = [] {
  cv::parallel::setParallelForBackend(std::make_shared<ThreadLoops>());
  return true;
}();

}  // namespace
}  // namespace digitorch::testing
