// Finds places for the names in a chart, so that none covers another.
#pragma once

#include <cmath>
#include <vector>

#include "app/report/charts/scale.h"
#include "app/report/drawing/drawing.h"

namespace digitorch {

/// The place of a framed name.
struct Frame {
  Point centre;
  double half_width = 0;
  double half_height = 0;

  bool overlaps(const Frame& other) const {
    constexpr double kGap = 2;
    return std::abs(centre.x - other.centre.x) <
               half_width + other.half_width + kGap &&
           std::abs(centre.y - other.centre.y) <
               half_height + other.half_height + kGap;
  }
};

/// Moves the frame to the nearest place inside the panel where it overlaps none
/// of `taken`. Returns false where there is none.
bool find_room(
    Frame& frame,
    const std::vector<Frame>& taken,
    const Scale& x,
    const Scale& y
);

}  // namespace digitorch
