// Signals, reduced to what is safe: a flag that long work looks at.
#pragma once

namespace digitorch {

/// From here on SIGINT and SIGTERM end the process at once with 128 + their
/// number: for work that leaves nothing behind.
void end_on_interrupts();

/// From here on SIGINT and SIGTERM only set a flag; a second one ends the
/// process at once with 128 + its number.
void watch_for_interrupts();

/// 0, or the SIGINT or SIGTERM that arrived. Work stops at the next safe point
/// and the process exits with 128 + this.
int interrupt_signal();

/// Makes a file-size limit and a vanished reader errors of write(), which are
/// reported, instead of signals that kill.
void ignore_file_size_and_pipe_signals();

}  // namespace digitorch
