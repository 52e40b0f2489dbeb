// From the values on a chart's axes to coordinates in the drawing.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/report/charts/chart.h"

namespace digitorch {

/// Maps the values of an axis to coordinates in the drawing.
struct Scale {
  bool logarithmic = false;
  double min = 0;    ///< log10 of the value where logarithmic.
  double max = 1;    ///< log10 of the value where logarithmic.
  double start = 0;  ///< The coordinate of `min`.
  double end = 1;    ///< The coordinate of `max`.

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

/// Whether the axis can show the value: it is not NaN, its magnitude is at most
/// 1e100, and it is positive where the axis is logarithmic.
bool can_show(const Axis&, double value);

/// The scale that spans the values with a small margin, or the limits that the
/// axis sets.
Scale scale_for(const Axis&, const std::vector<double>& values);

std::vector<double> ticks_of(const Axis&, const Scale&, int max_ticks);

std::vector<std::string> texts_of(
    const Axis&, const std::vector<double>& values
);

/// The largest number of ticks whose texts fit beside each other.
std::vector<double> ticks_with_room(const Axis&, const Scale&);

/// The part of the line from a to b inside the panel, in coordinates of the
/// drawing (Liang and Barsky, 1984): two points or none.
std::vector<Point> clipped(Point a, Point b, const Scale& x, const Scale& y);

}  // namespace digitorch
