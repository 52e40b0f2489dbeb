#include "app/report/pictures/reliability.h"

#include "app/report/charts/chart.h"

namespace digitorch {
namespace {

constexpr Size kPanel{440, 330};

Axis share(const std::string& label) {
  return {.label = label, .min = 0, .max = 1, .percent = true};
}

Drawing draw_accuracy(const Calibration& calibration) {
  Series network{.name = "this network", .marks = true};
  for (const CalibrationBin& bin : calibration.bins)
    if (bin.samples > 0)
      network.points.push_back({bin.confidence, bin.accuracy});
  return draw(PlotChart{
      .title = "Accuracy by confidence",
      .x = share("mean probability of the answers"),
      .y = share("accuracy"),
      .series =
          {std::move(network),
           {.name = "perfect calibration", .points = {{0, 0}, {1, 1}}}},
      .size = kPanel,
  });
}

/// The outline of a histogram, whose bins all touch.
Drawing draw_samples(const Calibration& calibration) {
  double samples = 0;
  for (const CalibrationBin& bin : calibration.bins)
    samples += static_cast<double>(bin.samples);
  Series outline;
  for (const CalibrationBin& bin : calibration.bins) {
    const double part = static_cast<double>(bin.samples) / samples;
    outline.points.push_back({bin.min, part});
    outline.points.push_back({bin.max, part});
  }
  return draw(PlotChart{
      .title = "Distribution of the confidence",
      .x = share("probability of the answer"),
      .y = share("fraction of all pictures"),
      .series = {std::move(outline)},
      .size = kPanel,
  });
}

}  // namespace

Drawing draw_reliability(const Calibration& calibration) {
  return grid_of(
      "", {draw_accuracy(calibration), draw_samples(calibration)}, 2
  );
}

}  // namespace digitorch
