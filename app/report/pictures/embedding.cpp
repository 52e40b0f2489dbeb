#include "app/report/pictures/embedding.h"

#include <cmath>

#include "app/report/charts/chart.h"
#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

constexpr std::size_t kMostInLegend = 12;  // colours that can be told apart

std::string axis_label(const std::string& which, double part) {
  return which + " principal component (" + percent_text(part, 0) +
         " of the variance)";
}

/// The mean of the points with finite coordinates; NaN where there are none.
Point centre_of(const std::vector<Point>& points) {
  Point sum;
  double count = 0;
  for (const Point& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    sum.x += point.x;
    sum.y += point.y;
    ++count;
  }
  return {sum.x / count, sum.y / count};
}

}  // namespace

Drawing draw_embedding(
    const std::vector<std::array<float, 2>>& points,
    const std::vector<int64_t>& labels,
    const std::vector<std::string>& class_names,
    std::array<double, 2> explained
) {
  // Few points are drawn larger.
  const double radius = points.size() < 1000 ? 3 : 1.8;
  PlotChart chart{
      .title = grouped(std::ssize(points)) +
               " test pictures as the last hidden layer sees them",
      .x = {.label = axis_label("first", explained[0])},
      .y = {.label = axis_label("second", explained[1])},
      .series = std::vector<Series>(
          class_names.size(),
          {.line = false, .marks = true, .mark_radius = radius}
      ),
      .size = {640, 560},
  };
  for (std::size_t i = 0; i < points.size(); ++i)
    chart.series.at(std::size_t(labels.at(i)))
        .points.push_back({double(points[i][0]), double(points[i][1])});
  // Labels would cover the points of small classes.
  const bool legend = class_names.size() <= kMostInLegend;
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    if (legend) {
      chart.series[i].name = class_names[i];
      continue;
    }
    chart.labels.push_back(
        {centre_of(chart.series[i].points), class_names[i], category_color(i)}
    );
  }
  return draw(chart);
}

}  // namespace digitorch
