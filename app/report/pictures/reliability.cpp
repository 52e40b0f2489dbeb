#include "app/report/pictures/reliability.h"

#include <algorithm>
#include <string>
#include <utility>

#include "app/report/charts/chart.h"

namespace digitorch {
namespace {

constexpr Size kPanel{440, 330};

Axis share(const std::string& label) {
  return {.label = label, .min = 0, .max = 1, .percent = true};
}

Drawing draw_accuracy(const Calibration& calibration) {
  Series network{.name = "this network", .marks = true};
  Series few{
      .name = "fewer than " + std::to_string(kFewInABin) + " pictures",
      .line = false,
      .marks = true,
      .color = Color{165, 165, 165}};
  for (const CalibrationBin& bin : calibration.bins)
    if (bin.samples > 0)
      (bin.samples < kFewInABin ? few : network)
          .points.push_back({bin.confidence, bin.accuracy});
  std::vector<Series> series = {
      std::move(network),
      {.name = "perfect calibration", .points = {{0, 0}, {1, 1}}}};
  if (!few.points.empty()) series.push_back(std::move(few));
  return draw(PlotChart{
      .title = "Reliability",
      .x = share("mean probability of the answers"),
      .y = share("accuracy"),
      .series = std::move(series),
      .size = kPanel,
  });
}

/// The outline of a histogram, whose bins all touch. Most answers are in the
/// last bin, so the axis is logarithmic; an empty bin lies at its lower end.
Drawing draw_samples(const Calibration& calibration) {
  constexpr double kEmpty = 0.5;
  Series outline;
  for (const CalibrationBin& bin : calibration.bins) {
    const double count = std::max(static_cast<double>(bin.samples), kEmpty);
    outline.points.push_back({bin.min, count});
    outline.points.push_back({bin.max, count});
  }
  return draw(PlotChart{
      .title = "Pictures by confidence",
      .x = share("probability of the answer"),
      .y = {.label = "pictures", .logarithmic = true, .min = kEmpty},
      .series = {std::move(outline)},
      .size = kPanel,
  });
}

}  // namespace

std::vector<Drawing> reliability_panels(const Calibration& calibration) {
  return {draw_accuracy(calibration), draw_samples(calibration)};
}

}  // namespace digitorch
