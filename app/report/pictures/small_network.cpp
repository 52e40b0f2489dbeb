#include "app/report/pictures/small_network.h"

#include <algorithm>
#include <cmath>

#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"
#include "app/report/drawing/pixels.h"
#include "app/report/pictures/sections.h"

namespace digitorch {
namespace {

constexpr int64_t kMaxUnits = 32;
constexpr double kInputPicture = 84;
constexpr double kLayerGap = 170;  // room for lines between layers
constexpr double kHeading = 26;

/// The weights of the layers in order, each [units, inputs].
std::vector<torch::Tensor> matrices_of(const NamedTensors& parameters) {
  std::vector<torch::Tensor> matrices;
  for (const auto& [name, weight] : parameters)
    if (weight.dim() == 2) matrices.push_back(weight);
  return matrices;
}

/// The line of a weight. part: the weight divided by the largest magnitude in
/// its layer, -1..1.
Stroke stroke_of(double part) {
  constexpr double kWidest = 3.2;
  constexpr double kPalest = 0.35;
  const double size = std::abs(part);
  const double shade = kPalest + (1 - kPalest) * size;
  return {
      diverging_color(part < 0 ? -shade : shade),
      std::max(0.3, kWidest * size)};
}

class SmallNetwork {
 public:
  SmallNetwork(
      const std::vector<torch::Tensor>& matrices,
      const std::vector<std::string>& class_names,
      const InputFormat& input
  )
      : input_(input), class_names_(shortened(class_names, kTextSize, 150)) {
    for (const torch::Tensor& matrix : matrices) {
      matrices_.push_back(plain(matrix));
      max_units_ = std::max(max_units_, matrix.size(0));
    }
    // Tall enough for the largest layer.
    const double first = double(matrices_[0].size(0));
    thumbnail_ = std::clamp(520 / first - kThumbnailGap, 24.0, 56.0);
    height_ = std::max(
        {first * (thumbnail_ + kThumbnailGap), double(max_units_) * 19, 240.0}
    );
  }

  Drawing draw() {
    drawing_.size.height =
        kMargin + kHeading + height_ + 30 + line_height(kTextSize) + kMargin;
    double x = kMargin + kInputPicture;
    std::vector<Point> before = add_first_layer(x + kLayerGap);
    add_input(before);
    x += kLayerGap + thumbnail_;
    for (std::size_t layer = 1; layer < matrices_.size(); ++layer) {
      x += kLayerGap;
      before = add_layer(layer, x, before);
      x += 2 * kRadius;
    }
    for (std::size_t i = 0; i < class_names_.size(); ++i)
      drawing_.add(Text{
          {x + 8, baseline_at(before[i].y, kTextSize)},
          class_names_[i],
          kTextSize});
    drawing_.size.width =
        x + 8 + std::max(widest(class_names_, kTextSize), 40.0) + kMargin;
    add_legend();
    return std::move(drawing_);
  }

 private:
  static constexpr double kRadius = 7;
  static constexpr double kThumbnailGap = 4;

  double median_of(int64_t unit, int64_t units) const {
    return kMargin + kHeading + height_ * (double(unit) + 0.5) / double(units);
  }

  void add_heading(std::size_t layer, double x) {
    const int64_t units = matrices_[layer].size(0);
    const bool last = layer + 1 == matrices_.size();
    drawing_.add(Text{
        {x, kMargin + kTextSize},
        last ? "output"
             : "hidden " + std::to_string(layer + 1) + ": " +
                   std::to_string(units),
        kTextSize,
        Align::centre,
        true});
  }

  /// Returns for each unit where its lines to the next layer begin.
  std::vector<Point> add_first_layer(double left) {
    const torch::Tensor& weight = matrices_[0];
    add_heading(0, left + thumbnail_ / 2);
    std::vector<Point> right;
    for (int64_t unit = 0; unit < weight.size(0); ++unit) {
      const double y = median_of(unit, weight.size(0));
      const torch::Tensor row =
          weight[unit].view({input_.channels, -1}).mean(0).contiguous();
      const float range = std::max(row.abs().max().item<float>(), 1e-12F);
      const auto* values = row.const_data_ptr<float>();
      const auto rows = int(input_.height);
      const auto columns = int(input_.width);
      const Fitted place =
          fitted(rows, columns, {left, y - thumbnail_ / 2}, thumbnail_);
      const Raster picture = raster_of(
          {values, values + row.numel()},
          rows,
          columns,
          place.corner,
          place.size,
          [&](float value) { return diverging_color(double(value / range)); }
      );
      drawing_.add(picture);
      drawing_.add(frame_of(picture));
      right.push_back({left + thumbnail_, y});
    }
    return right;
  }

  void add_input(const std::vector<Point>& first_layer) {
    const double middle = kMargin + kHeading + height_ / 2;
    const Point right{kMargin + kInputPicture, middle};
    for (const Point& unit : first_layer)
      drawing_.add(Polyline{
          {{right.x + 6, right.y}, {unit.x - thumbnail_ - 4, unit.y}}, {kFaint}}
      );
    drawing_.add(Rectangle{
        {kMargin, middle - kInputPicture / 2},
        {kInputPicture, kInputPicture},
        kPaper,
        true,
        {kInk, 1}});
    drawing_.add(Text{
        {kMargin + kInputPicture / 2, baseline_at(middle, kTextSize)},
        shape_text({input_.height, input_.width}),
        kTextSize,
        Align::centre});
    drawing_.add(Text{
        {kMargin + kInputPicture / 2, kMargin + kTextSize},
        "pixels",
        kTextSize,
        Align::centre,
        true});
  }

  std::vector<Point> add_layer(
      std::size_t layer, double left, const std::vector<Point>& before
  ) {
    const torch::Tensor& weight = matrices_[layer];
    add_heading(layer, left + kRadius);
    const float largest = std::max(weight.abs().max().item<float>(), 1e-12F);
    // Large weights are drawn last, on top of the others.
    const torch::Tensor order = weight.abs().flatten().argsort();
    for (int64_t i = 0; i < order.numel(); ++i) {
      const auto at = order[i].item<int64_t>();
      const int64_t unit = at / weight.size(1);
      const double part = double(weight.const_data_ptr<float>()[at] / largest);
      drawing_.add(Polyline{
          {before[std::size_t(at % weight.size(1))],
           {left, median_of(unit, weight.size(0))}},
          stroke_of(part)});
    }
    std::vector<Point> right;
    for (int64_t unit = 0; unit < weight.size(0); ++unit) {
      const double y = median_of(unit, weight.size(0));
      drawing_.add(Circle{{left + kRadius, y}, kRadius, kInk, kRadius - 1.2});
      right.push_back({left + 2 * kRadius, y});
    }
    return right;
  }

  void add_legend() {
    const double middle = drawing_.size.height - kMargin - kTextSize / 2;
    double x = kMargin;
    for (const auto& [part, text] :
         {std::pair{1.0, "positive"}, {-1.0, "negative"}}) {
      drawing_.add(Polyline{{{x, middle}, {x + 24, middle}}, stroke_of(part)});
      drawing_.add(Text{
          {x + 30, baseline_at(middle, kSmallSize)}, text, kSmallSize});
      x += 30 + text_width(text, kSmallSize) + 18;
    }
    const std::string size = "width: size of the weight";
    drawing_.add(Text{{x, baseline_at(middle, kSmallSize)}, size, kSmallSize});
    drawing_.size.width = std::max(
        drawing_.size.width, x + text_width(size, kSmallSize) + kMargin
    );
  }

  const InputFormat input_;
  std::vector<torch::Tensor> matrices_;
  const std::vector<std::string> class_names_;
  int64_t max_units_ = 0;
  double thumbnail_ = 0;
  double height_ = 0;
  Drawing drawing_;
};

}  // namespace

bool is_small_network(
    const NamedTensors& parameters, const InputFormat& input
) {
  int64_t inputs = input.values();
  for (const auto& [name, weight] : parameters) {
    if (weight.dim() > 2) return false;
    if (weight.dim() != 2) continue;
    if (weight.size(1) != inputs || weight.size(0) > kMaxUnits) return false;
    inputs = weight.size(0);
  }
  return inputs <= kMaxUnits;  // else there was no matrix at all
}

Drawing draw_small_network(
    const NamedTensors& parameters,
    const std::vector<std::string>& class_names,
    const InputFormat& input
) {
  TORCH_CHECK(is_small_network(parameters, input), "the network is not small");
  const auto matrices = matrices_of(parameters);
  TORCH_CHECK(
      matrices.back().size(0) == int64_t(class_names.size()),
      "not one unit for each class"
  );
  return SmallNetwork(matrices, class_names, input).draw();
}

}  // namespace digitorch
