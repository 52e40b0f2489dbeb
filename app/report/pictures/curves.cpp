#include "app/report/pictures/curves.h"

#include <cmath>
#include <limits>

#include "app/report/charts/chart.h"

namespace digitorch {
namespace {

// Runs of fewer epochs are drawn over their steps.
constexpr std::size_t kFewEpochs = 3;

/// What one panel shows of a record.
struct Quantity {
  Axis axis;
  double (*of_step)(const StepRecord&);
  double (*of_training)(const EpochReport&);
  std::optional<double> (*of_validation)(const EpochReport&);
};

Quantity loss() {
  return {
      {.label = "loss"},
      [](const StepRecord& record) { return record.loss; },
      [](const EpochReport& epoch) { return epoch.train_loss; },
      [](const EpochReport& epoch) { return epoch.validation_loss; },
  };
}

Quantity accuracy() {
  return {
      {.label = "accuracy", .percent = true},
      [](const StepRecord& record) { return record.accuracy; },
      [](const EpochReport& epoch) { return epoch.train_accuracy; },
      [](const EpochReport& epoch) { return epoch.validation_accuracy; },
  };
}

const EpochReport* best_of(const std::vector<EpochReport>& history) {
  const EpochReport* best = nullptr;
  for (const EpochReport& epoch : history)
    if (best == nullptr || better(epoch, *best)) best = &epoch;
  return best;
}

Drawing draw_panel(
    const Quantity& quantity,
    const std::vector<EpochReport>& history,
    const std::vector<StepRecord>& steps
) {
  const bool by_step = history.size() < kFewEpochs && !steps.empty();
  Series training{.name = "training"};
  if (by_step) {
    for (const StepRecord& record : steps)
      training.points.push_back({record.epoch, quantity.of_step(record)});
  } else {
    for (const EpochReport& epoch : history)
      training.points.push_back(
          {double(epoch.epoch), quantity.of_training(epoch)}
      );
  }
  Series validation{.name = "validation", .marks = true};
  for (const EpochReport& epoch : history)
    if (const auto value = quantity.of_validation(epoch))
      validation.points.push_back({double(epoch.epoch), *value});

  PlotChart chart{
      .x = {.label = "epoch", .whole_numbers = !by_step},
      .y = quantity.axis,
      .series = {std::move(training)},
      .size = {460, 320},
  };
  if (validation.points.empty()) return draw(chart);
  chart.series.push_back(std::move(validation));
  const EpochReport& best = *best_of(history);
  if (const auto value = quantity.of_validation(best);
      value && history.size() > 1) {
    chart.series.push_back({
        .name = "best: epoch " + std::to_string(best.epoch),
        .points = {{double(best.epoch), *value}},
        .line = false,
        .marks = true,
        .mark_radius = 7,
    });
  }
  return draw(chart);
}

}  // namespace

Drawing draw_curves(
    const std::vector<EpochReport>& history,
    const std::vector<StepRecord>& steps
) {
  return grid_of(
      "",
      {draw_panel(loss(), history, steps),
       draw_panel(accuracy(), history, steps)},
      2
  );
}

}  // namespace digitorch
