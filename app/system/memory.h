// Memory and threads of the process, which commands set up at their start.
#pragma once

#include <cstdint>

namespace digitorch {

/// Keeps freed memory in the process for the next training step. By default
/// glibc returns every large activation to the kernel, and the page faults of
/// getting it again cost 10 to 20 % of a step on the CPU. Use it only for work
/// that asks for the same sizes again and again. In its first ten rounds or so,
/// glibc often overlooks a freed aligned block, so that the process grows by
/// several times its largest blocks (measured: 170 to 1,000 MB for a block of
/// 64 MiB).
void keep_freed_memory();

/// The largest resident memory of this process in bytes since its start, or
/// since reset_peak_memory(). 0 where the system does not say.
int64_t peak_memory();
void reset_peak_memory();

/// Sets the number of threads that LibTorch computes with; 0 leaves its own
/// choice, as far as OMP_THREAD_LIMIT allows it. OpenMP then starts no fewer,
/// whatever OMP_DYNAMIC says. OpenCV computes with as many, but no more than
/// there are CPUs. Throws EnvironmentError where OMP_THREAD_LIMIT is smaller,
/// or where the system refuses to start them, since OpenMP, which starts them
/// later, would end the process instead.
void set_threads(int64_t threads);

}  // namespace digitorch
