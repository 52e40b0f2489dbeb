// Signals that ask a process to end: at once, or as a flag that long work reads
// at its safe points.
#pragma once

namespace digitorch {

/// From now on SIGINT, SIGTERM and SIGHUP end the process at once, with the
/// exit code 128 + their number, and remove the file that write_file() is about
/// to complete. For work that has nothing to save. A SIGHUP that is ignored, as
/// under nohup, stays so.
void end_on_interrupts();

/// From now on the same signals set a flag. Another one within a second belongs
/// to the first, since some programs send it twice (GNU timeout does); a later
/// one ends the process as end_on_interrupts() says.
void watch_for_interrupts();

/// The signal that has set the flag, or 0. The work is then to stop at its next
/// safe point, and the process to exit with 128 + this number.
int interrupt_signal();

/// From now on a write to a pipe whose reader has gone ends the process at once
/// and without a word, with the exit code 128 + SIGPIPE: nobody reads what it
/// would compute.
void end_on_closed_pipes();

/// Ignores SIGXFSZ and SIGPIPE. A file-size limit or a closed pipe then makes
/// write() fail with an error that is reported, instead of ending the process.
void ignore_file_size_and_pipe_signals();

}  // namespace digitorch
