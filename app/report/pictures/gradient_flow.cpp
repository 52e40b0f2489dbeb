#include "app/report/pictures/gradient_flow.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/report/charts/chart.h"

namespace digitorch {
namespace {

using Flows = std::vector<GradientFlow>;

constexpr Size kPanel{520, 300};

int64_t depth(const GradientFlow& flow) {
  return static_cast<int64_t>(flow.network.hidden.size());
}

std::string layer_name(const GradientFlow& flow, int64_t layer) {
  return layer < depth(flow) ? "layer " + std::to_string(layer + 1) : "output";
}

/// One axis for the norms in all panels, so that they can be compared.
Axis norm_axis(const Flows& flows) {
  double min = std::numeric_limits<double>::max();
  double max = 0;
  for (const GradientFlow& flow : flows) {
    const torch::Tensor positive = flow.norms.masked_select(flow.norms > 0);
    if (positive.numel() == 0) continue;
    min = std::min(min, positive.min().item<double>());
    max = std::max(max, positive.max().item<double>());
  }
  Axis axis{.label = "gradient norm", .logarithmic = true};
  if (max > 0) {
    axis.min = std::pow(10, std::floor(std::log10(min)));
    axis.max = std::pow(10, std::ceil(std::log10(max)));
  }
  return axis;
}

Drawing by_layer(const Flows& flows, const Axis& norms) {
  PlotChart chart{
      .title = flows.front().network.activation + ", " +
               flows.front().network.initialisation + ": mean by layer",
      .x = {.label = "layer (the last is the output)", .whole_numbers = true},
      .y = norms,
      .size = kPanel};
  for (const GradientFlow& flow : flows) {
    const torch::Tensor means = flow.mean_norms();
    Series line{.name = std::to_string(depth(flow)) + " hidden", .marks = true};
    for (int64_t l = 0; l < means.numel(); ++l)
      line.points.push_back(
          {static_cast<double>(l + 1), means[l].item<double>()}
      );
    chart.series.push_back(std::move(line));
  }
  return draw(chart);
}

Drawing over_training(const GradientFlow& flow, const Axis& norms) {
  PlotChart chart{
      .title = flow.network.activation + ", " + std::to_string(depth(flow)) +
               " hidden layers: over training",
      .x = {.label = "training step", .whole_numbers = true},
      .y = norms,
      .size = kPanel};
  for (int64_t l = 0; l < flow.norms.size(1); ++l) {
    Series line{.name = layer_name(flow, l)};
    for (size_t i = 0; i < flow.steps.size(); ++i)
      line.points.push_back(
          {static_cast<double>(flow.steps[i]),
           flow.norms[static_cast<int64_t>(i)][l].item<double>()}
      );
    chart.series.push_back(std::move(line));
  }
  return draw(chart);
}

/// The networks grouped by activation, by rising depth.
std::vector<Flows> by_activation(const Flows& flows) {
  std::vector<Flows> groups;
  for (const GradientFlow& flow : flows) {
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const Flows& g) {
          return g.front().network.activation == flow.network.activation;
        });
    if (group == groups.end()) group = groups.insert(groups.end(), Flows{});
    group->push_back(flow);
  }
  for (Flows& group : groups)
    std::stable_sort(
        group.begin(),
        group.end(),
        [](const GradientFlow& a, const GradientFlow& b) {
          return depth(a) < depth(b);
        }
    );
  return groups;
}

}  // namespace

Drawing draw_gradient_flow(const Flows& flows) {
  const Axis norms = norm_axis(flows);
  std::vector<Drawing> panels;
  for (const Flows& group : by_activation(flows)) {
    panels.push_back(by_layer(group, norms));
    panels.push_back(over_training(group.back(), norms));
  }
  return grid_of("Gradient norm of each layer", panels, 2);
}

}  // namespace digitorch
