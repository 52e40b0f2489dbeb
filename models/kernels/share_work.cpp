#include "models/kernels/share_work.h"

#include <ATen/Parallel.h>
#include <linux/futex.h>
#include <omp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>

// Gives MKL a number of threads for what this thread asks of it, 0 for that of
// OpenMP, and returns the number before. Absent where LibTorch has no MKL.
extern "C" int MKL_Set_Num_Threads_Local(int) __attribute__((weak));

namespace digitorch {
namespace {

using Work = c10::function_ref<void(int64_t)>;

// How often a thread looks for what it waits for before it sleeps: some 20
// microseconds, which is about what it takes to be woken.
constexpr int kLooks = 1000;

void pause_shortly() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#endif
}

/// A number that threads wait for. std::atomic's own wait() yields the
/// processor before it sleeps, and other programs then have it for
/// milliseconds.
class Awaited {
 public:
  uint32_t read() const { return value_.load(); }

  void write(uint32_t value) {
    value_.store(value);
    wake();
  }

  /// Wakes whoever waits when the number becomes 0.
  void count_down() {
    if (value_.fetch_sub(1) == 1) wake();
  }

  /// Returns when the number is no longer `old`, or a little later.
  void wait_while(uint32_t old) {
    for (int i = 0; i < kLooks; ++i) {
      if (value_.load(std::memory_order_acquire) != old) return;
      pause_shortly();
    }
    ++sleepers_;
    // It sleeps only where the number is still `old`.
    while (read() == old) futex(FUTEX_WAIT_PRIVATE, old);
    --sleepers_;
  }

 private:
  void wake() {
    if (sleepers_ > 0)
      futex(FUTEX_WAKE_PRIVATE, std::numeric_limits<int>::max());
  }

  void futex(int operation, uint32_t number) {
    static_assert(sizeof value_ == sizeof(uint32_t));
    syscall(SYS_futex, &value_, operation, number, nullptr, nullptr, 0);
  }

  std::atomic<uint32_t> value_{0};
  std::atomic<uint32_t> sleepers_{0};
};

/// Whether this thread does pieces of others, or shares its own.
thread_local bool shares = false;

/// Threads that help whoever shares work. They live as long as the program.
class Helpers {
 public:
  /// Shares the pieces between the caller and `helpers` others. False where
  /// another thread shares its own: then nothing is done.
  bool share(uint32_t pieces, int helpers, Work work) {
    const std::unique_lock one_caller(caller_mutex_, std::try_to_lock);
    if (!one_caller) return false;
    hire(helpers);
    shares = true;
    work_ = &work;
    error_ = nullptr;
    undone_.write(pieces);
    const uint32_t call = call_.read() + 1;
    untaken_.store(of_call(call) | pieces, std::memory_order_release);
    call_.write(call);
    do_pieces(call);
    while (const uint32_t left = undone_.read()) undone_.wait_while(left);
    shares = false;
    if (error_) std::rethrow_exception(error_);
    return true;
  }

 private:
  static uint64_t of_call(uint32_t call) { return uint64_t{call} << 32; }

  void hire(int helpers) {
    try {
      for (; hired_ < helpers; ++hired_)
        std::thread([this, seen = call_.read()] { help(seen); }).detach();
    } catch (const std::system_error&) {
      // The threads that there are do all the work.
    }
  }

  [[noreturn]] void help(uint32_t seen) {
    const OnThisThread alone;
    shares = true;
    for (;;) {
      call_.wait_while(seen);
      seen = call_.read();
      do_pieces(seen);
    }
  }

  /// Does pieces of the call until none is left. As long as a piece that was
  /// taken is not done, share() has not returned, and work_ is that call's.
  void do_pieces(uint32_t call) {
    uint64_t untaken = untaken_.load(std::memory_order_acquire);
    while (untaken > of_call(call) && untaken < of_call(call) + (1ULL << 32)) {
      if (!untaken_.compare_exchange_weak(
              untaken, untaken - 1, std::memory_order_acq_rel
          ))
        continue;
      do_piece(static_cast<int64_t>(untaken - 1 - of_call(call)));
      untaken = untaken_.load(std::memory_order_acquire);
    }
  }

  void do_piece(int64_t piece) {
    try {
      (*work_)(piece);
    } catch (...) {
      const std::lock_guard lock(error_mutex_);
      if (!error_) error_ = std::current_exception();
    }
    undone_.count_down();
  }

  // Each in a cache line of its own, since threads write them at any time.
  alignas(64) Awaited call_;                      // counts the calls of share()
  alignas(64) std::atomic<uint64_t> untaken_{0};  // below: pieces; above: call_
  alignas(64) Awaited undone_;                    // pieces
  const Work* work_ = nullptr;
  std::mutex caller_mutex_;
  std::mutex error_mutex_;
  std::exception_ptr error_;
  int hired_ = 0;
};

void do_all(int64_t pieces, Work work) {
  for (int64_t piece = 0; piece < pieces; ++piece) work(piece);
}

/// Whether OpenMP keeps each of its threads on processors of its own. Threads
/// that this one starts would stay on the same as it.
bool threads_are_bound() {
  static const bool bound = omp_get_proc_bind() != omp_proc_bind_false;
  return bound;
}

}  // namespace

// at::set_num_threads() would change the number of threads that start later,
// and empty oneDNN's cache.
OnThisThread::OnThisThread(bool alone)
    : openmp_before_(at::get_num_threads()), mkl_before_(-1) {
  if (!alone || openmp_before_ == 1) return;
  omp_set_num_threads(1);
  // Where it was given a number of its own, MKL does not ask OpenMP.
  if (MKL_Set_Num_Threads_Local) mkl_before_ = MKL_Set_Num_Threads_Local(1);
}

OnThisThread::~OnThisThread() {
  if (at::get_num_threads() != openmp_before_)
    omp_set_num_threads(openmp_before_);
  if (mkl_before_ >= 0) MKL_Set_Num_Threads_Local(mkl_before_);
}

void share_work(int64_t pieces, Work work) {
  // Never destroyed, since its threads use it until the program has ended.
  static Helpers& helpers = *new Helpers;
  const int threads = at::get_num_threads();
  if (threads <= 1 || shares || at::in_parallel_region())
    return do_all(pieces, work);
  if (pieces > 1 && threads_are_bound())
    return at::parallel_for(0, pieces, 1, [&](int64_t first, int64_t last) {
      for (int64_t piece = first; piece < last; ++piece) work(piece);
    });
  const OnThisThread alone;
  if (pieces <= 1 ||
      !helpers.share(static_cast<uint32_t>(pieces), threads - 1, work))
    do_all(pieces, work);
}

}  // namespace digitorch
