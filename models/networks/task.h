// What a network is for, whatever its layers.
#pragma once

#include <cstdint>

#include "models/input/input_format.h"

namespace digitorch {

struct NetworkTask {
  int64_t classes = 10;  ///< >= 1.
  double mean = 0;       ///< Subtracted from every pixel, which is in 0..1.
  double std_dev = 1;    ///< Divides what is left, > 0.
  InputFormat input = {};
};

}  // namespace digitorch
