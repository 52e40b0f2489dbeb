// The result of a search over training options, as a picture.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

struct SweepResults {
  struct Axis {
    std::string name;
    std::vector<std::string> values;  ///< All of them; of a range its two ends.
    bool is_range = false;
  };
  struct Run {
    std::vector<std::string> point;  ///< A value for each axis.
    double accuracy = 0;             ///< On validation, 0..1.
  };
  std::vector<Axis> axes;  ///< At least one.
  std::vector<Run> runs;
};

/// Grids: a heat map for every pair of axes with several values, each cell the
/// best run that has both values. Ranges: accuracy over every axis, a mark a
/// run.
Drawing draw_sweep(const SweepResults&);

}  // namespace digitorch
