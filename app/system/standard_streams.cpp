#include "app/system/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>

#include "app/system/errors.h"
#include "app/system/retried.h"

namespace digitorch {

void occupy_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // open() takes the lowest free number, which is this one. It is opened for
    // what a stream does not do, so that its use fails.
    const int mode = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (open("/dev/null", mode) < 0) throw_errno("/dev/null", "cannot open");
  }
}

void check_standard_input() {
  if (std::ferror(stdin) == 0) return;
  char byte = 0;
  if (retried([&] { return read(STDIN_FILENO, &byte, 1); }) < 0)
    throw_errno("standard input", "cannot be read");
}

void flush_results() {
  if (!std::cout.flush())
    throw EnvironmentError("standard output: cannot be written to");
}

}  // namespace digitorch
