#include "app/report/charts/chart.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/report/charts/label_room.h"
#include "app/report/charts/marks.h"
#include "app/report/charts/scale.h"
#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

constexpr double kTickLength = 4;
constexpr double kTickGap = 6;  // from the axis to the tick's text
constexpr double kLegendSample = 26;
constexpr double kLegendGap = 16;
constexpr double kLineWidth = 1.8;

const std::array<std::vector<double>, 5> kDashes{{
    {},
    {7, 5},
    {1.5, 5},
    {10, 5, 1.5, 5},
    {4, 4},
}};

/// Draws the lines and marks of one series, in the legend and in the plot.
class Pen {
 public:
  Pen(Drawing& drawing, const Series& series, std::size_t index)
      : drawing_(drawing),
        series_(series),
        index_(index),
        color_(series.color.value_or(category_color(index))) {}

  void line(std::vector<Point> points) const {
    if (points.size() < 2) return;
    drawing_.add(Polyline{
        std::move(points),
        {color_, kLineWidth, kDashes[index_ % kDashes.size()]}});
  }

  void mark(Point at) const {
    add_mark(drawing_, at, index_, color_, series_.mark_radius);
  }

 private:
  Drawing& drawing_;
  const Series& series_;
  const std::size_t index_;
  const Color color_;
};

class Plot {
 public:
  explicit Plot(const PlotChart& chart)
      : chart_(chart), drawing_{chart.size, {}} {
    std::vector<double> across;
    std::vector<double> up;
    for (const Series& series : chart.series) {
      for (const Point& point : series.points) {
        if (!can_show(chart.x, point.x) || !can_show(chart.y, point.y))
          continue;
        across.push_back(point.x);
        up.push_back(point.y);
      }
    }
    x_ = scale_for(chart.x, across);
    y_ = scale_for(chart.y, up);
  }

  Drawing draw() {
    add_title(drawing_, chart_.title);
    y_.end = kMargin + title_height(chart_.title);
    x_.end = chart_.size.width - kMargin - 8;
    add_legend();
    y_.start = chart_.size.height - kMargin - kTickGap -
               line_height(kSmallSize) -
               (chart_.x.label.empty() ? 0 : line_height(kTextSize) + 2);
    add_axes();
    for (std::size_t i = 0; i < chart_.series.size(); ++i)
      add_series(chart_.series[i], Pen(drawing_, chart_.series[i], i));
    add_labels();
    return std::move(drawing_);
  }

 private:
  /// Adds the legend below the title, in one row or in columns.
  void add_legend() {
    const double room = chart_.size.width - 2 * kMargin;
    constexpr double kText = kLegendSample + 6;  // from an entry's left
    std::vector<std::size_t> shown;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < chart_.series.size(); ++i) {
      if (chart_.series[i].name.empty()) continue;
      shown.push_back(i);
      names.push_back(shortened(chart_.series[i].name, kSmallSize, room - kText)
      );
    }
    if (names.empty()) return;
    std::vector<double> widths;
    double total = -kLegendGap;
    for (const std::string& name : names) {
      widths.push_back(kText + text_width(name, kSmallSize) + kLegendGap);
      total += widths.back();
    }
    std::size_t columns = names.size();
    if (total > room) {
      widths.assign(
          names.size(), *std::max_element(widths.begin(), widths.end())
      );
      columns = std::max<std::size_t>(
          1, std::size_t((room + kLegendGap) / widths[0])
      );
      total = double(columns) * widths[0] - kLegendGap;
    }
    const double row_height = line_height(kSmallSize) + 3;
    double x = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i % columns == 0) x = (chart_.size.width - total) / 2;
      const double middle =
          y_.end + row_height * (double(i / columns) + 0.5) - 1.5;
      add_sample({x, middle}, chart_.series[shown[i]], shown[i]);
      drawing_.add(Text{
          {x + kText, baseline_at(middle, kSmallSize)}, names[i], kSmallSize});
      x += widths[i];
    }
    const std::size_t rows = (names.size() - 1) / columns + 1;
    y_.end += row_height * double(rows) + 6;
  }

  void add_sample(Point left, const Series& series, std::size_t index) {
    const Pen pen(drawing_, series, index);
    if (series.line) pen.line({left, {left.x + kLegendSample, left.y}});
    if (series.marks) pen.mark({left.x + kLegendSample / 2, left.y});
  }

  void add_axes() {
    const int max_ticks = std::max(2, int((y_.start - y_.end) / 34));
    const auto up = ticks_of(chart_.y, y_, max_ticks);
    const auto up_texts = texts_of(chart_.y, up);
    x_.start = kMargin + widest(up_texts, kSmallSize) + kTickGap + kTickLength +
               (chart_.y.label.empty() ? 0 : line_height(kTextSize) + 4);
    auto across = ticks_with_room(chart_.x, x_);
    const auto texts = texts_of(chart_.x, across);
    x_.end =
        std::min(x_.end, chart_.size.width - widest(texts, kSmallSize) / 2 - 4);

    for (std::size_t i = 0; i < up.size(); ++i) {
      const double y = y_.at(up[i]);
      drawing_.add(Polyline{{{x_.start, y}, {x_.end, y}}, {kFaint}});
      drawing_.add(Text{
          {x_.start - kTickGap - kTickLength / 2, baseline_at(y, kSmallSize)},
          up_texts[i],
          kSmallSize,
          Align::right});
    }
    for (std::size_t i = 0; i < across.size(); ++i) {
      const double x = x_.at(across[i]);
      drawing_.add(Polyline{
          {{x, y_.start}, {x, y_.start + kTickLength}}, {kInk}});
      drawing_.add(Text{
          {x, y_.start + kTickGap + kSmallSize},
          texts[i],
          kSmallSize,
          Align::centre});
    }
    drawing_.add(Polyline{
        {{x_.start, y_.end}, {x_.start, y_.start}, {x_.end, y_.start}}, {kInk}}
    );
    add_axis_labels();
  }

  void add_axis_labels() {
    if (!chart_.x.label.empty()) {
      drawing_.add(Text{
          {(x_.start + x_.end) / 2, chart_.size.height - kMargin},
          shortened(chart_.x.label, kTextSize, x_.end - x_.start),
          kTextSize,
          Align::centre});
    }
    if (!chart_.y.label.empty()) {
      drawing_.add(Text{
          {kMargin + kTextSize * 0.75, (y_.start + y_.end) / 2},
          shortened(chart_.y.label, kTextSize, y_.start - y_.end),
          kTextSize,
          Align::centre,
          false,
          true});
    }
  }

  void add_series(const Series& series, const Pen& pen) {
    std::vector<Point> run;
    const auto finish = [&] {
      pen.line(run);
      // A line through a single point would be invisible.
      if (series.line && !series.marks && run.size() == 1) pen.mark(run[0]);
      run.clear();
    };
    const Point* before = nullptr;
    for (const Point& value : series.points) {
      if (!can_show(chart_.x, value.x) || !can_show(chart_.y, value.y)) {
        finish();
        before = nullptr;
        continue;
      }
      const Point point{x_.at(value.x), y_.at(value.y)};
      const bool inside = x_.holds(point.x) && y_.holds(point.y);
      if (series.line && before != nullptr && (!inside || run.empty())) {
        // The line crosses the panel's edge here.
        const auto part =
            clipped({x_.at(before->x), y_.at(before->y)}, point, x_, y_);
        if (run.empty()) {
          run = part;
        } else if (!part.empty()) {
          run.push_back(part.back());
        }
        if (!inside) finish();
      } else if (series.line && inside) {
        run.push_back(point);
      }
      if (series.marks && inside) pen.mark(point);
      before = &value;
    }
    finish();
  }

  void add_labels();

  const PlotChart& chart_;
  Drawing drawing_;
  Scale x_;
  Scale y_;
};

void Plot::add_labels() {
  constexpr double kWidest = 120;
  std::vector<Frame> frames;
  for (const Label& label : chart_.labels) {
    if (!can_show(chart_.x, label.at.x) || !can_show(chart_.y, label.at.y))
      continue;
    const std::string text = shortened(label.text, kTextSize, kWidest);
    Frame frame{
        {x_.at(label.at.x), y_.at(label.at.y)},
        text_width(text, kTextSize) / 2 + 4,
        line_height(kTextSize) / 2 + 1,
    };
    if (!find_room(frame, frames, x_, y_)) continue;
    frames.push_back(frame);
    drawing_.add(Rectangle{
        {frame.centre.x - frame.half_width, frame.centre.y - frame.half_height},
        {2 * frame.half_width, 2 * frame.half_height},
        kPaper,
        true,
        {label.color, 1.5}});
    drawing_.add(Text{
        {frame.centre.x, baseline_at(frame.centre.y, kTextSize)},
        text,
        kTextSize,
        Align::centre});
  }
}

}  // namespace

Drawing draw(const PlotChart& chart) { return Plot(chart).draw(); }

Drawing grid_of(
    const std::string& title, const std::vector<Drawing>& drawings, int columns
) {
  Drawing whole;
  Point corner{0, title_height(title)};
  std::vector<Point> corners;
  for (std::size_t i = 0; i < drawings.size(); ++i) {
    if (i > 0 && i % std::size_t(std::max(columns, 1)) == 0)
      corner = {0, whole.size.height};
    corners.push_back(corner);
    corner.x += drawings[i].size.width;
    whole.size.width = std::max(whole.size.width, corner.x);
    whole.size.height =
        std::max(whole.size.height, corner.y + drawings[i].size.height);
  }
  for (std::size_t i = 0; i < drawings.size(); ++i)
    whole.add(drawings[i], corners[i]);
  add_title(whole, title);
  return whole;
}

}  // namespace digitorch
