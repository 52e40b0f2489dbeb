#include "app/report/pictures/network_diagram.h"

#include <algorithm>
#include <cmath>

#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

constexpr double kWidestRow = 1240;
constexpr double kArrow = 34;      // from one layer to the next
constexpr double kHighest = 100;   // of a layer's shape
constexpr int64_t kMaxSheets = 6;  // of a stack of maps
constexpr double kSheetShift = 5;
constexpr double kWidestText = 150;
constexpr Color kMapFill{209, 226, 243};
constexpr Color kUnitFill{250, 222, 190};

/// One layer: its form and, centred below, three lines of text.
struct Item {
  Drawing form;
  std::vector<std::string> lines;
  double width = 0;
};

Drawing draw_stack(const std::vector<int64_t>& shape) {
  // The square root keeps small maps visible.
  const double side = std::clamp(
      14 * std::sqrt(double(shape[1])),
      8.0,
      kHighest - kSheetShift * double(kMaxSheets - 1)
  );
  const auto sheets = std::clamp<int64_t>(shape[0], 1, kMaxSheets);
  const double extent = side + kSheetShift * double(sheets - 1);
  Drawing stack{{extent, extent}, {}};
  for (int64_t i = sheets; i-- > 0;) {
    const double shift = kSheetShift * double(i);
    stack.add(Rectangle{
        {shift, extent - side - shift}, {side, side}, kMapFill, true, {kInk, 1}}
    );
  }
  return stack;
}

/// A column of circles, of which three dots stand for what does not fit.
Drawing draw_units(int64_t units) {
  constexpr double kUnit = 4.5;    // radius
  constexpr double kPitch = 11.5;  // from one unit to the next
  constexpr int64_t kMostUnitsDrawn = 9;
  const bool dots = units > kMostUnitsDrawn;
  const int64_t places = std::clamp<int64_t>(units, 1, kMostUnitsDrawn);
  Drawing column{{2 * kUnit, kPitch * double(places - 1) + 2 * kUnit}, {}};
  for (int64_t i = 0; i < places; ++i) {
    const Point at{kUnit, kUnit + kPitch * double(i)};
    if (dots && i == places / 2) {
      for (const double y : {-3.5, 0.0, 3.5})
        column.add(Circle{{at.x, at.y + y}, 1, kInk});
      continue;
    }
    column.add(Circle{at, kUnit, kInk});
    column.add(Circle{at, kUnit - 1, kUnitFill});
  }
  return column;
}

Item item_of(const LayerShape& layer) {
  Item item;
  item.form = layer.shape.size() == 3
                  ? draw_stack(layer.shape)
                  : draw_units(layer.shape.empty() ? 1 : layer.shape[0]);
  item.lines = {
      shortened(layer.name, kTextSize, kWidestText), shape_text(layer.shape)};
  if (layer.parameters > 0)
    item.lines.push_back(
        grouped(layer.parameters) +
        (layer.parameters == 1 ? " parameter" : " parameters")
    );
  item.width = std::max(item.form.size.width, widest(item.lines, kTextSize));
  return item;
}

/// Adds a line through the points, which ends to the right in an arrow's head.
void add_arrow(Drawing& drawing, const std::vector<Point>& points) {
  constexpr double kHead = 5;
  const Stroke stroke{kInk, 1.2};
  const auto [x, y] = points.back();
  drawing.add(Polyline{points, stroke});
  drawing.add(Polyline{
      {{x - kHead, y - kHead * 0.7}, {x, y}, {x - kHead, y + kHead * 0.7}},
      stroke});
}

/// The layers in rows of as many as fit beside each other.
std::vector<std::vector<Item>> in_diagram_rows(
    const std::vector<LayerShape>& layers
) {
  std::vector<std::vector<Item>> rows;
  double width = 0;
  for (const LayerShape& layer : layers) {
    Item item = item_of(layer);
    width += kArrow + item.width;
    if (rows.empty() || width > kWidestRow) {
      rows.emplace_back();
      width = kArrow + item.width;
    }
    rows.back().push_back(std::move(item));
  }
  return rows;
}

}  // namespace

Drawing draw_network(
    const std::string& summary, const std::vector<LayerShape>& layers
) {
  const double line = line_height(kTextSize);
  const double row_height = kHighest + 3 * line + 24;
  const auto rows = in_diagram_rows(layers);
  Drawing drawing;
  drawing.size.height =
      2 * kMargin + title_height(summary) + row_height * double(rows.size());
  // Long summaries get the width that they need, up to that of a full row.
  drawing.size.width =
      std::min(kWidestRow, text_width(summary, kTextSize, true) + 2 * kMargin);
  double top = kMargin + title_height(summary);
  double end = 0;  // of the row above
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const double middle = top + kHighest / 2;
    double x = kMargin;
    for (std::size_t i = 0; i < rows[row].size(); ++i) {
      const Item& item = rows[row][i];
      if (i > 0)
        add_arrow(drawing, {{x + 7, middle}, {x + kArrow - 7, middle}});
      if (i == 0 && row > 0) {
        // From the end of the row above, between the rows.
        const double between = top - 14;
        add_arrow(
            drawing,
            {{end + 7, middle - row_height},
             {end + 20, middle - row_height},
             {end + 20, between},
             {x + 4, between},
             {x + 4, middle},
             {x + kArrow - 7, middle}}
        );
      }
      if (i > 0 || row > 0) x += kArrow;
      const Size form = item.form.size;
      drawing.add(
          item.form,
          {x + (item.width - form.width) / 2, middle - form.height / 2}
      );
      for (std::size_t text = 0; text < item.lines.size(); ++text) {
        drawing.add(Text{
            {x + item.width / 2,
             top + kHighest + line * (double(text) + 1) + 2},
            item.lines[text],
            text == 0 ? kTextSize : kSmallSize,
            Align::centre,
            false,
            false,
            text == 0 ? kInk : Color{90, 90, 90}});
      }
      x += item.width;
    }
    const double turn = row + 1 < rows.size() ? 20 : 0;
    drawing.size.width = std::max(drawing.size.width, x + turn + kMargin);
    end = x;
    top += row_height;
  }
  add_title(drawing, summary);
  return drawing;
}

}  // namespace digitorch
