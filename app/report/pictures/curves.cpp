#include "app/report/pictures/curves.h"

#include <cmath>
#include <limits>

#include "app/report/charts/chart.h"
#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

// Runs of fewer epochs are drawn over their steps.
constexpr std::size_t kFewEpochs = 3;

constexpr Size kCurvePanel{460, 320};

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
      .size = kCurvePanel,
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

/// One line without validation over the training.
Drawing draw_line(Axis x, Axis y, std::vector<Point> points) {
  Series line{};
  line.points = std::move(points);
  return draw(PlotChart{
      .x = std::move(x),
      .y = std::move(y),
      .series = {std::move(line)},
      .size = kCurvePanel});
}

Drawing accuracy_by_step(const std::vector<StepRecord>& steps) {
  std::vector<Point> points;
  for (const StepRecord& record : steps)
    points.push_back({double(record.step), record.accuracy});
  return draw_line(
      {.label = "step", .whole_numbers = true},
      {.label = "training accuracy", .percent = true},
      std::move(points)
  );
}

Drawing learning_rates(const std::vector<EpochReport>& history) {
  std::vector<Point> points;
  for (const EpochReport& epoch : history)
    points.push_back({double(epoch.epoch), epoch.lr});
  return draw_line(
      {.label = "epoch", .whole_numbers = true},
      {.label = "learning rate at the end"},
      std::move(points)
  );
}

}  // namespace

std::vector<Drawing> curve_panels(
    const std::vector<EpochReport>& history,
    const std::vector<StepRecord>& steps
) {
  std::vector<Drawing> panels = {
      draw_panel(loss(), history, steps),
      draw_panel(accuracy(), history, steps)};
  if (history.size() >= kFewEpochs) {
    if (steps.size() > 1) panels.push_back(accuracy_by_step(steps));
    panels.push_back(learning_rates(history));
  }
  return panels;
}

std::vector<Drawing> comparison_panels(const std::vector<RunCurves>& runs) {
  std::vector<Drawing> panels;
  for (const Quantity& quantity : {loss(), accuracy()}) {
    PlotChart chart{
        .x = {.label = "epoch", .whole_numbers = true},
        .y = quantity.axis,
        .size = kCurvePanel};
    for (const RunCurves& run : runs) {
      Series series{.name = run.name, .marks = true};
      for (const EpochReport& epoch : run.epochs)
        series.points.push_back(
            {double(epoch.epoch),
             quantity.of_validation(epoch).value_or(quantity.of_training(epoch)
             )}
        );
      chart.series.push_back(std::move(series));
    }
    panels.push_back(draw(chart));
  }
  return panels;
}

Drawing draw_curves(
    const std::vector<EpochReport>& history,
    const std::vector<StepRecord>& steps
) {
  Drawing curves = grid_of("", curve_panels(history, steps), 2);
  add_note(curves, kAboutTrainingCurves);
  return curves;
}

}  // namespace digitorch
