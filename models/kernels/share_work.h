// Loops over pieces of work, shared by threads that never wait for one that has
// not come.
#pragma once

#include <c10/util/FunctionRef.h>

#include <algorithm>
#include <cstdint>

namespace digitorch {

/// Calls work(piece) for each of 0 .. pieces - 1, on at most
/// at::get_num_threads() threads, of which the caller is one, and returns when
/// all calls have. Each thread takes the next piece as soon as it is free, so
/// results must not depend on which thread computes a piece. What ATen, MKL and
/// oneDNN compute inside runs on the thread that asks for it. The first
/// exception of a piece is thrown again, after all pieces are done. Inside of
/// `work`, and beside another thread that is in this function, pieces are not
/// shared.
///
/// An OpenMP loop ends when all of its threads have. Where other programs use
/// the processors, a thread that slept may be given one milliseconds later,
/// and a loop of microseconds waits for it although its work is done. Here a
/// thread that comes late finds no piece and is not missed.
void share_work(int64_t pieces, c10::function_ref<void(int64_t piece)> work);

/// Calls work(first, last) for pieces of 0 .. rows, each but the last of
/// `length` rows, as share_work() calls it for one.
template <class Work>
void share_rows(int64_t rows, int64_t length, const Work& work) {
  share_work((rows + length - 1) / length, [&](int64_t piece) {
    work(piece * length, std::min(rows, (piece + 1) * length));
  });
}

/// How many rows of `width` numbers, at least one, a piece of that many numbers
/// has.
inline int64_t rows_of_piece(int64_t numbers, int64_t width) {
  return std::max<int64_t>(1, numbers / std::max<int64_t>(width, 1));
}

/// While it lives, and if so asked, ATen, MKL and oneDNN compute on this thread
/// alone what it asks for: for what is too little to share.
class OnThisThread {
 public:
  explicit OnThisThread(bool alone = true);
  ~OnThisThread();
  OnThisThread(const OnThisThread&) = delete;
  OnThisThread& operator=(const OnThisThread&) = delete;

 private:
  int openmp_before_;
  int mkl_before_;
};

/// Images of a batch from which other threads are worth asking: for fewer,
/// several threads are slower than one, and far slower where other programs use
/// the processors.
inline constexpr int64_t kManyImages = 8;

}  // namespace digitorch
