// Line charts and scatter plots with axes, a title and a legend, from plain
// values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

struct Axis {
  std::string label;          ///< With the unit: "loss (nats)".
  bool logarithmic = false;   ///< Values <= 0 are then left out.
  std::optional<double> min;  ///< Otherwise from the values.
  std::optional<double> max;
  bool whole_numbers = false;  ///< Ticks only there: epochs, layers.
  bool percent = false;        ///< 0.25 is shown as "25 %".
};

struct Series {
  std::string name;           ///< In the legend; none where empty.
  std::vector<Point> points;  ///< In the axes' units; NaN interrupts a line.
  bool line = true;
  bool marks = false;  ///< A mark at every point; its form differs by series.
  double mark_radius = 3.5;
};

/// A name beside a point of a plot.
struct Label {
  Point at;  ///< In the axes' units.
  std::string text;
  Color color = kInk;  ///< Of its frame.
};

/// Lines and clouds of points.
struct PlotChart {
  std::string title;
  Axis x;
  Axis y;
  std::vector<Series> series;
  std::vector<Label> labels = {};  ///< Moved apart; none overlap.
  Size size{480, 320};
};

Drawing draw(const PlotChart&);

/// Drawings side by side, or in rows of `columns`, under a common title.
Drawing grid_of(
    const std::string& title, const std::vector<Drawing>&, int columns
);

}  // namespace digitorch
