// The result of a sweep as a picture.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

struct SweepResults {
  struct Axis {
    std::string name;
    std::vector<std::string> values;  ///< All values, or the ends of a range.
    bool is_range = false;
  };
  struct Run {
    std::vector<std::string> point;  ///< A value for each axis.
    double accuracy = 0;             ///< On the validation part, 0..1.
  };
  std::vector<Axis> axes;  ///< At least one.
  std::vector<Run> runs;
};

/// Draws a grid as a heat map for each pair of axes with several values, where
/// a cell shows the best run with both values. Draws a sweep with ranges as the
/// accuracy over each axis, with a mark for each run.
Drawing draw_sweep(const SweepResults&);

}  // namespace digitorch
