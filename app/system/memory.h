// Memory and threads of the process, set once at its start.
#pragma once

#include <cstdint>

namespace digitorch {

/// Keeps freed memory for the next training step. By default glibc hands every
/// large activation back to the kernel, and the page faults of getting it anew
/// cost 10 to 20 % of a step on the CPU. For work that asks for the same sizes
/// again and again: it settles after some ten rounds, and until then glibc
/// often passes over a freed aligned block, so the process grows by several
/// times its largest blocks (measured: 170 to 1,000 MB for one of 64 MiB).
void keep_freed_memory();

/// The largest resident memory of this process in bytes, since it began or
/// since reset_peak_memory(). 0 where the system does not tell.
int64_t peak_memory();
void reset_peak_memory();

/// Computes with this many threads, or with LibTorch's choice for 0. Throws
/// EnvironmentError where the system refuses to start them: OpenMP, which
/// starts them later, would end the process instead.
void set_threads(int64_t threads);

}  // namespace digitorch
