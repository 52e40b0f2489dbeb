#include "app/report/pictures/filters.h"

#include <algorithm>

#include "app/evaluation/examine.h"
#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"
#include "app/report/drawing/pixels.h"
#include "app/report/pictures/sections.h"

namespace digitorch {
namespace {

constexpr int64_t kMaxTiles = 32;       // a side of a table
constexpr int64_t kMaxTemplates = 100;  // units of a first layer
constexpr double kFiltersWidth = 640;

/// The 99.5th percentile of the weights' magnitudes. The maximum would leave
/// most weights without contrast.
double range_of(const torch::Tensor& weight) {
  constexpr double kPart = 0.995;
  const torch::Tensor sizes = weight.abs().flatten();
  const auto rank = std::max<int64_t>(1, int64_t(kPart * sizes.numel()));
  const double range = std::get<0>(sizes.kthvalue(rank)).item<double>();
  return range > 0 ? range : 1;
}

/// "32 of 64 outputs", or "32 outputs" where all are shown.
std::string count_text(int64_t all, int64_t shown, const std::string& what) {
  const std::string count = std::to_string(all) + " " + what;
  return shown == all ? count : std::to_string(shown) + " of " + count;
}

/// The colour of a weight, and the scale of these colours: one for kernels and
/// for units that see the picture.
Color weight_color(double value, double range) {
  return diverging_color(value / range);
}

Drawing scale_bar(double range) {
  return draw_scale_bar(
      kScaleWidth,
      [](double part) { return diverging_color(2 * part - 1); },
      {short_text(-range), "0", short_text(range)}
  );
}

void add_kernels(
    Sections& sections, const std::string& name, const torch::Tensor& weight
) {
  const int64_t outputs = weight.size(0);
  const int64_t inputs = weight.size(1);
  const double range = range_of(weight);
  const Drawing scale = scale_bar(range);
  const std::string size = shape_text({weight.size(2), weight.size(3)});
  torch::Tensor tiles;
  double pitch = 0;
  if (inputs == 1) {
    constexpr int64_t kColumns = 16;
    const torch::Tensor kernels = weight.squeeze(1).slice(0, 0, kMaxTemplates);
    tiles = in_rows(kernels, std::min(kColumns, outputs));
    pitch = kFiltersWidth / kColumns;
    sections.begin(
        layer_of_parameter(name) + ": " +
            count_text(outputs, kernels.size(0), "kernels") + " " + size,
        &scale
    );
  } else {
    constexpr double kWidestTile = 20;
    tiles = weight.slice(0, 0, kMaxTiles).slice(1, 0, kMaxTiles);
    pitch = std::min(kWidestTile, kFiltersWidth / double(tiles.size(1)));
    sections.begin(
        layer_of_parameter(name) + ": " + size + " kernels, " +
            count_text(outputs, tiles.size(0), "outputs") + " down, " +
            count_text(inputs, tiles.size(1), "inputs") + " across",
        &scale
    );
  }
  sections.add(draw_tiles(tiles, pitch, [&](float value) {
    return weight_color(double(value), range);
  }));
}

void add_templates(
    Sections& sections,
    const std::string& name,
    const torch::Tensor& weight,
    const InputFormat& input
) {
  constexpr int64_t kColumns = 10;
  const double range = range_of(weight);
  const Drawing scale = scale_bar(range);
  const torch::Tensor shown =
      weight.slice(0, 0, kMaxTemplates).view(input.sizes(-1)).mean(1);
  sections.begin(
      layer_of_parameter(name) + ": weights of " +
          count_text(weight.size(0), shown.size(0), "units") +
          (input.channels == 3 ? ", the mean of the colours" : ""),
      &scale
  );
  sections.add(draw_tiles(
      in_rows(shown, std::min(kColumns, shown.size(0))),
      kFiltersWidth / kColumns,
      [&](float value) { return weight_color(double(value), range); }
  ));
}

}  // namespace

Drawing draw_filters(const NamedTensors& parameters, const InputFormat& input) {
  Sections sections(kFiltersWidth);
  bool any = false;
  for (const auto& [name, weight] : parameters) {
    if (weight.dim() != 4) continue;
    add_kernels(sections, name, plain(weight));
    any = true;
  }
  if (any) return sections.finish();
  for (const auto& [name, weight] : parameters) {
    if (weight.dim() != 2 || weight.size(1) != input.values()) continue;
    add_templates(sections, name, plain(weight), input);
    return sections.finish();
  }
  TORCH_CHECK(false, "no weights of kernels or of units that see the picture");
}

}  // namespace digitorch
