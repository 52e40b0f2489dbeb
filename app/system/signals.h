// Signals as a flag that long work reads at its safe points.
#pragma once

namespace digitorch {

/// From now on SIGINT and SIGTERM end the process at once, with the exit code
/// 128 + their number, and SIGPIPE, which comes of a closed reader such as
/// `head`, as in other programs. For work that has nothing to save.
void end_on_interrupts();

/// From now on SIGINT and SIGTERM set a flag; a second one ends the process at
/// once, with the exit code 128 + its number.
void watch_for_interrupts();

/// The SIGINT or SIGTERM that has arrived, or 0. The work is then to stop at
/// its next safe point, and the process to exit with 128 + this number.
int interrupt_signal();

/// Ignores SIGXFSZ. A file-size limit then makes write() fail with an error
/// that is reported, instead of ending the process.
void ignore_file_size_signal();

/// Whether the file descriptor is a pipe whose reader has closed it.
bool reader_is_gone(int descriptor);

}  // namespace digitorch
