#include "app/report/pictures/learning_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/report/charts/chart.h"
#include "app/report/charts/heat_map.h"
#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"
#include "app/report/drawing/pixels.h"
#include "app/report/pictures/sections.h"
#include "models/networks/classifier.h"

namespace digitorch {
namespace {

constexpr int64_t kMostUnits = 6;     // of a layer drawn as circles
constexpr size_t kMostColumns = 5;    // of layers drawn so
constexpr int64_t kMostCells = 16;    // a side of a matrix with numbers
constexpr double kWidestPanel = 400;  // of panels beside each other
constexpr double kUnitRadius = 24;
constexpr double kUnitPitch = 92;
constexpr double kLayerPitch = 250;
constexpr Color kErrorInk{168, 66, 0};

/// Three decimals, or two digits where these would hide a small number.
std::string cell_number(double value) {
  if (std::isnan(value)) return "";
  if (value != 0 && std::abs(value) < 0.0005)
    return fmt::format("{:.1e}", value);
  return fmt::format("{:.3f}", value);
}

double value_at(const torch::Tensor& rows, int64_t column) {
  return rows[0][column].item<double>();
}

/// The units of a small network as circles in a column for each layer.
class UnitDiagram {
 public:
  explicit UnitDiagram(const LearningStep& step)
      : step_(step), units_(step.units()) {
    const auto most = *std::max_element(units_.begin(), units_.end());
    height_ = kUnitPitch * double(most);
    drawing_.size = {
        2 * (kMargin + kUnitRadius) + 60 +
            kLayerPitch * double(units_.size() - 1) + 70,
        2 * kMargin + kHeading + height_ + 3 * line_height(kSmallSize)};
  }

  Drawing draw() {
    for (size_t l = 1; l < units_.size(); ++l) add_lines(l);
    for (size_t l = 0; l < units_.size(); ++l) add_units(l);
    add_legend();
    return std::move(drawing_);
  }

 private:
  static constexpr double kHeading = 26;

  Point centre_of(size_t l, int64_t unit) const {
    return {
        kMargin + 30 + kUnitRadius + kLayerPitch * double(l),
        kMargin + kHeading +
            height_ * (double(unit) + 0.5) / double(units_[l])};
  }

  void write(
      Point middle, const std::string& text, double size, Color color = kInk
  ) {
    drawing_.add(Text{
        {middle.x, baseline_at(middle.y, size)},
        text,
        size,
        Align::centre,
        false,
        false,
        color});
  }

  /// The lines into layer l, each with its weight on it. Those that begin in
  /// one unit have their weights in one column.
  void add_lines(size_t l) {
    const torch::Tensor weight = step_.example.layers[l - 1].weight;
    const double largest = std::max(weight.abs().max().item<double>(), 1e-12);
    for (const bool texts : {false, true})
      for (int64_t from = 0; from < units_[l - 1]; ++from)
        for (int64_t to = 0; to < units_[l]; ++to) {
          const double value = weight[to][from].item<double>();
          const Point a = centre_of(l - 1, from);
          const Point b = centre_of(l, to);
          if (texts) {
            add_weight(a, b, from, units_[l - 1], value);
            continue;
          }
          const double shade = 0.35 + 0.65 * std::abs(value) / largest;
          drawing_.add(Polyline{
              {a, b},
              {diverging_color(value < 0 ? -shade : shade),
               std::max(0.6, 3.2 * std::abs(value) / largest)}});
        }
  }

  void add_weight(
      Point a, Point b, int64_t from, int64_t inputs, double value
  ) {
    const double room = kLayerPitch - 2 * kUnitRadius;
    const double part =
        (kUnitRadius + room * (double(from) + 0.75) / (double(inputs) + 0.5)) /
        kLayerPitch;
    const Point middle{a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part};
    const std::string text = fmt::format("{:.2f}", value);
    const double width = text_width(text, kSmallSize);
    drawing_.add(Rectangle{
        {middle.x - width / 2 - 1, middle.y - 7}, {width + 2, 14}, kPaper});
    write(middle, text, kSmallSize);
  }

  void add_units(size_t l) {
    const bool last = l + 1 == units_.size();
    drawing_.add(Text{
        {centre_of(l, 0).x, kMargin + kTextSize},
        name_of_layer(l, units_.size() - 1),
        kTextSize,
        Align::centre,
        true});
    const torch::Tensor outputs =
        last ? step_.probabilities : step_.forward.a[l];
    for (int64_t unit = 0; unit < units_[l]; ++unit) {
      const Point centre = centre_of(l, unit);
      drawing_.add(Circle{centre, kUnitRadius, kInk});
      drawing_.add(Circle{centre, kUnitRadius - 1.3, kPaper});
      write(centre, cell_number(value_at(outputs, unit)), kSmallSize);
      if (l > 0) {
        const double error = value_at(step_.backward.delta[l - 1], unit);
        write(
            {centre.x, centre.y + kUnitRadius + 10},
            cell_number(error),
            kSmallSize,
            kErrorInk
        );
      }
      if (last)
        write(
            {centre.x + kUnitRadius + 34, centre.y},
            unit == step_.example.label ? "target 1" : "target 0",
            kSmallSize
        );
    }
  }

  void add_legend() {
    double y = drawing_.size.height - kMargin - 2 * line_height(kSmallSize);
    for (const auto& [text, color] :
         {std::pair{
              "In a circle: the output of the unit. On a line: its weight; "
              "orange: positive, blue: negative.",
              kInk},
          {"Below a circle: the error, dC/dz.", kErrorInk}}) {
      drawing_.add(Text{
          {kMargin, y}, text, kSmallSize, Align::left, false, false, color});
      drawing_.size.width = std::max(
          drawing_.size.width, text_width(text, kSmallSize) + 2 * kMargin
      );
      y += line_height(kSmallSize);
    }
  }

  const LearningStep& step_;
  const std::vector<int64_t> units_;
  double height_ = 0;
  Drawing drawing_;
};

/// The weights of a layer, or gradients of them, with the bias as last column.
Drawing draw_matrix(const std::string& title, const DenseLayer& layer) {
  const torch::Tensor all =
      torch::cat({layer.weight, layer.bias.unsqueeze(1)}, 1).contiguous();
  HeatMap map{.title = title, .row_label = "unit"};
  for (int64_t row = 0; row < all.size(0); ++row)
    map.rows.push_back(std::to_string(row + 1));
  for (int64_t column = 0; column < layer.weight.size(1); ++column)
    map.columns.push_back("input " + std::to_string(column + 1));
  map.columns.push_back("bias");
  const double largest =
      std::max(all.nan_to_num(0).abs().max().item<double>(), 1e-12);
  const auto* values = all.const_data_ptr<double>();
  for (int64_t i = 0; i < all.numel(); ++i) {
    map.values.push_back(values[i]);
    if (std::max(all.size(0), all.size(1)) <= kMostCells)
      map.cell_texts.push_back(cell_number(values[i]));
    map.colors.push_back(diverging_color(values[i] / largest));
  }
  return draw(map);
}

/// The same as an image of 28 x 28 for each unit.
Drawing draw_images(const std::string& title, const torch::Tensor& weight) {
  constexpr int64_t kInARow = 5;
  constexpr int64_t kMostImages = 20;
  constexpr double kImagePitch = 64;
  const torch::Tensor shown = plain(weight.nan_to_num(0))
                                  .slice(0, 0, kMostImages)
                                  .view({-1, kPictureSide, kPictureSide});
  const float largest = std::max(shown.abs().max().item<float>(), 1e-12F);
  const Drawing tiles = draw_tiles(
      in_rows(shown, std::min(kInARow, shown.size(0))),
      kImagePitch,
      [&](float value) { return diverging_color(double(value / largest)); }
  );
  const Drawing scale = draw_scale_bar(
      kScaleWidth,
      [](double part) { return diverging_color(2 * part - 1); },
      {short_text(-largest), "0", short_text(largest)}
  );
  Drawing panel{
      {kInARow * kImagePitch + 2 * kMargin,
       kMargin + title_height(title) + tiles.size.height + scale.size.height +
           8 + kMargin},
      {}};
  panel.add(tiles, {kMargin, kMargin + title_height(title)});
  panel.add(scale, {kMargin, panel.size.height - kMargin - scale.size.height});
  add_title(panel, title);
  return panel;
}

/// Weights, gradients and finite differences of layer l, beside each other
/// unless they are wide.
Drawing draw_layer(const LearningStep& step, size_t l) {
  const DenseLayer& layer = step.example.layers[l];
  const std::string name = name_of_layer(l + 1, step.example.layers.size());
  const bool images = layer.weight.size(1) == kPictureSide * kPictureSide;
  std::vector<Drawing> panels;
  for (const auto& [what, values] :
       {std::pair{"weights", &layer},
        {"gradient", &step.backward.gradients[l]},
        {"by finite difference", &step.differences[l]}}) {
    const std::string title = name + ": " + what;
    panels.push_back(
        images ? draw_images(title, values->weight)
               : draw_matrix(title, *values)
    );
  }
  const bool wide = panels.front().size.width > kWidestPanel;
  return grid_of("", panels, wide ? 1 : int(panels.size()));
}

/// An input of 28 x 28 pixels.
Drawing draw_pixels(const torch::Tensor& input) {
  constexpr double kSide = 5 * kPictureSide;
  const std::string title = "input";
  const torch::Tensor values = plain(input).flatten();
  const float min = values.min().item<float>();
  const float extent = std::max(values.max().item<float>() - min, 1e-12F);
  Drawing drawing{
      {kSide + 2 * kMargin, kSide + 2 * kMargin + title_height(title)}, {}};
  const Raster raster = raster_of(
      {values.const_data_ptr<float>(),
       values.const_data_ptr<float>() + values.numel()},
      kPictureSide,
      kPictureSide,
      {kMargin, kMargin + title_height(title)},
      {kSide, kSide},
      [&](float value) { return grey(1 - double((value - min) / extent)); }
  );
  drawing.add(raster);
  drawing.add(frame_of(raster));
  add_title(drawing, title);
  return drawing;
}

}  // namespace

Drawing draw_learning_step(const LearningStep& step) {
  const std::vector<int64_t> units = step.units();
  std::vector<Drawing> parts;
  if (units.size() <= kMostColumns &&
      *std::max_element(units.begin(), units.end()) <= kMostUnits)
    parts.push_back(UnitDiagram(step).draw());
  if (units.front() == kPictureSide * kPictureSide)
    parts.push_back(draw_pixels(step.example.input));
  for (size_t l = 0; l < step.example.layers.size(); ++l)
    parts.push_back(draw_layer(step, l));
  return grid_of(
      fmt::format(
          "One step of back-propagation: loss {:.4f}, {:.4f} after it",
          step.backward.loss.item<double>(),
          step.loss_after
      ),
      parts,
      1
  );
}

}  // namespace digitorch
