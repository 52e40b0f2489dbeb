// Signals as a flag that long work reads at its safe points.
#pragma once

namespace digitorch {

/// From now on SIGINT and SIGTERM end the process at once, with the exit code
/// 128 + their number. For work that has nothing to save.
void end_on_interrupts();

/// From now on SIGINT and SIGTERM set a flag; a second one ends the process at
/// once, with the exit code 128 + its number.
void watch_for_interrupts();

/// The SIGINT or SIGTERM that has arrived, or 0. The work is then to stop at
/// its next safe point, and the process to exit with 128 + this number.
int interrupt_signal();

/// Ignores SIGXFSZ and SIGPIPE. A file-size limit or a closed pipe then makes
/// write() fail with an error that is reported, instead of ending the process.
void ignore_file_size_and_pipe_signals();

}  // namespace digitorch
