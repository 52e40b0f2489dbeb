#include "app/report/charts/heat_map.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "app/report/charts/heat_map_layout.h"
#include "app/report/charts/ticks.h"
#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

constexpr double kBarWidth = 14;

class Table {
 public:
  explicit Table(const HeatMap& map)
      : map_(map), layout_(heat_map_layout(map)) {
    bool any = false;
    for (const double value : map.values) {
      if (!std::isfinite(value)) continue;
      min_ = any ? std::min(min_, value) : value;
      max_ = any ? std::max(max_, value) : value;
      any = true;
    }
    if (min_ == max_) {  // the scale of a single value begins at 0
      min_ = std::min(min_, 0.0);
      max_ = std::max(max_, 0.0);
      if (min_ == max_) max_ = 1;
    }
  }

  Drawing draw() {
    const auto rows =
        shortened(map_.rows, layout_.row_size, kWidestHeatMapName);
    const auto columns =
        shortened(map_.columns, layout_.column_size, kWidestHeatMapName);
    const double left =
        kMargin + (map_.row_label.empty() ? 0 : line_height(kTextSize) + 4);
    layout_.corner = {
        left + widest(rows, layout_.row_size) + 8,
        kMargin + title_height(map_.title)};
    const Point end{
        layout_.corner.x + layout_.cell.width * double(columns.size()),
        layout_.corner.y + layout_.cell.height * double(rows.size())};
    const double below = layout_.upwards
                             ? widest(columns, layout_.column_size) + 8
                             : line_height(layout_.column_size) + 4;
    drawing_.size.height =
        end.y + below + kMargin +
        (map_.column_label.empty() ? 0 : line_height(kTextSize) + 4);

    add_cells(end);
    add_texts();
    add_row_names(rows);
    add_column_names(columns, end.y);
    if (!map_.row_label.empty()) {
      drawing_.add(Text{
          {kMargin + kTextSize * 0.75, (layout_.corner.y + end.y) / 2},
          shortened(map_.row_label, kTextSize, end.y - layout_.corner.y),
          kTextSize,
          Align::centre,
          false,
          true});
    }
    if (!map_.column_label.empty()) {
      drawing_.add(Text{
          {(layout_.corner.x + end.x) / 2, drawing_.size.height - kMargin},
          shortened(map_.column_label, kTextSize, end.x - layout_.corner.x),
          kTextSize,
          Align::centre});
    }
    if (map_.colors.empty())
      add_bar(end);
    else
      drawing_.size.width = end.x + kMargin;
    add_note(drawing_, map_.note);
    add_title(drawing_, map_.title);
    return std::move(drawing_);
  }

 private:
  Color color_of(double value) const {
    if (!std::isfinite(value)) return kPaper;
    const double part = (value - min_) / (max_ - min_);
    return sequential_color(part);
  }

  Color color_of_cell(std::size_t i) const {
    return map_.colors.empty() ? color_of(map_.values[i]) : map_.colors[i];
  }

  void add_cells(Point end) {
    const Point corner = layout_.corner;
    const Size size{end.x - corner.x, end.y - corner.y};
    Raster raster{
        corner, size, int(map_.columns.size()), int(map_.rows.size())};
    for (std::size_t i = 0; i < map_.values.size(); ++i) {
      const Color color = color_of_cell(i);
      raster.rgb.insert(raster.rgb.end(), {color.red, color.green, color.blue});
    }
    drawing_.add(raster);
    constexpr double kRoomForLines = 16;
    const auto add_line = [&](Point from, Point to, Color color) {
      drawing_.add(Polyline{{from, to}, {color, 1}});
    };
    if (std::min(layout_.cell.width, layout_.cell.height) >= kRoomForLines) {
      for (std::size_t i = 1; i < map_.columns.size(); ++i) {
        const double x = corner.x + layout_.cell.width * double(i);
        add_line({x, corner.y}, {x, end.y}, kFaint);
      }
      for (std::size_t i = 1; i < map_.rows.size(); ++i) {
        const double y = corner.y + layout_.cell.height * double(i);
        add_line({corner.x, y}, {end.x, y}, kFaint);
      }
    }
    drawing_.add(Polyline{
        {corner, {end.x, corner.y}, end, {corner.x, end.y}, corner}, {kInk, 1}}
    );
  }

  void add_texts() {
    if (layout_.text_size == 0) return;
    const double line = line_height(layout_.text_size);
    for (std::size_t i = 0; i < map_.cell_texts.size(); ++i) {
      const auto lines = cell_lines(map_.cell_texts[i]);
      const std::size_t row = i / map_.columns.size();
      const std::size_t column = i % map_.columns.size();
      const double x =
          layout_.corner.x + layout_.cell.width * (double(column) + 0.5);
      double middle = layout_.corner.y +
                      layout_.cell.height * (double(row) + 0.5) -
                      line * (double(lines.size()) - 1) / 2;
      for (const std::string& text : lines) {
        drawing_.add(Text{
            {x, baseline_at(middle, layout_.text_size)},
            text,
            layout_.text_size,
            Align::centre,
            false,
            false,
            text_color_on(color_of_cell(i))});
        middle += line;
      }
    }
  }

  void add_row_names(const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size();
         i += std::size_t(layout_.row_step)) {
      const double middle =
          layout_.corner.y + layout_.cell.height * (double(i) + 0.5);
      drawing_.add(Text{
          {layout_.corner.x - 6, baseline_at(middle, layout_.row_size)},
          names[i],
          layout_.row_size,
          Align::right});
    }
  }

  void add_column_names(const std::vector<std::string>& names, double top) {
    const double size = layout_.column_size;
    for (std::size_t i = 0; i < names.size();
         i += std::size_t(layout_.column_step)) {
      const double middle =
          layout_.corner.x + layout_.cell.width * (double(i) + 0.5);
      if (layout_.upwards) {
        drawing_.add(Text{
            {baseline_at(middle, size), top + 6},
            names[i],
            size,
            Align::right,
            false,
            true});
      } else {
        drawing_.add(Text{
            {middle, top + 4 + size}, names[i], size, Align::centre});
      }
    }
  }

  /// Adds the colour scale to the right of the table.
  void add_bar(Point end) {
    constexpr int kSteps = 128;
    constexpr double kTallest = 400;
    constexpr double kShortest = 80;
    const double unit = map_.percent ? 100 : 1;
    const double height = std::max(
        {std::min(end.y - layout_.corner.y, kTallest),
         text_width(map_.value_label, kTextSize),
         kShortest}
    );
    const Point corner{end.x + 18, layout_.corner.y};
    Raster bar{corner, {kBarWidth, height}, 1, kSteps};
    for (int i = kSteps; i-- > 0;) {
      const Color color = color_of(min_ + (max_ - min_) * i / (kSteps - 1.0));
      bar.rgb.insert(bar.rgb.end(), {color.red, color.green, color.blue});
    }
    drawing_.add(bar);
    drawing_.add(Polyline{
        {corner,
         {corner.x + kBarWidth, corner.y},
         {corner.x + kBarWidth, corner.y + height},
         {corner.x, corner.y + height},
         corner},
        {kInk, 1}});
    const int max_ticks = std::max(3, int(height / 28));
    double right = corner.x + kBarWidth;
    for (const double value :
         ticks(min_ * unit, max_ * unit, max_ticks, false)) {
      const double y =
          corner.y + height - (value / unit - min_) / (max_ - min_) * height;
      const std::string text = tick_text(value) + (map_.percent ? " %" : "");
      const double x = corner.x + kBarWidth;
      drawing_.add(Polyline{{{x, y}, {x + 4, y}}, {kInk}});
      drawing_.add(Text{{x + 8, baseline_at(y, kSmallSize)}, text, kSmallSize});
      right = std::max(right, x + 8 + text_width(text, kSmallSize));
    }
    if (!map_.value_label.empty()) {
      right += 6 + kTextSize;
      drawing_.add(Text{
          {right, corner.y + height / 2},
          map_.value_label,
          kTextSize,
          Align::centre,
          false,
          true});
      right += 4;
    }
    drawing_.size.width = right + kMargin;
    drawing_.size.height =
        std::max(drawing_.size.height, corner.y + height + kMargin);
  }

  const HeatMap& map_;
  HeatMapLayout layout_;
  Drawing drawing_;
  double min_ = 0;
  double max_ = 0;
};

}  // namespace

Drawing draw(const HeatMap& map) {
  const std::size_t cells = map.rows.size() * map.columns.size();
  if (cells == 0 || map.values.size() != cells ||
      (!map.cell_texts.empty() && map.cell_texts.size() != cells) ||
      (!map.colors.empty() && map.colors.size() != cells))
    throw std::logic_error("a heat map without a value for every cell");
  return Table(map).draw();
}

}  // namespace digitorch
