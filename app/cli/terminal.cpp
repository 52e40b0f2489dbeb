#include "app/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace digitorch {

std::optional<std::size_t> terminal_columns(int descriptor) {
  winsize size = {};
  if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0 ||
      size.ws_col == 0)
    return std::nullopt;
  return size.ws_col;
}

bool can_redraw(int descriptor) {
  const char* kind = std::getenv("TERM");
  return isatty(descriptor) == 1 && kind != nullptr &&
         std::string_view(kind) != "dumb";
}

std::size_t text_width() {
  return std::min(
      terminal_columns(STDOUT_FILENO).value_or(kPlainWidth), kPlainWidth
  );
}

}  // namespace digitorch
