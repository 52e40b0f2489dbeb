#include "app/report/pictures/sweep.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "app/report/charts/chart.h"
#include "app/report/charts/heat_map.h"
#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

using Varied = SweepResults::Axis;

constexpr int kPanelsInARow = 2;

/// The names of all axes but the two shown.
std::string others(
    const std::vector<SweepResults::Axis>& axes, size_t a, size_t b
) {
  std::string names;
  for (size_t i = 0; i < axes.size(); ++i)
    if (i != a && i != b && axes[i].values.size() > 1)
      names += (names.empty() ? "" : ", ") + axes[i].name;
  return names.empty() ? "" : " (best of all " + names + ")";
}

/// Where a few bad runs would take most of the colour scale, so that the others
/// all look alike, colours the cells by their rank instead.
void color_by_rank(HeatMap& map) {
  std::vector<double> sorted;
  for (const double value : map.values)
    if (!std::isnan(value)) sorted.push_back(value);
  std::sort(sorted.begin(), sorted.end());
  if (sorted.size() < 3) return;
  const double middle = sorted[sorted.size() / 2];
  constexpr double kMostBelow = 2;  // times what is above the median
  if (middle - sorted.front() <= kMostBelow * (sorted.back() - middle)) return;
  for (const double value : map.values) {
    const auto rank =
        std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin();
    map.colors.push_back(
        std::isnan(value)
            ? kPaper
            : sequential_color(double(rank) / double(sorted.size() - 1))
    );
  }
  map.note = "Coloured by rank: yellow is the best.";
}

/// rows: axis a, columns: axis b, which may be the same for a single row.
Drawing heat_map(const SweepResults& results, size_t a, size_t b) {
  const Varied& rows = results.axes[a];
  const Varied& columns = results.axes[b];
  HeatMap map{
      .title = "Validation accuracy" + others(results.axes, a, b),
      .row_label = a == b ? "" : rows.name,
      .column_label = columns.name,
      .rows = a == b ? std::vector<std::string>{""} : rows.values,
      .columns = columns.values,
      .value_label = "validation accuracy",
      .percent = true};
  for (const std::string& row : map.rows)
    for (const std::string& column : map.columns) {
      double best = NAN;
      for (const SweepResults::Run& run : results.runs)
        if ((a == b || run.point[a] == row) && run.point[b] == column)
          best = std::fmax(best, run.accuracy);
      map.values.push_back(best);
      map.cell_texts.push_back(std::isnan(best) ? "" : percent_text(best, 2));
    }
  color_by_rank(map);
  return draw(map);
}

Drawing scatter(const SweepResults& results, size_t a) {
  const Varied& axis = results.axes[a];
  PlotChart chart{
      .title = "Validation accuracy by " + axis.name,
      .x = {.label = axis.name},
      .y = {.label = "validation accuracy", .percent = true}};
  if (axis.is_range) {
    const double min = std::atof(axis.values[0].c_str());
    const double max = std::atof(axis.values[1].c_str());
    chart.x.logarithmic = min > 0 && max >= 10 * min;
  }
  Series marks{.line = false, .marks = true};
  for (const SweepResults::Run& run : results.runs)
    marks.points.push_back({std::atof(run.point[a].c_str()), run.accuracy});
  chart.x.whole_numbers =
      std::all_of(marks.points.begin(), marks.points.end(), [](Point at) {
        return at.x == std::floor(at.x);
      });
  chart.series.push_back(std::move(marks));
  return draw(chart);
}

bool is_number(const std::string& text) {
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0';
}

/// Whether all values are numbers, which an axis needs.
bool is_numeric(const Varied& axis) {
  return std::all_of(axis.values.begin(), axis.values.end(), is_number);
}

}  // namespace

Drawing draw_sweep(const SweepResults& results) {
  const auto& axes = results.axes;
  const bool has_range = std::any_of(
      axes.begin(), axes.end(), [](const Varied& axis) { return axis.is_range; }
  );
  std::vector<Drawing> panels;
  if (has_range) {
    for (size_t a = 0; a < axes.size(); ++a)
      if (is_numeric(axes[a])) panels.push_back(scatter(results, a));
  } else {
    std::vector<size_t> varied;
    for (size_t a = 0; a < axes.size(); ++a)
      if (axes[a].values.size() > 1) varied.push_back(a);
    if (varied.empty()) varied.push_back(0);
    if (varied.size() == 1)
      panels.push_back(heat_map(results, varied[0], varied[0]));
    for (size_t i = 0; i < varied.size(); ++i)
      for (size_t j = i + 1; j < varied.size(); ++j)
        panels.push_back(heat_map(results, varied[i], varied[j]));
  }
  if (panels.size() == 1) return panels.front();
  return grid_of("Validation accuracy of the sweep", panels, kPanelsInARow);
}

}  // namespace digitorch
