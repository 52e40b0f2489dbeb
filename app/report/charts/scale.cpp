#include "app/report/charts/scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

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
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  for (const double value : values) {
    if (!can_show(axis, value)) continue;
    least = std::min(least, scale.coordinate(value));
    most = std::max(most, scale.coordinate(value));
  }
  if (least > most) least = 0, most = 1;
  const bool half = axis.logarithmic || axis.whole_numbers || least == 0;
  const double air = least < most ? kAir * (most - least)
                     : half       ? 0.5
                                  : kAir * std::abs(least);
  const bool positive = least >= 0 && !axis.logarithmic;
  scale.least = positive ? std::max(0.0, least - air) : least - air;
  scale.most = most + air;
  if (axis.least && can_show(axis, *axis.least))
    scale.least = scale.coordinate(*axis.least);
  if (axis.most && can_show(axis, *axis.most))
    scale.most = scale.coordinate(*axis.most);
  if (!(scale.most > scale.least)) scale.most = scale.least + 1;
  return scale;
}

std::vector<double> ticks_of(
    const Axis& axis, const Scale& scale, int most_ticks
) {
  if (scale.logarithmic)
    return log_ticks(
        std::pow(10, scale.least), std::pow(10, scale.most), most_ticks
    );
  if (!axis.percent)
    return ticks(scale.least, scale.most, most_ticks, axis.whole_numbers);
  auto values = ticks(100 * scale.least, 100 * scale.most, most_ticks, false);
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
  for (int most = 9; most >= 2; --most) {
    values = ticks_of(axis, scale, most);
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
