#include "app/report/charts/scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/report/charts/ticks.h"
#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

std::string text_of(const Axis& axis, double value) {
  return axis.percent ? tick_text(value * 100) + " %" : tick_text(value);
}

}  // namespace

bool can_show(const Axis& axis, double value) {
  constexpr double kLargest = 1e100;  // differences stay finite
  return std::abs(value) <= kLargest && (!axis.logarithmic || value > 0);
}

Scale scale_for(const Axis& axis, const std::vector<double>& values) {
  constexpr double kAir = 0.04;
  Scale scale{.logarithmic = axis.logarithmic};
  double min = std::numeric_limits<double>::infinity();
  double max = -min;
  for (const double value : values) {
    if (!can_show(axis, value)) continue;
    min = std::min(min, scale.coordinate(value));
    max = std::max(max, scale.coordinate(value));
  }
  if (min > max) min = 0, max = 1;
  const bool half = axis.logarithmic || axis.whole_numbers || min == 0;
  const double air = min < max ? kAir * (max - min)
                     : half    ? 0.5
                               : kAir * std::abs(min);
  const bool positive = min >= 0 && !axis.logarithmic;
  scale.min = positive ? std::max(0.0, min - air) : min - air;
  scale.max = max + air;
  if (axis.min && can_show(axis, *axis.min))
    scale.min = scale.coordinate(*axis.min);
  if (axis.max && can_show(axis, *axis.max))
    scale.max = scale.coordinate(*axis.max);
  if (!(scale.max > scale.min)) scale.max = scale.min + 1;
  return scale;
}

std::vector<double> ticks_of(
    const Axis& axis, const Scale& scale, int max_ticks
) {
  if (scale.logarithmic)
    return log_ticks(
        std::pow(10, scale.min), std::pow(10, scale.max), max_ticks
    );
  if (!axis.percent)
    return ticks(scale.min, scale.max, max_ticks, axis.whole_numbers);
  auto values = ticks(100 * scale.min, 100 * scale.max, max_ticks, false);
  for (double& value : values) value /= 100;
  return values;
}

std::vector<std::string> texts_of(
    const Axis& axis, const std::vector<double>& values
) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(text_of(axis, value));
  return texts;
}

std::vector<double> ticks_with_room(const Axis& axis, const Scale& scale) {
  constexpr double kGap = 14;
  std::vector<double> values;
  for (int max_ticks = 9; max_ticks >= 2; --max_ticks) {
    values = ticks_of(axis, scale, max_ticks);
    const double room = widest(texts_of(axis, values), kSmallSize) + kGap;
    bool fits = true;
    for (std::size_t i = 1; i < values.size(); ++i)
      fits = fits && scale.at(values[i]) - scale.at(values[i - 1]) >= room;
    if (fits) break;
  }
  return values;
}

std::vector<Point> clipped(Point a, Point b, const Scale& x, const Scale& y) {
  double from = 0;
  double to = 1;
  const auto cut = [&](double start, double step, const Scale& scale) {
    const double low = std::min(scale.start, scale.end);
    const double high = std::max(scale.start, scale.end);
    if (step == 0) {
      if (start < low || start > high) to = -1;
      return;
    }
    const double t1 = (low - start) / step;
    const double t2 = (high - start) / step;
    from = std::max(from, std::min(t1, t2));
    to = std::min(to, std::max(t1, t2));
  };
  const Point step{b.x - a.x, b.y - a.y};
  cut(a.x, step.x, x);
  cut(a.y, step.y, y);
  if (from > to) return {};
  return {
      {a.x + from * step.x, a.y + from * step.y},
      {a.x + to * step.x, a.y + to * step.y}};
}

}  // namespace digitorch
