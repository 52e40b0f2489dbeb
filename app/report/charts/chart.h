// Charts with axes, titles and legends: line charts, scatter plots and heat
// maps, from plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

struct Axis {
  std::string label;            ///< With the unit: "loss (nats)".
  bool logarithmic = false;     ///< Values <= 0 are then left out.
  std::optional<double> least;  ///< Otherwise from the values.
  std::optional<double> most;
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

/// Values in a table, as coloured cells with a colour bar.
struct HeatMap {
  std::string title;
  std::string row_label;
  std::string column_label;
  std::vector<std::string> rows;     ///< Names, from the top.
  std::vector<std::string> columns;  ///< From the left.
  std::vector<double> values;        ///< Row by row; NaN leaves a cell empty.
  std::vector<std::string> cell_texts;  ///< Row by row; may be empty. '\n' ok.
  std::string value_label;
  bool percent = false;
  /// From white at 0 to dark blue, for counts and shares, where nothing is to
  /// look like nothing; otherwise sequential_color() from least to most.
  bool white_zero = false;
};

/// As large as its names and texts need, so that none overlap.
Drawing draw(const HeatMap&);

/// Drawings side by side, or in rows of `columns`, under a common title.
Drawing grid_of(
    const std::string& title, const std::vector<Drawing>&, int columns
);

/// Round numbers from `least` to `most` for an axis, at most `most_ticks`.
std::vector<double> ticks(
    double least, double most, int most_ticks, bool whole_numbers
);

/// The same for a logarithmic axis, 0 < least <= most: decades, every second or
/// third of them where they are many, 1, 2 and 5 of each where they are few.
std::vector<double> log_ticks(double least, double most, int most_ticks);

/// A number as an axis shows it: "0.05", "1e-05", "12000".
std::string tick_text(double value);

}  // namespace digitorch
