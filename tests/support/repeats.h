// How long tests of what happens at random go on.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace digitorch::testing {

/// `full` times the part that the environment variable DIGITORCH_TEST_PART
/// names (0.1: a tenth), at least once; `usual` where it is not set.
inline int repeats(int usual, int full) {
  const char* part = std::getenv("DIGITORCH_TEST_PART");
  if (part == nullptr || *part == '\0') return usual;
  return std::max(1, static_cast<int>(std::lround(full * std::atof(part))));
}

}  // namespace digitorch::testing
