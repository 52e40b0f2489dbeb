// From the values on a chart's axes to places on the paper.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/report/charts/chart.h"

namespace digitorch {

/// From an axis's values to places on the paper.
struct Scale {
  bool logarithmic = false;
  double min = 0;  ///< As log10 where logarithmic.
  double max = 1;
  double start = 0;  ///< Where `least` is on the paper.
  double end = 1;

  double coordinate(double value) const {
    return logarithmic ? std::log10(value) : value;
  }
  double at(double value) const {
    return start + (coordinate(value) - min) / (max - min) * (end - start);
  }
  bool holds(double place) const {
    constexpr double kRounding = 1e-6;
    return place >= std::min(start, end) - kRounding &&
           place <= std::max(start, end) + kRounding;
  }
};

/// Whether the axis can show the value: not NaN, not huge, > 0 where it is
/// logarithmic.
bool can_show(const Axis&, double value);

/// The values and a little air, or the limits that the axis asks for.
Scale scale_for(const Axis&, const std::vector<double>& values);

std::vector<double> ticks_of(const Axis&, const Scale&, int max_ticks);

std::vector<std::string> texts_of(
    const Axis&, const std::vector<double>& values
);

/// As many ticks as have room for their texts side by side.
std::vector<double> ticks_with_room(const Axis&, const Scale&);

/// The part of the line from a to b, on the paper, between both axes' ends
/// (Liang and Barsky, 1984): two points or none.
std::vector<Point> clipped(Point a, Point b, const Scale& x, const Scale& y);

}  // namespace digitorch
