// What is known of the terminal that a program prints on.
#pragma once

#include <cstddef>
#include <optional>

namespace digitorch {

/// The width that help is made for where no terminal says otherwise.
inline constexpr std::size_t kPlainWidth = 80;

/// The columns of the terminal that a file descriptor is, asked for anew at
/// each call, since the user may change them. None where it is no terminal, or
/// one that does not know its width.
std::optional<std::size_t> terminal_columns(int descriptor);

/// Whether a line that was printed on this file descriptor can be drawn anew:
/// it is a terminal, and one that is more than the environment variable TERM
/// calls "dumb".
bool can_redraw(int descriptor);

/// The width for text that is printed on standard output: that of a terminal,
/// but at most kPlainWidth, which is easier to read.
std::size_t text_width();

}  // namespace digitorch
