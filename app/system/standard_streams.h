// The standard streams of a process whose caller has closed some of them.
#pragma once

namespace digitorch {

/// Takes the place of closed standard streams, so that no file that is opened
/// later becomes one of them. To read or write them is then an error, as it
/// was.
void occupy_closed_streams();

/// Throws std::system_error where standard input, whose end has been reached,
/// could not be read: it was closed, or is a folder.
void check_standard_input();

/// Writes out what was printed on std::cout. Throws EnvironmentError where that
/// is not possible, for example on a full disk. A reader that has read enough,
/// such as `head`, has ended the program before.
void flush_results();

}  // namespace digitorch
