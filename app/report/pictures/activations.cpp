#include "app/report/pictures/activations.h"

#include <algorithm>
#include <cmath>

#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"
#include "app/report/pictures/sections.h"

namespace digitorch {
namespace {

constexpr int64_t kMapColumns = 16;
constexpr int64_t kMaxMaps = 64;
constexpr int64_t kUnitColumns = 64;
constexpr int64_t kMaxUnits = 1024;
constexpr std::size_t kMaxBars = 26;
constexpr int64_t kMostNamed = 26;  // units with the name of a class
constexpr double kActivationsWidth = 960;

std::string first_of_text(int64_t all, int64_t shown, const std::string& one) {
  const std::string count =
      std::to_string(all) + " " + one + (all == 1 ? "" : "s");
  if (shown == all) return count;
  return "first " + std::to_string(shown) + " of " + count;
}

/// Adds a name below each of the tiles in a row, which are `pitch` apart.
void add_names(
    Drawing& tiles, const std::vector<std::string>& names, double pitch
) {
  double x = pitch / 2;
  for (const std::string& name : names) {
    tiles.add(Text{
        {x, tiles.size.height + kSmallSize},
        shortened(name, kSmallSize, pitch - 4),
        kSmallSize,
        Align::centre});
    x += pitch;
  }
  tiles.size.height += line_height(kSmallSize);
}

/// names: those of the units, for a layer that has one for each class.
void add_layer(
    Sections& sections,
    const std::string& name,
    const torch::Tensor& output,
    const std::vector<std::string>& names
) {
  const bool maps = output.dim() == 3;
  TORCH_CHECK(
      (maps || output.dim() == 1) && output.numel() > 0,
      "layer ",
      name,
      " is neither [C, H, W] nor [F]"
  );
  const torch::Tensor shown = output.slice(0, 0, maps ? kMaxMaps : kMaxUnits);
  const double min = shown.min().item<double>();
  const double max = shown.max().item<double>();
  const Drawing scale = draw_scale_bar(
      kScaleWidth, sequential_color, {short_text(min), short_text(max)}
  );
  const std::string count =
      first_of_text(output.size(0), shown.size(0), maps ? "map" : "unit");
  sections.begin(
      name + ": " + count +
          (maps ? " of " + shape_text({output.size(1), output.size(2)}) : ""),
      &scale
  );
  const int64_t columns =
      std::min(maps ? kMapColumns : kUnitColumns, shown.size(0));
  constexpr double kWidestUnit = 20;
  const bool named = !names.empty() && std::ssize(names) == output.size(0) &&
                     output.size(0) <= kMostNamed;
  const double widest_unit =
      named ? std::max(kWidestUnit, widest(names, kSmallSize) + 6)
            : kWidestUnit;
  const double pitch =
      maps ? kActivationsWidth / kMapColumns
           : std::min(widest_unit, kActivationsWidth / double(columns));
  const double extent = max > min ? max - min : 1;
  const auto color = [&](float value) {
    return sequential_color((double(value) - min) / extent);
  };
  Drawing tiles = draw_tiles(in_rows(shown, columns), pitch, color);
  if (named) add_names(tiles, names, pitch);
  sections.add(tiles);
}

/// The classes in their order, or the most probable ones where they are many.
std::vector<std::size_t> bars_of(const std::vector<double>& probabilities) {
  std::vector<std::size_t> order(probabilities.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (order.size() > kMaxBars) {
    std::stable_sort(
        order.begin(),
        order.end(),
        [&](std::size_t a, std::size_t b) {
          return probabilities[a] > probabilities[b];
        }
    );
    order.resize(kMaxBars);
  }
  return order;
}

Drawing draw_bars(
    const std::vector<std::string>& class_names,
    const std::vector<double>& probabilities
) {
  constexpr double kWidestName = 150;
  constexpr double kBarWidth = 360;
  constexpr double kPitch = 17;
  const auto names = shortened(class_names, kTextSize, kWidestName);
  const double left = widest(names, kTextSize) + 8;
  const std::size_t best = std::size_t(
      std::max_element(probabilities.begin(), probabilities.end()) -
      probabilities.begin()
  );
  Drawing bars{{kActivationsWidth, 0}, {}};
  for (const std::size_t i : bars_of(probabilities)) {
    const double middle = bars.size.height + kPitch / 2;
    const double width = kBarWidth * std::clamp(probabilities[i], 0.0, 1.0);
    bars.add(Text{
        {left - 8, baseline_at(middle, kTextSize)},
        names[i],
        kTextSize,
        Align::right});
    bars.add(Rectangle{
        {left, middle - 6},
        {std::max(width, 1.0), 12},
        i == best ? category_color(0) : Color{150, 150, 150}});
    bars.add(Text{
        {left + width + 8, baseline_at(middle, kSmallSize)},
        percent_text(probabilities[i], 1),
        kSmallSize});
    bars.size.height += kPitch;
  }
  return bars;
}

}  // namespace

Drawing draw_activations(
    const PixelPicture& picture,
    const NamedTensors& layers,
    const std::vector<std::string>& class_names,
    const std::vector<double>& probabilities
) {
  TORCH_CHECK(
      !class_names.empty() && class_names.size() == probabilities.size(),
      "not one probability for each class"
  );
  constexpr double kSide = 4 * kPictureSide;
  Sections sections(kActivationsWidth);
  sections.begin(
      "input: " + shape_text({picture.height, picture.width}) +
      (picture.channels == 3 ? " in colour" : "")
  );
  Drawing input{{kSide, kSide}, {}};
  const Raster digit = image_raster(picture, {0, 0}, kSide);
  input.add(digit);
  input.add(frame_of(digit));
  sections.add(input);
  for (const auto& [name, output] : layers)
    add_layer(
        sections,
        name,
        plain(output),
        name == "logits" ? class_names : std::vector<std::string>()
    );
  sections.begin("probabilities");
  sections.add(draw_bars(class_names, probabilities));
  return sections.finish();
}

}  // namespace digitorch
