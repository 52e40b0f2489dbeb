// Measures how long work takes.
#pragma once

#include <chrono>

namespace digitorch {

/// Starts when it is made.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }

 private:
  // Nobody can set this clock while it runs.
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace digitorch
