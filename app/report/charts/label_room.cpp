#include "app/report/charts/label_room.h"

#include <algorithm>

namespace digitorch {

bool find_room(
    Frame& frame,
    const std::vector<Frame>& taken,
    const Scale& x,
    const Scale& y
) {
  constexpr double kStep = 4;
  constexpr int kDirections = 24;
  const Point wished = frame.centre;
  const double farthest = std::hypot(x.end - x.start, y.start - y.end);
  for (double radius = 0; radius < farthest; radius += kStep) {
    for (int i = 0; i < kDirections; ++i) {
      const double angle = 2 * std::acos(-1) * i / kDirections;
      frame.centre = {
          wished.x + radius * std::cos(angle),
          wished.y + radius * std::sin(angle)};
      const bool inside = frame.centre.x - frame.half_width > x.start &&
                          frame.centre.x + frame.half_width < x.end &&
                          frame.centre.y - frame.half_height > y.end &&
                          frame.centre.y + frame.half_height < y.start;
      const bool free =
          std::none_of(taken.begin(), taken.end(), [&](const Frame& other) {
            return frame.overlaps(other);
          });
      if (inside && free) return true;
    }
  }
  return false;
}

}  // namespace digitorch
