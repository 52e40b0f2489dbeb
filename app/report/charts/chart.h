// Line charts and scatter plots with axes, a title and a legend, from plain
// values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

struct Axis {
  std::string label;           ///< With the unit: "loss (nats)".
  bool logarithmic = false;    ///< Leaves out values <= 0.
  std::optional<double> min;   ///< By default from the values.
  std::optional<double> max;   ///< By default from the values.
  bool whole_numbers = false;  ///< Ticks at whole numbers only: epochs, layers.
  bool percent = false;        ///< Show a value of 0.25 as "25 %".
};

struct Series {
  std::string name;           ///< Shown in the legend unless empty.
  std::vector<Point> points;  ///< In the axes' units; NaN interrupts a line.
  bool line = true;
  bool marks = false;  ///< Whether each point has a mark.
  double mark_radius = 3.5;
  std::optional<Color> color = {};  ///< By default one for each series.
};

/// A framed name at a point of a plot.
struct Label {
  Point at;  ///< In the axes' units.
  std::string text;
  Color color = kInk;  ///< The colour of the frame.
};

/// A chart of lines and of clouds of points.
struct PlotChart {
  std::string title;
  Axis x;
  Axis y;
  std::vector<Series> series;
  std::vector<Label> labels = {};  ///< Moved apart where they would overlap.
  Size size{480, 320};
};

Drawing draw(const PlotChart&);

/// The drawings in rows of `columns` under a common title.
Drawing grid_of(
    const std::string& title, const std::vector<Drawing>&, int columns
);

}  // namespace digitorch
